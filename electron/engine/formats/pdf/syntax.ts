/** Objects of a PDF in the one spelling in which PDFium writes them (ISO 32000-1, 7.3). */

export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | readonly PdfObject[]
  | PdfDictionary

export interface PdfName {
  readonly kind: 'name'
  readonly name: string
}

export interface PdfString {
  readonly kind: 'string'
  readonly bytes: Uint8Array
}

/** To an indirect object, by its number. */
export interface PdfReference {
  readonly kind: 'reference'
  readonly to: number
}

export interface PdfDictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, PdfObject>
}

/** Thrown where the bytes end within an object: there may be more of them. */
export const unfinished = new Error('unfinished')

/** PDFium itself goes no deeper. */
const deepest = 100

/** Reads one object at `at`. Throws `unfinished`, or another error for what is no object. */
export function readObject(bytes: Uint8Array, at: number): { readonly object: PdfObject; readonly end: number } {
  const cursor = { bytes, at }
  return { object: read(cursor, 0), end: cursor.at }
}

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

const code = (character: string) => character.charCodeAt(0)
const blanks = new Set([0, 9, 10, 12, 13, 32])
const delimiters = new Set(Array.from('()<>[]{}/%', code))
const [openParenthesis, closeParenthesis, less, greater, openBracket, closeBracket, slash, backslash] = Array.from(
  '()<>[]/\\',
  code,
) as [number, number, number, number, number, number, number, number]

export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && blanks.has(bytes[at] ?? 0)) at++
  return at
}

function peek(cursor: Cursor, ahead = 0): number {
  const byte = cursor.bytes[cursor.at + ahead]
  if (byte === undefined) throw unfinished
  return byte
}

function read(cursor: Cursor, depth: number): PdfObject {
  if (depth > deepest) throw new Error('nested too deep')
  cursor.at = skipBlanks(cursor.bytes, cursor.at)
  switch (peek(cursor)) {
    case slash:
      return { kind: 'name', name: readName(cursor) }
    case openParenthesis:
      return { kind: 'string', bytes: readLiteral(cursor) }
    case openBracket:
      return readArray(cursor, depth)
    case less:
      if (peek(cursor, 1) === less) return readDictionary(cursor, depth)
      return { kind: 'string', bytes: readHexadecimal(cursor) }
    default:
      return readWord(cursor)
  }
}

const space = 32
const endsHere = (byte: number) => blanks.has(byte) || delimiters.has(byte)

function regular(cursor: Cursor): string {
  const start = cursor.at
  for (;;) {
    const byte = peek(cursor)
    if (endsHere(byte)) break
    cursor.at++
  }
  const { buffer, byteOffset } = cursor.bytes
  return Buffer.from(buffer, byteOffset + start, cursor.at - start).toString('latin1')
}

function readName(cursor: Cursor): string {
  cursor.at++
  const written = regular(cursor)
  if (!written.includes('#')) return written
  return written.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 }

function readLiteral(cursor: Cursor): Uint8Array {
  cursor.at++
  const out: number[] = []
  for (let level = 1; ; cursor.at++) {
    const byte = peek(cursor)
    if (byte === openParenthesis) level++
    if (byte === closeParenthesis && --level === 0) break
    if (byte !== backslash) {
      out.push(byte)
      continue
    }
    cursor.at++
    const escaped = peek(cursor)
    const octal = /^[0-7]{1,3}/.exec(String.fromCharCode(escaped, peek(cursor, 1), peek(cursor, 2)))?.[0]
    if (octal !== undefined) {
      out.push(Number.parseInt(octal, 8) & 0xff)
      cursor.at += octal.length - 1
    } else if (escaped === 13 || escaped === 10) {
      if (escaped === 13 && peek(cursor, 1) === 10) cursor.at++
    } else out.push(escapes[String.fromCharCode(escaped)] ?? escaped)
  }
  cursor.at++
  return Uint8Array.from(out)
}

function readHexadecimal(cursor: Cursor): Uint8Array {
  cursor.at++
  const start = cursor.at
  while (peek(cursor) !== greater) cursor.at++
  const digits = Buffer.from(cursor.bytes.subarray(start, cursor.at))
    .toString('latin1')
    .replaceAll(/[^0-9A-Fa-f]/g, '')
  cursor.at++
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex'))
}

function readArray(cursor: Cursor, depth: number): readonly PdfObject[] {
  cursor.at++
  const items: PdfObject[] = []
  for (;;) {
    cursor.at = skipBlanks(cursor.bytes, cursor.at)
    if (peek(cursor) === closeBracket) break
    items.push(read(cursor, depth + 1))
  }
  cursor.at++
  return items
}

function readDictionary(cursor: Cursor, depth: number): PdfDictionary {
  cursor.at += 2
  const entries = new Map<string, PdfObject>()
  for (;;) {
    cursor.at = skipBlanks(cursor.bytes, cursor.at)
    if (peek(cursor) === greater && peek(cursor, 1) === greater) break
    if (peek(cursor) !== slash) throw new Error('a dictionary without a name')
    const name = readName(cursor)
    entries.set(name, read(cursor, depth + 1))
  }
  cursor.at += 2
  return { kind: 'dictionary', entries }
}

function readWord(cursor: Cursor): PdfObject {
  const number = readInteger(cursor)
  if (number !== null) return number
  const word = regular(cursor)
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(word)) throw new Error('an unknown word')
  return Number(word)
}

const isDigit = (byte: number) => byte >= 48 && byte <= 57

/** A whole number, or with another one and an R behind it a reference: what documents are full of. Null for anything else. */
function readInteger(cursor: Cursor): number | PdfReference | null {
  let { at } = cursor
  const digits = (): number => {
    let value = 0
    for (;;) {
      const byte = cursor.bytes[at]
      if (byte === undefined) throw unfinished
      if (!isDigit(byte)) return value
      value = value * 10 + byte - 48
      at++
    }
  }
  const isAt = (byte: number) => {
    if (at >= cursor.bytes.length) throw unfinished
    return cursor.bytes[at] === byte
  }
  const start = at
  const number = digits()
  if (at === start || at - start > 15 || !endsHere(cursor.bytes[at] ?? 0)) return null
  cursor.at = at
  if (!isAt(space)) return number
  at++
  const second = at
  digits()
  if (at === second || at - second > 10 || !isAt(space)) return number
  at++
  if (!isAt(code('R'))) return number
  at++
  if (at < cursor.bytes.length && !endsHere(cursor.bytes[at] ?? 0)) return number
  cursor.at = at
  return { kind: 'reference', to: number }
}
