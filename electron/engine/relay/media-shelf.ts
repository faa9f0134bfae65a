import { createHash, createHmac } from 'node:crypto'
import { type FileHandle, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileTypeFromBuffer } from 'file-type'
import { partialEnding, writeFileAtomically } from '../base/atomic-file.ts'
import type { Clock } from '../base/clock.ts'
import { makeFolder } from '../base/make-folder.ts'
import type { MediaRow, MediaRows } from './store.ts'

/**
 * Media that the platforms are to download: files named by what they contain, so that what was checked is what is there
 * (spec §8.7), under ids that nobody can guess, for about an hour.
 */
export interface MediaShelf {
  put(bytes: Buffer): Promise<PutResult>
  /** The caller closes the file. Null for what was never there, or is there no longer. */
  take(id: string): Promise<{ readonly row: MediaRow; readonly file: FileHandle } | null>
  /** Deletes what has expired. */
  sweep(): Promise<void>
}

export type PutResult =
  | { readonly kind: 'shelved'; readonly row: MediaRow }
  | { readonly kind: 'type_refused'; readonly detail: string }
  | { readonly kind: 'storage_full' }

export async function openMediaShelf(options: {
  readonly folder: string
  readonly rows: MediaRows
  readonly clock: Clock
  readonly lifeMs: number
  readonly quotaBytes: number
}): Promise<MediaShelf> {
  const { folder, rows, clock, lifeMs, quotaBytes } = options
  makeFolder(folder)
  await removeStrays(folder, rows)
  /** Bytes of files that are being written and have no row yet. */
  let pendingBytes = 0
  /** One writer per id: the same content may be uploaded twice at the same moment. */
  const writing = new Map<string, Promise<PutResult>>()
  /** What is being deleted: who uploads it again waits, or the new file would go as well. */
  const sweeping = new Map<string, Promise<void>>()

  const sweep = async () => {
    const ids = rows
      .all()
      .filter(row => row.expiresAt <= clock.now() && !writing.has(row.id) && !sweeping.has(row.id))
      .map(row => row.id)
    if (ids.length === 0) return
    const done = removeAll(ids).finally(() => {
      for (const id of ids) sweeping.delete(id)
    })
    for (const id of ids) sweeping.set(id, done)
    await done
  }
  const removeAll = async (ids: readonly string[]) => {
    // The rows first: a file without a row is swept at the next start, a row without a file would promise something.
    await rows.remove(ids)
    await Promise.all(ids.map(id => rm(join(folder, id), { force: true })))
  }

  const write = async (id: string, mime: string, bytes: Buffer): Promise<PutResult> => {
    await sweeping.get(id)?.catch(() => undefined)
    const row: MediaRow = { id, mime, sizeBytes: bytes.byteLength, expiresAt: clock.now() + lifeMs }
    if (rows.find(id) === null) {
      const hasRoom = () => rows.totalBytes() + pendingBytes + bytes.byteLength <= quotaBytes
      if (!hasRoom()) await sweep()
      if (!hasRoom()) return { kind: 'storage_full' }
      pendingBytes += bytes.byteLength
      try {
        await writeFileAtomically(join(folder, id), bytes, { mode: 0o600 })
        await rows.put(row)
      } catch (error) {
        // The disk is full although the quota is not.
        if (
          error instanceof Error &&
          'code' in error &&
          ['ENOSPC', 'EDQUOT', 'disk_full'].includes(String(error.code))
        ) {
          return { kind: 'storage_full' }
        }
        throw error
      } finally {
        pendingBytes -= bytes.byteLength
      }
    } else await rows.put(row)
    return { kind: 'shelved', row }
  }

  return {
    put: async bytes => {
      const type = await fileTypeFromBuffer(bytes)
      const served = type === undefined ? undefined : servedTypes.get(type.ext)
      if (type === undefined || served === undefined || kindOf(type.mime) !== kindOf(served.mime)) {
        return { kind: 'type_refused', detail: type === undefined ? 'unknown type' : type.mime }
      }
      const digest = createHash('sha256').update(bytes).digest()
      const id = `${createHmac('sha256', rows.secret).update(digest).digest('base64url')}.${served.extension}`
      const earlier = writing.get(id)
      if (earlier !== undefined) return earlier
      const put = write(id, served.mime, bytes).finally(() => writing.delete(id))
      writing.set(id, put)
      return put
    },
    take: async id => {
      const row = rows.find(id)
      if (row === null || row.expiresAt <= clock.now()) return null
      try {
        return { row, file: await open(join(folder, id), 'r') }
      } catch {
        return null
      }
    },
    sweep,
  }
}

/**
 * By content: what the asynchronous checks take (spec §3.2), and nothing that a browser would run. WMA comes in a container that
 * holds video as well; only its audio form is here.
 */
const servedTypes: ReadonlyMap<string, { readonly mime: string; readonly extension: string }> = new Map(
  [
    ['jpg', 'image/jpeg'],
    ['png', 'image/png'],
    ['apng', 'image/png', 'png'],
    ['bmp', 'image/bmp'],
    ['gif', 'image/gif'],
    ['mp3', 'audio/mpeg'],
    ['aac', 'audio/aac'],
    ['ac3', 'audio/ac3'],
    ['asf', 'audio/x-ms-wma', 'wma'],
    ['flac', 'audio/flac'],
    ['ogg', 'audio/ogg'],
    ['oga', 'audio/ogg', 'ogg'],
    ['opus', 'audio/ogg', 'opus'],
    ['wav', 'audio/wav'],
  ].map(([found = '', mime = '', extension = found]) => [found, { mime, extension }]),
)

/** `image` or `audio`; Microsoft's container may also be a video. */
function kindOf(mime: string): string | undefined {
  return mime.split('/')[0]
}

/** An id as this relay gives them; anything else names no file. */
export function isMediaId(id: string): boolean {
  return /^[A-Za-z0-9_-]{43}\.[a-z0-9]{3,4}$/.test(id)
}

/** What a killed process left behind: files without a row, and rows without a file. */
async function removeStrays(folder: string, rows: MediaRows): Promise<void> {
  const files = new Set(await readdir(folder))
  const known = new Set(rows.all().map(row => row.id))
  const strays = [...files].filter(name => !known.has(name) && (isMediaId(name) || name.endsWith(partialEnding)))
  await Promise.all(strays.map(name => rm(join(folder, name), { force: true })))
  await rows.remove([...known].filter(id => !files.has(id)))
}
