import { closeSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile } from '../documents/document.ts'
import { nameDecoderOf } from './entry-names.ts'
import { archiveLimits, type UnpackTarget } from './listing.ts'
import type { PackedArchive } from './packed-archive.ts'
import { isTarHeader, listedTar, scanTar, type TarStream } from './tar.ts'

type GzipFile = Pick<DocumentFile, 'read' | 'sizeBytes'>

/** Opens a file packed by gzip (RFC 1952): a folder where it is a TAR archive, else the file that it was. Throws what reading and writing throw. */
export async function openGzip(path: string, file: GzipFile): Promise<PackedArchive | Failure> {
  try {
    const first = streamOf(file)
    const isTar = isTarHeader(await first.take(512))
    first.end()
    return isTar ? await openPackedTar(file) : await openSingle(path, file)
  } catch (error) {
    return failureOf(error)
  }
}

class TooLarge extends Error {}

const damagedEntry = inputFailure('damaged_document', [remark('damaged_entry')])

function failureOf(error: unknown): Failure {
  if (error instanceof TooLarge)
    return inputFailure('too_large', [remark('archive_solid', { limit: archiveLimits.solidBytes })])
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // What ends early has said less than it holds.
  if (code === 'Z_BUF_ERROR') return inputFailure('damaged_document', [remark('cut_archive')])
  if (code.startsWith('Z_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END')
    return inputFailure('damaged_document', [remark('damaged_archive')])
  throw error
}

async function openPackedTar(file: GzipFile): Promise<PackedArchive | Failure> {
  const scan = async (targets: readonly UnpackTarget[]) => {
    const stream = streamOf(file)
    const wanted = new Map(targets.map(({ index, to }) => [index, to]))
    using writer = createWriter()
    try {
      return await scanTar(stream, index => {
        const to = wanted.get(index)
        return to === undefined ? null : writer.begin(to)
      })
    } finally {
      stream.end()
    }
  }
  const entries = await scan([])
  if ('kind' in entries) return entries
  return {
    kind: 'packed archive',
    entries: listedTar(entries, null, 0),
    comment: null,
    unpack: async targets => {
      const again = await scan(targets)
      return targets.map(() => ('kind' in again ? damagedEntry : null))
    },
  }
}

async function openSingle(path: string, file: GzipFile): Promise<PackedArchive | Failure> {
  const pass = async (to: ((piece: Uint8Array) => void) | null) => {
    const stream = streamOf(file)
    let bytes = 0
    try {
      await stream.pass(Number.POSITIVE_INFINITY, piece => {
        bytes += piece.length
        to?.(piece)
      })
    } finally {
      stream.end()
    }
    return bytes
  }
  const sizeBytes = await pass(null)
  const name =
    nameIn(file.read(0, 1024)) ??
    basename(path)
      .replace(/^[\da-f]{32}-/, '')
      .replace(/\.gz$/i, '')
  const entry = { name, sizeBytes, packedBytes: file.sizeBytes, isFolder: false, run: null, refusal: null }
  return {
    kind: 'packed archive',
    entries: [entry],
    comment: null,
    unpack: async targets => {
      for (const { to } of targets) {
        using writer = createWriter()
        await pass(writer.begin(to))
      }
      return targets.map(({ index }) => (index === 0 ? null : damagedEntry))
    },
  }
}

/** The name that the packed file had, from the header; null where it is not said. */
function nameIn(header: Uint8Array): string | null {
  const flags = header[3] ?? 0
  if ((flags & 8) === 0) return null
  const start = (flags & 4) === 0 ? 10 : 12 + ((header[10] ?? 0) | ((header[11] ?? 0) << 8))
  const end = header.indexOf(0, start)
  const bytes = header.subarray(start, Math.max(start, end))
  return basename((nameDecoderOf([bytes], null).decode(bytes) ?? '').replaceAll('\\', '/')) || null
}

function createWriter() {
  let handle: number | null = null
  const close = () => {
    if (handle !== null) closeSync(handle)
    handle = null
  }
  return {
    begin(to: string) {
      close()
      const opened = openSync(to, 'wx', 0o600)
      handle = opened
      return (piece: Uint8Array) => {
        for (let written = 0; written < piece.length; ) written += writeSync(opened, piece, written)
      }
    },
    [Symbol.dispose]: close,
  }
}

const readBytes = 1 << 18

/** What is packed, as far as the limits go: one file or all files of an archive, since each is reached through those before. */
function streamOf(file: GzipFile): TarStream & { end(): void } {
  const source = Readable.from(packedPieces(file))
  // What stands behind the end would be unpacked by some programs and not by others.
  const unpacked = source.pipe(createGunzip({ rejectGarbageAfterEnd: true }))
  source.on('error', error => unpacked.destroy(error))
  const pieces: AsyncIterator<Buffer> = unpacked[Symbol.asyncIterator]()
  let piece: Buffer = Buffer.alloc(0)
  let total = 0
  const next = async () => {
    if (piece.length > 0) return true
    const { done, value } = await pieces.next()
    if (done === true) return false
    total += value.length
    const isBomb = total > archiveLimits.ratioFromBytes && total > file.sizeBytes * archiveLimits.ratio
    if (total > archiveLimits.solidBytes || isBomb) throw new TooLarge()
    piece = value
    return true
  }
  const stream: TarStream & { end(): void } = {
    take: async length => {
      const taken: Buffer[] = []
      await stream.pass(length, each => taken.push(Buffer.from(each)))
      return Buffer.concat(taken)
    },
    pass: async (length, to) => {
      let left = length
      while (left > 0 && (await next())) {
        const part = piece.subarray(0, Math.min(left, piece.length))
        piece = piece.subarray(part.length)
        left -= part.length
        to?.(part)
      }
      return left === 0
    },
    end: () => {
      source.destroy()
      unpacked.destroy()
    },
  }
  return stream
}

async function* packedPieces({ read, sizeBytes }: GzipFile): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sizeBytes; at += readBytes) yield read(at, readBytes)
}
