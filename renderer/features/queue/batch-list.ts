import type { BatchSummary } from '../../../shared/screening.ts'

export const settledIn = ({ tally }: Pick<BatchSummary, 'tally'>): number =>
  tally.assets - tally.pending - tally.awaiting

/** Measured over this time, so that one long asset does not make an hour of it. */
const spanMs = 30_000
/** Shorter measurements say nothing. */
const leastMs = 3_000

export interface Sample {
  readonly atMs: number
  readonly settled: number
}

/** The samples of a batch with one more; those that are too old go, but for the youngest of them. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1)
  // Checked again from the beginning, or found more: what was measured is of other work.
  if (last !== undefined && next.settled < last.settled) return [next]
  if (last !== undefined && next.atMs - last.atMs < 500) return samples
  const from = samples.findLastIndex(({ atMs }) => atMs <= next.atMs - spanMs)
  return [...samples.slice(Math.max(0, from)), next]
}

/** How long the rest takes at the measured rate; null while none is known, or the folders are still being read. */
export function remainingMs(batch: Pick<BatchSummary, 'tally' | 'walked'>, samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!batch.walked || first === undefined || last === undefined) return null
  const done = last.settled - first.settled
  if (last.atMs - first.atMs < leastMs || done === 0) return null
  return (batch.tally.pending / done) * (last.atMs - first.atMs)
}
