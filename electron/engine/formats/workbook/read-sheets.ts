import { type OpenFile, readWhole } from '../../base/open-file.ts'
import { documentFailure, openPackage } from '../docx/office-package.ts'
import type { RowsRequest } from '../family.ts'
import type { Cell } from '../tables/table.ts'
import { readWorkbook } from './read-workbook.ts'

/** The cells of all sheets of an `.xlsx`; it is unpacked in memory, within the limits. */
export async function* readSheets(file: OpenFile, { choice, limits, signal }: RowsRequest): AsyncGenerator<Cell> {
  const read = await readWhole(file, 'bytes', signal)
  const parts = read.kind === 'failure' ? read : openPackage(read.bytes, limits.workbookUnpackedBytes)
  if (parts.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: parts }
    return
  }
  try {
    yield* readWorkbook(parts, choice)
  } catch (error) {
    yield { kind: 'problem', sheet: null, failure: documentFailure(error) }
  }
}
