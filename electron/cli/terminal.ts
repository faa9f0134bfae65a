import { stripVTControlCharacters, styleText } from 'node:util'

/** Names and texts are data: nothing in them may move the cursor, colour the screen or reorder a line. */
export function printable(text: string): string {
  // Control characters, and the marks that reverse the direction of a line (Trojan Source).
  return stripVTControlCharacters(text).replace(
    /[\p{Cc}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu,
    '\u{fffd}',
  )
}

/** JSON that is safe to show as well: what could steer a terminal is written as an escape, which reads back as the same text. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u{7f}-\u{9f}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Columns that a terminal needs for a text: Han and full-width characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue
    width +=
      /[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Rows as columns of equal width. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, displayWidth(cell))),
    [],
  )
  return rows
    .map(row =>
      row.map((cell, index) => (index === row.length - 1 ? cell : padEnd(cell, widths[index] ?? 0))).join('  '),
    )
    .join('\n')
}

type Style = Parameters<typeof styleText>[0]

/** Colours only where the stream is a terminal and nobody objects (NO_COLOR). */
export function paint(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return stream.isTTY ? styleText(style, text, { stream }) : text
}

/** A line at the bottom of the terminal that is drawn over itself; nothing where there is no terminal. */
export interface ProgressLine {
  show(text: string): void
  clear(): void
}

export function createProgressLine(stream: NodeJS.WriteStream, quiet: boolean): ProgressLine {
  if (quiet || !stream.isTTY) return { show: () => undefined, clear: () => undefined }
  return {
    show: text => {
      const columns = Math.max(20, stream.columns ?? 80) - 1
      let line = ''
      let width = 0
      for (const character of text) {
        width += displayWidth(character)
        if (width > columns) break
        line += character
      }
      stream.write(`\r\u{1b}[K${line}`)
    },
    clear: () => {
      stream.write('\r\u{1b}[K')
    },
  }
}
