import { closeSync, fdatasync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import SQLite from 'better-sqlite3'
import { Problem } from '../../../shared/problems.ts'
import { detailOf } from '../base/detail.ts'
import { makeFolder } from '../base/make-folder.ts'
import { keepingHead } from '../ledger/append.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'

/**
 * Opens the one database file, brings it to this program's schema, and groups writes: whatever is waiting goes into one
 * transaction, and its promises resolve when that is durable. This thread only writes the transaction; it goes on while the disk
 * is waited for (docs/adr/0006-wait-for-the-disk-apart.md).
 */
export interface LedgerDatabase {
  readonly raw: SQLite.Database
  /** Runs `write` inside the next group's transaction. Resolves with its result once it is durable. */
  commit<T>(write: () => T): Promise<T>
  close(): Promise<void>
}

const datasync = promisify(fdatasync)
const turn = promisify(setImmediate)

/** A statement that waits longer than this for another process's write is given up with `database_busy`. */
const busyTimeoutMs = 10_000

export function openDatabase(file: string, migrations: readonly Migration[] = allMigrations): LedgerDatabase {
  const raw = open(file)
  try {
    migrate(raw, migrations)
    if (lacksParts(raw, migrations)) throw new Problem('database_corrupt', file)
    // From here on commits are made durable by `groupCommits`.
    raw.pragma('synchronous = NORMAL')
    return groupCommits(raw, file, openSync(`${file}-wal`, 'r+'))
  } catch (error) {
    raw.close()
    throw problemOf(error, file)
  }
}

function open(file: string): SQLite.Database {
  try {
    makeFolder(dirname(file))
    makePrivate(file)
    const raw = new SQLite(file, { timeout: busyTimeoutMs })
    const mode = raw.pragma('journal_mode = WAL', { simple: true })
    if (mode !== 'wal') throw new Problem('not_writable', detailOf('no_write_ahead', { name: `${file}, ${mode}` }))
    raw.pragma('synchronous = FULL')
    raw.pragma('foreign_keys = ON')
    raw.pragma('temp_store = MEMORY')
    // 8 MB: more only makes a large batch take more memory than a small one.
    raw.pragma('cache_size = -8000')
    // 16 MB of log: a page that is written time and again goes into the file once, and the file is waited for a quarter as often.
    raw.pragma('wal_autocheckpoint = 4000')
    return raw
  } catch (error) {
    throw problemOf(error, file)
  }
}

/** Whether a table, a column or an index is missing: somebody else's program took it out, and no statement on it can be prepared. */
function lacksParts(raw: SQLite.Database, migrations: readonly Migration[]): boolean {
  const whole = new SQLite(':memory:')
  try {
    for (const { up } of migrations) up(whole)
    const present = new Set(partsOf(raw))
    return partsOf(whole).some(part => !present.has(part))
  } finally {
    whole.close()
  }
}

function partsOf(raw: SQLite.Database): string[] {
  return raw
    .prepare<[], string>(
      `SELECT m.name || '.' || ifnull(c.name, '') FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) c
       WHERE m.type IN ('table', 'index')`,
    )
    .pluck()
    .all()
}

/** A new file is its owner's alone, and so are the files that SQLite makes beside it, which take its mode. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch {
    // It is there, or cannot be made: then SQLite says so in its words.
  }
}

function migrate(raw: SQLite.Database, migrations: readonly Migration[]): void {
  const version = () => Number(raw.pragma('user_version', { simple: true }))
  const newest = migrations.at(-1)?.version ?? 0
  if (version() > newest)
    throw new Problem('database_newer', detailOf('newer_schema', { count: version(), limit: newest }))
  if (version() === newest) return
  // IMMEDIATE, and the version read again inside: two processes may start at the same moment.
  raw
    .transaction(() => {
      for (const migration of migrations.filter(step => step.version > version())) {
        migration.up(raw)
        raw.pragma(`user_version = ${migration.version}`)
      }
    })
    .immediate()
}

interface Waiting {
  run(): void
  resolve(): void
  reject(error: unknown): void
}

/** `log` is the write-ahead log: what was committed is durable once the log is. */
function groupCommits(raw: SQLite.Database, file: string, log: number): LedgerDatabase {
  let waiting: Waiting[] = []
  let working: Promise<void> | null = null
  let closed = false

  const transact = raw.transaction((group: readonly Waiting[]) => {
    keepingHead(raw, () => {
      for (const item of group) item.run()
    })
  }).immediate

  /** Returns those that were committed; the others know why not. */
  const commitAll = (group: readonly Waiting[]): readonly Waiting[] => {
    try {
      transact(group)
      return group
    } catch (error) {
      // One write spoilt the group: run each alone, so that only the faulty one fails.
      if (group.length > 1) return group.flatMap(item => commitAll([item]))
      group[0]?.reject(problemOf(error, file))
      return []
    }
  }
  const work = async () => {
    while (waiting.length > 0) {
      // After the poll phase, so that all replies that have arrived share one transaction.
      await turn()
      const group = waiting
      waiting = []
      const committed = commitAll(group)
      if (committed.length === 0) continue
      // What comes meanwhile gathers: it could not be durable before the next wait, and fewer commits write fewer pages.
      try {
        await datasync(log)
        for (const item of committed) item.resolve()
      } catch (error) {
        for (const item of committed) item.reject(problemOf(error, file))
      }
    }
    // Here and not later: whoever commits in the next moment must not be left to a loop that is over.
    working = null
  }

  return {
    raw,
    commit: write =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new Problem('conflict', detailOf('database_closed')))
          return
        }
        let result: ReturnType<typeof write>
        waiting.push({
          run: () => {
            result = write()
          },
          resolve: () => resolve(result),
          reject,
        })
        working ??= work()
      }),
    close: async () => {
      if (closed) return
      closed = true
      await working
      closeSync(log)
      raw.close()
    },
  }
}

/** Turns SQLite's and the file system's errors into problems that a person can act on. */
export function problemOf(error: unknown, file: string): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT')
    return new Problem('disk_full', file, { cause: error })
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new Problem('database_busy', file, { cause: error })
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new Problem('database_corrupt', file, { cause: error })
  // A verification does not migrate; it finds out by itself what was taken out.
  if (code === 'SQLITE_ERROR' && /^no such (?:table|column|index)/.test(error.message))
    return new Problem('database_corrupt', file, { cause: error })
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_IOERR'))
    return new Problem('not_writable', file, { cause: error })
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code))
    return new Problem('not_writable', file, { cause: error })
  if (error instanceof TypeError && /directory does not exist/.test(error.message))
    return new Problem('not_writable', file, { cause: error })
  return error
}
