import { type OpenFile, readWhole } from '../../base/open-file.ts'
import { documentFailure, openPackage } from '../docx/office-package.ts'
import type { RowsRequest } from '../family.ts'
import { createMediaFiles } from '../office/package-media.ts'
import type { Cell } from '../tables/table.ts'
import { readWorkbook } from './read-workbook.ts'
import { createHoldMedia } from './sheet-pieces.ts'

/**
 * The cells of all sheets of an `.xlsx`; it is unpacked in memory, within the limits. `pictureFormat` is the document format that loads
 * its pictures.
 */
export async function* readSheets(
  file: OpenFile,
  { choice, limits, signal }: RowsRequest,
  pictureFormat: string,
): AsyncGenerator<Cell> {
  const read = await readWhole(file, 'bytes', signal)
  if (read.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: read }
    return
  }
  const parts = openPackage(read.bytes, limits.workbookUnpackedBytes)
  if (parts.kind === 'failure') {
    yield { kind: 'problem', sheet: null, failure: parts }
    return
  }
  try {
    yield* readWorkbook(parts, choice, createHoldMedia(createMediaFiles(parts.bytesOf), pictureFormat, read.sha256))
  } catch (error) {
    yield { kind: 'problem', sheet: null, failure: documentFailure(error) }
  }
}
