import type { TextRange } from '../../../shared/domain.ts'
import type { RuleSeverity } from '../../../shared/rules.ts'

/** What of a text is shown on one line of the view; a long line of the file becomes several. */
export interface ShownLine {
  readonly start: number
  readonly end: number
  /** 1-based number of the file's line, on the first of them; null on the others. */
  readonly number: number | null
  /** A line of the view's own, over the place that it names. */
  readonly heading?: string
  readonly headingKey?: string
}

/** Cuts a text into shown lines of at most `width` columns, where a Chinese character takes two. Offsets are UTF-16 units. */
export function linesOf(text: string, width: number): readonly ShownLine[] {
  const lines: ShownLine[] = []
  const limit = Math.max(8, width)
  let start = 0
  let number = 1
  let isFirst = true
  let columns = 0
  const push = (end: number) => {
    lines.push({ start, end, number: isFirst ? number : null })
    isFirst = false
    columns = 0
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10) {
      // The break itself, and a carriage return before it, are not shown.
      push(text.charCodeAt(at - 1) === 13 && at > start ? at - 1 : at)
      start = at + 1
      number += 1
      isFirst = true
      continue
    }
    const wide = code === 9 ? 4 : code > 0x2e7f ? 2 : 1
    // A pair of surrogates is one character and is never cut in two.
    const isSecond = code >= 0xdc00 && code <= 0xdfff
    if (columns + wide > limit && !isSecond) {
      push(at)
      start = at
    }
    columns += isSecond ? 0 : wide
  }
  push(text.length)
  return lines
}

/** The lines with a heading over each that a section begins in; what says nothing of its place has none. */
export function withHeadings(
  lines: readonly ShownLine[],
  headings: readonly { readonly start: number; readonly text: string }[],
): readonly ShownLine[] {
  if (headings.length === 0) return lines
  const shown: ShownLine[] = []
  let next = 0
  for (const [index, line] of lines.entries()) {
    const end = lines[index + 1]?.start ?? Number.POSITIVE_INFINITY
    for (; next < headings.length; next += 1) {
      const heading = headings[next]
      if (heading === undefined || heading.start >= end) break
      if (heading.text !== '')
        shown.push({
          start: line.start,
          end: line.start,
          number: null,
          heading: heading.text,
          headingKey: `section ${next}`,
        })
    }
    shown.push(line)
  }
  return shown
}

export type Mark = FoundMark | RuleMark

/** What a platform said something of. */
interface FoundMark {
  readonly of: 'check'
  readonly range: TextRange
  readonly verdict: 'review' | 'risky' | 'unchecked'
  /** Index among the parts that keys step through; null for the smallest span still flagged within one. */
  readonly part: number | null
}

/** Where a rule applies. */
interface RuleMark {
  readonly of: 'rule'
  readonly range: TextRange
  readonly severity: RuleSeverity
  readonly hit: number
  readonly isFine: boolean
}

export interface Segment {
  readonly text: string
  readonly mark: Mark | null
}

/** A line in segments, each wholly inside or outside of a mark; where marks overlap the later one is shown. */
export function segmentsOf(text: string, line: ShownLine, marks: readonly Mark[]): readonly Segment[] {
  const own = marks.filter(mark => mark.range[0] < line.end && mark.range[1] > line.start)
  if (own.length === 0) return [{ text: text.slice(line.start, line.end), mark: null }]
  const cuts = new Set([line.start, line.end])
  for (const mark of own) {
    cuts.add(Math.max(line.start, mark.range[0]))
    cuts.add(Math.min(line.end, mark.range[1]))
  }
  const ordered = [...cuts].sort((a, b) => a - b)
  return ordered.slice(0, -1).map((from, at) => {
    const to = ordered[at + 1] ?? line.end
    return {
      text: text.slice(from, to),
      mark: own.findLast(mark => mark.range[0] <= from && mark.range[1] >= to) ?? null,
    }
  })
}

/** Index of the shown line that an offset lies in. */
export function lineAt(lines: readonly ShownLine[], offset: number): number {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines[middle]?.start ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
