import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Failure } from '../../../shared/conclusion.ts'
import { type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from './input-failure.ts'

export interface OpenFile {
  readonly kind: 'open'
  readonly handle: FileHandle
  readonly stat: BigIntStats
  readonly sizeBytes: number
}

/** Opens a regular file for reading; pipes, sockets and devices are refused without waiting for them. The caller closes the handle. */
export async function openFile(path: string): Promise<OpenFile | Failure> {
  let handle: FileHandle | undefined
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer; Windows has neither.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stat = await handle.stat({ bigint: true })
    if (stat.isFile()) return { kind: 'open', handle, stat, sizeBytes: Number(stat.size) }
    await handle.close()
    return specialFile(stat)
  } catch (error) {
    await handle?.close().catch(() => undefined)
    return fileFailure(error)
  }
}

/** Anything that has the kind predicates of `Stats` and `Dirent`. */
interface FileKind {
  isDirectory(): boolean
  isFIFO(): boolean
  isSocket(): boolean
}

/** The reason for something that is neither a file nor a folder to be walked. */
export function specialFile(kind: FileKind): Failure {
  if (kind.isDirectory()) return inputFailure('unreadable_file', [remark('now_folder')])
  const what = kind.isFIFO() ? 'pipe' : kind.isSocket() ? 'socket' : 'device'
  return inputFailure('unsupported_type', [remark(what)])
}

/** The first `length` bytes, or fewer when the file is shorter. */
export async function readHead(file: OpenFile, length: number): Promise<Uint8Array> {
  return await readAt(file, 0, length)
}

/** The `length` bytes from `offset` on, or fewer when the file ends before. */
export async function readAt(file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, file.sizeBytes - offset)))
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.handle.read(bytes, filled, bytes.length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

const readBytes = 1 << 20

/**
 * Reads a file from its beginning, hashing as it goes. `changed_file` when it is no longer what it was when it was opened.
 * `keep: 'nothing'` returns the hash of a file whose bytes nobody needs.
 */
export async function readWhole(
  file: OpenFile,
  keep: 'bytes' | 'nothing',
  signal: AbortSignal,
): Promise<{ readonly kind: 'read'; readonly bytes: Uint8Array; readonly sha256: string } | Failure> {
  const hash = createHash('sha256')
  const size = file.sizeBytes
  // Not of the pool: what is handed to another process goes there with all the memory that it is a part of.
  const bytes = Buffer.allocUnsafeSlow(keep === 'bytes' ? size : Math.min(size, readBytes))
  let position = 0
  while (position < size) {
    signal.throwIfAborted()
    const offset = keep === 'bytes' ? position : 0
    const wanted = Math.min(readBytes, size - position)
    const { bytesRead } = await file.handle.read(bytes, offset, wanted, position)
    if (bytesRead === 0) return inputFailure('changed_file', [remark('became_shorter')])
    hash.update(bytes.subarray(offset, offset + bytesRead))
    position += bytesRead
  }
  const changed = await changeSince(file)
  if (changed !== null) return changed
  return { kind: 'read', bytes: keep === 'bytes' ? bytes : new Uint8Array(0), sha256: hash.digest('hex') }
}

/** Whether the open file was written to since it was opened. */
export async function changeSince(file: OpenFile): Promise<Failure | null> {
  const now = await file.handle.stat({ bigint: true })
  if (now.size === file.stat.size && now.mtimeNs === file.stat.mtimeNs) return null
  return inputFailure('changed_file', [remark('written_meanwhile')])
}

const reasons: Readonly<Record<string, RemarkCode>> = {
  ENOENT: 'file_gone',
  EACCES: 'no_permission',
  EPERM: 'no_permission',
  ENAMETOOLONG: 'long_path',
  EMFILE: 'many_open_files',
  EIO: 'read_error',
  EBUSY: 'locked_file',
}

/** The reason for which the system would not let us read something. */
export function fileFailure(error: unknown): Failure {
  const code = error instanceof Error ? ('code' in error ? String(error.code) : error.name) : ''
  if (code === 'ELOOP') return inputFailure('symlink_loop', [remark('link_to_itself')])
  if (code === 'ENXIO' || code === 'ENODEV') return inputFailure('unsupported_type', [remark('special_file')])
  return inputFailure('unreadable_file', [remark(reasons[code] ?? 'system_error', { name: code })])
}
