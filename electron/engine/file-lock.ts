import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import SQLite from 'better-sqlite3'

export interface FileLock {
  release(): void
}

/**
 * SQLite's lock on a file of its own ends with its process, however that ends: there is nothing to clean up, and no process number
 * to be mistaken about. `none` where the file cannot be made.
 */
export function takeLock(file: string): FileLock | 'taken' | 'none' {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
  } catch {
    return 'none'
  }
  return lockExisting(file)
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
