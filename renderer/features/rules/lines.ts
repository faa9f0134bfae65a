/** Offsets at which the lines of a text begin; the first is 0. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** What stands on a line (1-based), without its break. */
export function lineOf(text: string, starts: readonly number[], line: number): string {
  const start = starts[line - 1]
  if (start === undefined) return ''
  const end = starts[line] === undefined ? text.length : starts[line] - 1
  return text.slice(start, text[end - 1] === '\r' ? end - 1 : end)
}

/** First line (1-based) on which two texts differ; null where they are the same. */
export function firstDifference(one: string, other: string): number | null {
  if (one === other) return null
  let line = 1
  for (let at = 0; ; at += 1) {
    if (one[at] !== other[at]) return line
    if (one[at] === '\n') line += 1
  }
}

/** The white space that a new line begins with, so that it stands under the one before; behind `- ` or a colon it goes in further. */
export function indentAfter(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  const [, space = '', dash = ''] = /^( *)(- )?/.exec(line) ?? []
  return `${space}${' '.repeat(dash.length)}${/:\s*$/.test(line) ? '  ' : ''}`
}
