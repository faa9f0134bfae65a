/** 1-based; columns are UTF-16 units, so that an editor's "go to" finds them. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** From `offset` of an extracted text on, the characters stood at this place of the decoded file. */
export interface Anchor extends Position {
  readonly offset: number
}

const lf = 0x0a
const cr = 0x0d
const lineEnd = /\r\n|\r|\n/gu

/**
 * A function from offsets of `text` to positions, for offsets that never decrease; each character is looked at once.
 * With anchors the position is that in the file the text was extracted from, to the character where nothing was decoded in between.
 */
export function createPositions(text: string, anchors: readonly Anchor[] | null): (offset: number) => Position {
  let from = 0
  let line = 1
  let column = 1
  let nextAnchor = 0

  function advance(to: number) {
    for (let index = from; index < to; index++) {
      const unit = text.charCodeAt(index)
      if (unit === lf || (unit === cr && text.charCodeAt(index + 1) !== lf)) {
        line++
        column = 1
        from = index + 1
      }
    }
    column += to - from
    from = to
  }

  return offset => {
    for (let anchor = anchors?.[nextAnchor]; anchor && anchor.offset <= offset; anchor = anchors?.[++nextAnchor]) {
      from = anchor.offset
      line = anchor.line
      column = anchor.column
    }
    advance(offset)
    return { line, column }
  }
}

/** The positions of many offsets of one text, by binary search over its line starts. */
export function createLineIndex(text: string): (offset: number) => Position {
  const starts = [0]
  for (const match of text.matchAll(lineEnd)) starts.push(match.index + match[0].length)
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
