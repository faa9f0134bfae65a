/** Accounts for every directory of a TIFF: what viewers read otherwise, blocks that are missing, and pictures inside the pages. */

import { inflateSync } from 'node:zlib'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { Refusal } from '../refusal.ts'
import { textOf, wordsNote, xmpWords } from './behind.ts'
import { cutShort, damaged } from './bytes.ts'
import {
  bytesOf,
  type Directory,
  type DirectoryFile,
  numbersOf,
  openDirectories,
  readDirectory,
} from './directories.ts'

export interface TiffAccount {
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  readonly pages: number
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
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
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
/** Photoshop's layers, of which the page is the sum. */
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
}
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3, 8: 3 }
const longestChain = 100_000

/** @throws Refusal where the chain of pages breaks off or loops, and for raw photographs. */
export function readTiff(bytes: Uint8Array): TiffAccount {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  let pages = 0
  let hasSpareChannel = false
  try {
    const file = openDirectories(bytes)
    const seen = new Set<number>()
    for (let at = file.first; at !== 0; ) {
      if (seen.has(at) || seen.size > longestChain) throw damaged()
      seen.add(at)
      const directory = readDirectory(file, at)
      hasSpareChannel = accountForPage(file, directory, leftOut, notes) || hasSpareChannel
      pages += 1
      at = directory.next
    }
  } catch (error) {
    if (error instanceof RangeError) throw cutShort()
    throw error
  }
  return { leftOut, notes, pages, hasSpareChannel }
}

function accountForPage(file: DirectoryFile, { entries }: Directory, leftOut: Remark[], notes: Remark[]): boolean {
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
  const inner = list(tag.subDirectories).filter(
    at => (numbersOf(file, readDirectory(file, at).entries.get(254))[0] ?? 0) % 2 === 0,
  )
  if (inner.length > 0) leftOut.push(remark('sub_picture', { count: inner.length }))
  const missing = name === null ? missingBlocks(file, list, compression) : 0
  if (missing > 0) leftOut.push(remark('tiff_missing_data', { count: missing }))
  const extra = list(tag.extraSamples)
  return one(tag.samples, 1) === (samplesOf[photometric] ?? 0) + 1 && (extra[0] ?? 0) === 0
}

/** What makes a page look different from one viewer to the next; null where nothing does. */
function kindOf(list: (id: number) => readonly number[], compression: number, photometric: number): string | null {
  const samples = list(tag.samples)[0] ?? 1
  const colours = samplesOf[photometric]
  if (compression === 6) return 'old-style JPEG'
  if (compressions[compression] === undefined) return `compression ${compression}`
  if (colours === undefined) return `photometric ${photometric}`
  if (photometric === 6 && compression !== 7) return 'YCbCr'
  if (samples < colours || samples > colours + 1) return `${samples} samples`
  if (list(tag.sampleFormat).some(format => format !== 1)) return 'sample format'
  if (list(tag.bits).some(bits => bits > 16) || new Set(list(tag.bits)).size > 1) return `${list(tag.bits).join()} bits`
  if (photometric === 5 && (list(tag.inkSet)[0] ?? 1) !== 1) return 'inks'
  return null
}

/** Blocks of the page that are not there, or hold less than their pixels: libtiff shows them black, or grey. */
function missingBlocks(file: DirectoryFile, list: (id: number) => readonly number[], compression: number): number {
  const one = (id: number, otherwise: number) => list(id)[0] ?? otherwise
  const [width, height] = [one(tag.width, 0), one(tag.height, 0)]
  const samples = one(tag.samples, 1)
  const bits = one(tag.bits, 1)
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
    const pixelBytes = Math.ceil((blockWidth * bits * (samples / planes)) / 8) * rows
    // Very old files do not say how long their strips are.
    const size = sizes[index] ?? (sizes.length === 0 ? file.view.byteLength - at : 0)
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
    default:
      return true
  }
}
