import type { RemarkCode } from '../../../../shared/remarks/index.ts'
import { viewOf } from '../office/bytes.ts'
import { type DrawnShape, isFilledWithPicture, picturesIn, shapesIn } from '../office/escher.ts'
import { type BesideCells, headerWords } from '../workbook/beside-cells.ts'

/** The stream of a workbook as records ([MS-XLS] 2.1.4), each with the bytes of those that continue it. */
interface BookRecord {
  readonly type: number
  /** The first, and one for each record that goes on with it. */
  readonly bodies: readonly Uint8Array[]
  readonly offset: number
}

const goesOn = 0x3c

function* recordsFrom(stream: Uint8Array, start: number): Generator<BookRecord> {
  const view = viewOf(stream)
  const bodyAt = (at: number) => stream.subarray(at + 4, at + 4 + view.getUint16(at + 2, true))
  let at = start
  while (at + 4 <= stream.length) {
    const offset = at
    const bodies = [bodyAt(at)]
    at += 4 + view.getUint16(at + 2, true)
    while (at + 4 <= stream.length && view.getUint16(at, true) === goesOn) {
      bodies.push(bodyAt(at))
      at += 4 + view.getUint16(at + 2, true)
    }
    yield { type: view.getUint16(offset, true), bodies, offset }
  }
}

export interface BookSheet {
  readonly name: string
  /** Where its records begin. */
  readonly offset: number
  /** 0 for cells, 2 for a chart, 6 for programs. */
  readonly kind: number
}

export interface BookFacts {
  readonly version: number
  readonly isEncrypted: boolean
  readonly sheets: readonly BookSheet[]
  /** By number from 1, in their order. */
  readonly pictures: readonly (Uint8Array | null)[]
}

const [beginning, end] = [0x809, 0x0a]

/** What a workbook says of itself before its sheets. */
export function readBookFacts(stream: Uint8Array, book: BesideCells): BookFacts {
  const sheets: BookSheet[] = []
  const drawn: Uint8Array[] = []
  let version = 0
  let isEncrypted = false
  for (const { type, bodies } of recordsFrom(stream, 0)) {
    const [body = new Uint8Array(0)] = bodies
    if (type === end) break
    if (type === beginning) version = body.length < 2 ? 0 : viewOf(body).getUint16(0, true)
    else if (type === 0x2f) isEncrypted = true
    else if (type === 0xeb) drawn.push(...bodies)
    else if (type === 0x85 && body.length >= 8) {
      const [, kind = 0] = body.subarray(4)
      sheets.push({ name: shortString(body, 6, version), offset: viewOf(body).getUint32(0, true), kind })
    } else if (!isSilent(type)) book.addOmitted('unknown_part')
  }
  return { version, isEncrypted, sheets, pictures: picturesIn(Buffer.concat(drawn)) }
}

/**
 * What a sheet shows beside its cells. Of the versions before 1997, whose objects are kept otherwise, these are left out. Records of
 * charts stand in the middle of their sheet's, with drawings of their own.
 */
export function readSheetRecords(
  stream: Uint8Array,
  { offset }: BookSheet,
  version: number,
  beside: BesideCells,
): void {
  const drawings: Uint8Array[][] = []
  for (const { type, bodies } of recordsFrom(stream, offset)) {
    const [body = new Uint8Array(0)] = bodies
    if (type === beginning) drawings.push([])
    else if (type === end) {
      const own = drawings.pop()
      if (own !== undefined) readDrawing(Buffer.concat(own), drawings.length === 0, beside)
      if (drawings.length === 0) return
    } else if (version < 0x600) {
      const code = olderSeen[type]
      if (type === 0x14 || type === 0x15) beside.addWords(...headerWords(shortString(body, 0, version)))
      else if (code !== undefined) beside.addOmitted(code)
      else if (!isSilent(type)) beside.addOmitted('unknown_part')
    } else if (type === 0xec) {
      drawings.at(-1)?.push(...bodies)
    } else {
      readRecord(type, bodies, body, beside)
    }
  }
  // It breaks off.
  beside.addOmitted('unknown_part')
}

function readRecord(type: number, bodies: readonly Uint8Array[], body: Uint8Array, beside: BesideCells): void {
  switch (type) {
    case 0x14:
    case 0x15:
      if (body.length > 3) beside.addWords(...headerWords(longString(body, 0).text))
      return
    case 0x89c:
      for (const words of headersOf(body)) beside.addWords(...headerWords(words))
      return
    case 0x1b6:
      beside.addWords(textOf(bodies))
      return
    case 0x100d:
      beside.addWords(shortString(body, 2, 0x600))
      return
    case 0x1be:
      readValidation(body, beside)
      return
    case 0x1066:
      if (isFilledWithPicture(Buffer.concat(bodies))) beside.addOmitted('picture')
      return
    case 0x800:
      beside.addWords(new TextDecoder('utf-16le').decode(body.subarray(10)).replaceAll('\0', ''))
      return
    default: {
      const code = seen[type]
      if (code !== undefined) beside.addOmitted(code)
      else if (!isSilent(type)) beside.addOmitted('unknown_part')
    }
  }
}

