import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { Failure } from '../../../shared/conclusion.ts'
import type { Encoding } from '../text/decode-text.ts'
import { inputFailure } from '../text/input-failure.ts'
import { readZipDirectory, refuseZipBomb } from '../text/zip-archive.ts'
import { type OpenFile, readWhole } from './open-file.ts'
import type { IntakeLimits } from './source.ts'
import { openTextStream } from './text-stream.ts'
import type { Valueless } from './valueless-cells.ts'

/** Which columns of a table hold assets: a header or a letter, as the user wrote it. */
export interface ColumnChoice {
  readonly textColumn: string | null
  readonly urlColumn: string | null
}

/** A cell that is to be an asset, or a reason for which rows are missing. */
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
      readonly encoding: Encoding | null
      readonly value: string
      /** The workbook has a cell here, but not what it shows: a formula without a stored result, or an error such as `#N/A`. */
      readonly isValueless: boolean
    }
  | { readonly kind: 'problem'; readonly sheet: string | null; readonly failure: Failure }

/** The cells of a `.csv` or `.tsv`, streamed. The delimiter is the one that the first row uses most. */
export async function* readDelimited(
  file: OpenFile,
  choice: ColumnChoice,
  limits: IntakeLimits,
  signal: AbortSignal,
): AsyncGenerator<Cell> {
  const stream = await openTextStream(file, signal)
  if (stream.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: stream }
    return
  }
  const { pieces } = stream
  const first = await pieces.next()
  const start = first.done ? '' : first.value
  const parser = parse({
    delimiter: delimiterOf(start),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.textBytes,
  })
  async function* all(): AsyncGenerator<string> {
    yield start
    yield* pieces
  }
  // Errors reach us through the parser, which the pipeline destroys.
  pipeline(Readable.from(all()), parser, () => undefined)
  let problem: Failure | null = null
  try {
    yield* chooseCells(parser, noneValueless, null, stream.encoding, choice)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    problem = inputFailure('unreadable_file', `the table cannot be read further: ${error.message}`)
  }
  const failure = stream.failure() ?? problem
  if (failure !== null) yield { kind: 'problem', sheet: null, failure }
}

/** The cells of all sheets of an `.xlsx`; it is unpacked in memory, within the limits. */
export async function* readSheets(
  file: OpenFile,
  choice: ColumnChoice,
  limits: IntakeLimits,
  signal: AbortSignal,
): AsyncGenerator<Cell> {
  const sheets = await unpackWorkbook(file, limits, signal)
  if ('kind' in sheets) {
    yield { kind: 'problem', sheet: null, failure: sheets }
    return
  }
  for (const { sheet, data, valueless } of sheets) {
    // The library leaves out the rows at the end that have no values.
    let count = data.length
    // Not as arguments of one call: there may be more of them than that takes.
    for (const row of valueless.keys()) count = Math.max(count, row)
    const rows = Array.from({ length: count }, (_, index) => (data[index] ?? []).map(cellText))
    yield* chooseCells(rows, valueless, sheets.length === 1 ? null : sheet, null, choice)
  }
}

const noneValueless: Valueless = new Map()

interface SheetRows {
  readonly sheet: string
  readonly data: readonly (readonly unknown[])[]
  readonly valueless: Valueless
}

