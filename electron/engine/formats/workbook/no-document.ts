import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { OpenDocument } from '../documents/document.ts'

/** A file that is opened for what rows hold, and is no document. */
export const noDocument: Pick<OpenDocument, 'kind' | 'survey' | 'close'> = {
  kind: 'document',
  survey: async () => inputFailure('changed_file', [remark('now_table')]),
  close: () => undefined,
}
