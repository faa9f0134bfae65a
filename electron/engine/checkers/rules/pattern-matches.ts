import type { TextRange } from '../../../../shared/domain.ts'
import type { Pattern } from './patterns.ts'

/**
 * Where a pattern matches, line by line: no match goes over the end of a line. `needed` are the places of the words of which each match has
 * one, null where none are known: what lies too far from all of them is not read.
 */
export function matchesOf(pattern: Pattern, text: string, needed: readonly TextRange[] | null): TextRange[] {
  const windows = needed === null ? linesOf(text) : windowsAround(needed, pattern.longest, text)
  const found: TextRange[] = []
  for (const [from, to] of windows) {
    const matcher = pattern.engine.matcher(text.slice(from, to))
    while (matcher.find()) {
      const [start, end] = [matcher.start(), matcher.end()]
      if (end > start) found.push([from + start, from + end])
    }
  }
  return found
}

/** Where a match can lie that has one of the needed words and is no longer than `longest`: within its line, at least. */
function windowsAround(needed: readonly TextRange[], longest: number | null, text: string): TextRange[] {
  const windows: [number, number][] = []
  for (const [from, to] of [...needed].sort((a, b) => a[0] - b[0])) {
    const last = windows.at(-1)
    const reach = longest === null ? Number.POSITIVE_INFINITY : Math.max(0, longest - (to - from))
    // A line that is being read already is not looked for again.
    const line =
      last !== undefined && reach === Number.POSITIVE_INFINITY && to <= last[1]
        ? last
        : lineAround(text, from, to, reach)
    if (last !== undefined && line[0] <= last[1]) last[1] = Math.max(last[1], line[1])
    else windows.push([line[0], line[1]])
  }
  return windows
}

function lineAround(text: string, from: number, to: number, reach: number): TextRange {
  let start = from
  while (start > 0 && from - start < reach && text[start - 1] !== '\n') start -= 1
  let end = to
  while (end < text.length && end - to < reach && text[end] !== '\n') end += 1
  return [start, end]
}

function linesOf(text: string): TextRange[] {
  const lines: TextRange[] = []
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    if (to > from) lines.push([from, to])
    from = to + 1
  }
  return lines
}
