import type { Verdict } from './domain.ts'
import type { FailureClass, FailureCode } from './failures.ts'

/** What is kept of one HTTP exchange, redacted of tokens, secrets and openids. */
export interface Evidence {
  readonly httpStatus: number | null
  /** `errcode`/`errCode` whatever its casing; null when the reply had none. */
  readonly errcode: number | null
  readonly errmsg: string | null
  /** From the suffix of WeChat's `errmsg`; support asks for it. */
  readonly rid: string | null
  readonly traceId: string | null
  /** WeChat v2: the label of the final verdict, and the model's confidence in it (0–100). */
  readonly label: number | null
  readonly score: number | null
  /** The reply's body, redacted and cut to a few kilobytes; null when nothing came back. */
  readonly reply: string | null
}

/** Of an exchange that says none of these things. */
export const noEvidence: Evidence = {
  httpStatus: null,
  errcode: null,
  errmsg: null,
  rid: null,
  traceId: null,
  label: null,
  score: null,
  reply: null,
}

/** The one thing a check attempt can end with. There is no "ok": a pass is a verdict that a platform gave. */
export type Conclusion =
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly evidence: Evidence }
  | Failure
  /** Asynchronous checks only: accepted, the verdict comes as a push with this trace id. */
  | { readonly kind: 'accepted'; readonly traceId: string; readonly evidence: Evidence }

export interface Failure {
  readonly kind: 'failure'
  readonly class: FailureClass
  readonly code: FailureCode
  /** For people: the platform's words, an address to allow-list, a path. Redacted. */
  readonly detail: string
  readonly evidence: Evidence | null
}

export function failure(
  failureClass: FailureClass,
  code: FailureCode,
  detail: string,
  evidence: Evidence | null = null,
): Failure {
  return { kind: 'failure', class: failureClass, code, detail, evidence }
}
