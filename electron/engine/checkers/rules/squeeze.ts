import { countBefore } from './bisect.ts'
import type { View } from './normalise.ts'
import { type Spelling, syllableLetters } from './pinyin.ts'

/** What a unit is for the second view and for the ends of words. */
export const han = 1
export const letter = 2
export const digit = 4
const blank = 8
const symbol = 16
/** Ends a sentence or a line, or parts what is listed: nobody reads on over it. */
const stop = 32

/** The view in which nothing is inserted or spelt, with the places where something was left out. */
export interface Squeezed extends View {
  /** Before the units at these places. */
  readonly seams: Int32Array
  /** How many units were left out up to and at each seam. */
  readonly dropped: Int32Array
}

/**
 * The view without what was inserted to disguise words: symbols and blanks between two Han characters, and blanks beside one (第 1). Stops,
 * commas and the ends of lines stay. Characters that are spelt in letters (zui佳) are put in their places. Null where there is nothing of
 * that kind.
 */
export function squeeze(view: View, spelling: Spelling | null = null): Squeezed | null {
  const { units } = view
  const classes = unitClasses()
  // From where to where something is left out, as pairs.
  const gaps: number[] = []
  const spelt: SpeltUnit[] = []
  for (let at = 0; at < units.length; ) {
    const unitClass = classOf(classes, units, at)
    if (spelling !== null && unitClass === letter) {
      const end = endOfLetters(units, at)
      const unit = unitSpelt(view, at, end, spelling)
      // The last letter stays in the character's stead, with a seam on either side.
      if (unit !== 0) {
        gaps.push(at, end - 1, end, end)
        spelt.push({ from: at, last: end - 1, unit })
      }
      at = end
      continue
    }
    if (!isInsertable(unitClass)) {
      at += 1
      continue
    }
    let end = at + 1
    while (end < units.length && isInsertable(classOf(classes, units, end))) end += 1
    const before = at === 0 ? stop : classOf(classes, units, at - 1)
    const after = end === units.length ? stop : classOf(classes, units, end)
    if (before === han && after === han) gaps.push(at, end)
    else if (isWritten(before) && isWritten(after) && (before === han || after === han)) {
      for (let k = at; k < end; k++) if (classOf(classes, units, k) === blank) gaps.push(k, k + 1)
    }
    at = end
  }
  return gaps.length === 0 ? null : without(withSpelt(view, spelt), gaps)
}

interface SpeltUnit {
  readonly from: number
  readonly last: number
  readonly unit: number
}

function withSpelt(view: View, spelt: readonly SpeltUnit[]): View {
  if (spelt.length === 0) return view
  const { units, starts, lengths } = {
    units: view.units.slice(),
    starts: view.starts.slice(),
    lengths: view.lengths.slice(),
  }
  for (const { from, last, unit } of spelt) {
    const end = (view.starts[last] ?? 0) + (view.lengths[last] ?? 0)
    units[last] = unit
    starts[last] = view.starts[from] ?? 0
    lengths[last] = end - (starts[last] ?? 0)
  }
  return { units, starts, lengths }
}

const isSmallLetter = (unit: number | undefined) => unit !== undefined && unit >= 0x61 && unit <= 0x7a

function endOfLetters(units: Uint16Array, at: number): number {
  let end = at + 1
  while (isSmallLetter(units[at]) && isSmallLetter(units[end])) end += 1
  return end
}

/** What the letters from `from` to `to` (without it) stand for, beside what is next to them; 0 for themselves. */
function unitSpelt({ units, starts }: View, from: number, to: number, spelling: Spelling): number {
  if (to - from < syllableLetters.least || to - from > syllableLetters.most || !isSmallLetter(units[from])) return 0
  // What is not seen may stand between the letters, in any number.
  if ((starts[to - 1] ?? 0) - (starts[from] ?? 0) > 200) return 0
  const classes = unitClasses()
  let before = from - 1
  while (before >= 0 && isInsertable(classOf(classes, units, before))) before -= 1
  let after = to
  while (after < units.length && isInsertable(classOf(classes, units, after))) after += 1
  return spelling.unitOf(units[before] ?? 0, String.fromCharCode(...units.subarray(from, to)), units[after] ?? 0)
}

