import { promisify } from 'node:util'
import { constants, crc32, inflateRaw } from 'node:zlib'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { type OpenFile, readAt } from '../../base/open-file.ts'
import type { DocumentFile } from '../documents/document.ts'

const inflate = promisify(inflateRaw)

/** One file of an archive, as its central directory describes it. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressedBytes: number
  readonly sizeBytes: number
  readonly headerOffset: number
  readonly isEncrypted: boolean
  /** As it stands in the directory: which encoding it is in is not always said. */
  readonly nameBytes: Uint8Array
  /** The name in UTF-8, from Info-ZIP's field beside it; null where there is none, or it is of another name. */
  readonly unicodeName: Uint8Array | null
  readonly flags: number
  /** The system it was packed on, and that system's attributes. */
  readonly host: number
  readonly attributes: number
  readonly comment: Uint8Array
}

export interface ZipArchive {
  readonly kind: 'archive'
  readonly entries: readonly ZipEntry[]
  readonly comment: Uint8Array
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const headerSignature = 0x04034b50
const endBytes = 22
const maxCommentBytes = 0xffff
const entryBytes = 46
const headerBytes = 30

/**
 * Reads the directory of an archive that lies in memory whole, with the long fields of ZIP64 and with anything in front of the first
 * file, by which all offsets are then shifted. Archives that are split over disks are no documents.
 */
export function readZipDirectory(bytes: Uint8Array): ZipArchive | Failure {
  const directory = findDirectory(bytes, 0)
  if (directory === null) return damagedArchive
  const start = startOf(directory)
  return start < 0 ? damagedArchive : parseDirectory(bytes.subarray(start, directory.end), directory)
}

/** More than this is no directory of an archive that anybody made to be read: a million entries. */
const maxDirectoryBytes = 128e6

/** The same of an archive on disk, of which no more than its directory is read. */
export async function readZipDirectoryOf(file: OpenFile): Promise<ZipArchive | Failure> {
  const tailBytes = Math.min(file.sizeBytes, endBytes + maxCommentBytes + longLocatorBytes + longEndBytes)
  const base = file.sizeBytes - tailBytes
  const directory = findDirectory(await readAt(file, base, tailBytes), base)
  if (directory === null) return damagedArchive
  const start = startOf(directory)
  if (start < 0) return damagedArchive
  if (directory.sizeBytes > maxDirectoryBytes) {
    return inputFailure('too_large', [remark('archive_directory', { limit: maxDirectoryBytes })])
  }
  return parseDirectory(await readAt(file, start, directory.end - start), directory)
}

/** The same of an archive that is read at once, where it is wanted. */
export function readZipDirectoryIn({
  sizeBytes,
  read,
}: Pick<DocumentFile, 'sizeBytes' | 'read'>): ZipArchive | Failure {
  const base = Math.max(0, sizeBytes - (endBytes + maxCommentBytes + longLocatorBytes + longEndBytes))
  const directory = findDirectory(read(base, sizeBytes - base), base)
  const start = directory === null ? -1 : startOf(directory)
  if (directory === null || start < 0) return damagedArchive
  if (directory.sizeBytes > maxDirectoryBytes) {
    return inputFailure('too_large', [remark('archive_directory', { limit: maxDirectoryBytes })])
  }
  return parseDirectory(read(start, directory.end - start), directory)
}

/** An entry of such an archive, as `unpackEntry` does it. */
export async function unpackEntryIn(
  { read }: Pick<DocumentFile, 'read'>,
  entry: ZipEntry,
  maxBytes: number,
): ReturnType<typeof unpackEntry> {
  const header = read(entry.headerOffset, headerBytes)
  if (header.length < headerBytes) return { kind: 'damaged' }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const before = headerBytes + view.getUint16(26, true) + view.getUint16(28, true)
  const own = read(entry.headerOffset, before + entry.compressedBytes)
  return await unpackEntry(own, { ...entry, headerOffset: 0 }, maxBytes)
}

/** What was put in front of the archive afterwards moved it. */
function startOf({ end, sizeBytes }: Directory): number {
  return end - sizeBytes
}

/** `bytes` is the directory and nothing else. */
function parseDirectory(
  bytes: Uint8Array,
  { end, offset, sizeBytes, count, comment }: Directory,
): ZipArchive | Failure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shift = end - sizeBytes - offset
  if (shift < 0) return damagedArchive
  let at = 0
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > bytes.length || view.getUint32(at, true) !== entrySignature) return damagedArchive
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const nameEnd = at + entryBytes + nameBytes
    const extraEnd = Math.min(nameEnd + extraBytes, bytes.length)
    const commentEnd = nameEnd + extraBytes + view.getUint16(at + 32, true)
    const { long, unicodeName } = readExtra(view, nameEnd, extraEnd)
    const field = (position: number) => {
      const value = view.getUint32(at + position, true)
      return value === 0xffffffff ? (long.shift() ?? value) : value
    }
    // In this order, in which the long fields follow each other.
    const unpackedBytes = field(24)
    const compressedBytes = field(20)
    const headerOffset = field(42) + shift
    const name = bytes.subarray(at + entryBytes, nameEnd)
    const flags = view.getUint16(at + 8, true)
    entries.push({
      name: new TextDecoder().decode(name),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedBytes,
      sizeBytes: unpackedBytes,
      headerOffset,
      isEncrypted: (flags & 1) === 1,
      nameBytes: name,
      unicodeName: unicodeName?.crc === crc32(name) ? unicodeName.name : null,
      flags,
      host: view.getUint8(at + 5),
      attributes: view.getUint32(at + 38, true),
      comment: bytes.subarray(nameEnd + extraBytes, commentEnd),
    })
    at = commentEnd
  }
  return { kind: 'archive', entries, comment }
}

