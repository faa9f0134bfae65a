import { constants, inflateRawSync, inflateSync } from 'node:zlib'
import type { Edit } from './edits.ts'
import type { Omissions } from './omissions.ts'
import { readChinese } from './spellings.ts'

/** What a text holds packed in letters and digits (base64, hexadecimal): words, which are read, and files, which are counted. */
export interface Packed {
  readonly texts: readonly Edit[]
  readonly pictures: number
  readonly files: number
}

/** A run of base64: letters, digits and the two marks of either alphabet; a block goes on over lines of full length. */
const run = /[A-Za-z\d+/_-]{8,}(?:(?<=[A-Za-z\d+/_-]{40})\r?\n[ \t]{0,8}[A-Za-z\d+/_-]{4,})*={0,2}/g
const brokenPicture = /(?<![A-Za-z\d+/])(?:iVBORw0KGgo|\/9j\/[24]|R0lGOD[ld]h|UklGR)(?:[A-Za-z\d+/]\s{0,3}){60}/g
const dataAddress = /data:([a-z]+)\/([\w.+-]*)(?:;[\w=.-]+)*(;base64)?,/gi
/** Packed by other means, or locked. */
const armoured =
  /^(?:begin(?:-base64)? [0-7]{3,4} \S|=ybegin |\(This file must be converted with BinHex|-----BEGIN PGP MESSAGE-----|<~[!-u]{8})/gm
/** The first bytes of pictures and documents as lists of numbers. */
const numbered =
  /\b(?:137,\s*80,\s*78,\s*71|255,\s*216,\s*255|71,\s*73,\s*70,\s*56|37,\s*80,\s*68,\s*70|80,\s*75,\s*3,\s*4|0x89,\s*0x50,\s*0x4e,\s*0x47|0xff,\s*0xd8,\s*0xff|0x47,\s*0x49,\s*0x46,\s*0x38|8950 ?4e47 ?0d0a|89 50 4e 47|ff ?d8 ?ff ?[de][\da-f]|"0":\s*(?:137|255|71),\s*"1":\s*(?:80|216|73))\b/gi

export function readPacked(text: string): Packed {
  const texts: Edit[] = []
  let pictures = 0
  let files = countOf(text, armoured) + countOf(text, numbered)
  const counted = new Set<number>()
  if (text.includes('data:') || text.includes('DATA:')) {
    for (const match of text.matchAll(dataAddress)) {
      const [all, type = '', subtype = ''] = match
      const kind = kindOfType(type.toLowerCase(), subtype.toLowerCase())
      if (kind === 'picture') pictures++
      else if (kind === 'file') files++
      if (kind !== 'text') counted.add(match.index + all.length)
    }
  }
  // A picture in lines that are too short to be told from words.
  for (const { 0: all, index } of text.matchAll(brokenPicture)) {
    if (!/^[A-Za-z\d+/]{40}/.test(all) && !counted.has(index)) pictures++
  }
  for (const match of text.matchAll(run)) {
    const [all] = match
    // Words and names: the letters of other bytes are hardly ever without a digit.
    if (counted.has(match.index) || !/\d/.test(all) || all.length < minUnits) continue
    const bytes = bytesOf(all)
    const kind = bytes === null ? null : kindOfBytes(bytes, all.length)
    // What a link carries is for the page that it leads to, unless it is words.
    if (typeof kind === 'string' && isWithinLink(text, match.index)) continue
    if (kind === 'picture') pictures++
    else if (kind === 'file') files++
    else if (kind !== null) texts.push({ start: match.index, end: match.index + all.length, text: kind.text })
  }
  return { texts, pictures, files }
}

/** Whether a value of data is a file packed in letters and nothing else: then it is counted, and its letters are no text. */
export function countPacked(value: string, omissions: Omissions): boolean {
  if (value.length < 24 || !/^\s*(?:data:[\w.+/;=-]{1,200},)?[\w+/=\s-]+$/.test(value)) return false
  const { pictures, files, texts } = readPacked(value.trim())
  if (pictures + files === 0 || texts.length > 0) return false
  omissions.add('embedded_picture', { count: pictures })
  omissions.add('embedded_file', { count: files })
  return true
}

/** How many files a text holds as lists of their bytes. */
export function countListed(text: string): number {
  return countOf(text, numbered)
}

/** Two characters in UTF-8, as base64 without an ending. */
const minUnits = 8

function isWithinLink(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 500), at)
  return /^\S*https?:\/\/[^\s"'<>,]*$/i.test(before.slice(before.search(/\S*$/)))
}

function countOf(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length
}

