import type { Decision } from '../../../shared/domain.ts'
import { type GridOutcome, gridFlags, type gridOutcomes } from '../../../shared/grid.ts'
import { type RuleFinding, ruleFindings } from '../../../shared/rules.ts'
import type { ResultRecord } from './rows.ts'

/** What an asset shows, which follows from its results and its decision. */

export type OutcomeRecord = Pick<
  ResultRecord,
  'outcome' | 'reason' | 'labels' | 'score' | 'reused_from' | 'screened_at' | 'rules'
>

/**
 * The results that are compared. Beside a platform's, those of rules that hold nothing up, or are about no such thing, are left out: they say
 * nothing for or against what the platform says.
 */
export function comparedOf<Result extends Pick<OutcomeRecord, 'outcome' | 'reason' | 'rules'>>(
  results: readonly Result[],
): readonly Result[] {
  if (results.length < 2 || !results.some(({ rules }) => rules === null)) return results
  return results.filter(
    ({ outcome, reason, rules }) =>
      rules === null || !(outcome === 'rules_only' || (outcome === 'unchecked' && reason === 'kind_not_taken')),
  )
}

/** The worst that rules found; null where they did not look, or not at all of it and found nothing that holds the asset up. */
export function findingOf(results: readonly Pick<OutcomeRecord, 'rules'>[]): RuleFinding | null {
  const found = results.flatMap(({ rules }) =>
    rules === null || rules === 'unread' ? [] : [ruleFindings.indexOf(rules)],
  )
  const worst = ruleFindings[Math.max(...found)] ?? null
  if (worst === 'evidence' || worst === 'forbidden') return worst
  return results.some(({ rules }) => rules === 'unread') ? null : worst
}

/** Of those that are compared the worst stands for the asset, but anything still open hides a pass or an unchecked. */
export function worstOf(results: readonly OutcomeRecord[]): OutcomeRecord | undefined {
  const urgency = [
    'pass',
    'rules_only',
    'unchecked',
    'awaiting',
    'pending',
    'review',
    'risky',
  ] as const satisfies readonly (typeof gridOutcomes)[number][]
  return results.reduce<OutcomeRecord | undefined>(
    (worst, result) =>
      worst === undefined || urgency.indexOf(result.outcome) > urgency.indexOf(worst.outcome) ? result : worst,
    undefined,
  )
}

export function reviewFlags(decision: Decision | null, outcome: GridOutcome, note: string | null): number {
  return (disagrees(decision, outcome) ? gridFlags.disagreement : 0) | (note ? gridFlags.noted : 0)
}

function disagrees(decision: Decision | null, outcome: string): boolean {
  return (
    (decision === 'approve' && (outcome === 'risky' || outcome === 'review')) ||
    (decision === 'reject' && outcome === 'pass')
  )
}
