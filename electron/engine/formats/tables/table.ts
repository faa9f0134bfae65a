import type { Failure } from '../../../../shared/conclusion.ts'
import type { EncodingSaid } from '../../../../shared/encodings.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { allTextColumns, type PlannedTable, type TableColumn } from '../../../../shared/screening.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { Piece } from '../documents/document.ts'
import { lookAtRows } from './guess-columns.ts'
import { headerWords, letterOf, type TableRow } from './table-row.ts'

/** Which columns of a table hold assets: a header or a letter, as the user wrote it. */
export interface ColumnChoice {
  /** `allTextColumns` for all but the other one. */
  readonly textColumn: string | null
  readonly urlColumn: string | null
  readonly moreTextColumns?: readonly string[]
}

/** The same for all tables of a file: what was chosen for one comes before what goes for all, and that before what is likely. */
export interface TableRequest extends ColumnChoice {
  /** By sheet; without any column the table is not checked. */
  readonly chosen?: readonly (ColumnChoice & { readonly sheet: string | null })[]
  readonly isGuessed?: boolean
  /** Told what the first rows show, and again with the number of rows when all were read. */
  readonly onTable?: (table: SeenTable) => void
}

/** A table that was met, and by which of its columns it is read. */
export type SeenTable = Omit<PlannedTable, 'path' | 'file'>

/** Whether any table of the file may have a column that is read. */
export const mayHaveColumns = ({ textColumn, urlColumn, chosen = [], isGuessed = false }: TableRequest): boolean =>
  textColumn !== null ||
  urlColumn !== null ||
  isGuessed ||
  chosen.some(each => each.textColumn !== null || each.urlColumn !== null)

/** What is in a row, or on a sheet beside the rows, besides words. */
export interface HeldPieces {
  /** Name of the `DocumentFormat` that loads them. */
  readonly format: string
  /** Of the table's file, hexadecimal. */
  readonly sha256: string
  readonly pieces: readonly Piece[]
}

/** What a table or a list yields: what is to be an asset, what a sheet shows beside its cells, or a reason for which rows are missing. */
export type Cell =
  | {
      readonly kind: 'cell'
      readonly holds: 'text' | 'url'
      /** Null for a delimited file and for a workbook with one sheet. */
      readonly sheet: string | null
      /** From 1, with the header, as a spreadsheet shows it. */
      readonly row: number
      /** The header's words, or the letter where it has none. */
      readonly column: string
      /** Another column of the table is read too. */
      readonly isPaired?: true
      readonly encoding: EncodingSaid | null
      readonly value: string
      /** The workbook has a cell here, but not what it shows: a formula without a stored result, or an error such as `#N/A`. */
      readonly isValueless: boolean
      readonly omitted: readonly Remark[]
      readonly notes: readonly Remark[]
      readonly held?: HeldPieces | undefined
    }
  | {
      readonly kind: 'beside'
      /** Null for what belongs to the workbook and to no sheet. */
      readonly sheet: string | null
      readonly text: string
      readonly omitted: readonly Remark[]
      readonly held?: HeldPieces | undefined
    }
  /** The table is not to be checked. */
  | { readonly kind: 'unwanted'; readonly sheet: string | null }
  /** A line of a list of addresses. */
  | { readonly kind: 'address'; readonly line: number; readonly value: string }
  | { readonly kind: 'problem'; readonly sheet: string | null; readonly failure: Failure }

/** The reading of a cell, of whatever kind of table. */
export const cellReading = ['table', 3] as const

/** A block of cells that is shown as its first one; rows from 1, columns from 0. */
export interface MergedCells {
  readonly firstRow: number
  readonly lastRow: number
  readonly firstColumn: number
  readonly lastColumn: number
}

export interface Table {
  readonly rows: AsyncIterable<TableRow> | Iterable<TableRow>
  readonly sheet: string | null
  readonly encoding: EncodingSaid | null
  /** The delimiter of a delimited file, where unquoted cells can tear a row; null where every cell has a place of its own. */
  readonly delimiter: string | null
  /** How many columns a sheet has, whatever its first row has; 0 for a delimited file. */
  readonly columns: number
  mergedAt(row: number, column: number): MergedCells | null
}

/** Titles and remarks that stand above a header are a few rows. */
const rowsAboveHeader = 20

