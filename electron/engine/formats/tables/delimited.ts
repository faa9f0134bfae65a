import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { Failure } from '../../../../shared/conclusion.ts'
import type { EncodingSaid } from '../../../../shared/encodings.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { OpenFile } from '../../base/open-file.ts'
import type { RowsRequest } from '../family.ts'
import { openTextStream } from '../text/text-stream.ts'
import { type Cell, type ColumnChoice, chooseCells } from './table.ts'
import type { TableRow } from './table-row.ts'

/** The cells of a `.csv` or `.tsv`, streamed. */
export async function* readDelimited(file: OpenFile, request: RowsRequest): AsyncGenerator<Cell> {
  const opened = await openDelimited(file, request)
  if (opened.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: opened }
    return
  }
  const { encoding, delimiter } = opened
  try {
    const rows = opened.rows()
    yield* chooseCells({ rows, sheet: null, encoding, delimiter, columns: 0, mergedAt: () => null }, request.choice)
  } catch (error) {
    if (opened.failure() === null) throw error
  }
  const failure = opened.failure()
  if (failure !== null) yield { kind: 'problem', sheet: null, failure }
}

interface DelimitedFile {
  readonly kind: 'delimited'
  readonly encoding: EncodingSaid
  readonly delimiter: string
  /** May be called once. Throws, or ends early, where something fails; then `failure` says what. */
  rows(): AsyncGenerator<TableRow>
  failure(): Failure | null
}

/** The rows of a `.csv` or `.tsv`, streamed, the header among them. */
export async function openDelimited(
  file: OpenFile,
  { choice, limits, signal, extension, encoding: given }: Omit<RowsRequest, 'path' | 'documents'>,
): Promise<DelimitedFile | Failure> {
  const stream = await openTextStream(file, given, signal)
  if (stream.kind === 'failure') return stream
  const { pieces, encoding } = stream
  const first = await pieces.next()
  // A line for Excel, which does not show it.
  const [line = '', stated] = /^sep=([^\r\n])(?:\r\n|\r|\n)/i.exec(first.value ?? '') ?? []
  const start = (first.value ?? '').slice(line.length)
  const delimiter =
    stated ?? delimiterOf(start, choice.chosen?.find(({ sheet }) => sheet === null) ?? choice, extension)
  let problem: Failure | null = null

  async function* rows(): AsyncGenerator<TableRow> {
    const parser = parse({
      delimiter,
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
    let row = 0
    try {
      for await (const record of parser) {
        const cells = Array.isArray(record) ? record.map(String) : []
        const pictures = new Set(cells.flatMap((cell, at) => (pictureFormula.test(cell) ? [at] : [])))
        const valueless = new Set(cells.flatMap((cell, at) => (isComputed(cell) && !pictures.has(at) ? [at] : [])))
        yield {
          row: ++row,
          cells,
          ...(pictures.size > 0 && { pictures }),
          ...(valueless.size > 0 && { valueless }),
        }
      }
    } catch (error) {
      if (error instanceof CsvError) problem = unreadable(error, String(row + 1), limits.textBytes)
      throw error
    }
  }

  return { kind: 'delimited', encoding, delimiter, rows, failure: () => stream.failure() ?? problem }
}

function unreadable({ code }: CsvError, name: string, limit: number): Failure {
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? remark('unclosed_quote', { name })
      : code === 'CSV_MAX_RECORD_SIZE'
        ? remark('row_too_long', { name, limit })
        : remark('unreadable_row', { name })
  return inputFailure('left_out', [why])
}

/** A spreadsheet that opens the file shows a picture in place of the formula. */
const pictureFormula = /^\s*=\s*(?:_xlfn\.)?(?:_xlws\.)?(?:DISPIMG|IMAGE)\s*\(/i

/**
 * Whether a spreadsheet that opens the file shows something else: a function, other cells, another program's data. Strings that are put
 * one behind the other, and the words of a link, are in the text.
 */
function isComputed(cell: string): boolean {
  return computed.test(cell) && !strings.test(cell)
}

const computed =
  /^\s*(?:=\s*(?:[+-]\s*)?(?:[A-Za-z_][\w.]{0,40}\s*\(|"|\$?[A-Za-z]{1,3}\$?\d{1,7}\s*(?:$|[-+*/^&=<>:!,)])|[A-Za-z]{1,40}\||'[^']{1,60}'!|[^\s!=]{1,40}!\$?[A-Za-z])|[+@-][A-Z][A-Z\d.]{1,20}\()/
const strings = /^\s*=\s*(?:HYPERLINK\(\s*)?"(?:[^"]|"")*"(?:\s*[&,;]\s*"(?:[^"]|"")*")*\s*\)?\s*$/i

const delimiters = [',', ';', '\t', '|']
/** How far into the file the header may be, as for `chooseCells`. */
const linesSeen = 20

/**
 * The delimiter that sets the chosen column's name apart, wherever the header is; else the one that the first line with any uses most.
 * A file of one column has none, and is what its name says.
 */
function delimiterOf(text: string, { textColumn, urlColumn }: ColumnChoice, extension: string): string {
  const byName = extension === 'tsv' ? '\t' : ','
  const lines = firstLines(text)
  const wanted = [textColumn, urlColumn].flatMap(name => (name === null ? [] : [name.trim().toLowerCase()]))
  for (const line of lines) {
    const names = (cell: string) =>
      wanted.includes(
        cell
          .trim()
          .replace(/^"(.*)"$/s, '$1')
          .trim()
          .toLowerCase(),
      )
    const naming = delimiters.find(delimiter => line.includes(delimiter) && line.split(delimiter).some(names))
    if (naming !== undefined) return naming
    if (names(line)) return byName
  }
  for (const line of lines) {
    const counts = new Map([byName, ...delimiters].map(delimiter => [delimiter, countOutsideQuotes(line, delimiter)]))
    const [most] = [...counts].toSorted((a, b) => b[1] - a[1])
    if (most !== undefined && most[1] > 0) return most[0]
  }
  return byName
}

/** The first lines that are not blank; a line break in quotes ends none. */
function firstLines(text: string): readonly string[] {
  const lines: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at <= text.length && lines.length < linesSeen; at++) {
    const character = text[at]
    if (character === '"') isQuoted = !isQuoted
    const isEnd = character === undefined || (!isQuoted && (character === '\n' || character === '\r'))
    if (!isEnd) continue
    const line = text.slice(start, at)
    if (line.trim() !== '') lines.push(line)
    start = at + 1
  }
  return lines
}

function countOutsideQuotes(line: string, delimiter: string): number {
  let count = 0
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && character === delimiter) count++
  }
  return count
}
