import type { Failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { encodeRemarks, type Remark } from '../../../shared/remarks/index.ts'

/** A failure of the material itself: nothing was sent, and sending it again would not help. A detail in words is data: a path, a target. */
export function inputFailure(code: FailureCode, detail: string | readonly Remark[]): Failure {
  return {
    kind: 'failure',
    class: 'INPUT',
    code,
    detail: typeof detail === 'string' ? detail : encodeRemarks(detail),
    evidence: null,
  }
}