const damagedArchive = inputFailure('damaged_document', [remark('damaged_archive')])

interface Directory {
  readonly count: number
  readonly sizeBytes: number
  readonly offset: number
  /** Where it ends: the first byte behind its entries. */
  readonly end: number
  readonly comment: Uint8Array
}

/** `bytes` is the file from `base` on. */
function findDirectory(bytes: Uint8Array, base: number): Directory | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = Math.max(0, view.byteLength - endBytes - maxCommentBytes)
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    const comment = bytes.slice(at + endBytes, at + endBytes + view.getUint16(at + 20, true))
    const short = {
      count: view.getUint16(at + 10, true),
      sizeBytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
      end: base + at,
    }
    return { ...(readLongDirectory(view, at, base) ?? short), comment }
  }
  return null
}

const longLocatorSignature = 0x07064b50
const longEndSignature = 0x06064b50
const longLocatorBytes = 20
const longEndBytes = 56

/** The end record of ZIP64, where there is one in front of the ordinary one. */
function readLongDirectory(view: DataView, end: number, base: number): Omit<Directory, 'comment'> | null {
  const locator = end - longLocatorBytes
  if (locator < longEndBytes || view.getUint32(locator, true) !== longLocatorSignature) return null
  // It has no fields of unknown length, unless somebody extended it; then it is where the locator says.
  for (const at of [locator - longEndBytes, Number(view.getBigUint64(locator + 8, true)) - base]) {
    if (at < 0 || at + longEndBytes > locator || view.getUint32(at, true) !== longEndSignature) continue
    const long = (offset: number) => Number(view.getBigUint64(at + offset, true))
    return { count: long(32), sizeBytes: long(40), offset: long(48), end: base + at }
  }
  return null
}

interface Extra {
  /** The 64-bit values, in the order in which they stand there. */
  readonly long: number[]
  /** Of the name with this checksum. */
  readonly unicodeName: { readonly crc: number; readonly name: Uint8Array } | null
}

/** What an entry's extra field says. */
function readExtra(view: DataView, start: number, end: number): Extra {
  const long: number[] = []
  let unicodeName: Extra['unicodeName'] = null
  for (let at = start; at + 4 <= end; ) {
    const id = view.getUint16(at, true)
    const fieldEnd = Math.min(at + 4 + view.getUint16(at + 2, true), end)
    if (id === 1) {
      for (let value = at + 4; value + 8 <= fieldEnd; value += 8) long.push(Number(view.getBigUint64(value, true)))
    }
    if (id === 0x7075 && at + 9 <= fieldEnd && view.getUint8(at + 4) === 1) {
      const name = new Uint8Array(view.buffer, view.byteOffset + at + 9, fieldEnd - at - 9)
      unicodeName = { crc: view.getUint32(at + 5, true), name }
    }
    at = fieldEnd
  }
  return { long, unicodeName }
}

/**
 * Unpacks one entry, never to more than `maxBytes`, whatever the directory claims. `damaged` also when it is packed by a method that
 * documents do not use.
 */
export async function unpackEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  maxBytes: number,
): Promise<
  { kind: 'unpacked'; bytes: Uint8Array } | { kind: 'over limit' } | { kind: 'damaged' } | { kind: 'encrypted' }
> {
  if (entry.isEncrypted) return { kind: 'encrypted' }
  const packed = packedBytes(bytes, entry)
  if (packed === undefined) return { kind: 'damaged' }
  let unpacked: Uint8Array
  if (entry.method === 0) {
    unpacked = packed
  } else if (entry.method === 8) {
    try {
      unpacked = await inflate(packed, { maxOutputLength: Math.max(1, maxBytes) })
    } catch (error) {
      return { kind: isTooLong(error) ? 'over limit' : 'damaged' }
    }
  } else {
    return { kind: 'damaged' }
  }
  if (unpacked.length > maxBytes) return { kind: 'over limit' }
  if (crc32(unpacked) !== entry.crc) return { kind: 'damaged' }
  return { kind: 'unpacked', bytes: unpacked }
}

function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = entry.headerOffset
  if (at + headerBytes > bytes.length || view.getUint32(at, true) !== headerSignature) return undefined
  const start = at + headerBytes + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  return bytes.subarray(start, start + entry.compressedBytes)
}

const peekedBytes = 2048

/** The first few kilobytes of an entry, which tell what it is; empty when they cannot be unpacked. */
export async function peekEntryOf(file: OpenFile, entry: ZipEntry): Promise<Uint8Array> {
  const start = await dataStartOf(file, entry)
  if (start === null || entry.isEncrypted) return new Uint8Array(0)
  const packed = await readAt(file, start, Math.min(peekedBytes, entry.compressedBytes))
  if (entry.method !== 8) return packed
  return await inflate(packed, { finishFlush: constants.Z_SYNC_FLUSH }).catch(() => new Uint8Array(0))
}

/** Where the packed bytes of an entry begin; null where no entry is. */
export async function dataStartOf(file: OpenFile, { headerOffset }: ZipEntry): Promise<number | null> {
  const header = await readAt(file, headerOffset, headerBytes)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  if (header.length < headerBytes || view.getUint32(0, true) !== headerSignature) return null
  return headerOffset + headerBytes + view.getUint16(26, true) + view.getUint16(28, true)
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
