import type { Failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'

/** A failure of the material itself: nothing was sent, and sending it again would not help. */
export function inputFailure(code: FailureCode, detail: string): Failure {
  return { kind: 'failure', class: 'INPUT', code, detail, evidence: null }
}
