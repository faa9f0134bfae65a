import { createHash } from 'node:crypto'
import { Problem } from '../../../shared/problems.ts'
import { writeFileAtomically } from '../base/atomic-file.ts'

export interface WrittenFile {
  readonly sha256: string
  readonly bytes: number
}

/** Writes `pieces` whole or not at all. Rejects with a `Problem` that says what keeps the file from being written. */
export async function writeWhole(
  file: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  let bytes = 0
  async function* counted() {
    for await (const piece of pieces) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
      hash.update(chunk)
      bytes += chunk.byteLength
      yield chunk
    }
  }
  try {
    await writeFileAtomically(file, counted(), { signal })
    return { sha256: hash.digest('hex'), bytes }
  } catch (error) {
    throw writeProblem(error, file)
  }
}

export function writeProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const code = 'code' in error ? String(error.code) : ''
  if (error.name === 'AbortError') return new Problem('cancelled', file)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Problem('disk_full', file, { cause: error })
  if (code === 'EBUSY' || code === 'ETXTBSY') return new Problem('file_in_use', file, { cause: error })
  // Windows says EPERM or EACCES when another program holds the target open.
  if (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES'))
    return new Problem('file_in_use', file, { cause: error })
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(code))
    return new Problem('write_failed', `${file} (${code})`, { cause: error })
  return error
}
