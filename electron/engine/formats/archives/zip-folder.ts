import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { type OpenFile, openFile } from '../../base/open-file.ts'
import type { Encoding } from '../text/decode-text.ts'
import { decoded, type NameDecoder, nameDecoderOf } from './entry-names.ts'
import type { ListedEntry, Listing } from './listing.ts'
import { dataStartOf, readZipDirectoryOf, type ZipEntry } from './zip-archive.ts'

/** Lists a ZIP archive on disk. `stated` is the encoding that somebody says its names are in. */
export async function listZip(path: string, stated: Encoding | null): Promise<Listing | Failure> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    const archive = await readZipDirectoryOf(file)
    if (archive.kind === 'failure') return archive
    const { entries } = archive
    const unsaid = entries.flatMap(entry => [...(saysName(entry) ? [] : [entry.nameBytes]), entry.comment])
    const names = nameDecoderOf([...unsaid, archive.comment], stated)
    const crossing = crossingOf(entries)
    return {
      kind: 'listing',
      entries: entries.map((entry, index) => listedOf(entry, index, names, crossing.has(entry))),
      comment: commentOf(entries, archive.comment, names),
      unpack: async (targets, signal) => {
        const results: (Failure | null)[] = []
        for (const { index, to } of targets) {
          const entry = entries[index]
          results.push(entry === undefined ? damagedEntry : await unpackZip(path, entry, to, signal))
        }
        return results
      },
    }
  } finally {
    await file.handle.close()
  }
}

/** Flag 11: name and comment are in UTF-8. */
const utf8Flag = 1 << 11

function saysName({ flags, unicodeName }: ZipEntry): boolean {
  return (flags & utf8Flag) !== 0 || unicodeName !== null
}

function listedOf(entry: ZipEntry, index: number, names: NameDecoder, isCrossing: boolean): ListedEntry {
  const { nameBytes, unicodeName, sizeBytes, compressedBytes } = entry
  const read = saysName(entry) ? decoded(unicodeName ?? nameBytes, 'utf-8') : names.decode(nameBytes)
  const name = read ?? Buffer.from(nameBytes).toString('latin1')
  const refusal =
    read === null ? inputFailure('unreadable_file', [remark('invalid_name')]) : refusalOf(entry, isCrossing)
  const isFolder = sizeBytes === 0 && /[/\\]$/.test(name)
  return { index, name, sizeBytes, packedBytes: compressedBytes, isFolder, run: null, refusal }
}

const unixHosts: ReadonlySet<number> = new Set([3, 19])
const unixLink = 0xa
const unixKinds: ReadonlySet<number> = new Set([0, 4, 8])

/** Methods that are unpacked here: as it is, deflate, zstd. */
const methods: ReadonlySet<number> = new Set([0, 8, 93])
const methodNames: Readonly<Record<number, string>> = {
  1: 'shrink',
  6: 'implode',
  9: 'deflate64',
  12: 'bzip2',
  14: 'lzma',
  95: 'xz',
  96: 'jpeg',
  97: 'wavpack',
  98: 'ppmd',
}

function refusalOf(entry: ZipEntry, isCrossing: boolean): Failure | null {
  // With the method of WinZip's encryption, the true one stands in a field beside it.
  if (entry.isEncrypted || entry.method === 99) return inputFailure('unsupported_type', [remark('encrypted_archive')])
  const kind = unixHosts.has(entry.host) ? entry.attributes >>> 28 : 0
  if (kind === unixLink) return inputFailure('unsupported_type', [remark('entry_link')])
  if (!unixKinds.has(kind)) return inputFailure('unsupported_type', [remark('special_file')])
  if (!methods.has(entry.method)) {
    const name = methodNames[entry.method] ?? String(entry.method)
    return inputFailure('unsupported_type', [remark('entry_method', { name })])
  }
  return isCrossing ? damagedEntry : null
}

const damagedEntry = inputFailure('damaged_document', [remark('damaged_entry')])

