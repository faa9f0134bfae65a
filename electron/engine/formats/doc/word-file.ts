/** The parts of a Word document up to 2003 ([MS-DOC]): its words by position, how runs of them look, its lists and its drawings. */

import { viewOf } from '../office/bytes.ts'

export interface WordFile {
  /** All stories one behind the other: body, notes, headers, comments, text boxes. */
  readonly text: string
  /** Of positions in `text`: what nobody sees, and what stands for a character of a font of symbols. */
  readonly unseen: ReadonlySet<number>
  readonly symbols: number
  readonly numbering: readonly string[]
  /** Drawings, each as [MS-ODRAW] has it. */
  readonly drawings: readonly Uint8Array[]
}

export interface WordHeader {
  /** 0xc1 is Word 97; files of before are made otherwise. */
  readonly version: number
  readonly isEncrypted: boolean
  /** Name of the stream with the tables. */
  readonly table: '0Table' | '1Table'
}

export function readWordHeader(main: Uint8Array): WordHeader | null {
  if (main.length < 0x9a || viewOf(main).getUint16(0, true) !== 0xa5ec) return null
  const flags = viewOf(main).getUint16(0x0a, true)
  return {
    version: viewOf(main).getUint16(2, true),
    isEncrypted: (flags & 0x100) !== 0,
    table: (flags & 0x200) !== 0 ? '1Table' : '0Table',
  }
}

/** Throws where a table is not where the header says, or does not hold all of the text. */
export function readWordFile(main: Uint8Array, table: Uint8Array): WordFile {
  const header = viewOf(main)
  /** The part of the table stream that the n-th pair of the header names. */
  const part = (index: number): Uint8Array => {
    const at = 0x9a + index * 8
    if (index >= header.getUint16(0x98, true)) return new Uint8Array(0)
    const [start, length] = [header.getUint32(at, true), header.getUint32(at + 4, true)]
    if (start + length > table.length) throw new RangeError('a table lies outside of its stream')
    return table.subarray(start, start + length)
  }
  const stories = Array.from({ length: 8 }, (_, index) => header.getUint32(0x4c + index * 4, true))
  const length = stories.reduce((sum, each) => sum + each, 0)
  if (length > main.length) throw new RangeError('more letters than bytes')
  const pieces = piecesIn(part(33))
  const text = pieces.map(({ start, end, offset, isWide }) => lettersAt(main, offset, end - start, isWide)).join('')
  if (text.length < length) throw new RangeError('the pieces do not hold all of the text')
  const { unseen, symbols } = looksOf(main, part(12), pieces)
  return { text, unseen, symbols, numbering: numberingIn(table, header), drawings: drawingsIn(part(50)) }
}

interface TextPiece {
  readonly start: number
  readonly end: number
  /** Of its first letter in the main stream. */
  readonly offset: number
  /** Two bytes a letter. */
  readonly isWide: boolean
}

/** The table of pieces (2.9.38): behind properties, positions and where the letters from each of them on lie. */
function piecesIn(clx: Uint8Array): readonly TextPiece[] {
  const view = viewOf(clx)
  let at = 0
  while (view.getUint8(at) === 1) at += 3 + view.getUint16(at + 1, true)
  if (view.getUint8(at) !== 2) throw new RangeError('no table of pieces')
  const size = view.getUint32(at + 1, true)
  const first = at + 5
  const count = Math.floor((size - 4) / 12)
  return Array.from({ length: count }, (_, index) => {
    const place = view.getUint32(first + (count + 1) * 4 + index * 8 + 2, true)
    const isWide = (place & 0x40000000) === 0
    const offset = place & 0x3fffffff
    const [start, end] = [view.getUint32(first + index * 4, true), view.getUint32(first + index * 4 + 4, true)]
    if (end < start) throw new RangeError('a piece ends before it begins')
    return { start, end, offset: isWide ? offset : offset >> 1, isWide }
  })
}

function lettersAt(main: Uint8Array, offset: number, count: number, isWide: boolean): string {
  const end = offset + count * (isWide ? 2 : 1)
  if (end > main.length) throw new RangeError('a piece lies outside of its stream')
  return new TextDecoder(isWide ? 'utf-16le' : 'windows-1252', { ignoreBOM: true }).decode(main.subarray(offset, end))
}

const pageBytes = 512

