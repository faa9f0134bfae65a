import type { TextRange } from '../../../shared/domain.ts'
import type { FoundTone, Passage } from '../../../shared/screening.ts'

/** A place in a text that a platform or a rule named; `isPart`: only as the whole of what one call carried. */
export interface NamedPlace {
  readonly range: TextRange
  readonly tone: FoundTone
  readonly isPart: boolean
  /** 1-based; null when it is not known. */
  readonly line: number | null
  /** What was kept of the text there; null for none. */
  readonly kept: { readonly before: string; readonly matched: string; readonly after: string } | null
}

/** UTF-16 units that are shown before the place in its line, and from the beginning on. */
const unitsBefore = 80
const unitsShown = 480
const marksAtMost = 16

const urgency: readonly FoundTone[] = ['notice', 'evidence', 'review', 'forbidden', 'risky']

/**
 * The text around the worst that was named, from the beginning of its line. `known` is the beginning of the decoded text, as far as it
 * is at hand; null where neither that nor what was kept of the text holds the place.
 */
export function passageOf(places: readonly NamedPlace[], known: string): Passage | null {
  const [worst, ...others] = places.toSorted(
    (a, b) =>
      urgency.indexOf(b.tone) - urgency.indexOf(a.tone) ||
      Number(a.isPart) - Number(b.isPart) ||
      a.range[0] - b.range[0],
  )
  if (worst === undefined) return null
  const around = textAround(worst, known)
  if (around === null) return null
  const [start] = worst.range
  const lineStart = around.text.lastIndexOf('\n', start - around.offset - 1) + 1
  const begin = afterPair(around.text, Math.max(lineStart, start - around.offset - unitsBefore))
  const text = around.text.slice(begin, begin + unitsShown)
  const offset = around.offset + begin
  const marks = [worst, ...others.filter(({ isPart }) => isPart === worst.isPart)].flatMap(({ range, tone }) => {
    const from = Math.max(0, range[0] - offset)
    const to = Math.min(text.length, range[1] - offset)
    return from < to ? [{ range: [from, to] as const, tone }] : []
  })
  return {
    text: text.toWellFormed(),
    isCut: begin === 0 ? around.offset > 0 : begin > lineStart,
    line: worst.line ?? (around.offset === 0 ? around.text.slice(0, start).split('\n').length : null),
    marks: marks.slice(0, marksAtMost),
  }
}

/** A place of a whole part is shown from its beginning; any other one is at hand with all of it. */
function textAround(place: NamedPlace, known: string): { readonly text: string; readonly offset: number } | null {
  const [start, end] = place.range
  if ((place.isPart ? start : end - 1) < known.length) return { text: known, offset: 0 }
  if (place.kept === null || place.kept.matched.length !== end - start) return null
  const { before, matched, after } = place.kept
  return { text: before + matched + after, offset: start - before.length }
}

/** Half a character is none. */
function afterPair(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at
}
