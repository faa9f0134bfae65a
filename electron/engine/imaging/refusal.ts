import type { FailureCode } from '../../../shared/failures.ts'

/** Why a file cannot be prepared: thrown inside the imaging child, and a `Failure` once it has left it. */
export class Refusal extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, detail: string) {
    super(detail)
    this.code = code
  }
}