/** Entries that share bytes with one another: by these a small archive unpacks to any size. */
function crossingOf(entries: readonly ZipEntry[]): ReadonlySet<ZipEntry> {
  const crossing = new Set<ZipEntry>()
  const sorted = entries.toSorted((one, other) => one.headerOffset - other.headerOffset)
  let furthest: ZipEntry | undefined
  for (const entry of sorted) {
    if (furthest !== undefined && entry.headerOffset < endOf(furthest)) {
      crossing.add(entry)
      crossing.add(furthest)
    }
    if (furthest === undefined || endOf(entry) > endOf(furthest)) furthest = entry
  }
  return crossing
}

/** Of its header without the extra field, whose length stands only there, and of what is packed. */
function endOf({ headerOffset, nameBytes, compressedBytes }: ZipEntry): number {
  return headerOffset + 30 + nameBytes.length + compressedBytes
}

function commentOf(entries: readonly ZipEntry[], comment: Uint8Array, names: NameDecoder): Listing['comment'] {
  const lines = [comment, ...entries.map(entry => entry.comment)].flatMap(bytes => {
    const text = decoded(bytes, 'utf-8') ?? names.decode(bytes) ?? Buffer.from(bytes).toString('latin1')
    return text.trim() === '' ? [] : [text]
  })
  return lines.length === 0 ? null : { text: lines.join('\n'), encoding: names.encoding }
}

async function unpackZip(path: string, entry: ZipEntry, to: string, signal: AbortSignal): Promise<Failure | null> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    const start = await dataStartOf(file, entry)
    if (start === null || start + entry.compressedBytes > file.sizeBytes) return damagedEntry
    const what = await unpackTo(file, start, entry, to, signal)
    return what === null ? null : inputFailure('damaged_document', [what])
  } finally {
    await file.handle.close()
  }
}

async function unpackTo(
  file: OpenFile,
  start: number,
  entry: ZipEntry,
  to: string,
  signal: AbortSignal,
): Promise<Remark | null> {
  let sum = 0
  let length = 0
  await using target = await open(to, 'wx', 0o600)
  const keep = async (piece: Uint8Array) => {
    signal.throwIfAborted()
    length += piece.length
    // It was judged by what it claims to be.
    if (length > entry.sizeBytes) throw new DamagedEntry()
    sum = crc32(piece, sum)
    await target.writeFile(piece)
  }
  try {
    if (entry.method === 0) {
      const buffer = Buffer.allocUnsafe(readBytes)
      for await (const piece of packedOf(file, start, entry.compressedBytes, () => buffer)) await keep(piece)
    } else {
      const packed = packedOf(file, start, entry.compressedBytes, () => Buffer.allocUnsafe(readBytes))
      const unpacker = entry.method === 8 ? createInflateRaw() : createZstdDecompress()
      const sink = async (pieces: AsyncIterable<Uint8Array>) => {
        for await (const piece of pieces) await keep(piece)
      }
      await pipeline(packed, unpacker, sink, { signal })
    }
  } catch (error) {
    signal.throwIfAborted()
    if (isDamage(error)) return remark('damaged_entry')
    throw error
  }
  return length === entry.sizeBytes && sum === entry.crc ? null : remark('damaged_entry')
}

const readBytes = 1 << 16

/** `bufferFor` is asked before each read: one that is used again serves who is done with a piece before the next is read. */
async function* packedOf(
  file: OpenFile,
  start: number,
  length: number,
  bufferFor: () => Buffer,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const buffer = bufferFor()
    const { bytesRead } = await file.handle.read(buffer, 0, Math.min(buffer.length, length - at), start + at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

class DamagedEntry extends Error {}

function isDamage(error: unknown): boolean {
  if (error instanceof DamagedEntry) return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('Z_') || code.startsWith('ZSTD_') || code === 'ERR_TRAILING_JUNK_AFTER_STREAM_END'
}
