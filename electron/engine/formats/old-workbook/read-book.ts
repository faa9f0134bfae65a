import { hash } from 'node:crypto'
import { CFB, read, set_cptable, utils, type WorkSheet } from '@e965/xlsx'
import * as codepages from '@e965/xlsx/dist/cpexcel.full.mjs'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { SheetContent, WorkbookContent } from '../documents/messages.ts'
import type { MediaFile } from '../office/package-media.ts'
import { isPicture } from '../office/package-media.ts'
import type { TableRow } from '../tables/table-row.ts'
import { type BesideCells, createBesideCells } from '../workbook/beside-cells.ts'
import { showNumber, showText } from '../workbook/number-format.ts'
import { readBookFacts, readSheetRecords } from './records.ts'

// Before 1997 words were written in the code page of a country.
set_cptable(codepages)

/** Letters in all cells together that are handed over. */
const maxUnits = 50_000_000

/** A workbook of Excel 97 or before, or of WPS, as its sheets show it. */
export function readBook(bytes: Uint8Array): WorkbookContent | Failure {
  const container = CFB.read(Buffer.from(bytes), { type: 'buffer' })
  const stream = streamOf(bytes)
  if (stream === null) return inputFailure('damaged_document', [remark('missing_main_part')])
  const book = createBesideCells(null)
  const facts = readBookFacts(stream, book)
  if (facts.isEncrypted) return inputFailure('unsupported_type', [remark('encrypted_document')])
  countStreams(container.FullPaths, book)
  const cells = read(Buffer.from(bytes), {
    type: 'buffer',
    cellNF: true,
    cellText: false,
    cellHTML: false,
    dense: true,
    codepage: 936,
  })
  const is1904 = cells.Workbook?.WBProps?.date1904 === true
  let left = maxUnits
  const sheets = facts.sheets.flatMap((sheet, index): readonly SheetContent[] => {
    if (sheet.kind === programs) return []
    const beside = createBesideCells(sheet.name)
    readSheetRecords(stream, sheet, facts.version, beside)
    const own = cells.Sheets[cells.SheetNames[index] ?? '']
    const rows = own === undefined || sheet.kind !== 0 ? [] : rowsOf(own, is1904)
    if (sheet.kind !== 0 && sheet.kind !== chart) beside.addOmitted('unknown_part')
    for (const { cells: all } of rows) for (const cell of all) left -= cell?.length ?? 0
    const merged = (own?.['!merges'] ?? []).map(each => utils.encode_range(each))
    return [{ name: sheet.name, isChart: sheet.kind !== 0, rows, merged, ...contentOf(beside) }]
  })
  if (sheets.length === 0) return inputFailure('damaged_document', [remark('missing_sheets')])
  if (left < 0) return inputFailure('too_large', [remark('unpacked_limit', { limit: maxUnits })])
  const files = facts.pictures.map(each => (each !== null && isPicture(each) ? fileOf(each) : null))
  return { kind: 'workbook', sheets, book: contentOf(book), files }
}

/** A picture of it by its number, from 1. */
export function loadFromBook(bytes: Uint8Array, handle: string): Uint8Array | Failure {
  const stream = streamOf(bytes)
  const picture = stream === null ? null : readBookFacts(stream, createBesideCells(null)).pictures[Number(handle) - 1]
  return picture ?? inputFailure('damaged_document', [remark('damaged_part', { name: handle })])
}

const [chart, programs] = [2, 6]

function streamOf(bytes: Uint8Array): Uint8Array | null {
  const container = CFB.read(Buffer.from(bytes), { type: 'buffer' })
  const stream = CFB.find(container, '/Workbook') ?? CFB.find(container, '/Book')
  return stream?.content === undefined ? null : Uint8Array.from(stream.content as ArrayLike<number>)
}

/** What is in the file beside its workbook: objects, which are seen, and what nobody sees. */
function countStreams(paths: readonly string[], book: BesideCells): void {
  const names = new Set(paths.flatMap(path => path.split('/')[1] || []))
  for (const name of names) {
    if (/^(?:MBD|LNK)[\dA-F]/.test(name) || name === 'Ctls') book.addOmitted('embedded_object')
    else if (!silentStreams.has(name)) book.addOmitted('unknown_part')
  }
}

/** The workbook, who wrote it, macros, caches of pivot tables, revisions, data that are bound to nothing, and the library's own. */
const silentStreams = new Set([
  'Workbook',
  'Book',
  '\u0005SummaryInformation',
  '\u0005DocumentSummaryInformation',
  '\u0001CompObj',
  '\u0001Ole',
  '\u0001Sh33tJ5',
  '_VBA_PROJECT_CUR',
  '_SX_DB_CUR',
  'Revision Log',
  'User Names',
  'MsoDataStore',
  '_xmlsignatures',
  '_signatures',
])

function contentOf(beside: BesideCells): Pick<SheetContent, 'words' | 'omitted' | 'media'> {
  return { words: beside.text(), omitted: beside.omitted(), media: beside.media() }
}

const fileOf = (bytes: Uint8Array): MediaFile => ({ kind: 'picture', sha256: hash('sha256', bytes) })

/** WPS keeps pictures in cells as formulae. */
const pictureFormula = /^=?\s*(?:_xlfn\.)?(?:DISPIMG|IMAGE)\s*\(/i

function rowsOf(sheet: WorkSheet, is1904: boolean): readonly TableRow[] {
  const rows: TableRow[] = []
  for (const [at, row] of (sheet['!data'] ?? []).entries()) {
    const cells: (string | undefined)[] = []
    const valueless = new Set<number>()
    const pictures = new Set<number>()
    for (const [column, cell] of (row ?? []).entries()) {
      if (cell === undefined || cell === null) continue
      const { t: type, v: value, f: formula = '', z } = cell
      const code = typeof z === 'string' ? z : ''
      if (pictureFormula.test(formula) || (typeof value === 'string' && pictureFormula.test(value)))
        pictures.add(column)
      else if (type === 'e' || (value === undefined && formula !== '')) valueless.add(column)
      else if (typeof value === 'number') cells[column] = showNumber(value, code, is1904)
      else if (typeof value === 'string') cells[column] = showText(value, code)
      else if (typeof value === 'boolean') cells[column] = value ? 'TRUE' : 'FALSE'
    }
    if (cells.length === 0 && valueless.size === 0 && pictures.size === 0) continue
    rows.push({
      row: at + 1,
      cells: Array.from(cells),
      ...(valueless.size > 0 && { valueless }),
      ...(pictures.size > 0 && { pictures }),
    })
  }
  return rows
}
