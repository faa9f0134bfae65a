import type { Failure } from '../../../shared/conclusion.ts'
import type { EndpointId, Part, TextContext, TextRange, Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { TextLimit } from '../../../shared/limits.ts'
import type { Said } from '../../../shared/problems.ts'
import { bare, type CheckerFacts, type Endpoint } from './platform.ts'

/**
 * A source of verdicts that works on this machine: it needs no account, no secret, no token, no leave of the pacer and no field of a
 * profile. What it finds is never a platform's verdict, and what it does not find is none at all.
 */
export interface LocalChecker extends CheckerFacts {
  readonly needs: 'nothing'
  /** Looks at one part. Never throws but for an aborted signal. */
  inspect(request: LocalRequest, signal: AbortSignal): Promise<LocalConclusion>
}

export interface LocalRequest {
  readonly endpoint: EndpointId
  readonly part: Part
  readonly text: TextContext
}

/** 提示, 需证明, 禁止: worth a note, needs a person or a proof, not allowed. */
export const severities = ['notice', 'evidence', 'forbidden'] as const
export type Severity = (typeof severities)[number]

/** One place where a rule applies, with what a person needs in order to believe it. */
export interface LocalHit {
  readonly rule: string
  readonly severity: Severity
  /** In the part's text; null where it concerns the part as a whole. */
  readonly range: TextRange | null
  /** Law, article and date, or the house's own list. */
  readonly citation: Said
  /** Better words. */
  readonly suggestion: Said | null
}

/** There is no pass among these: "no rule hit" says nothing of what a platform would say. */
export type LocalConclusion =
  | { readonly kind: 'hits'; readonly hits: readonly [LocalHit, ...LocalHit[]] }
  | { readonly kind: 'no_hit' }
  | Failure

/** What can come of a check on this machine: a verdict that holds the asset up, or none with its reason. */
export type LocalEnd =
  | { readonly verdict: Exclude<Verdict, 'pass'>; readonly failure: null; readonly hits: readonly LocalHit[] }
  | {
      readonly verdict: null
      readonly failure: { readonly code: FailureCode; readonly detail: string }
      readonly hits: readonly LocalHit[]
    }

const verdicts: Readonly<Record<Severity, Exclude<Verdict, 'pass'> | null>> = {
  notice: null,
  evidence: 'review',
  forbidden: 'risky',
}

export function endOf(conclusion: LocalConclusion): LocalEnd {
  switch (conclusion.kind) {
    case 'failure':
      return { verdict: null, failure: { code: conclusion.code, detail: conclusion.detail }, hits: [] }
    case 'no_hit':
      return { verdict: null, failure: unjudged, hits: [] }
    case 'hits': {
      const { hits } = conclusion
      const found = new Set(hits.map(({ severity }) => verdicts[severity]))
      const verdict = found.has('risky') ? 'risky' : found.has('review') ? 'review' : null
      return verdict === null ? { verdict, failure: unjudged, hits } : { verdict, failure: null, hits }
    }
  }
}

const unjudged = { code: 'no_platform_verdict', detail: '' } as const

/** An endpoint without limits of rate; it is tried once a day with a text that it must flag, as those of platforms are. */
export function localTextEndpoint(given: {
  readonly id: EndpointId
  readonly name: Said
  readonly textLimit: TextLimit
  /** The version of its rules, e.g. of a rule book: verdicts of another version are not reused. */
  readonly version: string
  readonly mustFlag: string
}): Endpoint {
  const { mustFlag, ...facts } = given
  return {
    ...bare,
    ...facts,
    takes: 'text',
    limit: { perMinute: null, perDay: null },
    quotaPath: null,
    control: { testString: mustFlag },
  }
}
