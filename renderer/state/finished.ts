import { create } from 'zustand'
import type { BatchSummary } from '../../shared/screening.ts'
import { useApp } from './app.ts'

/** Batches that have come to their end while the window was there, and whose end nobody has put away. */
export const useFinished = create<{ readonly batches: ReadonlySet<string> }>()(() => ({ batches: new Set() }))

const isAtWork = ({ state }: BatchSummary): boolean => state === 'running' || state === 'paused'
const hasEnded = ({ state }: BatchSummary): boolean => state === 'done' || state === 'cancelled'

/** What is finished after a change of the batches: those that ended with it are, those that run again are no more. */
export function finishedAfter(
  finished: ReadonlySet<string>,
  before: readonly BatchSummary[],
  now: readonly BatchSummary[],
): ReadonlySet<string> {
  let next: Set<string> | null = null
  for (const [at, batch] of now.entries()) {
    // Mostly the same objects in the same places: a summary comes ten times a second.
    if (before[at] === batch) continue
    const was = before.find(({ id }) => id === batch.id)
    const isNew = was !== undefined && isAtWork(was) && hasEnded(batch)
    if (isNew === finished.has(batch.id) || (!isNew && !isAtWork(batch))) continue
    next ??= new Set(finished)
    if (isNew) next.add(batch.id)
    else next.delete(batch.id)
  }
  return next ?? finished
}

export function connectFinished(): void {
  useApp.subscribe((state, before) => {
    if (state.batches === before.batches || !before.ready) return
    useFinished.setState(({ batches }) => ({ batches: finishedAfter(batches, before.batches, state.batches) }))
  })
}

export function putAway(batch: string): void {
  useFinished.setState(({ batches }) => ({ batches: new Set([...batches].filter(id => id !== batch)) }))
}

/** Where work goes on: what is being screened, else the newest whose risks nobody has decided on yet; null where there is none. */
export function nextBatch(batches: readonly BatchSummary[], open: string): BatchSummary | null {
  const others = batches.filter(({ id }) => id !== open)
  return (
    others.findLast(isAtWork) ??
    others.find(({ decided, tally }) => decided === 0 && tally.risky + tally.review > 0) ??
    null
  )
}
