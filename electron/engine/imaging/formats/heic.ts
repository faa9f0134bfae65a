/** Finds the coded pictures in a HEIC: HEVC within HEIF (ISO/IEC 23008-12), as a whole or in tiles. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { ColourTransform } from '../colour.ts'
import type { Size } from '../layout.ts'
import { unreadable } from '../refusal.ts'
import { cutShort, damaged, latin1, viewOf } from './bytes.ts'
import { type Box, boxes, contentIn, isMask, itemsOf, propertiesOf, readHeif } from './heif.ts'

/** One picture as it is coded: a tile, or all of it. */
export interface CodedTile {
  /** Units of the bit stream (NAL), those of its header first. */
  readonly units: readonly Uint8Array[]
  readonly size: Size
}

/** Tiles side by side, row by row; the canvas cuts the last ones off. */
export interface CodedPicture extends Size {
  readonly columns: number
  readonly tiles: readonly CodedTile[]
  /** How its colours become red, green and blue, where the file says it besides the bit stream (ITU-T H.273). */
  readonly coding: { readonly matrix: number; readonly isFull: boolean } | null
}

export interface HeicAccount {
  readonly picture: CodedPicture
  /** Its opacity. */
  readonly mask: CodedPicture | null
  readonly icc: Uint8Array | null
  /** What its colours mean where no profile says it; null for sRGB. */
  readonly colour: ColourTransform | null
  /** Quarter turns against the clock, and then a mirror: `0` puts the top to the bottom, `1` the left to the right. */
  readonly turns: number
  readonly mirror: number | null
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
}

/** Brands of sequences, which viewers may play. */
const sequenceBrands = /hev[cxms]|msf1/

/** Null for a file whose picture is not coded in HEVC. Throws `Refusal` for one that cannot be read in full. */
export function readHeic(file: Uint8Array): HeicAccount | null {
  try {
    return readParts(file)
  } catch (error) {
    if (error instanceof RangeError) throw damaged()
    throw error
  }
}

function readParts(file: Uint8Array): HeicAccount | null {
  if (isCut(file)) throw cutShort()
  const account = readHeif(file)
  const bytes = account.drawn
  const all = [...boxes(bytes, 0, bytes.byteLength)]
  const meta = all.find(({ type }) => type === 'meta')
  const ftyp = all.find(({ type }) => type === 'ftyp')
  const isSequence = ftyp !== undefined && sequenceBrands.test(latin1(bytes, ftyp.start, ftyp.end))
  const moves = isSequence && all.some(({ type }) => type === 'moov')
  if (meta === undefined) throw isSequence ? unreadable('animated_heic') : damaged()
  const children = [...boxes(bytes, meta.start + 4, meta.end)]
  const items = itemsOf(bytes, children)
  const { of } = propertiesOf(bytes, children)
  const propertiesOfItem = (id: number): readonly Box[] => (of.get(id) ?? []).map(({ box }) => box)
  const parts = items.madeOf.get(items.primary) ?? []
  const codings = new Set([items.primary, ...parts].map(id => items.types.get(id)))
  codings.delete('grid')
  if (!codings.has('hvc1')) {
    if (codings.has('av01')) return null
    const [kind = 'none'] = [...codings].flatMap(each => (each === undefined ? [] : [each]))
    throw unreadable('heif_kind', { name: kind.replace(/[^ -~]/g, '?') })
  }
  if (codings.size > 1) throw unreadable('heif_kind', { name: 'grid' })
  const source = { bytes, children, items, propertiesOfItem, locations: locationsOf(bytes, children) }
  const own = propertiesOfItem(items.primary)
  const profile = own.find(
    ({ type, start }) => type === 'colr' && /^(?:prof|rICC)$/.test(latin1(bytes, start, start + 4)),
  )
  const turn = own.find(({ type }) => type === 'irot')
  const mirror = own.find(({ type }) => type === 'imir')
  const mask = [...items.serving].find(
    ([id, { role, of }]) =>
      role === 'auxl' && of === items.primary && propertiesOfItem(id).map(contentIn(bytes)).some(isMask),
  )
  return {
    picture: pictureOf(source, items.primary),
    mask: mask === undefined ? null : pictureOf(source, mask[0]),
    icc: profile === undefined ? null : bytes.subarray(profile.start + 4, profile.end),
    colour: account.colour,
    turns: turn === undefined ? 0 : viewOf(bytes).getUint8(turn.start) & 3,
    mirror: mirror === undefined ? null : viewOf(bytes).getUint8(mirror.start) & 1,
    leftOut: [...account.leftOut, ...(moves ? [remark('animated_heic')] : [])],
    notes: moves ? account.notes.filter(({ code }) => code !== 'hidden_clip') : account.notes,
  }
}

