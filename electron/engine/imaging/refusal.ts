import type { FailureCode } from '../../../shared/failures.ts'
import { encodeRemarks, type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'

/** Why a file cannot be prepared: thrown inside the imaging child, and a `Failure` once it has left it. */
export class Refusal extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, remarks: readonly Remark[]) {
    super(remarks.length === 0 ? '' : encodeRemarks(remarks))
    this.code = code
  }
}

/** The picture is there and cannot be read in full. */
export function unreadable(code: RemarkCode, facts: Omit<Remark, 'code'> = {}): Refusal {
  return new Refusal('unreadable_image', [remark(code, facts)])
}
