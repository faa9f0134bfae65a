import { basename } from 'node:path'
import { Problem } from '../../../../shared/problems.ts'
import type { BookProblem, ListPreview } from '../../../../shared/rules.ts'
import { detailOf } from '../../base/detail.ts'
import { readRows } from '../../formats/read-rows.ts'
import { letterOf, type TableRow } from '../../formats/tables/table-row.ts'
import { type ColumnsOfList, guessColumns } from './columns.ts'
import { entriesOf } from './entries.ts'
import { listBook } from './list-yaml.ts'

export interface ListRequest {
  readonly id: string
  readonly title: string
  readonly columns: ColumnsOfList
}

/** The list that was opened last, on its way to a book. */
export interface ListDesk {
  open(path: string, signal: AbortSignal): Promise<ListPreview>
  bookOf(request: ListRequest): { readonly yaml: string; readonly doubts: readonly BookProblem[] }
}

/** More than a book holds, so that a long list is read and its duplicates are found before it is refused. */
const longestList = 300_000
const previewRows = 20
const previewCell = 200

export function createListDesk(): ListDesk {
  let rows: readonly TableRow[] | null = null
  return {
    open: async (path, signal) => {
      const read = await readRows(path, longestList, signal)
      if (read.kind === 'failure') throw new Problem('conflict', read.detail)
      const filled = read.rows.filter(({ cells }) => cells.some(isFilled))
      const [first] = filled
      if (first === undefined) throw new Problem('conflict', detailOf('empty_list'))
      const width = filled.reduce((most, { cells }) => Math.max(most, cells.length), 0)
      const cellsOf = (row: TableRow) => Array.from({ length: width }, (_, at) => (row.cells[at] ?? '').trim())
      const guessed = guessColumns(cellsOf(first))
      // A row that heads nothing we know may be a word: it is one until somebody says otherwise.
      const hasHeader = Object.keys(guessed).length > 0
      rows = hasHeader ? read.rows.slice(read.rows.indexOf(first) + 1) : read.rows
      const body = hasHeader ? filled.slice(1) : filled
      const preview: ListPreview = {
        name: basename(path),
        header: cellsOf(first).map((cell, at) =>
          hasHeader && cell !== '' ? cell.slice(0, previewCell) : letterOf(at),
        ),
        rows: body.slice(0, previewRows).map(row => cellsOf(row).map(cell => cell.slice(0, previewCell))),
        total: body.length,
        columns: hasHeader ? guessed : { words: cellsOf(first).findIndex(isFilled) },
      }
      return preview
    },
    bookOf: ({ id, title, columns }) => {
      if (rows === null) throw new Problem('conflict', detailOf('no_list_open'))
      if (columns.words === undefined) throw new Problem('conflict', detailOf('no_column_of_words'))
      const { entries, doubts } = entriesOf(rows, columns)
      if (entries.length === 0) throw new Problem('conflict', detailOf('no_word_in_list'))
      return { yaml: listBook(id, title, entries), doubts }
    },
  }
}

function isFilled(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== ''
}