/** The last box reaches beyond the file. */
function isCut(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  for (let at = 0; at < bytes.byteLength; ) {
    if (at + 8 > bytes.byteLength) return false
    const short = view.getUint32(at)
    if (short === 1 && at + 16 > bytes.byteLength) return true
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? bytes.byteLength - at : short
    if (length < 8) return false
    if (at + length > bytes.byteLength) return true
    at += length
  }
  return false
}

interface Source {
  readonly bytes: Uint8Array
  readonly children: readonly Box[]
  readonly items: ReturnType<typeof itemsOf>
  readonly propertiesOfItem: (id: number) => readonly Box[]
  readonly locations: ReadonlyMap<number, Location>
}

/** More tiles are an attack: a phone's largest pictures have some 400. */
const maxTiles = 10_000

function pictureOf(source: Source, id: number): CodedPicture {
  const { items, propertiesOfItem, bytes } = source
  const own = propertiesOfItem(id)
  const named = own.find(({ type, start }) => type === 'colr' && latin1(bytes, start, start + 4) === 'nclx')
  const view = viewOf(bytes)
  const coding =
    named === undefined
      ? null
      : { matrix: view.getUint16(named.start + 8), isFull: view.getUint8(named.start + 10) >= 128 }
  if (items.types.get(id) === 'hvc1') {
    const tile = tileOf(source, id)
    return { ...tile.size, columns: 1, tiles: [tile], coding }
  }
  if (items.types.get(id) !== 'grid') throw unreadable('heif_kind', { name: items.types.get(id) ?? '' })
  const parts = items.madeOf.get(id) ?? []
  const data = dataOf(source, id)
  const grid = viewOf(data)
  const isLong = (grid.getUint8(1) & 1) === 1
  const columns = grid.getUint8(3) + 1
  const size = isLong
    ? { width: grid.getUint32(4), height: grid.getUint32(8) }
    : { width: grid.getUint16(4), height: grid.getUint16(6) }
  const rows = grid.getUint8(2) + 1
  if (parts.length !== columns * rows || parts.length > maxTiles) throw damaged()
  const tiles = parts.map(part => tileOf(source, part))
  const [first] = tiles
  const isEven = tiles.every(
    ({ size: { width, height } }) => width === first?.size.width && height === first.size.height,
  )
  if (first === undefined || !isEven) throw unreadable('heif_kind', { name: 'grid' })
  if (first.size.width * columns < size.width || first.size.height * rows < size.height) throw damaged()
  const tileCoding = parts
    .flatMap(part => propertiesOfItem(part))
    .find(({ type, start }) => type === 'colr' && latin1(bytes, start, start + 4) === 'nclx')
  return {
    ...size,
    columns,
    tiles,
    coding:
      coding ??
      (tileCoding === undefined
        ? null
        : { matrix: view.getUint16(tileCoding.start + 8), isFull: view.getUint8(tileCoding.start + 10) >= 128 }),
  }
}

function tileOf(source: Source, id: number): CodedTile {
  const { bytes, items, propertiesOfItem } = source
  if (items.types.get(id) !== 'hvc1') throw unreadable('heif_kind', { name: items.types.get(id) ?? '' })
  const own = propertiesOfItem(id)
  const extent = own.find(({ type }) => type === 'ispe')
  const config = own.find(({ type }) => type === 'hvcC')
  if (extent === undefined || config === undefined) throw damaged()
  const view = viewOf(bytes)
  const size = { width: view.getUint32(extent.start + 4), height: view.getUint32(extent.start + 8) }
  if (size.width === 0 || size.height === 0) throw damaged()
  const { units, lengthBytes } = headerUnits(bytes, config)
  return { size, units: [...units, ...unitsOf(dataOf(source, id), lengthBytes)] }
}

