/** The elements of Matroska and WebM files (RFC 8794): nested, each with a number and its length, which live recordings leave open. */

import type { DocumentFile } from '../documents/document.ts'
import { viewOf } from './boxes.ts'

export interface Element {
  readonly id: number
  /** Where what is in it begins and ends, in bytes of the file; of one without a length, where that ends which it lies in. */
  readonly start: number
  readonly end: number
  readonly isOpen: boolean
  readonly isCut: boolean
}

const mostElements = 5_000_000

/** The elements between two places of the file. Throws a `RangeError` where they cannot be told apart. */
export function* elementsOf(file: DocumentFile, start: number, end: number): Generator<Element> {
  for (let at = start, count = 0; at < end; count += 1) {
    if (count >= mostElements) throw new RangeError('too many elements')
    const element = elementAt(file, at, end)
    yield element
    at = element.end
  }
}

export function elementAt(file: DocumentFile, at: number, end: number): Element {
  const head = file.read(at, 12)
  const idBytes = widthOf(head[0])
  const lengthBytes = widthOf(head[idBytes])
  if (idBytes > 4 || head.length < idBytes + lengthBytes) throw new RangeError('no element')
  const id = numberIn(head.subarray(0, idBytes))
  const first = (head[idBytes] ?? 0) & (0xff >> lengthBytes)
  const rest = head.subarray(idBytes + 1, idBytes + lengthBytes)
  const isOpen = first === 0xff >> lengthBytes && rest.every(byte => byte === 0xff)
  const length = first * 256 ** rest.length + numberIn(rest)
  const begins = at + idBytes + lengthBytes
  return {
    id,
    start: begins,
    end: isOpen ? end : Math.min(begins + length, end),
    isOpen,
    isCut: !isOpen && begins + length > end,
  }
}

/** How many bytes a number has, by the zeros that it begins with; nine for none. */
function widthOf(first = 0): number {
  return Math.clz32(first) - 23
}

export function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

/** The number of a track that begins a block, and the bytes that it takes. */
export function trackNumberIn(bytes: Uint8Array): readonly [number: number, width: number] {
  const width = widthOf(bytes[0])
  if (width > 4 || bytes.length < width + 3) throw new RangeError('no block')
  return [((bytes[0] ?? 0) & (0xff >> width)) * 256 ** (width - 1) + numberIn(bytes.subarray(1, width)), width]
}

export function signed16(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getInt16(at)
}
