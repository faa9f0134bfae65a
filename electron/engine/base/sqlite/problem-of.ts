import { Problem } from '../../../../shared/problems.ts'

/** Turns SQLite's and the file system's errors into problems that a person can act on; anything else is returned as it is. */
export function problemOf(error: unknown, file: string): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC' || code === 'EDQUOT')
    return new Problem('disk_full', file, { cause: error })
  if (isBusy(error)) return new Problem('database_busy', file, { cause: error })
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new Problem('database_corrupt', file, { cause: error })
  // A verification does not bring the file up; it finds out by itself what was taken out.
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

/** Whether another connection holds a lock that this one needs. */
export function isBusy(error: unknown): boolean {
  if (error instanceof Problem) return error.code === 'database_busy'
  return error instanceof Error && 'code' in error && /^SQLITE_(?:BUSY|LOCKED)/.test(String(error.code))
}
