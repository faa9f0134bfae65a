/** The boxes of MP4 and QuickTime files (ISO/IEC 14496-12, 4.2): nested, each with its length and a name of four letters. */

import type { DocumentFile } from '../documents/document.ts'

export interface Box {
  readonly name: string
  /** Where what is in it begins and ends, in bytes of the file. */
  readonly start: number
  readonly end: number
  /** Whether it says that it is longer than what it lies in. */
  readonly isCut: boolean
}

/** A film of two hours in pieces of half a second has some ten thousand. */
const mostBoxes = 1_000_000
/** What is read at once: an index of a film of hours has some megabytes. */
const mostBytes = 64_000_000

/** The boxes between two places of the file, in their order. Throws a `RangeError` where they cannot be told apart. */
export function* boxesOf(file: DocumentFile, start: number, end: number): Generator<Box> {
  for (let at = start, count = 0; at + 8 <= end; count += 1) {
    if (count >= mostBoxes) throw new RangeError('too many boxes')
    const head = viewOf(file.read(at, 16))
    const name = String.fromCharCode(...[4, 5, 6, 7].map(offset => head.getUint8(offset)))
    const short = head.getUint32(0)
    // QuickTime ends a list of user data with four zeros.
    if (short === 0 && name === '\0\0\0\0') return
    const length = short === 1 ? Number(head.getBigUint64(8)) : short === 0 ? end - at : short
    const headBytes = short === 1 ? 16 : 8
    if (length < headBytes) throw new RangeError('a box shorter than its head')
    yield { name, start: at + headBytes, end: Math.min(at + length, end), isCut: at + length > end }
    at += length
  }
}

/** All that is in a box. */
export function bytesOf(file: DocumentFile, { start, end }: Pick<Box, 'start' | 'end'>): Uint8Array {
  if (end - start > mostBytes) throw new RangeError('a box of too many bytes')
  return file.read(start, end - start)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Words as both kinds of files store them. */
export function wordsIn(bytes: Uint8Array): string {
  const isWide = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe)
  const encoding = isWide ? (bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le') : 'utf-8'
  return new TextDecoder(encoding).decode(bytes).replaceAll('\0', '').trim()
}
