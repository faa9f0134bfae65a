import type { Decision } from '../../../shared/domain.ts'
import { type GridOutcome, gridFlags, type gridOutcomes } from '../../../shared/grid.ts'
import type { ResultRecord } from './rows.ts'

/** What an asset shows, which follows from its results and its decision. */

export type OutcomeRecord = Pick<
  ResultRecord,
  'outcome' | 'reason' | 'labels' | 'score' | 'reused_from' | 'screened_at'
>

/** Over several profiles the worst stands for the asset, but anything still open hides a pass or an unchecked. */
export function worstOf(results: readonly OutcomeRecord[]): OutcomeRecord | undefined {
  const urgency = [
    'pass',
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
