import type { BatchSummary } from './screening.ts'

/** Batches that are not at their end, as they are worked on: those that somebody has put first, then the one that began first. */
export function openBatches(batches: readonly BatchSummary[], first: readonly string[]): readonly BatchSummary[] {
  const placeOf = ({ id }: BatchSummary) => (first.includes(id) ? first.indexOf(id) : first.length)
  return batches
    .filter(({ state }) => state === 'running' || state === 'paused' || state === 'interrupted')
    .toSorted((a, b) => placeOf(a) - placeOf(b) || a.createdAt - b.createdAt)
}
