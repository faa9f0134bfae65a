import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { makeFolder } from '../make-folder.ts'
import { problemOf } from './problem-of.ts'

/** A statement that waits longer than this for another process's write is given up with `database_busy`. */
const busyTimeoutMs = 10_000

/** A connection to the file, which is made where there is none. Throws a `Problem` where that cannot be. */
export function connect(file: string, timeout = busyTimeoutMs): Database {
  try {
    makeFolder(dirname(file))
    makePrivate(file)
    const raw = new SQLite(file, { timeout })
    raw.pragma('synchronous = FULL')
    raw.pragma('foreign_keys = ON')
    raw.pragma('temp_store = MEMORY')
    // 8 MB: more only makes a large batch take more memory than a small one.
    raw.pragma('cache_size = -8000')
    return raw
  } catch (error) {
    throw problemOf(error, file)
  }
}

/** A new file is its owner's alone, and so are the files that SQLite makes beside it, which take its mode. */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch {
    // It is there, or cannot be made: then SQLite says so in its words.
  }
}
