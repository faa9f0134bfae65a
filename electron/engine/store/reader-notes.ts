import { decodeRemarks, type Remark } from '../../../shared/remarks/index.ts'

/** The column `reader_notes`, which is written by this program only. */
export function readerNotesOf(stored: string | null): readonly Remark[] {
  return stored === null ? [] : (decodeRemarks(stored) ?? [])
}
