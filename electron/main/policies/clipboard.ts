import type { AssetPlace } from '../../engine/app/api.ts'
import { escaped } from '../../engine/reports/html-text.ts'

/** What goes to the clipboard at once; programs take the kind that they know. */
export interface ClipboardContent {
  readonly text?: string
  readonly html?: string
  readonly png?: Uint8Array
}

/** More lines than anybody pastes by hand; a report is for more. */
export const mostLines = 10_000
/** In UTF-16 units: clipboard managers keep what they get. */
const mostText = 1_000_000
/** A table of the same costs some three times as much. */
const mostForTable = 200_000

/** One line each, as many as fit; a name with line breaks must not look like several. */
export function linesContent(lines: readonly string[]): { readonly text: string; readonly count: number } {
  const kept: string[] = []
  let length = 0
  for (const line of lines.slice(0, mostLines)) {
    const plain = oneLine(line)
    length += plain.length + 1
    if (length > mostText) break
    kept.push(plain)
  }
  return { text: kept.join('\n'), count: kept.length }
}

/** The last part of its path in the batch: of a row the table's name and the number. */
export const nameOf = ({ path }: AssetPlace): string => path.slice(path.lastIndexOf('/') + 1)
export const placeOf = ({ path, place }: AssetPlace): string => place ?? path

/** The picture for programs that take one, and its path for those that take words. */
export function pictureContent(png: Uint8Array, place: string | null): ClipboardContent {
  return place === null ? { png } : { png, text: oneLine(place) }
}

/** Plain text, and the same as a table for letters and documents. */
export function evidenceContent(evidence: string): ClipboardContent {
  const text = evidence.slice(0, mostText)
  return evidence.length > mostForTable ? { text } : { text, html: evidenceTable(evidence) }
}

/** `name: value` a row, a blank line between two checks. Everything is data; nothing of it is markup. */
function evidenceTable(evidence: string): string {
  const rows = evidence
    .trimEnd()
    .split('\n')
    .map(line => {
      const [, name, value] = /^([a-z0-9_ ]+): ?(.*)$/s.exec(line) ?? []
      if (line === '') return '<tr><td colspan="2">&#160;</td></tr>'
      return name === undefined || value === undefined
        ? `<tr><td colspan="2">${escaped(line)}</td></tr>`
        : `<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>`
    })
  return `<meta charset="utf-8"><table>${rows.join('')}</table>`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
