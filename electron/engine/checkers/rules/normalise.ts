/// <reference path="./opencc.d.ts" />
import traditional from 'opencc-js/dict/TSCharacters'
import type { TextRange } from '../../../../shared/domain.ts'

/**
 * A text as rules see it, with the way back: unit k of `units` was made of the `lengths[k]` UTF-16 units of the original from `starts[k]` on.
 * Units that were made of the same characters (㎡, é written with two) share them.
 */
export interface View {
  readonly units: Uint16Array
  readonly starts: Int32Array
  readonly lengths: Uint8Array
}

/**
 * NFKC with case, width, traditional characters and ligatures folded, and without what is not seen (zero-width and other ignorable
 * characters). Each character is folded alone, or together with the marks that follow it.
 */
export function normalise(text: string): View {
  const table = foldTable()
  let room = roomFor(text.length + 16)
  let size = 0
  for (let at = 0; at < text.length; ) {
    if (size === room.units.length) room = enlarged(room, size * 2)
    const folded = table[text.charCodeAt(at)] ?? 0
    if (folded !== 0) {
      room.units[size] = folded
      room.starts[size] = at
      room.lengths[size] = 1
      size += 1
      at += 1
      continue
    }
    const { from, to } = clusterAt(text, at, size === 0 ? -1 : (room.starts[size - 1] ?? 0))
    while (size > 0 && (room.starts[size - 1] ?? 0) >= from) size -= 1
    const changed = fold(text.slice(from, to))
    if (size + changed.length > room.units.length) room = enlarged(room, (size + changed.length) * 2)
    for (let k = 0; k < changed.length; k++) {
      room.units[size] = changed.charCodeAt(k)
      room.starts[size] = from
      room.lengths[size] = to - from
      size += 1
    }
    at = to
  }
  const { units, starts, lengths } = room
  return { units: units.subarray(0, size), starts: starts.subarray(0, size), lengths: lengths.subarray(0, size) }
}

/** The same, of a word, a pattern's literal or what was matched: without the way back. */
export function normaliseText(text: string): string {
  const table = foldTable()
  let at = 0
  while (at < text.length && table[text.charCodeAt(at)] === text.charCodeAt(at)) at += 1
  // Most words are as they should be; a hundred thousand of them are looked at again and again.
  if (at === text.length) return text
  let folded = text.slice(0, at)
  for (; at < text.length; at++) {
    const unit = table[text.charCodeAt(at)] ?? 0
    if (unit === 0) return viewText(normalise(text))
    folded += String.fromCharCode(unit)
  }
  return folded
}

export function viewText({ units }: View): string {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le')
}

/** The place in the original that units `from` to `to` (without it, and at least one) of the view were made of. */
export function originalRange({ starts, lengths }: View, from: number, to: number): TextRange {
  return [starts[from] ?? 0, (starts[to - 1] ?? 0) + (lengths[to - 1] ?? 0)]
}

/** A character with more than so many units of marks is folded in groups. Unicode's own bound for streams is 30 marks (UAX 15). */
const longestCluster = 60

/** The character at `at` with what is folded with it. A mark is folded with the character before it, which begins at `previous`. */
function clusterAt(text: string, at: number, previous: number): { from: number; to: number } {
  const joins = isJoining(text, at) && previous >= 0 && at - previous < longestCluster
  const from = joins ? previous : at
  let to = at + widthAt(text, at)
  while (to - from < longestCluster && isJoining(text, to)) to += widthAt(text, to)
  return { from, to }
}

function widthAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

/** Marks, the vowels and finals of Hangul, half-width sound marks: they are folded with what they follow. */
const joining = /^[\p{M}\u1160-\u11ff\uff9e\uff9f]/u

function isJoining(text: string, at: number): boolean {
  if (at >= text.length || text.charCodeAt(at) < 0x300) return false
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return joining.test(character) && !ignorable.test(character)
}

const ignorable = /^\p{Default_Ignorable_Code_Point}$/u

function fold(characters: string): string {
  let folded = ''
  for (const character of characters) if (!ignorable.test(character)) folded += character
  // Upper case first, so that ſ, ß and ς are what they are beside a capital.
  folded = folded.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')
  let simplified = ''
  for (const character of folded) {
    if (!ignorable.test(character)) simplified += simplifiedOf().get(character) ?? character
  }
  return simplified
}

let simplifiedCharacters: Map<string, string> | null = null

/** Character by character, so that lengths map: which words a region prefers is not asked. */
function simplifiedOf(): Map<string, string> {
  simplifiedCharacters ??= new Map(
    traditional.split('|').map(pair => {
      const [from = '', to = ''] = pair.split(' ')
      return [from, to]
    }),
  )
  return simplifiedCharacters
}

let table: Uint16Array | null = null

/** What a UTF-16 unit becomes that becomes one unit whatever stands beside it; 0 for all others. */
function foldTable(): Uint16Array {
  if (table !== null) return table
  table = new Uint16Array(0x10000)
  for (let unit = 1; unit < 0x10000; unit++) {
    // Most of what is read, and folded to itself but for traditional characters.
    if (unit >= 0xac00 && unit <= 0xd7a3) continue
    if (unit >= 0xd800 && unit <= 0xdfff) continue
    const character = String.fromCharCode(unit)
    if (ignorable.test(character) || joining.test(character)) continue
    const folded = unit >= 0x4e00 && unit <= 0x9fff ? (simplifiedOf().get(character) ?? character) : fold(character)
    if (folded.length === 1) table[unit] = folded.charCodeAt(0)
  }
  for (let syllable = 0xac00; syllable <= 0xd7a3; syllable++) table[syllable] = syllable
  return table
}

interface Room {
  readonly units: Uint16Array
  readonly starts: Int32Array
  readonly lengths: Uint8Array
}

function roomFor(size: number): Room {
  return { units: new Uint16Array(size), starts: new Int32Array(size), lengths: new Uint8Array(size) }
}

function enlarged({ units, starts, lengths }: Room, size: number): Room {
  const room = roomFor(size)
  room.units.set(units)
  room.starts.set(starts)
  room.lengths.set(lengths)
  return room
}
