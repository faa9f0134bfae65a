import type { TextRange } from '../../../../shared/domain.ts'
import { noOccurrences, type Occurrences, scan } from './automaton.ts'
import type { Compiled } from './compile-rules.ts'
import { originalRange, type View, viewText } from './normalise.ts'
import { classOf, digit, letter, type Squeezed, unitClasses } from './squeeze.ts'

/** The words that were seen in one view of a text. */
export interface Seen {
  readonly view: View
  text(): string
  /** Numbers of the words, each once. */
  readonly words: readonly number[]
  /** Where a word stands, in units of the view and in the order of the text, however it is bounded. */
  placesOf(word: number): TextRange[]
  /** The same in the original, but not where a letter or digit at its end goes on. */
  originalPlacesOf(word: number): TextRange[]
}

/** Numbers by word that are used again for each text: filling a hundred thousand anew costs more than a line of text. */
export type Scratch = Int32Array

export function scratchFor({ lengths }: Compiled): Scratch {
  return new Int32Array(lengths.length).fill(-1)
}

export function seeWords(compiled: Compiled, view: View, scratch: Scratch): Seen {
  const found = noOccurrences()
  scan(compiled.automaton, view.units, 0, view.units.length, found)
  return seenOf(compiled, view, found, scratch)
}

/** In the second view only what something was left out of: all else is in the first one too. */
export function seeSqueezed(compiled: Compiled, view: Squeezed, scratch: Scratch): Seen {
  const found = noOccurrences()
  const { seams, units } = view
  const reach = compiled.longest - 1
  for (let seam = 0; seam < seams.length; ) {
    const from = Math.max(0, (seams[seam] as number) - reach)
    let to = (seams[seam] as number) + reach
    seam += 1
    while (seam < seams.length && (seams[seam] as number) - reach <= to) {
      to = (seams[seam] as number) + reach
      seam += 1
    }
    scan(compiled.automaton, units, from, Math.min(to, units.length), found)
  }
  return seenOf(compiled, view, overSeams(compiled, seams, found), scratch)
}

function overSeams({ lengths }: Compiled, seams: Int32Array, { words, ends, size }: Occurrences): Occurrences {
  let kept = 0
  let seam = 0
  for (let at = 0; at < size; at++) {
    const end = ends[at] as number
    while (seam + 1 < seams.length && (seams[seam + 1] as number) < end) seam += 1
    const last = seams[seam] as number
    if (last >= end || last <= end - (lengths[words[at] as number] as number)) continue
    words[kept] = words[at] as number
    ends[kept] = end
    kept += 1
  }
  return { words, ends, size: kept }
}

/** The occurrences by word: of each the last, and from each the one before of the same word. */
function seenOf({ lengths, bounded }: Compiled, view: View, found: Occurrences, newest: Scratch): Seen {
  const before = new Int32Array(found.size)
  const words: number[] = []
  const lastOf = new Map<number, number>()
  for (let at = 0; at < found.size; at++) {
    const word = found.words[at] as number
    const last = newest[word] as number
    if (last < 0) words.push(word)
    before[at] = last
    newest[word] = at
  }
  for (const word of words) {
    lastOf.set(word, newest[word] as number)
    newest[word] = -1
  }
  let text: string | null = null
  const placesOf = (word: number): TextRange[] => {
    const length = lengths[word] ?? 0
    const places: TextRange[] = []
    for (let at = lastOf.get(word) ?? -1; at >= 0; at = before[at] as number) {
      const end = found.ends[at] as number
      places.push([end - length, end])
    }
    return places.reverse()
  }
  return {
    view,
    text: () => {
      text ??= viewText(view)
      return text
    },
    words,
    placesOf,
    originalPlacesOf: word => {
      const length = lengths[word] ?? 0
      const places: TextRange[] = []
      for (let at = lastOf.get(word) ?? -1; at >= 0; at = before[at] as number) {
        const end = found.ends[at] as number
        if (bounded[word] === 0 || isWhole(view.units, end - length, end)) {
          places.push(originalRange(view, end - length, end))
        }
      }
      return places.reverse()
    },
  }
}

/** A word that begins or ends with a letter or a digit is not part of a longer one: top in stop, 第1 in 第10. */
function isWhole(units: Uint16Array, from: number, to: number): boolean {
  const classes = unitClasses()
  const goesOn = (inside: number, outside: number) => {
    const kind = classOf(classes, units, inside)
    return (kind === letter || kind === digit) && classOf(classes, units, outside) === kind
  }
  return !(from > 0 && goesOn(from, from - 1)) && !(to < units.length && goesOn(to - 1, to))
}
