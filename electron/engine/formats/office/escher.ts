/** The drawings of older Office documents ([MS-ODRAW]): shapes, and the pictures that they show. */

import { viewOf } from './bytes.ts'

export interface DrawnShape {
  /** Of [MS-ODRAW] 2.4.24: 0 is an outline of its own, 75 a frame for a picture, 202 a text box. */
  readonly type: number
  /** Numbers, from 1, of the pictures that it shows. */
  readonly pictures: readonly number[]
  /** What its letters are drawn from, and what is read out in its place. */
  readonly words: readonly string[]
  readonly isOutline: boolean
  /** Data of the anchor of the shape, or of the group that it is in; null where it has none. */
  readonly anchor: Uint8Array | null
}

interface EscherRecord {
  readonly type: number
  readonly instance: number
  readonly isContainer: boolean
  readonly body: Uint8Array
}

/** The records that stand one behind the other; one that is cut ends the list. */
function* recordsIn(bytes: Uint8Array): Generator<EscherRecord> {
  const view = viewOf(bytes)
  for (let at = 0; at + 8 <= bytes.length; ) {
    const head = view.getUint16(at, true)
    const length = view.getUint32(at + 4, true)
    const body = bytes.subarray(at + 8, at + 8 + length)
    yield { type: view.getUint16(at + 2, true), instance: head >> 4, isContainer: (head & 15) === 15, body }
    at += 8 + length
  }
}

const groupContainer = 0xf003
const shapeContainer = 0xf004
const shapeRecord = 0xf00a
const anchorRecord = 0xf010
const optionRecords = new Set([0xf00b, 0xf121, 0xf122])
/** Deeper than any drawing. */
const maxDepth = 50

/** All shapes of a drawing, those of groups among them. */
export function shapesIn(bytes: Uint8Array, inherited: Uint8Array | null = null, depth = 0): readonly DrawnShape[] {
  const shapes: DrawnShape[] = []
  if (depth > maxDepth) return shapes
  let anchor = inherited
  for (const record of recordsIn(bytes)) {
    if (record.type === shapeContainer) {
      const shape = shapeOf(record.body, anchor)
      // The first shape of a group is the group itself.
      anchor = anchor ?? shape?.anchor ?? null
      if (shape !== null) shapes.push(shape)
      if (depth === 0) anchor = null
    } else if (record.isContainer) {
      shapes.push(...shapesIn(record.body, anchor, record.type === groupContainer || depth > 0 ? depth + 1 : depth))
    }
  }
  return shapes
}

const isDeleted = 0x8

function shapeOf(body: Uint8Array, inherited: Uint8Array | null): DrawnShape | null {
  let type = -1
  let anchor: Uint8Array | null = null
  const pictures: number[] = []
  const words: string[] = []
  let isOutline = false
  for (const record of recordsIn(body)) {
    if (record.type === shapeRecord && record.body.length >= 8) {
      type = record.instance
      if ((viewOf(record.body).getUint32(4, true) & isDeleted) !== 0) return null
    } else if (record.type === anchorRecord) {
      anchor = record.body
    } else if (optionRecords.has(record.type)) {
      const options = optionsOf(record)
      const fill = options.get(fillType)?.value ?? 0
      const shown = [options.get(picture), fill === 2 || fill === 3 ? options.get(fillPicture) : undefined]
      pictures.push(...shown.flatMap(each => (each === undefined || each.value === 0 ? [] : [each.value])))
      for (const id of [letters, description]) {
        const { data } = options.get(id) ?? {}
        if (data !== undefined) words.push(new TextDecoder('utf-16le').decode(data).replaceAll('\0', ''))
      }
      isOutline ||= options.has(vertices)
    }
  }
  return type === -1 ? null : { type, pictures, words, isOutline, anchor: anchor ?? inherited }
}

/** Whether what these properties are of is filled with a picture. */
export function isFilledWithPicture(bytes: Uint8Array): boolean {
  return [...recordsIn(bytes)].some(record => {
    const fill = optionRecords.has(record.type) ? optionsOf(record).get(fillType)?.value : 0
    return fill === 2 || fill === 3
  })
}

const [picture, letters, vertices, fillType, fillPicture, description] = [0x104, 0xc0, 0x145, 0x180, 0x186, 0x381]

interface EscherOption {
  readonly value: number
  readonly data: Uint8Array | undefined
}

/** Properties of a shape by their numbers; long values stand behind all of them. */
function optionsOf({ instance, body }: EscherRecord): ReadonlyMap<number, EscherOption> {
  const options = new Map<number, EscherOption>()
  const view = viewOf(body)
  let behind = instance * 6
  for (let at = 0; at < instance * 6 && at + 6 <= body.length; at += 6) {
    const id = view.getUint16(at, true)
    const value = view.getUint32(at + 2, true)
    const isLong = (id & 0x8000) !== 0
    options.set(id & 0x3fff, { value, data: isLong ? body.subarray(behind, behind + value) : undefined })
    if (isLong) behind += value
  }
  return options
}

const storeContainer = 0xf001
const storeEntry = 0xf007

/** The pictures of a document in the order of their numbers; null for one that is empty or lies elsewhere, and for formats of Windows and the Macintosh. */
export function picturesIn(bytes: Uint8Array): readonly (Uint8Array | null)[] {
  for (const record of recordsIn(bytes)) {
    if (record.type === storeContainer) return Array.from(recordsIn(record.body), pictureOf)
    if (!record.isContainer) continue
    const within = picturesIn(record.body)
    if (within.length > 0) return within
  }
  return []
}

/** The bytes of the picture in an entry of the store, or in a record of its own. */
function pictureOf({ type, instance, body }: EscherRecord): Uint8Array | null {
  if (type === storeEntry) {
    const nameLength = body[33] ?? 0
    const [own] = recordsIn(body.subarray(36 + nameLength))
    return own === undefined ? null : pictureOf(own)
  }
  if (!bitmaps.has(type)) return null
  // One or two digests of 16 bytes, and a mark.
  return body.subarray((instance & 1) === 1 ? 33 : 17)
}

/** JPEG, PNG, TIFF, JPEG in CMYK. */
const bitmaps = new Set([0xf01d, 0xf01e, 0xf029, 0xf02a])