/** The parameter sets in `hvcC` (ISO/IEC 14496-15, 8.3.3). */
function headerUnits(bytes: Uint8Array, { start, end }: Box): { units: Uint8Array[]; lengthBytes: number } {
  const view = viewOf(bytes)
  const units: Uint8Array[] = []
  const lengthBytes = (view.getUint8(start + 21) & 3) + 1
  let at = start + 23
  for (let arrays = view.getUint8(start + 22); arrays > 0; arrays--) {
    let count = view.getUint16(at + 1)
    for (at += 3; count > 0; count--) {
      const length = view.getUint16(at)
      if (at + 2 + length > end) throw damaged()
      units.push(bytes.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  return { units, lengthBytes }
}

function unitsOf(data: Uint8Array, lengthBytes: number): Uint8Array[] {
  const units: Uint8Array[] = []
  for (let at = 0; at < data.byteLength; ) {
    if (at + lengthBytes > data.byteLength) throw damaged()
    let length = 0
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + (data[at + index] ?? 0)
    at += lengthBytes
    if (length === 0 || at + length > data.byteLength) throw damaged()
    const unit = data.subarray(at, at + length)
    if (hasHole(unit)) throw damaged()
    units.push(unit)
    at += length
  }
  return units
}

/** No unit holds these bytes (ITU-T H.265, 7.4.2); a hole in a file that was copied badly does, and decoders go on over it. */
const holes = [0, 1, 2].map(last => Buffer.from([0, 0, last]))

function hasHole(unit: Uint8Array): boolean {
  const bytes = Buffer.from(unit.buffer, unit.byteOffset, unit.byteLength)
  return holes.some(hole => bytes.includes(hole))
}

interface Location {
  /** 0 for places in the file, 1 for those in `idat`. */
  readonly method: number
  readonly extents: readonly { readonly offset: number; readonly length: number }[]
}

function locationsOf(bytes: Uint8Array, children: readonly Box[]): ReadonlyMap<number, Location> {
  const locations = new Map<number, Location>()
  const iloc = children.find(({ type }) => type === 'iloc')
  if (iloc === undefined) return locations
  const view = viewOf(bytes)
  const version = view.getUint8(iloc.start)
  const sizes = view.getUint16(iloc.start + 4)
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [
    sizes >> 12,
    (sizes >> 8) & 15,
    (sizes >> 4) & 15,
    sizes & 15,
  ]
  let at = iloc.start + 6
  const next = (size: number): number => {
    if (at + size > iloc.end) throw damaged()
    at += size
    if (size === 0) return 0
    if (size === 2) return view.getUint16(at - 2)
    if (size === 4) return view.getUint32(at - 4)
    if (size === 8) return Number(view.getBigUint64(at - 8))
    throw damaged()
  }
  for (let left = next(version < 2 ? 2 : 4); left > 0; left--) {
    const id = next(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : next(2) & 15
    const isElsewhere = next(2) !== 0
    const base = next(baseBytes)
    const extents: { offset: number; length: number }[] = []
    for (let count = next(2); count > 0; count--) {
      if (version > 0) next(indexBytes)
      const offset = next(offsetBytes)
      extents.push({ offset: base + offset, length: next(lengthBytes) })
    }
    locations.set(id, { method: isElsewhere ? -1 : method, extents })
  }
  return locations
}

function dataOf({ bytes, children, locations }: Source, id: number): Uint8Array {
  const location = locations.get(id)
  if (location === undefined) throw damaged()
  const idat = children.find(({ type }) => type === 'idat')
  const within =
    location.method === 0
      ? bytes
      : location.method === 1 && idat !== undefined
        ? bytes.subarray(idat.start, idat.end)
        : null
  if (within === null) throw unreadable('heif_kind', { name: 'iloc' })
  const pieces = location.extents.map(({ offset, length }) => {
    const end = length === 0 ? within.byteLength : offset + length
    if (offset >= within.byteLength || end > within.byteLength) throw cutShort()
    return within.subarray(offset, end)
  })
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : new Uint8Array(Buffer.concat(pieces))
}
