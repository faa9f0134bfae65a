import { closeSync, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import SQLite from 'better-sqlite3'
import type { Clock } from './clock.ts'
import { makeFolder } from './make-folder.ts'

export interface FileLock {
  release(): void
}

/**
 * SQLite's lock on a file of its own ends with its process, however that ends: there is nothing to clean up, and no process number
 * to be mistaken about. `none` where the file cannot be made.
 */
export function takeLock(file: string): FileLock | 'taken' | 'none' {
  try {
    makeFolder(dirname(file))
    // One that exists is not opened: closing it would end the locks that this process has on it (POSIX).
    if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  } catch {
    return 'none'
  }
  return lockExisting(file)
}

const pollMs = 50
/** A process that holds a lock for longer does not do what it took it for; at worst that is done once too often. */
const patienceMs = 120_000

/** Waits for a lock that others have, as long as it makes sense; null where there is none to be had. Rejects when the signal aborts. */
export async function awaitLock(file: string, clock: Clock, signal: AbortSignal): Promise<FileLock | null> {
  const until = clock.now() + patienceMs
  let lock = takeLock(file)
  while (lock === 'taken' && clock.now() < until) {
    await clock.sleep(pollMs, signal)
    lock = takeLock(file)
  }
  return typeof lock === 'object' ? lock : null
}

/** Whether a process has the lock of that file at present. */
export function isLocked(file: string): boolean {
  const lock = lockExisting(file)
  if (typeof lock === 'object') lock.release()
  return lock === 'taken'
}

function lockExisting(file: string): FileLock | 'taken' | 'none' {
  let database: SQLite.Database | null = null
  try {
    const opened = new SQLite(file, { timeout: 0, fileMustExist: true })
    database = opened
    opened.exec('BEGIN EXCLUSIVE')
    return { release: () => opened.close() }
  } catch (error) {
    database?.close()
    const isTaken = error instanceof SQLite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
    return isTaken ? 'taken' : 'none'
  }
}
