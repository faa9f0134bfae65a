import type { FailureCode } from '../../../shared/failures.ts'
import { encodeRemarks, type Remark } from '../../../shared/remarks/index.ts'

/** Why a file cannot be prepared: thrown inside the imaging child, and a `Failure` once it has left it. */
export class Refusal extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, detail: string | readonly Remark[]) {
    super(typeof detail === 'string' ? detail : encodeRemarks(detail))
    this.code = code
  }
}
