/** Opens the pacer's SQLite file: makes it, refuses what is not ours or newer, and makes it anew when it is damaged. */
import { closeSync, openSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { PacerError } from '../contract.ts'

const version = 10

/**
 * While another process writes, SQLite waits by blocking our thread; transactions here take a millisecond. Beyond this the pacer
 * lets the event loop run and tries again (pacer.ts).
 */
const busyTimeoutMs = 200
const openingTimeoutMs = 5_000

const schema = `
  -- One row. Times are monotonic milliseconds (monotonic.ts) unless a comment says otherwise.
  CREATE TABLE facts (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seen INTEGER NOT NULL,          -- the latest time that any process wrote here
    blind_until INTEGER             -- after a rebuild: until then every window counts as full
  ) STRICT;
  CREATE TABLE keys (
    id INTEGER PRIMARY KEY,
    appid TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    limit_minute INTEGER,           -- as last asked for, for the status of other processes
    limit_day INTEGER,
    share_percent INTEGER NOT NULL DEFAULT 100,
    platform_minute INTEGER,        -- as the platform says (spec §7.3)
    factor REAL NOT NULL DEFAULT 1,
    struck_at INTEGER,
    backoff_until INTEGER,
    UNIQUE (appid, endpoint)
  ) STRICT;
  -- AUTOINCREMENT, because an id must never be given twice: a late settle would hit somebody else's slot.
  CREATE TABLE slots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key INTEGER NOT NULL REFERENCES keys,
    owner INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    in_flight INTEGER NOT NULL,
    free_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX slots_by_time ON slots (key, free_at, owner, calls);
  -- One row per key and day: too few to be worth pruning.
  CREATE TABLE days (
    key INTEGER NOT NULL REFERENCES keys,
    day TEXT NOT NULL,
    used INTEGER NOT NULL,
    platform_limit INTEGER,
    platform_remain INTEGER,
    used_at_reading INTEGER,
    PRIMARY KEY (key, day)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE holds (
    appid TEXT NOT NULL,
    endpoint TEXT NOT NULL,         -- '' for the whole appid
    class TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    since INTEGER NOT NULL,         -- this and the following: milliseconds since the epoch
    until INTEGER,
    probe_at INTEGER,
    probing_until INTEGER,
    PRIMARY KEY (appid, endpoint, class)
  ) STRICT, WITHOUT ROWID;
  -- Processes with callers in the queue, so that each leaves the others their part.
  CREATE TABLE waiting (
    key INTEGER NOT NULL REFERENCES keys,
    owner INTEGER NOT NULL,
    ceiling INTEGER NOT NULL,       -- the highest limit among its callers
    seen INTEGER NOT NULL,
    PRIMARY KEY (key, owner)
  ) STRICT, WITHOUT ROWID;
`

/** `blindUntil` is when the windows of a rebuilt file may be trusted again. Throws PacerError. */
export function openStore(
  file: string,
  times: { readonly now: number; readonly blindUntil: number },
): { readonly db: Database.Database; readonly rebuilt: boolean } {
  try {
    return { db: open(file, { seen: times.now, blindUntil: null }), rebuilt: false }
  } catch (error) {
    if (isDamage(error)) return { db: rebuild(file, times), rebuilt: true }
    throw describe(error, file)
  }
}

export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

class Damage extends Error {}

function isDamage(error: unknown): boolean {
  return (
    error instanceof Damage || (error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code))
  )
}

function open(file: string, facts: { readonly seen: number; readonly blindUntil: number | null }): Database.Database {
  makePrivate(file)
  const db = new Database(file, { timeout: openingTimeoutMs })
  try {
    if (readVersion(db) > version)
      throw new PacerError(
        'newer',
        `${file} was written by a newer version of this program. Update the program, or use another data directory.`,
      )
    const check = db.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw new Damage(String(check))
    goOverToWal(db)
    // The process may be killed at any instant and lose nothing; only a power failure may take the last moments (ARCHITECTURE.md).
    db.pragma('synchronous = NORMAL')
    db.transaction(() => {
      if (readVersion(db) !== 0) return
      if (db.prepare('SELECT 1 FROM sqlite_master').get() !== undefined)
        throw new PacerError('foreign', `${file} is a database of another program. Use another data directory.`)
      db.exec(schema)
      db.prepare('INSERT INTO facts (id, seen, blind_until) VALUES (1, ?, ?)').run(facts.seen, facts.blindUntil)
      db.pragma(`user_version = ${version}`)
    }).immediate()
    db.pragma(`busy_timeout = ${busyTimeoutMs}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A new file is its owner's alone, and so are the files that SQLite makes beside it, which take its mode. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch {
    // It is there, or cannot be made: then SQLite says so in its words.
  }
}

function readVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** Going over to WAL needs the file alone for a moment, and SQLite does not wait for that: another process may be doing the same. */
function goOverToWal(db: Database.Database): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let attempt = 1; ; attempt += 1) {
    try {
      db.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || attempt === 100) throw error
      Atomics.wait(pause, 0, 0, 20)
    }
  }
}

/** Nothing in the file is worth keeping for long, but what was in it is unknown: assume the worst until `blindUntil`. */
function rebuild(file: string, times: { readonly now: number; readonly blindUntil: number }): Database.Database {
  try {
    // An SQLite lock on a file beside it ends with the process, however it ends. Never removed, or two could hold it.
    makePrivate(`${file}-rebuild`)
    const lock = new Database(`${file}-rebuild`, { timeout: openingTimeoutMs })
    try {
      lock.exec('BEGIN EXCLUSIVE')
      try {
        return open(file, { seen: times.now, blindUntil: times.blindUntil }) // another process was faster
      } catch (error) {
        if (!isDamage(error)) throw error
      }
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
      return open(file, { seen: times.now, blindUntil: times.blindUntil })
    } finally {
      lock.close()
    }
  } catch (error) {
    throw describe(error, file)
  }
}

function describe(error: unknown, file: string): PacerError {
  if (error instanceof PacerError) return error
  const why = error instanceof Error ? error.message : String(error)
  return new PacerError(
    'unwritable',
    `${file} cannot be opened for writing (${why}). Check that its folder exists, may be written and is not full.`,
  )
}
