import { type Cell, isoTime } from './cells.ts'
import type { ReportColumn } from './columns.ts'

/** RFC 4180 with a BOM, so that Excel reads Chinese as what it is. */
export const csvHead = (columns: readonly ReportColumn[]): string =>
  `\u{feff}${csvLine(columns.map(column => column.name))}`

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cell => quoted(harmless(textOf(cell)))).join(',')}\r\n`
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe instead (OWASP, CSV injection). */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function textOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return cell instanceof Date ? (isoTime(cell.getTime()) ?? '') : String(cell)
}
