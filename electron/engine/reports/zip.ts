import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, crc32, createDeflateRaw } from 'node:zlib'
import { Problem } from '../../../shared/problems.ts'
import { detailOf } from '../base/detail.ts'

export interface ZipFile {
  readonly name: string
  readonly pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
  /** Compressed already. */
  readonly isPacked?: boolean
}

/** Fields of the classic format are four bytes wide; no report is meant to be larger. */
const maxBytes = 0xffffffff
const maxEntries = 0xffff
/** Pieces are gathered to blocks of this size: the packer is slow on many small ones. */
const blockBytes = 64 * 1024
/** Names are UTF-8, and the sizes follow the content, which is not known before it is written. */
const flags = 0x0808
const version = 20
/** 1980-01-01: the time of writing would make two exports of the same rows differ. */
const dosDate = 0x0021

interface Written {
  readonly name: Buffer
  readonly method: 0 | 8
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly at: number
}

/** A zip archive as it is made, file by file, without holding any of them. */
export async function* zipArchive(
  files: AsyncIterable<ZipFile> | Iterable<ZipFile>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const entries: Written[] = []
  let at = 0
  for await (const file of files) {
    const name = Buffer.from(file.name)
    const method = file.isPacked === true ? 0 : 8
    const header = record(
      0x04034b50,
      [2, version],
      [2, flags],
      [2, method],
      [2, 0],
      [2, dosDate],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, name.length],
      [2, 0],
    )
    yield header
    yield name
    const start = at
    at += header.length + name.length
    let crc = 0
    let size = 0
    let packed = 0
    const blocks = gathered(file.pieces, block => {
      crc = crc32(block, crc)
      size += block.length
    })
    for await (const block of method === 0 ? blocks : deflated(blocks)) {
      packed += block.length
      yield block
    }
    at += packed
    if (size > maxBytes || at > maxBytes || entries.length === maxEntries)
      throw new Problem('write_failed', detailOf('over_4_gb', { name: file.name }))
    const descriptor = record(0x08074b50, [4, crc], [4, packed], [4, size])
    yield descriptor
    at += descriptor.length
    entries.push({ name, method, crc, packed, size, at: start })
  }
  let directory = 0
  for (const { name, method, crc, packed, size, at: offset } of entries) {
    const entry = record(
      0x02014b50,
      [2, version],
      [2, version],
      [2, flags],
      [2, method],
      [2, 0],
      [2, dosDate],
      [4, crc],
      [4, packed],
      [4, size],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, offset],
    )
    directory += entry.length + name.length
    yield entry
    yield name
  }
  yield record(0x06054b50, [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, directory], [4, at], [2, 0])
}

/** A signature, then fields of two or four bytes, low byte first. */
function record(signature: number, ...fields: readonly (readonly [width: 2 | 4, value: number])[]): Buffer {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [width]) => sum + width, 0))
  bytes.writeUInt32LE(signature)
  let at = 4
  for (const [width, value] of fields) {
    if (width === 2) bytes.writeUInt16LE(value, at)
    else bytes.writeUInt32LE(value, at)
    at += width
  }
  return bytes
}

async function* gathered(pieces: ZipFile['pieces'], onBlock: (block: Uint8Array) => void) {
  let waiting: Uint8Array[] = []
  let bytes = 0
  const take = () => {
    const block = Buffer.concat(waiting)
    waiting = []
    bytes = 0
    onBlock(block)
    return block
  }
  for await (const piece of pieces) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
    waiting.push(chunk)
    bytes += chunk.byteLength
    if (bytes >= blockBytes) yield take()
  }
  if (bytes > 0) yield take()
}

async function* deflated(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  const packer = createDeflateRaw({ level: constants.Z_BEST_SPEED })
  const feeding = pipeline(Readable.from(blocks), packer)
  // The error reaches the reader of the packer; here it must only not go unhandled.
  feeding.catch(() => undefined)
  for await (const chunk of packer) yield chunk
  await feeding
}
