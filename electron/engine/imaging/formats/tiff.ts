/** Accounts for every directory of a TIFF: what viewers read otherwise, blocks that are missing, and pictures inside the pages. */

import { inflateSync } from 'node:zlib'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { Refusal } from '../refusal.ts'
import { textOf, wordsNote, xmpWords } from './behind.ts'
import { cutShort, damaged, viewOf } from './bytes.ts'
import {
  bytesOf,
  type Directory,
  type DirectoryFile,
  numbersOf,
  openDirectories,
  readDirectory,
} from './directories.ts'
import { photoshopThumbnail } from './photoshop.ts'

export interface TiffAccount {
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  /** Photoshop's small pictures of the pages. */
  readonly thumbnails: readonly Uint8Array[]
  readonly pages: number
  /** Where the directories of further pictures begin, which hang from a page and are no smaller copies of it. */
  readonly inner: readonly number[]
  /** Pages, and after them further pictures, whose samples are measures and no shades: signed, floating, of 32 bits. */
  readonly measured: ReadonlySet<number>
  /** Whether the channel beside the colours is no transparency: viewers then show the colours alone. */
  readonly hasSpareChannel: boolean
}

const tag = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  subsampling: 530,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
  photoshop: 34377,
  dng: 50706,
} as const
/** Baseline TIFF and its supplements, EXIF and GPS, profiles and packets of metadata, maps' coordinates. */
const knownTags = new Set([
  254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 269, 270, 271, 272, 273, 274, 277, 278, 279, 280, 281, 282,
  283, 284, 285, 286, 287, 288, 289, 290, 291, 292, 293, 296, 297, 301, 305, 306, 315, 316, 317, 318, 319, 320, 321,
  322, 323, 324, 325, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 347, 529, 530, 531, 532, 700, 33432, 33550,
  33723, 33922, 34264, 34377, 34665, 34675, 34735, 34736, 34737, 34853, 37724, 42112, 42113, 50341, 40093, 40094, 40095,
  40091, 40092, 18246, 18249, 36867, 36868,
])
/** Photoshop's layers; the page is their composite. */
const layers = 37724
const compressions: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT',
  3: 'CCITT',
  4: 'CCITT',
  5: 'LZW',
  7: 'JPEG',
  8: 'deflate',
  32773: 'PackBits',
  32946: 'deflate',
  50001: 'WebP',
}
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 }
/** Sample formats that can be shown, and in how many bits. */
const measuredBits: Readonly<Record<number, readonly number[]>> = { 1: [32], 2: [8, 16, 32], 3: [16, 32, 64] }
const longestChain = 100_000

/** @throws Refusal where the chain of pages breaks off or loops, and for raw photographs. */
export function readTiff(bytes: Uint8Array): TiffAccount {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  const thumbnails: Uint8Array[] = []
  const inner: number[] = []
  const measured = new Set<number>()
  const seen = new Set<number>()
  let pages = 0
  let hasSpareChannel = false
  try {
    const file = openDirectories(bytes)
    const read = (directory: Directory, index: number) => {
      const page = accountForPage(file, directory, leftOut, notes)
      const small = photoshopThumbnail(bytesOf(file, directory.entries.get(tag.photoshop)))
      if (small !== null) thumbnails.push(small)
      if (page.isMeasured) measured.add(index)
      hasSpareChannel = page.hasSpareChannel || hasSpareChannel
      inner.push(...page.inner.filter(at => !seen.has(at)))
      for (const at of page.inner) seen.add(at)
    }
    for (let at = file.first; at !== 0; pages++) {
      if (seen.has(at) || seen.size > longestChain) throw damaged()
      seen.add(at)
      const directory = readDirectory(file, at)
      read(directory, pages)
      at = directory.next
    }
    // It grows while it is read: those that hang from a further picture, and those that follow it.
    for (const [index, at] of inner.entries()) {
      if (inner.length > longestChain) throw damaged()
      const directory = readDirectory(file, at)
      if (directory.next !== 0 && !seen.has(directory.next)) inner.push(directory.next)
      seen.add(directory.next)
      read(directory, pages + index)
    }
  } catch (error) {
    if (error instanceof RangeError) throw cutShort()
    throw error
  }
  return { leftOut, notes, thumbnails, pages, inner, measured, hasSpareChannel }
}

interface PageAccount {
  readonly hasSpareChannel: boolean
  readonly isMeasured: boolean
  readonly inner: readonly number[]
}

