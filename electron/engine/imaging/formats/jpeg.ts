/** Accounts for every segment of a JPEG, and for what lies behind its end. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { behindTheEnd, textOf, wordsNote, xmpWords } from './behind.ts'
import { latin1, viewOf } from './bytes.ts'
import { readExif } from './exif.ts'
import { photoshopThumbnail } from './photoshop.ts'

export interface JpegAccount {
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  /** The same picture with nothing in it but what decoding needs; null where its structure is unusual. */
  readonly bare: Uint8Array | null
  /** A JPEG that HDR displays brighten the picture with. */
  readonly gainMap: Uint8Array | null
  /** Small pictures that file managers show, of a camera or of Photoshop. */
  readonly thumbnails: readonly Uint8Array[]
  /** As browsers turn it. */
  readonly orientation: number
}

const startOfScan = 0xda
const endOfImage = 0xd9
/** Segments that decoding needs: tables, frames, restart intervals. Hierarchical and lossless ones are for the decoder to refuse. */
const needed = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd])
const frames = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])
/** Data of cameras and editors, by segment and first letters: none of it is shown. */
const details: readonly (readonly [marker: number, start: string])[] = [
  [0xe1, 'http://ns.adobe.com/xmp/extension/'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xe2, 'MPF\0'],
  [0xe2, 'FPXR\0'],
  [0xe2, 'urn:iso:std:iso:ts:21496:-1\0'],
  [0xe3, 'Meta\0'],
  [0xe3, 'META\0'],
  [0xea, 'AROT\0'],
  [0xeb, 'JP'],
  [0xec, 'Ducky'],
  [0xec, 'PictureInfo'],
  [0xed, 'Adobe_CM\0'],
]
const photoshopMark = 'Photoshop 3.0\0'
const gainMapMarks = /hdrgm:|hdrgainmap|urn:iso:std:iso:ts:21496:-1/

export function readJpeg(bytes: Uint8Array): JpegAccount {
  const leftOut: Remark[] = []
  const notes: Remark[] = []
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  const thumbnails: Uint8Array[] = []
  let isHdr = false
  let orientation: number | null = null
  let hasBegun = false
  let frameCount = 0
  let isUsual = true

  const readDetail = (marker: number, data: Uint8Array, segment: Uint8Array) => {
    const start = latin1(data, 0, 40)
    if (marker === 0xe0 && start.startsWith('JFIF\0') && data.byteLength >= 14) kept.push(withoutThumbnail(segment))
    else if (marker === 0xee && start.startsWith('Adobe') && data.byteLength >= 12) kept.push(bareAdobe(segment))
    else if (marker === 0xe1 && start.startsWith('Exif\0')) {
      const exif = readExif(data.subarray(6))
      if (!hasBegun) orientation ??= exif.orientation
      notes.push(...wordsNote(exif.words))
      if (exif.thumbnail !== null) thumbnails.push(exif.thumbnail)
    } else if (marker === 0xe1 && start.startsWith('http://ns.adobe.com/xap/1.0/\0')) {
      const packet = textOf(data)
      isHdr ||= gainMapMarks.test(packet)
      notes.push(...wordsNote(xmpWords(packet)))
    } else if (marker === 0xed && start.startsWith(photoshopMark)) {
      notes.push(...wordsNote(captionOf(data)))
      const small = photoshopThumbnail(data.subarray(photoshopMark.length))
      if (small !== null) thumbnails.push(small)
    } else if (marker === 0xe0 && start.startsWith('JFXX\0')) notes.push(remark('second_picture'))
    else if (marker === 0xfe) notes.push(...wordsNote(textOf(data)))
    else if (details.some(([known, name]) => known === marker && start.startsWith(name)))
      isHdr ||= gainMapMarks.test(start)
    else
      notes.push(
        remark('unknown_block', {
          name: marker >= 0xe0 && marker <= 0xef ? `APP${marker - 0xe0}` : marker.toString(16),
        }),
      )
  }

  let at = 2
  let end: number | null = null
  while (at + 2 <= bytes.byteLength && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === endOfImage) {
      kept.push(bytes.subarray(at, at + 2))
      end = at + 2
      break
    }
    if (at + 4 > bytes.byteLength) break
    const length = viewOf(bytes).getUint16(at + 2)
    const next = at + 2 + length
    const segment = bytes.subarray(at, next)
    if (frames.has(marker)) frameCount += 1
    if (marker === startOfScan) {
      hasBegun = true
      const after = endOfScan(bytes, next)
      kept.push(bytes.subarray(at, after))
      at = after
      continue
    }
    if (needed.has(marker)) kept.push(segment)
    else if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) readDetail(marker, segment.subarray(4), segment)
    else isUsual = false
    at = next
  }
  if (frameCount > 1) leftOut.push(remark('sub_picture', { count: frameCount - 1 }))
  const gainMap = end === null || !isHdr ? null : gainMapBehind(bytes, end)
  if (end !== null && gainMap === null) notes.push(...behindTheEnd(bytes, end))
  return {
    leftOut,
    notes,
    bare: end !== null && isUsual && frameCount === 1 ? Buffer.concat(kept) : null,
    gainMap,
    thumbnails,
    orientation: orientation ?? 1,
  }
}

/** Where the compressed data of a scan ends: at the first marker that is neither a restart nor an escaped byte. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.byteLength
}

/** It says how colours are coded, in its first twelve bytes; decoders take no notice of more. */
function bareAdobe(segment: Uint8Array): Uint8Array {
  if (segment.byteLength === 16) return segment
  const bare = new Uint8Array(segment.subarray(0, 16))
  bare.set([0, 14], 2)
  return bare
}

function withoutThumbnail(segment: Uint8Array): Uint8Array {
  if (segment.byteLength === 18 && segment[16] === 0 && segment[17] === 0) return segment
  const bare = new Uint8Array(segment.subarray(0, 18))
  bare.set([0, 16], 2)
  bare.set([0, 0], 16)
  return bare
}

/** The caption, title and headline of IPTC within Photoshop's resources (IIM 4: records 2:5, 2:105, 2:120). */
function captionOf(data: Uint8Array): string {
  const words: string[] = []
  for (let at = data.indexOf(0x1c); at >= 0 && at + 5 <= data.byteLength; at = data.indexOf(0x1c, at + 1)) {
    if (data[at + 1] !== 2 || ![5, 105, 120].includes(data[at + 2] ?? 0)) continue
    words.push(textOf(data.subarray(at + 5, at + 5 + viewOf(data).getUint16(at + 3))))
  }
  return words.join(' ')
}

function gainMapBehind(bytes: Uint8Array, end: number): Uint8Array | null {
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + end, bytes.byteLength - end)
  const start = rest.indexOf(Buffer.from([0xff, 0xd8, 0xff]))
  return start < 0 ? null : rest.subarray(start)
}
