import { promisify } from 'node:util'
import { constants, crc32, inflateRaw } from 'node:zlib'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'

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
}

export interface ZipArchive {
  readonly kind: 'archive'
  readonly entries: readonly ZipEntry[]
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const headerSignature = 0x04034b50
const endBytes = 22
const maxCommentBytes = 0xffff
const entryBytes = 46

/**
 * Reads the directory of an archive that lies in memory whole, with the long fields of ZIP64 and with anything in front of the first
 * file, by which all offsets are then shifted. Archives that are split over disks are no documents.
 */
export function readZipDirectory(bytes: Uint8Array): ZipArchive | Failure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const directory = findDirectory(view)
  if (directory === null) return damagedArchive
  const { end, count } = directory
  // What was put in front of the archive afterwards moved it.
  const shift = end - directory.sizeBytes - directory.offset
  if (shift < 0) return damagedArchive
  let at = directory.offset + shift
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > end || view.getUint32(at, true) !== entrySignature) return damagedArchive
    const nameBytes = view.getUint16(at + 28, true)
    const extraBytes = view.getUint16(at + 30, true)
    const nameEnd = at + entryBytes + nameBytes
    const long = readLongFields(view, nameEnd, Math.min(nameEnd + extraBytes, end))
    const field = (offset: number) => {
      const value = view.getUint32(at + offset, true)
      return value === 0xffffffff ? (long.shift() ?? value) : value
    }
    // In this order, in which the long fields follow each other.
    const sizeBytes = field(24)
    const compressedBytes = field(20)
    const headerOffset = field(42) + shift
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + entryBytes, nameEnd)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedBytes,
      sizeBytes,
      headerOffset,
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    })
    at = nameEnd + extraBytes + view.getUint16(at + 32, true)
  }
  return { kind: 'archive', entries }
}

const damagedArchive = inputFailure('damaged_document', [remark('damaged_archive')])

interface Directory {
  readonly count: number
  readonly sizeBytes: number
  readonly offset: number
  /** Where it ends: the first byte behind its entries. */
  readonly end: number
}

function findDirectory(view: DataView): Directory | null {
  const first = Math.max(0, view.byteLength - endBytes - maxCommentBytes)
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) !== endSignature) continue
    const short = {
      count: view.getUint16(at + 10, true),
      sizeBytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
      end: at,
    }
    return readLongDirectory(view, at) ?? short
  }
  return null
}

const longLocatorSignature = 0x07064b50
const longEndSignature = 0x06064b50
const longLocatorBytes = 20
const longEndBytes = 56

/** The end record of ZIP64, where there is one in front of the ordinary one. */
function readLongDirectory(view: DataView, end: number): Directory | null {
  const locator = end - longLocatorBytes
  if (locator < longEndBytes || view.getUint32(locator, true) !== longLocatorSignature) return null
  // It has no fields of unknown length, unless somebody extended it; then it is where the locator says.
  for (const at of [locator - longEndBytes, Number(view.getBigUint64(locator + 8, true))]) {
    if (at < 0 || at + longEndBytes > locator || view.getUint32(at, true) !== longEndSignature) continue
    const long = (offset: number) => Number(view.getBigUint64(at + offset, true))
    return { count: long(32), sizeBytes: long(40), offset: long(48), end: at }
  }
  return null
}

/** The 64-bit values of an entry's extra field, in the order in which they stand there. */
function readLongFields(view: DataView, start: number, end: number): number[] {
  const values: number[] = []
  for (let at = start; at + 4 <= end; ) {
    const fieldEnd = Math.min(at + 4 + view.getUint16(at + 2, true), end)
    if (view.getUint16(at, true) === 1) {
      for (let value = at + 4; value + 8 <= fieldEnd; value += 8) values.push(Number(view.getBigUint64(value, true)))
    }
    at = fieldEnd
  }
  return values
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
  if (packed === null) return { kind: 'damaged' }
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

function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = entry.headerOffset
  if (at + 30 > bytes.length || view.getUint32(at, true) !== headerSignature) return null
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  return bytes.subarray(start, start + entry.compressedBytes)
}

const peekedBytes = 2048

/** The first few kilobytes of an entry, which tell what it is; empty when they cannot be unpacked. */
export async function peekEntry(bytes: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  const packed = entry.isEncrypted ? null : packedBytes(bytes, entry)?.subarray(0, peekedBytes)
  if (packed === undefined || packed === null) return new Uint8Array(0)
  if (entry.method !== 8) return packed
  return await inflate(packed, { finishFlush: constants.Z_SYNC_FLUSH }).catch(() => new Uint8Array(0))
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