/** The cells of the columns that are asked for. What the table shows is told whether any are read or not. */
export async function* chooseCells(table: Table, request: TableRequest): AsyncGenerator<Cell> {
  const { onTable } = request
  const own = request.chosen?.find(each => each.sheet === table.sheet)
  const isForAll = request.textColumn !== null || request.urlColumn !== null
  const isGuessed = own === undefined && !isForAll && request.isGuessed === true
  if (onTable === undefined && !isGuessed && (own ?? request).textColumn !== allTextColumns) {
    if (own !== undefined && !hasColumn(own)) yield { kind: 'unwanted', sheet: table.sheet }
    else yield* cellsOf(table, own ?? request)
    return
  }
  const rows = await peek(table.rows, rowsAboveHeader)
  if (rows.first.length === 0) {
    yield* cellsOf({ ...table, rows: rows.all }, own ?? request)
    return
  }
  const { columns, text, url, hasHeader } = lookAtRows(rows.first)
  const choice = isGuessed ? { textColumn: text, urlColumn: url } : spelledOut(own ?? request, columns)
  const { textColumn, urlColumn, moreTextColumns = [] } = choice
  const isWanted = own === undefined || hasColumn(own)
  const seen = { sheet: table.sheet, columns, textColumn, urlColumn, moreTextColumns, isWanted }
  onTable?.({ ...seen, rows: null })
  let count = 0
  const counted = async function* () {
    for await (const row of rows.all) {
      if (!isBlank(row)) count += 1
      yield row
    }
  }
  const all = counted()
  // Who reads the cells may stop at the header; all rows are counted nevertheless.
  const shared = async function* () {
    for (let next = await all.next(); next.done !== true; next = await all.next()) yield next.value
  }
  try {
    if (isWanted) yield* cellsOf({ ...table, rows: shared() }, choice)
    else yield { kind: 'unwanted', sheet: table.sheet }
    if (onTable === undefined) return
    for await (const _ of all);
    onTable({ ...seen, rows: hasHeader ? count - 1 : count })
  } finally {
    await all.return(undefined)
  }
}

/** All columns by their names, where all are asked for. */
function spelledOut(choice: ColumnChoice, columns: readonly TableColumn[]): ColumnChoice {
  const { textColumn, urlColumn } = choice
  if (textColumn !== allTextColumns) return choice
  const isPictures = ({ key, letter }: TableColumn) => [key, letter].some(each => isSame(each, urlColumn ?? ''))
  const [first = null, ...more] = columns.filter(column => !isPictures(column)).map(({ key }) => key)
  return { textColumn: first, urlColumn, moreTextColumns: more }
}

const isSame = (name: string, wanted: string): boolean => name.trim().toLowerCase() === wanted.trim().toLowerCase()

/** Whether somebody said that this table is not to be checked. */
export function isUnwanted(sheet: string | null, { chosen = [] }: TableRequest): boolean {
  const own = chosen.find(each => each.sheet === sheet)
  return own !== undefined && !hasColumn(own)
}

const hasColumn = ({ textColumn, urlColumn }: ColumnChoice): boolean => textColumn !== null || urlColumn !== null

