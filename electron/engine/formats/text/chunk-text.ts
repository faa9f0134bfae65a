import type { TextPart } from '../../../../shared/domain.ts'
import type { TextLimit } from '../../../../shared/limits.ts'
import { type Anchor, createPositions } from './positions.ts'

/** A phrase of up to this many UTF-16 units that a cut goes through is whole in one of the two chunks. */
export const overlapUnits = 64

/**
 * Cuts a text into chunks within `limit`: at a sentence end where one is near, else between graphemes.
 * Ranges are UTF-16 units of `text`; lone surrogates are replaced (they cannot be sent), nothing else is touched.
 * Chunks without anything visible are left out. `anchors` say where extracted text stood in its file.
 */
export function chunkText(
  text: string,
  limit: TextLimit,
  overlap: number = overlapUnits,
  anchors: readonly Anchor[] | null = null,
): TextPart[] {
  // A chunk must hold the overlap, as much again to make progress, and the look-back for a cut.
  if (limit.max < overlap * (limit.unit === 'utf8' ? 3 : 1) * 2 + 16) {
    throw new RangeError(`A limit of ${limit.max} is too small for an overlap of ${overlap}.`)
  }
  const whole = text.toWellFormed()
  const ranges: { start: number; end: number }[] = []
  let start = 0
  while (start < whole.length) {
    const furthest = furthestEnd(whole, start, limit)
    const end = furthest === whole.length ? furthest : cutBefore(whole, start, furthest, overlap)
    if (hasVisible(whole.slice(start, end))) ranges.push({ start, end })
    if (end === whole.length) break
    start = nextStart(whole, start, end, overlap)
  }
  const positionAt = createPositions(whole, anchors)
  return ranges.map((range, index) => {
    const { line, column } = positionAt(range.start)
    return {
      kind: 'text',
      name: ranges.length === 1 ? 'whole' : `chunk ${index + 1}/${ranges.length}`,
      rect: null,
      frame: null,
      range: [range.start, range.end],
      line,
      column,
      text: whole.slice(range.start, range.end),
    }
  })
}

/** The largest end that keeps the chunk within the limit and does not split a surrogate pair. */
function furthestEnd(text: string, start: number, limit: TextLimit): number {
  if (limit.unit === 'utf16') {
    const end = Math.min(text.length, start + limit.max)
    return splitsPair(text, end) ? end - 1 : end
  }
  let bytes = 0
  let end = start
  while (end < text.length) {
    const unit = text.charCodeAt(end)
    const isPair = unit >= 0xd800 && unit < 0xdc00
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : isPair ? 4 : 3
    if (bytes > limit.max) break
    end += isPair ? 2 : 1
  }
  return end
}

/** How far back from the limit a sentence end is worth looking for; a call costs more than a perfect cut. */
const lookBackUnits = 512
const sentenceEnd = /[。！？!?；;…\n][”’」』）)】》"']*/gu
const sentences = new Intl.Segmenter('zh', { granularity: 'sentence' })
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

function cutBefore(text: string, start: number, furthest: number, overlap: number): number {
  // The next chunk begins `overlap` before the cut and must begin after this one.
  const least = start + overlap + Math.ceil((furthest - start - overlap) / 2)
  const from = Math.max(least, furthest - lookBackUnits)
  const tail = text.slice(from, furthest)
  const ends: number[] = []
  for (const match of tail.matchAll(sentenceEnd)) ends.push(from + match.index + match[0].length)
  for (const segment of sentences.segment(tail)) if (segment.index > 0) ends.push(from + segment.index)
  for (const end of ends.toSorted((a, b) => b - a)) {
    if (graphemeStart(text, start, end) === end) return end
  }
  const end = graphemeStart(text, start, furthest)
  // A grapheme longer than half a chunk is no character of any script: it is cut between code points.
  return end >= least ? end : furthest
}

function nextStart(text: string, start: number, end: number, overlap: number): number {
  const wanted = end - overlap
  const next = graphemeStart(text, start, wanted)
  if (next > start) return next
  return splitsPair(text, wanted) ? wanted - 1 : wanted
}

/** The last grapheme boundary at or before `index`; `floor` is known to be one. */
function graphemeStart(text: string, floor: number, index: number): number {
  if (index >= text.length) return text.length
  // Between two plain characters there is always a boundary (UAX #29, GB999), so segmenting may begin there.
  let base = index
  while (base > floor && !(isPlain(text.charCodeAt(base)) && isPlain(text.charCodeAt(base - 1)))) base--
  if (base === index) return index
  const segment = graphemes.segment(text.slice(base, index + graphemeReach)).containing(index - base)
  return base + (segment?.index ?? 0)
}

/** Enough context after an index to know whether a boundary is there. */
const graphemeReach = 8

/** ASCII, Han and full-width punctuation: never joined to a neighbour of the same kind. */
function isPlain(unit: number): boolean {
  return (
    (unit >= 0x20 && unit < 0x7f) ||
    unit === 0x0a ||
    (unit >= 0x4e00 && unit < 0xa000) ||
    (unit >= 0x3001 && unit <= 0x3029) ||
    (unit >= 0xff01 && unit <= 0xff5e)
  )
}

function splitsPair(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1)
  const after = text.charCodeAt(index)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000
}

/** Whether anything of a text can be seen: white space, controls, joiners, fillers and other marks of no width cannot. */
export function hasVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/u.test(text)
}
