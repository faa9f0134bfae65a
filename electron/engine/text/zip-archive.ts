import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import type { Failure } from '../../../shared/conclusion.ts'
import { inputFailure } from './input-failure.ts'

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

/** Reads the directory of an archive that lies in memory whole; archives over 4 GB and those split over disks are no documents. */
export function readZipDirectory(bytes: Uint8Array): ZipArchive | Failure {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  if (end === null) return inputFailure('unsupported_type', 'a damaged archive (its directory is missing)')
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > end || view.getUint32(at, true) !== entrySignature) {
      return inputFailure('unsupported_type', 'a damaged archive (its directory is not readable)')
    }
    const nameBytes = view.getUint16(at + 28, true)
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + entryBytes, at + entryBytes + nameBytes)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    })
    at += entryBytes + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return { kind: 'archive', entries }
}

function findEnd(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - endBytes - maxCommentBytes)
  for (let at = view.byteLength - endBytes; at >= first; at--) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  return null
}

/**
 * Unpacks one entry, never to more than `maxBytes`, whatever the directory claims. `damaged` also when it is encrypted
 * or packed by a method that documents do not use.
 */
export async function unpackEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  maxBytes: number,
): Promise<{ kind: 'unpacked'; bytes: Uint8Array } | { kind: 'over limit' } | { kind: 'damaged' }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = entry.headerOffset
  if (entry.isEncrypted || at + 30 > bytes.length || view.getUint32(at, true) !== headerSignature) {
    return { kind: 'damaged' }
  }
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const packed = bytes.subarray(start, start + entry.compressedBytes)
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

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

/**
 * Proves by unpacking that the chosen entries stay within `maxBytes` together and that no name occurs twice, before a library
 * that trusts the directory gets the archive. Returns the failure, or null when the archive is harmless.
 */
export async function refuseZipBomb(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  maxBytes: number,
): Promise<Failure | null> {
  if (new Set(entries.map(entry => entry.name)).size !== entries.length) {
    return inputFailure(
      'undecodable_text',
      'the document contains two files of one name, so what it says is not certain',
    )
  }
  let left = maxBytes
  for (const entry of entries) {
    const result = await unpackEntry(bytes, entry, left)
    if (result.kind === 'over limit') {
      return inputFailure('too_large', `unpacked, the document is larger than ${maxBytes} bytes`)
    }
    if (result.kind === 'damaged') {
      return inputFailure('undecodable_text', `the document is damaged or encrypted (${entry.name})`)
    }
    left -= result.bytes.length
  }
  return null
}
