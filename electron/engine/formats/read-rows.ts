import type { Failure } from '../../../shared/conclusion.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { openFile, readWhole } from '../base/open-file.ts'
import { documentFailure, openPackage } from './docx/office-package.ts'
import { examine } from './examine.ts'
import { extensionOf } from './extension.ts'
import { intakeLimits } from './source.ts'
import { openDelimited } from './tables/delimited.ts'
import type { TableRow } from './tables/table-row.ts'
import { sheets } from './workbook/workbook.ts'

/**
 * All rows of a table that is no material: a delimited file or a text, whatever its encoding, or the first sheet with anything in it of
 * a workbook. Nothing is left out of it in silence: what cannot be read wholly is a failure.
 */
export async function readRows(
  path: string,
  maxRows: number,
  signal: AbortSignal,
): Promise<{ readonly kind: 'rows'; readonly rows: readonly TableRow[] } | Failure> {
  const file = await openFile(path)
  if (file.kind === 'failure') return file
  try {
    const examined = await examine(file, path, intakeLimits)
    if (examined.kind === 'failure') return examined
    if (examined.kind === 'rows' && !examined.isText) {
      if (examined.format !== sheets) return inputFailure('unsupported_type', [remark('old_workbook')])
      const read = await readWhole(file, 'bytes', signal)
      const parts = read.kind === 'failure' ? read : openPackage(read.bytes, intakeLimits.workbookUnpackedBytes)
      if (parts.kind === 'failure') return parts
      const { readFirstSheet } = await import('./workbook/read-workbook.ts')
      return atMost(await readFirstSheet(parts), maxRows)
    }
    if (examined.kind !== 'rows' && examined.kind !== 'text') {
      return inputFailure('unsupported_type', [remark('no_table')])
    }
    const choice = { textColumn: null, urlColumn: null }
    const extension = extensionOf(path)
    const delimited = await openDelimited(file, { choice, limits: intakeLimits, signal, extension, encoding: null })
    if (delimited.kind === 'failure') return delimited
    const rows: TableRow[] = []
    try {
      for await (const row of delimited.rows()) {
        signal.throwIfAborted()
        if (rows.push(row) > maxRows) return tooManyRows(maxRows)
      }
    } catch (error) {
      if (delimited.failure() === null) throw error
    }
    return delimited.failure() ?? { kind: 'rows', rows }
  } catch (error) {
    return documentFailure(error)
  } finally {
    await file.handle.close()
  }
}

function atMost(rows: readonly TableRow[], maxRows: number) {
  return rows.length > maxRows ? tooManyRows(maxRows) : ({ kind: 'rows', rows } as const)
}

function tooManyRows(limit: number): Failure {
  return inputFailure('too_large', [remark('many_rows', { limit })])
}
