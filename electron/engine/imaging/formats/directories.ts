/** Directories of TIFF, which EXIF uses as well (TIFF 6.0; BigTIFF). Everything is a `RangeError` where the file ends too early. */

import { viewOf } from './bytes.ts'

export interface Entry {
  readonly type: number
  readonly count: number
  /** Where its values begin. */
  readonly at: number
}

export interface Directory {
  readonly entries: ReadonlyMap<number, Entry>
  /** Where the next directory begins; 0 for the last. */
  readonly next: number
}

export interface DirectoryFile {
  readonly view: DataView
  readonly little: boolean
  readonly big: boolean
  readonly first: number
}

const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
}

export function openDirectories(bytes: Uint8Array): DirectoryFile {
  const view = viewOf(bytes)
  const little = bytes[0] === 0x49
  const big = view.getUint16(2, little) === 43
  return { view, little, big, first: big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little) }
}

export function readDirectory({ view, little, big }: DirectoryFile, at: number): Directory {
  const count = big ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little)
  const entries = new Map<number, Entry>()
  const [first, each, inline] = big ? [at + 8, 20, 8] : [at + 2, 12, 4]
  for (let index = 0; index < count; index++) {
    const entry = first + index * each
    const type = view.getUint16(entry + 2, little)
    const values = big ? Number(view.getBigUint64(entry + 4, little)) : view.getUint32(entry + 4, little)
    const place = entry + (big ? 12 : 8)
    const isInline = values * (typeBytes[type] ?? 1) <= inline
    const offset = isInline ? place : big ? Number(view.getBigUint64(place, little)) : view.getUint32(place, little)
    entries.set(view.getUint16(entry, little), { type, count: values, at: offset })
  }
  const after = first + count * each
  return { entries, next: big ? Number(view.getBigUint64(after, little)) : view.getUint32(after, little) }
}

/** Whole numbers of an entry; empty where it has none. */
export function numbersOf({ view, little }: DirectoryFile, entry: Entry | undefined): readonly number[] {
  if (entry === undefined) return []
  const size = typeBytes[entry.type] ?? 1
  if (entry.at + entry.count * size > view.byteLength) throw new RangeError('values behind the end')
  return Array.from({ length: entry.count }, (_, index) => {
    const at = entry.at + index * size
    if (size === 1) return view.getUint8(at)
    if (size === 2) return view.getUint16(at, little)
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little))
  })
}

export function bytesOf({ view }: DirectoryFile, entry: Entry | undefined): Uint8Array {
  if (entry === undefined || entry.at + entry.count > view.byteLength) return new Uint8Array()
  return new Uint8Array(view.buffer, view.byteOffset + entry.at, entry.count)
}

/** The same file, with another of its directories for the first. */
export function beginningAt(bytes: Uint8Array, at: number): Uint8Array {
  const { little, big } = openDirectories(bytes)
  const changed = new Uint8Array(bytes)
  if (big) viewOf(changed).setBigUint64(8, BigInt(at), little)
  else viewOf(changed).setUint32(4, at, little)
  return changed
}
