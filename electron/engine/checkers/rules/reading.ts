import type { TextRange } from '../../../../shared/domain.ts'
import { type Claims, claimsOf } from './claims.ts'
import type { Compiled, Probe } from './compile-rules.ts'
import { normalise, originalRange, type View } from './normalise.ts'
import { linesOf, matchesOf, windowsAround } from './pattern-matches.ts'
import { type Ranges, rangesOf } from './ranges.ts'
import { type Scratch, type Seen, seeSqueezed, seeWords } from './seen.ts'
import { type Sentences, sentencesOf } from './sentences.ts'
import { hasSeam, type Squeezed, squeeze, squeezedPlace } from './squeeze.ts'

/** A text while rules are tried on it: what is looked for twice is found once. */
export interface Reading {
  readonly first: Seen
  readonly second: Seen | null
  /** Where a word or a pattern stands in the original. */
  placesOf(probe: Probe, sight: Sight): Ranges
  /** Where words stand that only sound like those of a rule, by the rule's number. */
  readonly sounding: ReadonlyMap<number, readonly TextRange[]>
  sentences(): Sentences
  claims(): Claims
}

/** `plain`: only as it is written; `squeezed`: also through inserted symbols. */
export type Sight = 'plain' | 'squeezed'

export function readingOf(compiled: Compiled, text: string, scratch: Scratch): Reading {
  const view = normalise(text)
  const squeezed = squeeze(view, compiled.spelling)
  const first = seeWords(compiled, view, scratch)
  const second = squeezed === null ? null : { view: squeezed, seen: seeSqueezed(compiled, squeezed, scratch) }
  const known = { plain: new Map<Probe, Ranges>(), squeezed: new Map<Probe, Ranges>() }
  const needed = {
    first: neededWords(compiled, first),
    second: second === null ? null : neededWords(compiled, second.seen),
  }
  let sentences: Sentences | null = null
  let claims: Claims | null = null
  return {
    first,
    second: second?.seen ?? null,
    placesOf: (probe, sight) => {
      const before = known[sight].get(probe)
      if (before !== undefined) return before
      const places =
        probe < 0
          ? patternPlaces(compiled, -1 - probe, first, sight === 'plain' ? null : second, needed)
          : wordPlaces(compiled, probe, first, sight === 'plain' ? null : second, sight)
      const ranges = rangesOf(places)
      known[sight].set(probe, ranges)
      return ranges
    },
    sounding: compiled.homophones?.placesIn(squeezed ?? view) ?? new Map(),
    sentences: () => {
      sentences ??= sentencesOf(view)
      return sentences
    },
    claims: () => {
      claims ??= claimsOf(view, first.text())
      return claims
    },
  }
}

interface Second {
  readonly view: Squeezed
  readonly seen: Seen
}

function wordPlaces(
  { squeezed }: Compiled,
  word: number,
  first: Seen,
  second: Second | null,
  sight: Sight,
): TextRange[] {
  const places = first.originalPlacesOf(word)
  const form = squeezed[word] as number
  if (sight === 'plain' || form < 0) return places
  if (form !== word) for (const place of first.originalPlacesOf(form)) places.push(place)
  if (second !== null) for (const place of second.seen.originalPlacesOf(form)) places.push(place)
  return places
}

function inOriginal(view: View, places: readonly TextRange[]): TextRange[] {
  return places.map(([from, to]) => originalRange(view, from, to))
}

/** The words that were seen of those that each pattern needs: most patterns need dozens, and few are there. */
type NeededWords = ReadonlyMap<number, readonly number[]>

function neededWords({ neededBy }: Compiled, { words }: Seen): NeededWords {
  const needed = new Map<number, number[]>()
  for (const word of words) {
    for (const pattern of neededBy[word] ?? []) {
      const list = needed.get(pattern)
      if (list === undefined) needed.set(pattern, [word])
      else list.push(word)
    }
  }
  return needed
}

function patternPlaces(
  { patterns }: Compiled,
  number: number,
  first: Seen,
  second: Second | null,
  words: { readonly first: NeededWords; readonly second: NeededWords | null },
): TextRange[] {
  const pattern = patterns[number]
  if (pattern === undefined) return []
  const { needs, longest } = pattern
  const placesOf = (seen: Seen, among: NeededWords | null) =>
    (among?.get(number) ?? []).flatMap(word => seen.placesOf(word))
  const needed = needs === null ? null : placesOf(first, words.first)
  const windows = needed === null ? linesOf(first.text()) : windowsAround(needed, longest, first.text())
  const places = inOriginal(first.view, matchesOf(pattern, first.text(), windows))
  if (second === null) return places
  const { view, seen } = second
  // What is needed may be whole, and something else of the match not.
  const moved = needed?.map(([from, to]): TextRange => [squeezedPlace(view, from), squeezedPlace(view, to - 1) + 1])
  const neededThere = moved === undefined ? null : [...moved, ...placesOf(seen, words.second)]
  const text = seen.text()
  const around = neededThere === null ? linesOf(text) : windowsAround(neededThere, longest, text)
  const over = ([from, to]: TextRange) => hasSeam(view, from, to)
  return places.concat(inOriginal(view, matchesOf(pattern, text, around.filter(over)).filter(over)))
}
