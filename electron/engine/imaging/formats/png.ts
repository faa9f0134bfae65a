/** Accounts for every chunk of a PNG (PNG third edition), and for what lies behind its end. */

import { crc32, inflateSync } from 'node:zlib'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { type ColourTransform, fromCicp, fromGamma, isKnownCicp } from '../colour.ts'
import { behindTheEnd, textOf, wordsNote, xmpWords } from './behind.ts'
import { cutShort, latin1, viewOf } from './bytes.ts'
import { readExif } from './exif.ts'

export interface Chunk {
  readonly type: string
  readonly data: Uint8Array
  /** With its length, name and checksum. */
  readonly whole: Uint8Array
}

export interface PngAccount {
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  /** The same picture with nothing in it but what decoding needs. */
  readonly bare: Uint8Array
  /** What browsers make of its colours and libvips does not; null where there is no such thing. */
  readonly colour: ColourTransform | null
  /** As browsers turn it. */
  readonly orientation: number
}

/** Chunks that decoding needs, or that hold a few figures and change nothing that is shown. */
const plain: Readonly<Record<string, (length: number) => boolean>> = {
  IHDR: length => length === 13,
  PLTE: length => length <= 768,
  tRNS: length => length <= 256,
  IDAT: () => true,
  IEND: length => length === 0,
  sRGB: length => length === 1,
  pHYs: length => length === 9,
  sBIT: length => length <= 4,
}
/** What is looked at apart, and what nobody shows: moments, palettes to suggest, resolutions, marks of programs. */
const known = new Set([
  'gAMA',
  'cHRM',
  'cICP',
  'iCCP',
  'eXIf',
  'tEXt',
  'zTXt',
  'iTXt',
  'acTL',
  'fcTL',
  'fdAT',
  'tIME',
  'bKGD',
  'hIST',
  'sPLT',
  'oFFs',
  'mDCV',
  'cLLI',
  'mDCv',
  'cLLi',
  'vpAg',
  'orNT',
  'iDOT',
  'caNv',
])
const longestWords = 1e6
const largestProfile = 64e6

export function* pngChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes)
  for (let at = 8; ; ) {
    if (at + 12 > bytes.byteLength) throw cutShort()
    const length = view.getUint32(at)
    const type = latin1(bytes, at + 4, at + 8)
    if (at + 12 + length > bytes.byteLength) throw cutShort()
    yield { type, data: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, at + 12 + length) }
    if (type === 'IEND') return
    at += 12 + length
  }
}

/** `isAnimated` as `readApng` found. */
export function readPng(bytes: Uint8Array, isAnimated: boolean): PngAccount {
  const notes: Remark[] = []
  const kept: Uint8Array[] = [bytes.subarray(0, 8)]
  const colours = new Map<string, Uint8Array>()
  let orientation: number | null = null
  let isBefore = true
  let end = 8
  for (const { type, data, whole } of pngChunks(bytes)) {
    end += whole.byteLength
    if (type === 'IDAT') isBefore = false
    // The first of a kind counts, if it is whole and comes before the picture.
    if (isBefore && /^(?:gAMA|cHRM|cICP|sRGB|iCCP)$/.test(type) && !colours.has(type) && isIntact(whole))
      colours.set(type, data)
    if (isBefore && type === 'eXIf' && isIntact(whole)) orientation ??= readExif(data).orientation
    if (plain[type]?.(data.byteLength)) kept.push(whole)
    else if (/^(?:tEXt|zTXt|iTXt)$/.test(type)) notes.push(...wordsOf(type, data))
    else if (!known.has(type) || (!isAnimated && /^f[cd]/.test(type)))
      notes.push(remark('unknown_block', { name: /^[A-Za-z]{4}$/.test(type) ? type : '?' }))
  }
  notes.push(...behindTheEnd(bytes, end))
  return {
    leftOut: [],
    notes,
    bare:
      end === kept.reduce((sum, { byteLength }) => sum + byteLength, 0) && end === bytes.byteLength
        ? bytes
        : Buffer.concat(kept),
    colour: colourOf(colours),
    orientation: orientation ?? 1,
  }
}

/** In the order in which the specification lets one overrule the other: cICP, iCCP, sRGB, gAMA with cHRM. */
function isIntact(whole: Uint8Array): boolean {
  return crc32(whole.subarray(4, -4)) === viewOf(whole).getUint32(whole.byteLength - 4)
}

function colourOf(chunks: ReadonlyMap<string, Uint8Array>): ColourTransform | null {
  const cicp = chunks.get('cICP')
  if (cicp?.byteLength === 4 && isKnownCicp(cicp[0] ?? 0, cicp[1] ?? 0)) return fromCicp(cicp[0] ?? 0, cicp[1] ?? 0)
  if (isProfile(chunks.get('iCCP')) || isIntent(chunks.get('sRGB'))) return null
  const gamma = chunks.get('gAMA')
  const primaries = chunks.get('cHRM')
  // Without a gamma, browsers take no notice of primaries.
  if (gamma?.byteLength !== 4) return null
  const points =
    primaries?.byteLength === 32
      ? Array.from({ length: 8 }, (_, index) => viewOf(primaries).getUint32(index * 4) / 100_000)
      : null
  return fromGamma(100_000 / viewOf(gamma).getUint32(0), points)
}

function isIntent(srgb: Uint8Array | undefined): boolean {
  return srgb?.byteLength === 1 && (srgb[0] ?? 0) < 4
}

/** One that is no profile is passed over, as by decoders. */
function isProfile(iccp: Uint8Array | undefined): boolean {
  if (iccp === undefined) return false
  try {
    return (
      latin1(inflateSync(iccp.subarray(iccp.indexOf(0) + 2), { maxOutputLength: largestProfile }), 36, 40) === 'acsp'
    )
  } catch {
    return false
  }
}

/** Keywords under which programs write figures and settings of their own. */
const ofPrograms =
  /^(?:Software|Creation Time|date:|png:|exif:|Thumb::|Raw profile|Source|Warning|Author|Copyright|Disclaimer|jpeg:|icc:|tiff:|svg:|pdf:|dpi|signature)/i

function wordsOf(type: string, data: Uint8Array): readonly Remark[] {
  const zero = data.indexOf(0)
  const keyword = latin1(data, 0, zero < 0 ? data.byteLength : zero)
  if (zero < 0 || ofPrograms.test(keyword)) return []
  const text = textIn(type, data, zero + 1)
  // A packet that cannot be read may say anything.
  if (text === null) return [remark('unknown_block', { name: type })]
  return wordsNote(keyword === 'XML:com.adobe.xmp' ? xmpWords(text) : text)
}

function textIn(type: string, data: Uint8Array, at: number): string | null {
  try {
    const unpack = (packed: Uint8Array) => textOf(inflateSync(packed, { maxOutputLength: longestWords }))
    if (type === 'tEXt') return latin1(data, at, data.byteLength)
    if (type === 'zTXt') return unpack(data.subarray(at + 1))
    const language = data.indexOf(0, at + 2)
    const translated = data.indexOf(0, language + 1)
    const text = data.subarray(translated + 1)
    return data[at] === 1 ? unpack(text) : textOf(text)
  } catch {
    return null
  }
}
