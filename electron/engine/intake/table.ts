import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import readWorkbook from 'read-excel-file/node'
import type { Failure } from '../../../shared/conclusion.ts'
import type { Encoding } from '../text/decode-text.ts'
import { inputFailure } from '../text/input-failure.ts'
import { readZipDirectory, refuseZipBomb } from '../text/zip-archive.ts'
import { type OpenFile, readWhole } from './open-file.ts'
import type { IntakeLimits } from './source.ts'
import { openTextStream } from './text-stream.ts'

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
    }
  | { readonly kind: 'problem'; readonly sheet: string | null; readonly failure: Failure }

/** The cells of a `.csv` or `.tsv`, streamed. The first row is the header; the delimiter is the one it uses most. */
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
    yield* chooseCells(parser, null, stream.encoding, choice)
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
  for (const { sheet, data } of sheets) {
    const rows = data.map(row => row.map(cellText))
    yield* chooseCells(rows, sheets.length === 1 ? null : sheet, null, choice)
  }
}

interface SheetRows {
  readonly sheet: string
  readonly data: readonly (readonly unknown[])[]
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
  try {
    return await readWorkbook(Buffer.from(read.bytes), { trim: false })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return inputFailure('undecodable_text', `the workbook is damaged: ${why}`)
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return value instanceof Date ? value.toISOString() : String(value)
}

async function* chooseCells(
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  sheet: string | null,
  encoding: Encoding | null,
  choice: ColumnChoice,
): AsyncGenerator<Cell> {
  let columns: readonly ChosenColumn[] | null = null
  let row = 0
  for await (const values of rows) {
    row++
    const cells = Array.isArray(values) ? values.map(String) : []
    if (cells.every(cell => cell.trim() === '')) continue
    if (columns === null) {
      const chosen = chooseColumns(cells, choice)
      if ('kind' in chosen) {
        yield { kind: 'problem', sheet, failure: chosen }
        return
      }
      columns = chosen
      continue
    }
    for (const { holds, index, name } of columns) {
      yield { kind: 'cell', holds, sheet, row, column: name, encoding, value: cells[index] ?? '' }
    }
  }
}

interface ChosenColumn {
  readonly holds: 'text' | 'url'
  readonly index: number
  readonly name: string
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
    const matches = columnsNamed(header, name)
    const [index] = matches
    if (index === undefined) return inputFailure('column_unknown', `“${name}” ∉ ${listed}`)
    if (matches.length > 1) return inputFailure('column_ambiguous', `“${name}” × ${matches.length}: ${listed}`)
    columns.push({ holds, index, name: header[index]?.trim() || letterOf(index) })
  }
  if (columns.length > 0) return columns
  return inputFailure('column_not_chosen', listed)
}

/** The header's words win over a letter, so that a column named "B" can be chosen wherever it is. */
function columnsNamed(header: readonly string[], wanted: string): readonly number[] {
  const indexes = header.map((_, index) => index)
  const name = wanted.trim()
  const exact = indexes.filter(index => header[index]?.trim() === name)
  if (exact.length > 0) return exact
  const similar = indexes.filter(index => header[index]?.trim().toLowerCase() === name.toLowerCase())
  if (similar.length > 0) return similar
  return indexes.filter(index => letterOf(index) === name.toUpperCase())
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
