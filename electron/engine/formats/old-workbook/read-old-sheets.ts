import { remark } from '../../../../shared/remarks/index.ts'
import { type OpenFile, readWhole } from '../../base/open-file.ts'
import type { RowsRequest } from '../family.ts'
import { type Cell, chooseCells, isUnwanted, mayHaveColumns } from '../tables/table.ts'
import { createBesideCells } from '../workbook/beside-cells.ts'
import { createMergedCells } from '../workbook/merged.ts'
import { besideCell, withPictures } from '../workbook/read-workbook.ts'
import { createHoldMedia } from '../workbook/sheet-pieces.ts'

/** The cells of all sheets of an `.xls` or `.et`, which a child reads; `contentFormat` is the document format that it is opened as. */
export async function* readOldSheets(
  file: OpenFile,
  { choice, signal, documents, path }: RowsRequest,
  contentFormat: string,
): AsyncGenerator<Cell> {
  const read = await readWhole(file, 'nothing', signal)
  if (read.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: read }
    return
  }
  const content = await documents.workbook({ format: contentFormat, path, sha256: read.sha256 }, signal)
  if (content.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: content }
    return
  }
  const { sheets, files, book } = content
  const unread = remark('picture', { count: 1 })
  const hold = createHoldMedia(async handle => files[Number(handle) - 1] ?? unread, contentFormat, read.sha256)
  const isOnly = sheets.filter(({ isChart }) => !isChart).length === 1
  let isRead = false
  for (const { name, rows, merged, words, omitted, media } of sheets) {
    const sheet = isOnly ? null : name
    const isWanted = mayHaveColumns(choice) && !isUnwanted(sheet, choice)
    const beside = createBesideCells(name)
    if (isWanted) beside.addMedia(...media)
    const columns = rows.reduce((most, row) => Math.max(most, row.cells.length), 0)
    const table = { rows, sheet, encoding: null, delimiter: null, columns, mergedAt: createMergedCells(merged) }
    for await (const cell of chooseCells(table, choice)) yield await withPictures(cell, name, beside, hold)
    if (!isWanted) continue
    isRead = true
    beside.addWords(...words.split('\n'))
    beside.addRemarks(omitted)
    beside.addOmitted(
      'picture',
      rows.reduce((sum, row) => sum + (row.pictures?.size ?? 0), 0),
    )
    yield* besideCell(name, beside, hold)
  }
  if (!isRead) return
  const own = createBesideCells(null)
  own.addWords(...book.words.split('\n'))
  own.addRemarks(book.omitted)
  yield* besideCell(null, own, hold)
}