function accountForPage(file: DirectoryFile, { entries }: Directory, leftOut: Remark[], notes: Remark[]): PageAccount {
  const list = (id: number) => numbersOf(file, entries.get(id))
  const one = (id: number, otherwise: number) => list(id)[0] ?? otherwise
  const compression = one(tag.compression, 1)
  const photometric = one(tag.photometric, 1)
  if (entries.has(tag.dng) || photometric === 32_803 || photometric === 34_892 || compression === 34_713) {
    throw new Refusal('unsupported_type', [remark('raw_photo')])
  }
  const name = kindOf(list, compression, photometric)
  if (name !== null) leftOut.push(remark('tiff_kind', { name }))
  for (const id of entries.keys()) {
    if (id === layers) notes.push(remark('second_picture'))
    else if (!knownTags.has(id)) notes.push(remark('unknown_block', { name: String(id) }))
  }
  notes.push(
    ...wordsNote(textOf(bytesOf(file, entries.get(tag.description)))),
    ...wordsNote(xmpWords(textOf(bytesOf(file, entries.get(tag.xmp))))),
  )
  // Smaller copies of the page, for viewers to begin with, say so.
  const inner = list(tag.subDirectories)
    .map(at => ({ at, known: readDirectory(file, at).entries }))
    .filter(({ known }) => (numbersOf(file, known.get(254))[0] ?? 0) % 2 === 0)
  const whole = inner.filter(({ known }) => known.has(tag.width) && known.has(tag.height))
  if (inner.length > whole.length) leftOut.push(remark('sub_picture', { count: inner.length - whole.length }))
  const missing = name === null ? missingBlocks(file, list, compression) : 0
  if (missing > 0) leftOut.push(remark('tiff_missing_data', { count: missing }))
  const extra = list(tag.extraSamples)
  return {
    hasSpareChannel: one(tag.samples, 1) === (samplesOf[photometric] ?? 0) + 1 && (extra[0] ?? 0) === 0,
    isMeasured: name === null && isMeasured(list),
    inner: whole.map(({ at }) => at),
  }
}

/** Unsigned samples of up to 16 bits are shades. */
function isMeasured(list: (id: number) => readonly number[]): boolean {
  return (list(tag.sampleFormat)[0] ?? 1) !== 1 || (list(tag.bits)[0] ?? 1) > 16
}

/** What makes a page look different from one viewer to the next; null where nothing does. */
function kindOf(list: (id: number) => readonly number[], compression: number, photometric: number): string | null {
  const samples = list(tag.samples)[0] ?? 1
  const colours = samplesOf[photometric]
  if (compression === 6) return 'old-style JPEG'
  if (compressions[compression] === undefined) return `compression ${compression}`
  if (colours === undefined) return `photometric ${photometric}`
  if (samples < colours || samples > colours + 1) return `${samples} samples`
  const [format = 1, ...others] = new Set(list(tag.sampleFormat))
  const [bits = 1, ...otherBits] = new Set(list(tag.bits))
  if (others.length > 0 || measuredBits[format] === undefined) return 'sample format'
  const isKnown = isMeasured(list) ? photometric < 3 && measuredBits[format].includes(bits) : bits <= 16
  if (!isKnown || otherBits.length > 0) return `${list(tag.bits).join()} bits`
  if (photometric === 5 && (list(tag.inkSet)[0] ?? 1) !== 1) return 'inks'
  return null
}

/** Blocks of the page that are not there, or hold less than their pixels: libtiff shows them black, or grey. */
function missingBlocks(file: DirectoryFile, list: (id: number) => readonly number[], compression: number): number {
  const one = (id: number, otherwise: number) => list(id)[0] ?? otherwise
  const [width, height] = [one(tag.width, 0), one(tag.height, 0)]
  const samples = one(tag.samples, 1)
  const planes = one(tag.planar, 1) === 2 ? samples : 1
  const offsets = list(tag.tileOffsets).length > 0 ? list(tag.tileOffsets) : list(tag.stripOffsets)
  const isTiled = list(tag.tileWidth).length > 0
  const blockWidth = isTiled ? one(tag.tileWidth, width) : width
  const blockHeight = isTiled ? one(tag.tileHeight, height) : Math.min(height, one(tag.rowsPerStrip, height))
  const sizes = list(tag.tileBytes).length > 0 ? list(tag.tileBytes) : list(tag.stripBytes)
  const down = Math.ceil(height / Math.max(1, blockHeight))
  const expected = Math.ceil(width / Math.max(1, blockWidth)) * down * planes
  let missing = Math.max(0, expected - offsets.length)
  for (const [index, at] of offsets.slice(0, expected).entries()) {
    const rows = isTiled ? blockHeight : Math.min(blockHeight, height - (index % down) * blockHeight)
    const pixelBytes = bytesPerBlock(list, blockWidth, rows)
    // Very old files do not say how long their strips are, and some say that their only one has no length.
    const told = sizes[index] ?? 0
    const isUntold = sizes.length === 0 || (told === 0 && offsets.length === 1 && !isTiled)
    const size = isUntold ? file.view.byteLength - at : told
    if (
      at === 0 ||
      size === 0 ||
      at + size > file.view.byteLength ||
      !isWhole(bytesOf(file, { type: 1, at, count: size }), compression, pixelBytes)
    )
      missing += 1
  }
  return missing
}

