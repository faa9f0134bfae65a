import { windowsAround } from './passages.ts'

/** A part of a text that reads otherwise: from `start` to before `end` it says `text`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Both, in order; where two meet, the earlier one and of two that begin together the first list's. */
export function mergeEdits(first: readonly Edit[], second: readonly Edit[]): readonly Edit[] {
  const all = [...first, ...second].sort((a, b) => a.start - b.start)
  const merged: Edit[] = []
  let end = 0
  for (const edit of all) {
    if (edit.start < end) continue
    merged.push(edit)
    end = edit.end
  }
  return merged
}

export interface Reading {
  readonly text: string
  /** Where in the text it was read from. */
  readonly offset: number
}

/** What a text says with its edits made: only the passages around them, each within its line. `edits` are in order and do not meet. */
export function readEdited(text: string, edits: readonly Edit[]): readonly Reading[] {
  const readings: Reading[] = []
  let next = 0
  for (const window of windowsAround(edits, text.length)) {
    const first = edits[next]
    if (first === undefined) break
    let { start } = window
    const lineStart = text.slice(start, first.start).lastIndexOf('\n')
    if (lineStart >= 0) start += lineStart + 1
    const pieces: string[] = []
    let at = start
    for (let edit = edits[next]; edit !== undefined && edit.start < window.end; edit = edits[++next]) {
      pieces.push(text.slice(at, edit.start), edit.text)
      at = edit.end
    }
    const rest = text.slice(at, Math.max(at, window.end))
    const lineEnd = rest.indexOf('\n')
    pieces.push(lineEnd < 0 ? rest : rest.slice(0, lineEnd))
    const read = pieces.join('').toWellFormed().trim()
    if (read !== '') readings.push({ text: read, offset: start })
  }
  return readings
}
