import type { Anchor, Position } from './positions.ts'

/** Collects extracted passages and remembers where each one came from. */
export interface Passages {
  append(text: string, position: Position | null): void
  /** Ends the line unless it is empty, so that neighbours on the page do not grow into one word. */
  breakLine(): void
  finish(): { readonly text: string; readonly anchors: readonly Anchor[] }
}

export function createPassages(): Passages {
  const pieces: string[] = []
  const anchors: Anchor[] = []
  let length = 0
  let endsLine = true
  return {
    append(text, position) {
      if (text === '') return
      if (position !== null) anchors.push({ offset: length, line: position.line, column: position.column })
      pieces.push(text)
      length += text.length
      endsLine = text.endsWith('\n')
    },
    breakLine() {
      if (endsLine) return
      pieces.push('\n')
      length++
      endsLine = true
    },
    finish: () => ({ text: pieces.join(''), anchors }),
  }
}