/** Goes through the pages that say how runs of bytes look (2.9.55), for what hides letters or puts a symbol in their place. */
function looksOf(main: Uint8Array, places: Uint8Array, pieces: readonly TextPiece[]) {
  const unseen = new Set<number>()
  let symbols = 0
  const view = viewOf(places)
  const pages = Math.floor((places.length - 4) / 8)
  for (let index = 0; index < pages; index++) {
    const start = view.getUint32((pages + 1) * 4 + index * 4, true) * pageBytes
    const page = main.subarray(start, start + pageBytes)
    const own = viewOf(page)
    const runs = own.getUint8(pageBytes - 1)
    for (let run = 0; run < runs; run++) {
      const at = own.getUint8((runs + 1) * 4 + run) * 2
      if (at === 0) continue
      const looks = looksIn(page.subarray(at + 1, at + 1 + own.getUint8(at)))
      if (looks.isSymbol) symbols++
      if (!looks.isUnseen) continue
      const [from, to] = [own.getUint32(run * 4, true), own.getUint32(run * 4 + 4, true)]
      for (const piece of pieces) {
        const width = piece.isWide ? 2 : 1
        const first = Math.max(0, Math.ceil((from - piece.offset) / width))
        const last = Math.min(piece.end - piece.start, Math.floor((to - piece.offset) / width))
        for (let each = first; each < last; each++) unseen.add(piece.start + each)
      }
    }
  }
  return { unseen, symbols }
}

/** Bytes of what is said, by the three bits that tell; the sixth has its length before it. */
const operandBytes = [1, 1, 2, 4, 2, 2, -1, 3]

function looksIn(properties: Uint8Array): { readonly isUnseen: boolean; readonly isSymbol: boolean } {
  const view = viewOf(properties)
  let isUnseen = false
  let isSymbol = false
  for (let at = 0; at + 3 <= properties.length; ) {
    const what = view.getUint16(at, true)
    const fixed = operandBytes[what >> 13] ?? 1
    const bytes = fixed === -1 ? 1 + view.getUint8(at + 2) : fixed
    if (at + 2 + bytes > properties.length) break
    const value = view.getUint8(at + 2)
    if (what === 0x6a09) isSymbol = true
    // Hidden, deleted, white, white by its number, smaller than 3 points.
    isUnseen ||= (what === 0x083c || what === 0x0800) && value === 1
    isUnseen ||= what === 0x6870 && (view.getUint32(at + 2, true) & 0xffffff) === 0xffffff
    isUnseen ||= (what === 0x2a42 && value === 8) || (what === 0x4a43 && view.getUint16(at + 2, true) < 6)
    at += 2 + bytes
  }
  return { isUnseen, isSymbol }
}

/** What lists put before their items (2.9.131, 2.9.150), without the numbers. */
function numberingIn(table: Uint8Array, header: DataView): readonly string[] {
  const at = 0x9a + 73 * 8
  if (at + 8 > header.byteLength || header.getUint16(0x98, true) <= 73 || header.getUint32(at + 4, true) === 0)
    return []
  const view = viewOf(table)
  let place = header.getUint32(at, true)
  const lists = view.getUint16(place, true)
  place += 2
  let levels = 0
  for (let list = 0; list < lists; list++, place += 28) levels += (view.getUint8(place + 26) & 1) === 1 ? 1 : 9
  const words = new Set<string>()
  for (let level = 0; level < levels; level++) {
    place += 28 + view.getUint8(place + 24) + view.getUint8(place + 25)
    const count = view.getUint16(place, true)
    const letters = new TextDecoder('utf-16le').decode(table.subarray(place + 2, place + 2 + count * 2))
    words.add(letters.replaceAll(/\p{Cc}/gu, ''))
    place += 2 + count * 2
  }
  return [...words].filter(each => /\p{L}/u.test(each))
}

/** What all drawings share, and each of them behind a byte that says where it belongs. */
function drawingsIn(content: Uint8Array): readonly Uint8Array[] {
  const drawings: Uint8Array[] = []
  const view = viewOf(content)
  const endOf = (at: number) => at + 8 + view.getUint32(at + 4, true)
  for (let at = content.length < 8 ? content.length : endOf(0); at + 9 <= content.length; ) {
    const end = endOf(at + 1)
    drawings.push(content.subarray(at + 1, end))
    at = end
  }
  return drawings
}