function without({ units, starts, lengths }: View, gaps: readonly number[]): Squeezed {
  let left = 0
  for (let gap = 0; gap < gaps.length; gap += 2) left += (gaps[gap + 1] as number) - (gaps[gap] as number)
  const size = units.length - left
  const rest = { units: new Uint16Array(size), starts: new Int32Array(size), lengths: new Uint8Array(size) }
  const seams: number[] = []
  const dropped: number[] = []
  let from = 0
  let to = 0
  for (let gap = 0; gap <= gaps.length; gap += 2) {
    const end = gap === gaps.length ? units.length : (gaps[gap] as number)
    rest.units.set(units.subarray(from, end), to)
    rest.starts.set(starts.subarray(from, end), to)
    rest.lengths.set(lengths.subarray(from, end), to)
    to += end - from
    from = gap === gaps.length ? end : (gaps[gap + 1] as number)
    if (gap === gaps.length) continue
    if (seams.at(-1) === to) {
      seams.pop()
      dropped.pop()
    }
    seams.push(to)
    dropped.push(from - to)
  }
  return { ...rest, seams: Int32Array.from(seams), dropped: Int32Array.from(dropped) }
}

/** Where the unit at `at` of the view is in what was squeezed out of it; of one that was left out, where the next is. */
export function squeezedPlace({ seams, dropped }: Squeezed, at: number): number {
  const passed = countBefore(seams.length, seam => (seams[seam] as number) + (dropped[seam] as number) <= at)
  const place = at - (passed === 0 ? 0 : (dropped[passed - 1] as number))
  return passed < seams.length ? Math.min(place, seams[passed] as number) : place
}

/** Whether something was left out between the units `from` and `to` (without it). */
export function hasSeam({ seams }: Squeezed, from: number, to: number): boolean {
  const passed = countBefore(seams.length, seam => (seams[seam] as number) <= from)
  return passed < seams.length && (seams[passed] as number) < to
}

function isInsertable(unitClass: number): boolean {
  return unitClass === blank || unitClass === symbol
}

function isWritten(unitClass: number): boolean {
  return unitClass === han || unitClass === letter || unitClass === digit
}

/** Of the unit at `at`; for one half of a pair what both are. */
export function classOf(classes: Uint8Array, units: Uint16Array, at: number): number {
  const unit = units[at] ?? 0
  if (unit < 0xd800 || unit > 0xdfff) return classes[unit] ?? 0
  const high = unit < 0xdc00 ? unit : (units[at - 1] ?? 0)
  const low = unit < 0xdc00 ? (units[at + 1] ?? 0) : unit
  if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff) return symbol
  return classOfCharacter(String.fromCharCode(high, low))
}

let classes: Uint8Array | null = null

export function unitClasses(): Uint8Array {
  if (classes !== null) return classes
  classes = new Uint8Array(0x10000)
  for (let unit = 0; unit < 0x10000; unit++) classes[unit] = classOfCharacter(String.fromCharCode(unit))
  return classes
}

const stops = /^[\n\r\v\f\u0085\u2028\u2029。!?;,、:…]$/u
/** Scripts that put no blanks between words: a word of theirs may begin anywhere. */
const unspaced =
  /^[\p{scx=Hiragana}\p{scx=Katakana}\p{sc=Bopomofo}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]$/u

function classOfCharacter(character: string): number {
  if (stops.test(character)) return stop
  if (/^\p{sc=Han}$/u.test(character)) return han
  if (/^\p{Nd}$/u.test(character)) return digit
  if (/^[\p{L}\p{Nl}\p{No}]$/u.test(character)) return unspaced.test(character) ? 0 : letter
  if (/^[\s\p{Z}]$/u.test(character)) return blank
  return /^[\p{S}\p{P}\p{M}\p{C}]$/u.test(character) ? symbol : 0
}
