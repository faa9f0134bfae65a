import type { View } from './normalise.ts'

/** What a unit is for the second view and for the ends of words. */
export const han = 1
export const letter = 2
export const digit = 4
const blank = 8
const symbol = 16
/** Ends a sentence or a line, or parts what is listed: nobody reads on over it. */
const stop = 32

/**
 * The view without what was inserted to disguise words: symbols and blanks between two Han characters, and blanks beside one (第 1). Stops,
 * commas and the ends of lines stay. Null where there is nothing of that kind. `seams` are where something was left out: before the units
 * at these places.
 */
export function squeeze({ units, starts, lengths }: View): (View & { readonly seams: Int32Array }) | null {
  const classes = unitClasses()
  const kept = new Uint8Array(units.length).fill(1)
  let dropped = 0
  for (let at = 0; at < units.length; ) {
    if (!isInsertable(classOf(classes, units, at))) {
      at += 1
      continue
    }
    let end = at
    while (end < units.length && isInsertable(classOf(classes, units, end))) end += 1
    const before = at === 0 ? stop : classOf(classes, units, at - 1)
    const after = end === units.length ? stop : classOf(classes, units, end)
    if (isWritten(before) && isWritten(after) && (before === han || after === han)) {
      const all = before === han && after === han
      for (let k = at; k < end; k++) {
        if (!all && classOf(classes, units, k) !== blank) continue
        kept[k] = 0
        dropped += 1
      }
    }
    at = end
  }
  return dropped === 0 ? null : without({ units, starts, lengths }, kept, dropped)
}

function without({ units, starts, lengths }: View, kept: Uint8Array, dropped: number) {
  const size = units.length - dropped
  const rest = { units: new Uint16Array(size), starts: new Int32Array(size), lengths: new Uint8Array(size) }
  const seams: number[] = []
  let to = 0
  for (let at = 0; at < units.length; at++) {
    if (kept[at] === 0) {
      if (seams.at(-1) !== to) seams.push(to)
      continue
    }
    rest.units[to] = units[at] ?? 0
    rest.starts[to] = starts[at] ?? 0
    rest.lengths[to] = lengths[at] ?? 0
    to += 1
  }
  return { ...rest, seams: Int32Array.from(seams) }
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
