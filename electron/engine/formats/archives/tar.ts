/** TAR archives of every common writer: old ones, ustar and pax (POSIX.1-2017, pax), and those of GNU. */

import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { nameDecoderOf } from './entry-names.ts'
import { archiveLimits } from './listing.ts'
import type { PackedEntry } from './packed-archive.ts'

/** What an archive is read from, from its beginning to its end. */
export interface TarStream {
  /** The next bytes; fewer where it ends before. */
  take(length: number): Promise<Buffer>
  /** Goes on behind the next bytes, which `to` is given in pieces; false where it ends before. */
  pass(length: number, to: ((piece: Uint8Array) => void) | null): Promise<boolean>
}

export interface TarEntry {
  readonly name: Uint8Array
  readonly sizeBytes: number
  /** Where its bytes begin. */
  readonly offset: number
  readonly kind: string
  readonly isSparse: boolean
}

const blockBytes = 512
/** Of names and other records about the entry behind them. */
const maxRecords = 1 << 20
/** Empty blocks behind the end: writers fill up to the size of a tape's record. */
const maxEmpty = 20_000

/** Every entry, in order; `sinkOf` says who takes the bytes of one, by its place among them. */
export async function scanTar(
  stream: TarStream,
  sinkOf: (index: number) => ((piece: Uint8Array) => void) | null = () => null,
): Promise<readonly TarEntry[] | Failure> {
  const entries: TarEntry[] = []
  let about = new Map<string, Uint8Array>()
  let offset = 0
  let empty = 0
  for (;;) {
    const header = await stream.take(blockBytes)
    const isEmpty = header.every(byte => byte === 0)
    if (header.length < blockBytes) return empty === 0 ? cutArchive : isEmpty ? entries : damagedArchive
    offset += blockBytes
    // Two of them end it, or one. Some programs unpack what another archive has behind that, and some do not.
    if (isEmpty) {
      if (++empty > maxEmpty) return damagedArchive
      continue
    }
    empty = 0
    if (!isTarHeader(header)) return damagedArchive
    const kind = header[156] === 0 ? '0' : String.fromCharCode(header[156] ?? 0)
    if (kind === 'M') return inputFailure('unsupported_type', [remark('archive_volume')])
    const size = numberIn(about.get('size') ?? null) ?? numberAt(header, 124, 12)
    if (size === null) return damagedArchive
    const padded = Math.ceil(size / blockBytes) * blockBytes
    if ('xXgLK'.includes(kind)) {
      const content = size > maxRecords ? null : (await stream.take(padded)).subarray(0, size)
      if (content === null) return damagedArchive
      if (content.length < size) return cutArchive
      offset += padded
      if (!collect(about, kind, content)) return damagedArchive
      continue
    }
    // Of these, the size is none of bytes that follow; a link with bytes is another file to some programs.
    const held = '23456'.includes(kind) ? 0 : size
    if (kind === '1' && size > 0) return damagedArchive
    if (entries.length >= archiveLimits.entries)
      return inputFailure('too_large', [remark('archive_entries', { limit: archiveLimits.entries })])
    const isSparse = kind === 'S' || Array.from(about.keys()).some(key => key.startsWith('GNU.sparse'))
    entries.push({ name: about.get('path') ?? nameIn(header), sizeBytes: held, offset, kind, isSparse })
    about = new Map()
    const isWhole = await stream.pass(held, sinkOf(entries.length - 1))
    const paddingBytes = Math.ceil(held / blockBytes) * blockBytes - held
    if (!isWhole || !(await stream.pass(paddingBytes, null))) return cutArchive
    offset += held + paddingBytes
  }
}

/** Whether a block is a header, by its own sum; some old writers summed signed bytes. */
export function isTarHeader(block: Buffer): boolean {
  const claimed = numberAt(block, 148, 8)
  let sum = 8 * 0x20
  let signed = sum
  for (const [at, byte] of block.subarray(0, blockBytes).entries()) {
    if (at >= 148 && at < 156) continue
    sum += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  return block.length >= blockBytes && claimed !== null && (claimed === sum || claimed === signed)
}

/** A number in octal digits, or in binary where the first bit says so. */
function numberAt(block: Buffer, at: number, length: number): number | null {
  const first = block[at] ?? 0
  if (first === 0x80) return Number(block.subarray(at + 1, at + length).readBigUInt64BE(length - 9))
  const digits = block
    .toString('latin1', at, at + length)
    .replaceAll('\0', ' ')
    .trim()
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null
}

function numberIn(digits: Uint8Array | null): number | null {
  const text = digits === null ? '' : Buffer.from(digits).toString('latin1')
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function nameIn(header: Buffer): Uint8Array {
  const name = untilZero(header.subarray(0, 100))
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? untilZero(header.subarray(345, 500)) : ''
  return prefix.length === 0 ? Buffer.from(name) : Buffer.concat([Buffer.from(prefix), Buffer.from('/'), name])
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

/** Keeps what records say about the next entry; false where they are no records, or speak of all entries. */
function collect(about: Map<string, Uint8Array>, kind: string, content: Buffer): boolean {
  if (kind === 'K') return true
  if (kind === 'L') {
    about.set('path', Buffer.from(untilZero(content)))
    return true
  }
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(' ', at)
    const length = Number(content.toString('latin1', at, Math.max(at, space)))
    const record = content.subarray(space + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (space < 0 || !Number.isInteger(length) || length < 5 || at + length > content.length || equals < 1) return false
    const key = record.toString('latin1', 0, equals)
    if (kind === 'g' && /^(?:path|size|GNU\.sparse.*)$/.test(key)) return false
    if (kind !== 'g') about.set(key, Buffer.from(record.subarray(equals + 1)))
    at += length
  }
  return true
}

const cutArchive = inputFailure('damaged_document', [remark('cut_archive')])
const damagedArchive = inputFailure('damaged_document', [remark('damaged_archive')])

/** The entries as files of a folder. `stated` is the encoding that somebody says their names are in; `run` that of all of them, if they are one. */
export function listedTar(
  entries: readonly TarEntry[],
  stated: Parameters<typeof nameDecoderOf>[1],
  run: number | null,
): readonly PackedEntry[] {
  const names = nameDecoderOf(
    entries.map(({ name }) => name),
    stated,
  )
  return entries.map(entry => {
    const read = names.decode(entry.name)
    const name = read ?? Buffer.from(entry.name).toString('latin1')
    const why = read === null ? remark('invalid_name') : refusalOf(entry)
    const code = read === null ? 'unreadable_file' : 'unsupported_type'
    return {
      name,
      sizeBytes: entry.sizeBytes,
      packedBytes: run === null ? entry.sizeBytes : null,
      isFolder: entry.kind === '5' || entry.kind === 'V',
      run,
      refusal: why === null ? null : inputFailure(code, [why]),
    }
  })
}

function refusalOf({ kind, isSparse }: TarEntry): Remark | null {
  if (kind === '1' || kind === '2') return remark('entry_link')
  if ('346'.includes(kind)) return remark('special_file')
  if (isSparse) return remark('entry_method', { name: 'sparse' })
  return '057V'.includes(kind) ? null : remark('entry_method', { name: `TAR ${kind}` })
}
