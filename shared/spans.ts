import type { EndpointId, TextRange, Verdict } from './domain.ts'
import type { FailureCode } from './failures.ts'

/** What looking for the span would cost, before a call is made. */
export interface SpanPrice {
  readonly check: number
  readonly endpoint: EndpointId
  /** Calls at most. */
  readonly calls: number
  /** What is left of the day's quota; null when it is not known. */
  readonly quotaLeft: number | null
}

/**
 * The smallest span that the platform still flagged. It is no "forbidden word": models read contexts, and a smaller part of it may
 * have been passed only because the context was gone.
 */
export interface StillFlagged {
  readonly check: number
  readonly verdict: Verdict
  /** In UTF-16 units of the decoded text. */
  readonly range: TextRange
  readonly calls: number
  /** False when a call failed before the end: the span holds, a smaller one may exist. */
  readonly complete: boolean
}

export interface FoundSpan extends StillFlagged {
  readonly line: number
  readonly column: number
  readonly text: string
  readonly reason: FailureCode | null
  readonly detail: string
}

export type SpanSearch =
  | ({ readonly kind: 'found' } & FoundSpan)
  /**
   * The platform no longer flags the text, or did not answer the first call. `detail` names what was sent along with the text when it
   * was screened, such as the title: without that it was not flagged.
   */
  | {
      readonly kind: 'not_found'
      readonly check: number
      readonly calls: number
      readonly reason: FailureCode | 'not_flagged_now'
      readonly detail: string
    }