function kindOfType(type: string, subtype: string): 'picture' | 'file' | 'text' | 'harmless' {
  if (type === 'image') return 'picture'
  // The text of fonts is beside them.
  if (type === 'font' || /font|woff|opentype|truetype/.test(subtype)) return 'harmless'
  return type === 'text' || /^(?:json|javascript|x-javascript|ecmascript)$/.test(subtype) ? 'text' : 'file'
}

function bytesOf(letters: string): Buffer | null {
  if (/^[\da-f]+$/i.test(letters))
    return letters.length % 2 === 0 && letters.length >= 12 ? Buffer.from(letters, 'hex') : null
  return Buffer.from(letters, 'base64')
}

/** The bytes that files begin with, as Latin-1; `?` is any byte. */
const pictureStarts = [
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  'RIFF????WEBP',
  'BM????\0\0\0\0',
  'II*\0',
  'MM\0*',
  '\0\0\x01\0',
  '8BPS',
  '<svg',
]
const pictureBrands = /^.{4}ftyp(?:avif|avis|hei[cx]|mif1|msf1)/s
const fontStarts = ['wOFF', 'wOF2', 'OTTO', '\0\x01\0\0', 'ttcf']
const fileStarts = [
  '%PDF',
  '%!PS',
  'PK\x03\x04',
  '\x1f\x8b\x08',
  '7z\xbc\xaf',
  'Rar!',
  '\xfd7zXZ',
  '\x28\xb5\x2f\xfd',
  '\xd0\xcf\x11\xe0',
  'RIFF',
  'OggS',
  'ID3',
  'fLaC',
  '????ftyp',
  'BZh91AY&SY',
  '\x1aE\xdf\xa3',
  '{\\rtf',
  '\0asm',
]
/** What zlib packs begins with two bytes that begin other things as well: only unpacking it tells. */
function isDeflated(bytes: Buffer): boolean {
  if (bytes[0] !== 0x78 || ((bytes[0] << 8) | (bytes[1] ?? 0)) % 31 !== 0) return false
  try {
    inflateSync(bytes.subarray(0, 16_384), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64_000_000 })
    return true
  } catch {
    return false
  }
}

/** Text that is deflated without a header, as diagrams are: other bytes hardly ever unpack, and never to text. */
function isPackedText(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(inflateRawSync(bytes, { maxOutputLength: 4_000_000 }))
    return text.length >= 16 && !/(?=[^\t\n\r])\p{Cc}/u.test(text)
  } catch {
    return false
  }
}

function beginsAsOneOf(head: string, starts: readonly string[]): boolean {
  return starts.some(start => {
    for (let at = 0; at < start.length; at++) if (start[at] !== '?' && start[at] !== head[at]) return false
    return true
  })
}

export function beginsAsPicture(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 64)
  return beginsAsOneOf(head, pictureStarts) || pictureBrands.test(head)
}

/** A certificate, a digest, a signature: shorter than this, bytes of no kind show nothing to anybody. */
const unknownMinUnits = 1000

function kindOfBytes(bytes: Buffer, letters: number): 'picture' | 'file' | { readonly text: string } | null {
  const head = bytes.toString('latin1', 0, 64)
  if (letters >= 24) {
    if (beginsAsPicture(bytes)) return 'picture'
    if (beginsAsOneOf(head, fontStarts)) return null
    if (beginsAsOneOf(head, fileStarts) || isDeflated(bytes)) return 'file'
  }
  const chinese = readChinese(bytes)
  if (chinese !== null) return { text: chinese }
  if (letters >= 24 && isWestern(bytes)) return { text: bytes.toString('latin1') }
  // Words that are packed twice.
  if (letters >= 24 && /^[A-Za-z\d+/]{12,}={0,2}$/.test(bytes.toString('latin1')))
    return { text: bytes.toString('latin1') }
  if (letters >= 24 && isPackedText(bytes)) return 'file'
  return letters >= unknownMinUnits && isDense(bytes) && !isOfWords(bytes) ? 'file' : null
}

/** Whether the letters were words without a space between them, as the cells of a table are in a line: packed bytes give capitals as often as small letters. */
function isOfWords(bytes: Buffer): boolean {
  const letters = bytes.toString('base64')
  return (letters.match(/[a-z]/g)?.length ?? 0) > letters.length * 0.55
}

function isWestern(bytes: Buffer): boolean {
  return /^[\t\n\r -~]*[ <{("'=:,.&%\\\\][\t\n\r -~]*$/.test(bytes.toString('latin1'))
}

/** Whether bytes are as varied as a packed file's: what is not base64 at all, such as a long path, gives fewer. */
function isDense(bytes: Buffer): boolean {
  // The tag and length that certificates and keys begin with (DER).
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80) return false
  return new Set(bytes).size > 150
}
