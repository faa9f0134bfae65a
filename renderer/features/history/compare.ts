import type { Outcome } from '../../../shared/domain.ts'
import type { ComparedAsset } from '../../../shared/history.ts'
import type { BatchSummary } from '../../../shared/screening.ts'

/** Two screenings of the same material. */
export interface Pair {
  readonly before: string
  readonly after: string
}

/** From one outcome to another; `null` while there is none. */
export interface Transition {
  readonly from: Outcome | null
  readonly to: Outcome | null
  readonly count: number
}

const urgency = ['pass', 'rules_only', 'unchecked', 'review', 'risky'] as const
const rank = (outcome: Outcome | null): number => (outcome === null ? -1 : urgency.indexOf(outcome))

/** What changed into what, how often: what got worse first. */
export function transitionsOf(changed: readonly ComparedAsset[]): readonly Transition[] {
  const counts = new Map<string, Transition>()
  for (const { before, after } of changed) {
    const key = transitionKey({ from: before.outcome, to: after.outcome })
    const known = counts.get(key) ?? { from: before.outcome, to: after.outcome, count: 0 }
    counts.set(key, { ...known, count: known.count + 1 })
  }
  const worse = ({ from, to }: Transition) => rank(to) - rank(from)
  return [...counts.values()].sort((a, b) => worse(b) - worse(a) || b.count - a.count)
}

export const transitionKey = ({ from, to }: Pick<Transition, 'from' | 'to'>): string => `${from} ${to}`

/** The latest earlier batch of the same inputs, which a batch is compared with at first; null when there is none. */
export function earlierOf(batches: readonly BatchSummary[], batch: BatchSummary): BatchSummary | null {
  const earlier = batches.filter(
    other => other.id !== batch.id && other.createdAt <= batch.createdAt && other.inputs.key === batch.inputs.key,
  )
  return earlier.reduce<BatchSummary | null>(
    (last, other) => (last === null || other.createdAt > last.createdAt ? other : last),
    null,
  )
}
