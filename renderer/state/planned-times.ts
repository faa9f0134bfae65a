import { create } from 'zustand'
import type { BatchSummary, Plan } from '../../shared/screening.ts'

/** How long the plans of batches said that they would take, in milliseconds, while the window is there. */
export const usePlannedTimes = create<Readonly<Record<string, number>>>()(() => ({}))

/** A plan that had not looked at everything says nothing about the whole. */
export function keepPlannedTime(batch: string, { done, durationMs }: Pick<Plan, 'done' | 'durationMs'>): void {
  if (done && durationMs !== null) usePlannedTimes.setState({ [batch]: durationMs })
}

/** How long the rest takes by the plan; null where there was none. */
export const plannedRestMs = ({ tally }: Pick<BatchSummary, 'tally'>, plannedMs: number | undefined): number | null =>
  plannedMs === undefined || tally.assets === 0 ? null : (plannedMs * tally.pending) / tally.assets
