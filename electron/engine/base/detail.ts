import { encodeRemarks, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import type { RemarkFacts } from '../../../shared/remarks/remark.ts'

/** A failure's detail of one remark, as it is stored; words in the reader's language come of it where it is read. */
export function detailOf(code: RemarkCode, facts: RemarkFacts = {}): string {
  return encodeRemarks([remark(code, facts)])
}