/** The shapes of a sheet; those of a chart have no cell. */
function readDrawing(bytes: Uint8Array, hasCells: boolean, beside: BesideCells): void {
  for (const shape of shapesIn(bytes)) {
    beside.addWords(...shape.words)
    const cell = hasCells ? cellOf(shape) : null
    beside.addMedia(...shape.pictures.map(number => ({ handle: String(number), cell })))
    if (shape.isOutline) beside.addOmitted('drawing')
    if (shape.type === 75 && shape.pictures.length === 0) beside.addOmitted('embedded_object')
  }
}

function cellOf({ anchor }: DrawnShape) {
  if (anchor === null || anchor.length < 8) return null
  const view = viewOf(anchor)
  return { row: view.getUint16(6, true) + 1, column: view.getUint16(2, true) }
}

/** A text of a box, a comment or a button: its letters are in the first record that goes on, the rest is how they look. */
function textOf([head = new Uint8Array(0), ...rest]: readonly Uint8Array[]): string {
  let left = head.length < 12 ? 0 : viewOf(head).getUint16(10, true)
  let text = ''
  for (const body of rest) {
    if (left <= 0) break
    const part = lettersIn(body.subarray(1), left, ((body[0] ?? 0) & 1) === 1)
    text += part
    left -= part.length
  }
  return text
}

function lettersIn(bytes: Uint8Array, count: number, isWide: boolean): string {
  return isWide
    ? new TextDecoder('utf-16le').decode(bytes.subarray(0, count * 2))
    : Buffer.from(bytes.subarray(0, count)).toString('latin1')
}

/** A string with its length in two bytes, and whether its letters have one or two. */
function longString(body: Uint8Array, at: number): { readonly text: string; readonly end: number } {
  if (at + 3 > body.length) return { text: '', end: body.length }
  const count = viewOf(body).getUint16(at, true)
  const isWide = ((body[at + 2] ?? 0) & 1) === 1
  return { text: lettersIn(body.subarray(at + 3), count, isWide), end: at + 3 + count * (isWide ? 2 : 1) }
}

/** The same with its length in one byte; before 1997 all letters had one. */
function shortString(body: Uint8Array, at: number, version: number): string {
  const count = body[at] ?? 0
  if (version < 0x600) return new TextDecoder('gb18030').decode(body.subarray(at + 1, at + 1 + count))
  return lettersIn(body.subarray(at + 2), count, ((body[at + 1] ?? 0) & 1) === 1)
}

function headersOf(body: Uint8Array): readonly string[] {
  const texts: string[] = []
  let at = 38
  for (let index = 0; index < 4 && body.length >= 38; index++) {
    if (viewOf(body).getUint16(30 + index * 2, true) === 0) continue
    const { text, end: behind } = longString(body, at)
    texts.push(text)
    at = behind
  }
  return texts
}

/** What a validation says before and after somebody chooses, and the list that it lets choose from. */
function readValidation(body: Uint8Array, beside: BesideCells): void {
  let at = 4
  for (let index = 0; index < 4; index++) {
    const { text, end: behind } = longString(body, at)
    beside.addWords(text.replaceAll('\0', ''))
    at = behind
  }
  // A formula that is nothing but a string: its mark, its length, its letters.
  const formula = body.subarray(at + 4)
  if (formula[0] === 0x17) beside.addWords(shortString(formula, 1, 0x600).replaceAll('\0', '\n'))
}

/** Records of what is seen and cannot be read: the picture behind a sheet, pictures of before 1997 and in headers, sounds. */
const seen: Readonly<Record<number, RemarkCode>> = {
  127: 'picture',
  233: 'picture',
  2150: 'picture',
  150: 'recording',
}

/** The same for versions before 1997: objects and notes. */
const olderSeen: Readonly<Record<number, RemarkCode>> = {
  ...seen,
  93: 'embedded_object',
  28: 'unknown_part',
}

/**
 * Records that show nothing beside the cells ([MS-XLS] 2.3.1): the cells themselves, how things look, what is calculated, pivot tables,
 * whose values are in cells, links and queries, revisions, and how charts are drawn. Of objects (0x5d) and notes (0x1c) the text stands in
 * a record of its own, and what they look like in the drawing.
 */
const silent = new Set([
  ...range(0x00, 0x31),
  ...range(0x33, 0x5f),
  ...range(0x60, 0x63),
  0x7d,
  0x7e,
  ...range(0x80, 0x95),
  ...range(0x97, 0xe8),
  0xea,
  ...range(0xed, 0x100),
  0x103,
  0x122,
  ...range(0x137, 0x160),
  0x161,
  0x162,
  ...range(0x191, 0x1b5),
  ...range(0x1b7, 0x1bd),
  ...range(0x1c0, 0x1c2),
  ...range(0x200, 0x208),
  0x20b,
  0x221,
  0x225,
  0x231,
  0x236,
  0x23e,
  0x243,
  0x27e,
  0x293,
  0x406,
  0x418,
  0x41e,
  0x43c,
  0x4bc,
  ...range(0x801, 0x865),
  ...range(0x867, 0x89b),
  ...range(0x89d, 0x8a7),
  ...range(0x1001, 0x100c),
  ...range(0x1014, 0x1065),
  ...range(0x1067, 0x1068),
])

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

function isSilent(type: number): boolean {
  return silent.has(type)
}
