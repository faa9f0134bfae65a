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

/** The line (1-based) that an offset lies on. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** Of a text that is too long for a field, what is in it: from an offset up to so much before the end. Both hold while it is typed into. */
export interface Page {
  readonly from: number
  readonly behind: number
}

/** A field with more lines takes longer than a key may. */
const pageLines = 2_000

/** The page that a line is on. Up to the length of two pages everything is one. */
export function pageAround(length: number, starts: readonly number[], line: number): Page {
  if (starts.length <= 2 * pageLines) return { from: 0, behind: 0 }
  const first = Math.floor((Math.min(Math.max(1, line), starts.length) - 1) / pageLines) * pageLines
  const end = starts[first + pageLines]
  // The break before the next page's first line stays outside.
  return { from: starts[first] ?? 0, behind: end === undefined ? 0 : length - end + 1 }
}

/** The whole text with what its page has become. */
export function withPage(text: string, page: Page, inField: string): string {
  return text.slice(0, page.from) + inField + text.slice(Math.max(page.from, text.length - page.behind))
}
