import type { View } from './normalise.ts'

/** What a unit is for the second view and for the ends of words. */
export const han = 1
export const letter = 2
export const digit = 4
const blank = 8
const symbol = 16
/** Ends a sentence or a line, or parts what is listed: nobody reads on over it. */
const stop = 32

/** The view in which nothing is inserted, with the places where something was left out. */
export interface Squeezed extends View {
  /** Before the units at these places. */
  readonly seams: Int32Array
  /** How many units were left out up to and at each seam. */
  readonly dropped: Int32Array
}

/**
 * The view without what was inserted to disguise words: symbols and blanks between two Han characters, and blanks beside one (第 1). Stops,
 * commas and the ends of lines stay. Null where there is nothing of that kind.
 */
export function squeeze(view: View): Squeezed | null {
  const { units } = view
  const classes = unitClasses()
  // From where to where something is left out, as pairs.
  const gaps: number[] = []
  for (let at = 0; at < units.length; ) {
    if (!isInsertable(classOf(classes, units, at))) {
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
  return gaps.length === 0 ? null : without(view, gaps)
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
  let [low, high] = [0, seams.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seams[middle] as number) + (dropped[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  const place = at - (low === 0 ? 0 : (dropped[low - 1] as number))
  return low < seams.length ? Math.min(place, seams[low] as number) : place
}

/** Whether something was left out between the units `from` and `to` (without it). */
export function hasSeam({ seams }: Squeezed, from: number, to: number): boolean {
  let [low, high] = [0, seams.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((seams[middle] as number) <= from) low = middle + 1
    else high = middle
  }
  return low < seams.length && (seams[low] as number) < to
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
