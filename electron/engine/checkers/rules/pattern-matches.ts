import type { TextRange } from '../../../../shared/domain.ts'
import type { Pattern } from './patterns.ts'

/** Where a pattern matches within the windows, each of which lies in a line: no match goes over the end of a line. */
export function matchesOf(pattern: Pattern, text: string, windows: readonly TextRange[]): TextRange[] {
  const engine = pattern.engine()
  const found: TextRange[] = []
  for (const [from, to] of windows) {
    const window = text.slice(from, to)
    // Whether there is a match at all is found out much faster than where.
    if (!engine.test(window)) continue
    const matcher = engine.matcher(window)
    while (matcher.find()) {
      const [start, end] = withoutEdges(window, matcher.start(), matcher.end())
      if (end > start) found.push([from + start, from + end])
    }
  }
  return found
}

/** Stops and blanks, by which a pattern says where a phrase begins or ends: they are no words of it. */
const edge = /[\s,.;:!?、。…~'"“”‘’()[\]{}<>《》「」【】|—-]/

/** A match without the stops at its ends; one that is nothing else stays as it is. */
function withoutEdges(text: string, from: number, to: number): TextRange {
  let start = from
  let end = to
  while (start < end && edge.test(text[start] ?? '')) start += 1
  while (end > start && edge.test(text[end - 1] ?? '')) end -= 1
  return end > start ? [start, end] : [from, to]
}

/**
 * Where a match can lie that has one of the needed words and is no longer than `longest`, or of any length within the line where that is
 * null. They do not overlap: each match of the whole text is in one of them.
 */
export function windowsAround(needed: readonly TextRange[], longest: number | null, text: string): TextRange[] {
  const windows: [number, number][] = []
  for (const [from, to] of [...needed].sort((a, b) => a[0] - b[0])) {
    const last = windows.at(-1)
    // Its line is being read already.
    if (longest === null && last !== undefined && to <= last[1]) continue
    const reach = longest === null ? text.length : Math.max(0, longest - (to - from))
    const start = startOfLine(text, from, Math.max(from - reach, last?.[1] ?? 0))
    const end = endOfLine(text, to, Math.min(to + reach, text.length))
    if (last !== undefined && start <= last[1] && text[last[1]] !== '\n') last[1] = Math.max(last[1], end)
    else windows.push([start, end])
  }
  return windows
}

function startOfLine(text: string, from: number, least: number): number {
  let start = from
  while (start > least && text[start - 1] !== '\n') start -= 1
  return start
}

function endOfLine(text: string, from: number, most: number): number {
  let end = from
  while (end < most && text[end] !== '\n') end += 1
  return end
}

export function linesOf(text: string): TextRange[] {
  const lines: TextRange[] = []
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    if (to > from) lines.push([from, to])
    from = to + 1
  }
  return lines
}