/** The first rows that are not blank, and all rows again from the beginning; what reading throws is thrown there. */
async function peek(
  rows: Table['rows'],
  most: number,
): Promise<{ readonly first: readonly TableRow[]; readonly all: AsyncGenerator<TableRow> }> {
  const iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]()
  const read: TableRow[] = []
  const first: TableRow[] = []
  let broken: { readonly error: unknown } | null = null
  try {
    while (first.length < most) {
      const next = await iterator.next()
      if (next.done === true) break
      read.push(next.value)
      if (!isBlank(next.value)) first.push(next.value)
    }
  } catch (error) {
    broken = { error }
  }
  async function* all(): AsyncGenerator<TableRow> {
    try {
      yield* read
      if (broken !== null) throw broken.error
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { first, all: all() }
}

/** The cells of the chosen columns. Rows above the header are assets of their own, since somebody who opens the table reads them too. */
async function* cellsOf(table: Table, choice: ColumnChoice): AsyncGenerator<Cell> {
  const above: TableRow[] = []
  const body = createBody(table)
  let header: Header | null = null
  let failure: Failure | null = null
  try {
    for await (const row of table.rows) {
      if (isBlank(row)) continue
      if (header !== null) {
        yield* body.read(row, header)
        continue
      }
      const met = findHeader(row, choice, table)
      if ('kind' in met) {
        // The first row's failure lists the columns as a person would look for them.
        if (failure === null || met.code === 'column_ambiguous') failure = met
        above.push(row)
        if (met.code !== 'column_unknown' || above.length === rowsAboveHeader) break
        continue
      }
      header = met
      for (const each of above.splice(0)) yield wholeRow(each, table)
      if (!header.isNamed) yield* body.read(row, header)
    }
  } catch (error) {
    // What was read stands, also of a table that cannot be read further.
    if (header !== null) yield* body.rest(header)
    throw error
  }
  if (header !== null) yield* body.rest(header)
  else if (failure !== null) yield { kind: 'problem', sheet: table.sheet, failure }
}

function wholeRow(row: TableRow, { sheet, encoding, delimiter }: Table): Cell {
  const first = row.cells.findIndex(cell => cell !== undefined && cell.trim() !== '')
  const value = row.cells.filter(cell => cell !== undefined && cell.trim() !== '').join(delimiter ?? '\n')
  return {
    kind: 'cell',
    holds: 'text',
    sheet,
    row: row.row,
    column: letterOf(Math.max(first, 0)),
    encoding,
    value,
    isValueless: row.valueless !== undefined,
    omitted: row.pictures === undefined ? [] : [remark('picture', { count: row.pictures.size })],
    notes: [],
  }
}

function isBlank({ cells, valueless, pictures, held }: TableRow): boolean {
  return (
    valueless === undefined &&
    pictures === undefined &&
    held === undefined &&
    cells.every(cell => cell === undefined || cell.trim() === '')
  )
}

/** How many cells a row has at least, where none is missing, and at most. */
interface Width {
  readonly least: number
  readonly most: number
}

interface Header {
  readonly columns: readonly ChosenColumn[]
  /** Of all columns, as far as they have names. */
  readonly names: readonly string[]
  readonly width: Width
  /** Whether the row may be a title above the header, so that most of the first rows decide how many cells one has. */
  readonly isVague: boolean
  /** Whether the row names its columns, and is no material itself. */
  readonly isNamed: boolean
}

function findHeader(row: TableRow, choice: ColumnChoice, table: Table): Header | Failure {
  const cells = Array.from({ length: Math.max(row.cells.length, table.columns) }, (_, at) => row.cells[at] ?? '')
  const chosen = chooseColumns(cells, choice)
  if ('kind' in chosen) return chosen
  const columns = chosen.map(column => {
    const span = column.chosenBy === 'name' ? table.mergedAt(row.row, column.index) : null
    const indexes = Array.from(
      { length: (span?.lastColumn ?? column.index) - column.index + 1 },
      (_, at) => column.index + at,
    )
    return { ...column, indexes }
  })
  const isVague = chosen.every(column => column.chosenBy === 'letter')
  const named = cells.findLastIndex(cell => cell.trim() !== '') + 1
  const width = { least: named, most: row.cells.length }
  const isNamed =
    columns.some(column => column.chosenBy === 'name') ||
    columns.every(column => row.valueless?.has(column.index) !== true && isHeader(column, cells[column.index] ?? ''))
  // Without a header, the first row's words name no column.
  return {
    columns: isNamed ? columns : columns.map(each => ({ ...each, name: letterOf(each.index) })),
    names: isNamed ? cells : [],
    width,
    isVague,
    isNamed,
  }
}

/** What most rows have, but no less than the row that was taken for the header. */
function commonWidth(rows: readonly TableRow[], { least }: Width): Width {
  const counts = new Map<number, number>()
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [common] = [...counts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
  const width = Math.max(least, common?.[0] ?? 0)
  return { least: width, most: width }
}

/** The rows below the header, one after the other: whether one fits depends on the one before it. */
function createBody(table: Table) {
  const { sheet, encoding, delimiter } = table
  let wasShort = false
  let width: Width | null = null
  const waiting: TableRow[] = []

  function* read(row: TableRow, header: Header): Generator<Cell> {
    if (delimiter === null || !header.isVague) width = header.width
    if (width !== null) {
      yield* readFitted(row, header, width)
      return
    }
    waiting.push(row)
    if (waiting.length === rowsAboveHeader) yield* rest(header)
  }

  function* rest(header: Header): Generator<Cell> {
    width ??= commonWidth(waiting, header.width)
    for (const row of waiting.splice(0)) yield* readFitted(row, header, width)
  }

  function* readFitted(row: TableRow, { columns, names }: Header, width: Width): Generator<Cell> {
    const isShort = delimiter !== null && row.cells.length < width.least
    const doubts = delimiter === null ? fits : doubtsOf(row, width.most, delimiter, isShort && wasShort)
    wasShort = isShort
    const shown = columns.map(column => ({ column, ...shownIn(row, column) }))
    const texts = shown.filter(({ column, value }) => column.holds === 'text' && value.trim() !== '').length
    const unread = doubts.lines === null ? unreadIn(row, columns, names) : []
    for (const { column, value, isSomething, isCovered } of shown) {
      // Of several columns of texts, a row may have words in one of them only.
      const isIdle = column.holds === 'text' && !isSomething && value.trim() === '' && texts > 0
      if (isCovered || isIdle) continue
      const pictures =
        row.pictures === undefined ? 0 : column.indexes.filter(index => row.pictures?.has(index) === true).length
      const omitted = pictures === 0 ? doubts.omitted : [...doubts.omitted, remark('picture', { count: pictures })]
      yield {
        kind: 'cell',
        holds: column.holds,
        sheet,
        row: row.row,
        column: column.name,
        ...(columns.length > 1 && { isPaired: true as const }),
        encoding,
        value: doubts.lines === null ? value : readBoth(value, doubts.lines, column, delimiter ?? ''),
        isValueless: column.indexes.some(index => row.valueless?.has(index) === true),
        omitted,
        notes: column.holds === 'text' ? [...doubts.notes, ...unread] : doubts.notes,
      }
    }
  }

  /** What the column shows in this row; nothing of its own where the cell lies under one that was read already. */
  function shownIn(row: TableRow, { indexes }: ChosenColumn): ShownCell {
    const own = indexes.map(index => row.cells[index] ?? '')
    const value = own.length === 1 ? (own[0] ?? '') : own.filter(cell => cell.trim() !== '').join('\n')
    const isSomething = indexes.some(index =>
      [row.valueless, row.pictures, row.held].some(each => each?.has(index) === true),
    )
    if (value.trim() !== '' || isSomething) return { value, isSomething, isCovered: false }
    const merged = table.mergedAt(row.row, indexes[0] ?? 0)
    if (merged === null) return { value, isSomething, isCovered: false }
    if (merged.firstRow !== row.row) return { value, isSomething, isCovered: true }
    return { value: row.cells[merged.firstColumn] ?? '', isSomething, isCovered: false }
  }

  return { read, rest }
}

interface ShownCell {
  readonly value: string
  /** Besides words: a picture, or something that is not stored. */
  readonly isSomething: boolean
  readonly isCovered: boolean
}

/** The columns that nobody chose and that have words in this row. */
function unreadIn({ cells }: TableRow, columns: readonly ChosenColumn[], names: readonly string[]): readonly Remark[] {
  const read = new Set(columns.flatMap(({ indexes }) => indexes))
  const unread = cells.flatMap((cell, at) => (cell !== undefined && !read.has(at) && /\p{L}/u.test(cell) ? [at] : []))
  if (unread.length === 0) return []
  const named = unread.slice(0, namesShown).map(at => names[at]?.trim().slice(0, 30) || letterOf(at))
  return [remark('columns_unread', { name: `${named.join(', ')}${unread.length > namesShown ? ' …' : ''}` })]
}

const namesShown = 10

interface Doubts {
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
  /** Other readings of the row; of each, the chosen column is read as well. Null for a row that fits. */
  readonly lines: readonly string[] | null
}

const fits: Doubts = { omitted: [], notes: [], lines: null }

/**
 * Whether a row of a delimited file may be torn or glued. One with more cells than the header has a delimiter in a cell that is not
 * quoted; a quoted cell whose lines look like rows themselves was opened in one row and closed in another; a row that breaks off, and
 * the next that does so, are one row with a line break in a cell that is not quoted.
 */
function doubtsOf({ cells }: TableRow, width: number, delimiter: string, isContinued: boolean): Doubts {
  if (cells.length <= width && !isContinued && !cells.some(hasLineBreak)) return fits
  const whole = Array.from(cells, cell => cell ?? '').join(delimiter)
  const extra = cells.slice(width).filter(cell => cell !== undefined && cell.trim() !== '').length
  if (extra > 0) return { omitted: [remark('cells_beyond_header', { count: extra })], notes: [], lines: [whole] }
  if (isContinued) return { omitted: [], notes: [remark('short_row')], lines: [whole] }
  const lines = whole.split(/\r\n?|\n/).filter(line => line.trim() !== '')
  const rows = lines.filter(line => line.split(delimiter).length === width).length
  if (width < 2 || rows < 2 || rows * 2 <= lines.length) return fits
  return { omitted: [], notes: [remark('glued_rows', { count: lines.length })], lines }
}

function hasLineBreak(cell: string | undefined): boolean {
  return cell?.includes('\n') === true || cell?.includes('\r') === true
}

/** The cell, and what would be in its place if each line were a row; a line that is all of the row is sent whole. */
function readBoth(value: string, lines: readonly string[], column: ChosenColumn, delimiter: string): string {
  const others = lines.length === 1 ? lines : lines.map(line => line.split(delimiter)[column.index] ?? line)
  const isWhole = lines.length === 1 && others.some(line => line.includes(value))
  return [...new Set(isWhole ? others : [value, ...others])].filter(each => each.trim() !== '').join('\n')
}

/**
 * Whether the first row's cell names the column. One that was chosen by its letter may belong to a table without a header, whose first
 * row is material like the others: then only what is clearly a name, or blank, is left out.
 */
function isHeader({ holds, chosenBy }: Pick<ChosenColumn, 'holds' | 'chosenBy'>, cell: string): boolean {
  const word = cell.trim().toLowerCase()
  if (chosenBy === 'name' || word === '' || headerWords.has(word)) return true
  return holds === 'url' && !/[:/.]/.test(word)
}

interface ChosenColumn {
  readonly holds: 'text' | 'url'
  readonly index: number
  /** Several where the header is one cell over several columns. */
  readonly indexes: readonly number[]
  readonly name: string
  readonly chosenBy: 'name' | 'letter'
}

function chooseColumns(
  header: readonly string[],
  choice: ColumnChoice,
): readonly Omit<ChosenColumn, 'indexes'>[] | Failure {
  const listed = header.map((name, index) => `${letterOf(index)} “${name.trim()}”`).join(', ')
  const wanted = [
    ...[choice.textColumn, ...(choice.moreTextColumns ?? [])].map(name => ({ holds: 'text' as const, name })),
    { holds: 'url' as const, name: choice.urlColumn },
  ]
  const columns: Omit<ChosenColumn, 'indexes'>[] = []
  for (const { holds, name } of wanted) {
    if (name === null) continue
    const { indexes: matches, chosenBy } = columnsNamed(header, name)
    const [index] = matches
    if (index === undefined) return inputFailure('column_unknown', `“${name}” ∉ ${listed}`)
    if (matches.length > 1) return inputFailure('column_ambiguous', `“${name}” × ${matches.length}: ${listed}`)
    if (columns.some(each => each.index === index && each.holds === holds)) continue
    columns.push({ holds, index, name: header[index]?.trim() || letterOf(index), chosenBy })
  }
  if (columns.length > 0) return columns
  return inputFailure('column_not_chosen', listed)
}

/** The header's words win over a letter, so that a column named "B" can be chosen wherever it is. */
function columnsNamed(
  header: readonly string[],
  wanted: string,
): { readonly indexes: readonly number[]; readonly chosenBy: ChosenColumn['chosenBy'] } {
  const all = header.map((_, index) => index)
  const name = wanted.trim()
  const exact = all.filter(index => header[index]?.trim() === name)
  if (exact.length > 0) return { indexes: exact, chosenBy: 'name' }
  const similar = all.filter(index => isSame(header[index] ?? '', name))
  if (similar.length > 0) return { indexes: similar, chosenBy: 'name' }
  return { indexes: all.filter(index => letterOf(index) === name.toUpperCase()), chosenBy: 'letter' }
}
