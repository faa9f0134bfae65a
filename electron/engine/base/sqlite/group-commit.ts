import { closeSync, fdatasync } from 'node:fs'
import { promisify } from 'node:util'
import type { Database } from 'better-sqlite3'
import { Problem } from '../../../../shared/problems.ts'
import { detailOf } from '../detail.ts'
import { problemOf } from './problem-of.ts'

/**
 * Group commit: whatever is waiting goes into one transaction, and its promises resolve when that is durable. This thread only writes the
 * transaction; it goes on while the disk is waited for (docs/adr/0006-wait-for-the-disk-apart.md).
 */
export interface GroupCommitDatabase {
  readonly raw: Database
  /** Runs `write` inside the next group's transaction. Resolves with its result once it is durable. */
  commit<T>(write: () => T): Promise<T>
  close(): Promise<void>
}

export interface GroupHooks {
  /** Runs `write`, which is all that one transaction writes; for what is worth knowing as long as nobody else can write. */
  readonly around?: (raw: Database, write: () => void) => void
}

interface Waiting {
  run(): void
  resolve(): void
  reject(error: unknown): void
}

const datasync = promisify(fdatasync)
const turn = promisify(setImmediate)

/** `log` is the write-ahead log, which is closed with the database: what was committed is durable once the log is. */
export function groupCommits(
  raw: Database,
  file: string,
  log: number,
  { around = (_raw, write) => write() }: GroupHooks,
): GroupCommitDatabase {
  let waiting: Waiting[] = []
  let working: Promise<void> | null = null
  let closed = false

  const transact = raw.transaction((group: readonly Waiting[]) => {
    around(raw, () => {
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
    // Synchronously after the last check: a commit that comes right after must start a new loop, not wait for one that is over.
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
