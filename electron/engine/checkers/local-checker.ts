import type { Failure } from '../../../shared/conclusion.ts'
import type { EndpointId, Part, TextContext, TextRange, Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { TextLimit } from '../../../shared/limits.ts'
import type { Said } from '../../../shared/problems.ts'
import { type RuleFinding, type RuleSeverity, type RuleText, ruleFindings } from '../../../shared/rules.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { bare, type CheckerFacts, type Endpoint } from './platform.ts'

/**
 * A source of verdicts that works on this machine: it needs no account, no secret, no token, no leave of the pacer and no field of a
 * profile. What it finds is never a platform's verdict, and what it does not find is none at all.
 */
export interface LocalChecker extends CheckerFacts {
  readonly needs: 'nothing'
  /**
   * The checker as a batch wants it, made when the batch's lane is: with its books read and a version of its own. Absent where there is
   * nothing to choose. Rejects with a `Problem` where it cannot be had, such as a book that is not there.
   */
  openedFor?(options: ScreenOptions['rules'], context: LocalContext): Promise<LocalChecker>
  /** Looks at one part. Never throws but for an aborted signal. */
  inspect(request: LocalRequest, signal: AbortSignal): Promise<LocalConclusion>
}

/** What a checker is opened with; the app hands it over. */
export interface LocalContext {
  /** The files of the books that are named, by id or path; of those in force where none are. Rejects with a `Problem`. */
  books(named: ScreenOptions['rules']['books']): Promise<readonly Uint8Array[]>
  /** The local day, `2026-11-30`: rules come into force, and end. */
  today(): string
}

export interface LocalRequest {
  readonly endpoint: EndpointId
  readonly part: Part
  readonly text: TextContext
}

/** One place where a rule applies, with what a person needs in order to believe it. */
export interface LocalHit {
  readonly rule: RuleText
  /** SHA-256 of the book that it is from. */
  readonly bookVersion: string
  /** In the part's text; null where it concerns the part as a whole. */
  readonly range: TextRange | null
  /** The words as they are written; '' where something is missing. */
  readonly matched: string
}

/** Most hits that are kept of one asset; the others are counted. */
export const mostHits = 1_000

/** There is no pass among these: "no rule hit" says nothing of what a platform would say. */
export type LocalConclusion =
  | {
      readonly kind: 'looked'
      readonly hits: readonly LocalHit[]
      /** Further hits that are not listed. None of them is more severe than the least severe that is: the worst come first. */
      readonly more: number
    }
  | Failure

/** What can come of a check on this machine: a verdict that holds the asset up, or none with its reason. */
export type LocalEnd =
  | { readonly verdict: Exclude<Verdict, 'pass'>; readonly failure: null }
  | { readonly verdict: null; readonly failure: { readonly code: FailureCode; readonly detail: string } }

/** What the worst that was found does to an asset, where it does anything. */
export const verdictOf: Readonly<Record<RuleFinding, Exclude<Verdict, 'pass'> | null>> = {
  none: null,
  notice: null,
  evidence: 'review',
  forbidden: 'risky',
}

export function worstFinding(severities: readonly RuleSeverity[]): RuleFinding {
  return ruleFindings[Math.max(0, ...severities.map(severity => ruleFindings.indexOf(severity)))] ?? 'none'
}

export function endOf(conclusion: LocalConclusion): LocalEnd {
  if (conclusion.kind === 'failure')
    return { verdict: null, failure: { code: conclusion.code, detail: conclusion.detail } }
  const verdict = verdictOf[worstFinding(conclusion.hits.map(({ rule }) => rule.severity))]
  return verdict === null ? { verdict, failure: { code: unjudged, detail: '' } } : { verdict, failure: null }
}

/** Of a part that was looked at and that nothing holds up: a platform has not seen it. */
export const unjudged = 'no_platform_verdict' satisfies FailureCode

/** Words as waivers compare them: however they are spaced, pointed and written in full or half width. */
export function comparedWords(matched: string): string {
  const plain = matched.normalize('NFKC').toLowerCase()
  const letters = plain.replace(/[^\p{L}\p{N}]/gu, '')
  return letters === '' ? plain : letters
}

/** An endpoint without limits of rate; it is tried once a day with a text that it must flag, as those of platforms are. */
export function localTextEndpoint(given: {
  readonly id: EndpointId
  readonly name: Said
  readonly textLimit: TextLimit
  /** The version of its rules, e.g. of a rule book: verdicts of another version are not reused. */
  readonly version: string
  /** Null where nothing that it goes by holds anything up. */
  readonly mustFlag: string | null
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