async function unpackWorkbook(
  file: OpenFile,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<readonly SheetRows[] | Failure> {
  const read = await readWhole(file, 'bytes', signal)
  if (read.kind === 'failure') return read
  const archive = readZipDirectory(read.bytes)
  if (archive.kind === 'failure') return archive
  const bomb = await refuseZipBomb(read.bytes, archive.entries, limits.workbookUnpackedBytes)
  if (bomb !== null) return bomb
  // Read in when a workbook is met: every start would take a tenth of a second longer.
  const { default: readWorkbook, InvalidSpreadsheetError } = await import('read-excel-file/node')
  const { findValueless } = await import('./valueless-cells.ts')
  try {
    const sheets = await readWorkbook(Buffer.from(read.bytes), { trim: false })
    const valueless = await findValueless(read.bytes, archive.entries, limits.workbookUnpackedBytes)
    return sheets.flatMap(({ sheet, data }) =>
      // A sheet that is a chart has no rows.
      Array.isArray(data) ? [{ sheet, data, valueless: valueless.get(sheet) ?? noneValueless }] : [],
    )
  } catch (error) {
    // Whatever else the library trips over says nothing to a reader.
    const why =
      error instanceof InvalidSpreadsheetError
        ? error.message
        : 'it lacks parts that every workbook has, or they are garbled'
    return inputFailure('undecodable_text', `the workbook is damaged: ${why}`)
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return value instanceof Date ? value.toISOString() : String(value)
}

async function* chooseCells(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  valueless: Valueless,
  sheet: string | null,
  encoding: Encoding | null,
  choice: ColumnChoice,
): AsyncGenerator<Cell> {
  let columns: readonly ChosenColumn[] | null = null
  let row = 0
  for await (const values of rows) {
    row++
    const cells = Array.isArray(values) ? values.map(String) : []
    const missing = valueless.get(row)
    if (cells.every(cell => cell.trim() === '') && missing === undefined) continue
    if (columns === null) {
      const chosen = chooseColumns(cells, choice)
      if ('kind' in chosen) {
        yield { kind: 'problem', sheet, failure: chosen }
        return
      }
      columns = chosen
      if (chosen.every(column => missing?.has(column.index) !== true && isHeader(column, cells[column.index] ?? '')))
        continue
      // Without a header, the first row's words name no column.
      columns = chosen.map(column => ({ ...column, name: letterOf(column.index) }))
    }
    for (const { holds, index, name } of columns) {
      const isValueless = missing?.has(index) === true
      yield { kind: 'cell', holds, sheet, row, column: name, encoding, value: cells[index] ?? '', isValueless }
    }
  }
}

/** Words at the top of a column that are its name and no material, whichever way the column was chosen. */
const headerWords = new Set(
  '文案 文本 文字 内容 正文 标题 主标题 副标题 评论 昵称 简介 签名 描述 备注 名称 图片 图片地址 图片链接 链接 网址 地址 text content title body message comment copy caption nickname description note name url link image address'.split(
    ' ',
  ),
)

/**
 * Whether the first row's cell names the column. One that was chosen by its letter may belong to a table without a header, whose first
 * row is material like the others: then only what is clearly a name, or blank, is left out.
 */
function isHeader({ holds, chosenBy }: ChosenColumn, cell: string): boolean {
  const word = cell.trim().toLowerCase()
  if (chosenBy === 'name' || word === '' || headerWords.has(word)) return true
  return holds === 'url' && !/[:/.]/.test(word)
}

interface ChosenColumn {
  readonly holds: 'text' | 'url'
  readonly index: number
  readonly name: string
  readonly chosenBy: 'name' | 'letter'
}

function chooseColumns(header: readonly string[], choice: ColumnChoice): readonly ChosenColumn[] | Failure {
  const listed = header.map((name, index) => `${letterOf(index)} “${name.trim()}”`).join(', ')
  const wanted = [
    { holds: 'text' as const, name: choice.textColumn },
    { holds: 'url' as const, name: choice.urlColumn },
  ]
  const columns: ChosenColumn[] = []
  for (const { holds, name } of wanted) {
    if (name === null) continue
    const { indexes: matches, chosenBy } = columnsNamed(header, name)
    const [index] = matches
    if (index === undefined) return inputFailure('column_unknown', `“${name}” ∉ ${listed}`)
    if (matches.length > 1) return inputFailure('column_ambiguous', `“${name}” × ${matches.length}: ${listed}`)
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
  const similar = all.filter(index => header[index]?.trim().toLowerCase() === name.toLowerCase())
  if (similar.length > 0) return { indexes: similar, chosenBy: 'name' }
  return { indexes: all.filter(index => letterOf(index) === name.toUpperCase()), chosenBy: 'letter' }
}

/** A, B, …, Z, AA, …: the name a spreadsheet gives the column. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter
}

function delimiterOf(text: string): string {
  const counts = new Map([',', ';', '\t'].map(delimiter => [delimiter, 0]))
  let isQuoted = false
  for (const character of text.trimStart()) {
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === '\n' || character === '\r')) break
    else if (!isQuoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1])
  return most?.[0] ?? ','
}