function bytesPerBlock(list: (id: number) => readonly number[], width: number, rows: number): number {
  const one = (id: number, otherwise: number) => list(id)[0] ?? otherwise
  const bits = one(tag.bits, 1)
  const isPlanar = one(tag.planar, 1) === 2
  if (one(tag.photometric, 1) === 6 && one(tag.compression, 1) !== 7 && !isPlanar) {
    // Several shades share one pair of colours.
    const [across = 2, down = 2] = list(tag.subsampling)
    return Math.ceil((Math.ceil(width / across) * Math.ceil(rows / down) * (across * down + 2) * bits) / 8)
  }
  return Math.ceil((width * bits * (isPlanar ? 1 : one(tag.samples, 1))) / 8) * rows
}

function isWhole(block: Uint8Array, compression: number, pixelBytes: number): boolean {
  switch (compressions[compression]) {
    case 'none':
      return block.byteLength >= pixelBytes
    case 'deflate':
      try {
        return inflateSync(block, { maxOutputLength: pixelBytes + 65_536 }).byteLength >= pixelBytes
      } catch {
        return false
      }
    case 'JPEG': {
      const end = Buffer.from(block.buffer, block.byteOffset, block.byteLength).lastIndexOf(Buffer.from([0xff, 0xd9]))
      return end >= 0 && block.subarray(end + 2).every(byte => byte === 0 || byte === 0xff)
    }
    case 'LZW':
      return lengthOfLzw(block, pixelBytes) >= pixelBytes
    case 'PackBits':
      return lengthOfPackBits(block) >= pixelBytes
    case 'WebP':
      return block.byteLength >= 12 && viewOf(block).getUint32(4, true) + 8 <= block.byteLength
    default:
      return true
  }
}

const clearCode = 256
const endCode = 257

/** How many bytes a block of LZW unpacks to before it ends, or makes no sense any more. */
function lengthOfLzw(block: Uint8Array, atMost: number): number {
  // Before TIFF 6.0 codes began at the other end of each byte.
  const isOld = block[0] === 0 && ((block[1] ?? 0) & 1) === 1
  const lengths = new Uint32Array(4097).fill(1, 0, clearCode)
  let total = 0
  let next = endCode + 1
  let width = 9
  let previous: number | null = null
  let held = 0
  let bits = 0
  for (const byte of block) {
    held = isOld ? held | (byte << bits) : ((held << 8) | byte) & 0xff_ffff
    bits += 8
    if (bits < width) continue
    bits -= width
    const code = (isOld ? held : held >> bits) & ((1 << width) - 1)
    if (isOld) held >>>= width
    if (code === endCode) return total
    if (code === clearCode) {
      next = endCode + 1
      width = 9
      previous = null
      continue
    }
    if (code > (previous === null ? 255 : next)) return total
    if (previous !== null) {
      if (next > 4096) return total
      lengths[next++] = (lengths[previous] ?? 0) + 1
    }
    total += lengths[code] ?? 0
    if (total >= atMost) return total
    if (next > (1 << width) - (isOld ? 1 : 2) && width < 12) width += 1
    previous = code
  }
  return total
}

function lengthOfPackBits(block: Uint8Array): number {
  let total = 0
  for (let at = 0; at < block.byteLength; ) {
    const run = block[at] ?? 0
    if (run === 128) at += 1
    else if (run > 128) {
      if (at + 1 < block.byteLength) total += 257 - run
      at += 2
    } else {
      total += Math.min(run + 1, block.byteLength - at - 1)
      at += run + 2
    }
  }
  return total
}
