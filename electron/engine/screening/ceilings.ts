import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { inputFailure } from '../base/input-failure.ts'
import type { StoreReader } from '../store/ports.ts'
import type { Content, Cut } from './content.ts'
import type { Lane } from './lane.ts'

/** How many calls may be made before a person is asked; null for no ceiling. */
interface Ceilings {
  readonly asset: number | null
  readonly batch: number | null
}

type CeilingOptions = Pick<ScreenOptions, 'maxCallsPerAsset' | 'maxCallsPerBatch'>

/** What was allowed in the batch comes before what the profile says. Looking on this machine makes no calls. */
export function ceilingsOf({ needs, profile }: Pick<Lane, 'needs' | 'profile'>, options: CeilingOptions): Ceilings {
  if (needs === 'nothing') return { asset: null, batch: null }
  return {
    asset: options.maxCallsPerAsset ?? profile.maxCallsPerAsset,
    batch: options.maxCallsPerBatch ?? profile.maxCallsPerBatch,
  }
}

/** Null where an asset of so many calls may be screened without asking. */
export function overCeiling(calls: number, { asset }: Ceilings): Failure | null {
  if (asset === null || calls <= asset) return null
  return inputFailure('calls_over_limit', [remark('asset_calls_over', { count: calls, limit: asset })])
}

export function overBatch(missing: number, { batch }: Ceilings): Failure | null {
  if (batch === null || missing === 0) return null
  return inputFailure('calls_over_limit', [remark('batch_calls_over', { count: missing, limit: batch })])
}

/** How far ceilings have to be raised for what waits: as many calls for the largest asset, as many more for the batch. */
export interface CallsWanted {
  readonly asset: number
  readonly batch: number
}

export function callsWantedBy(remarks: readonly Remark[]): CallsWanted {
  const largest = (code: RemarkCode, of: (each: Remark) => number) =>
    Math.max(0, ...remarks.filter(each => each.code === code).map(of))
  const missing = remarks.filter(({ code }) => code === 'batch_calls_over')
  return {
    asset: largest('asset_calls_over', ({ count = 1 }) => count),
    batch:
      largest('batch_calls_over', ({ limit = 0 }) => limit) + missing.reduce((sum, { count = 1 }) => sum + count, 0),
  }
}

/** Never lower than they were. */
export function raised(
  wanted: CallsWanted,
  { maxCallsPerAsset, maxCallsPerBatch }: CeilingOptions,
): Partial<CeilingOptions> {
  return {
    ...(wanted.asset > 0 && { maxCallsPerAsset: Math.max(wanted.asset, maxCallsPerAsset ?? 0) }),
    ...(wanted.batch > 0 && { maxCallsPerBatch: Math.max(wanted.batch, maxCallsPerBatch ?? 0) }),
  }
}

/** Counts the calls that a batch's profiles may still make before somebody is asked. */
export function createCallBudget(
  reader: Pick<StoreReader, 'checkCount'>,
  batch: string,
  options: () => ScreenOptions,
): (lane: Lane) => Promise<boolean> {
  const made = new Map<Lane, Promise<{ count: number }>>()
  return async lane => {
    const { batch: ceiling } = ceilingsOf(lane, options())
    if (ceiling === null) return true
    const known = made.get(lane) ?? reader.checkCount(batch, lane.index).then(count => ({ count }))
    made.set(lane, known)
    const calls = await known
    if (calls.count >= ceiling) return false
    calls.count += 1
    return true
  }
}

/** Calls that an asset takes at least, told without loading any piece of it; pictures that are the same are one. */
export function leastCalls({ words, pictures, recordings }: Content, cut: Cut): number {
  const limit = cut.text?.textLimit?.max ?? Number.POSITIVE_INFINITY
  const heard = cut.media === null ? 0 : recordings.length
  return Math.floor((words?.text.length ?? 0) / limit) + (cut.image === null ? 0 : pictures.length) + heard
}
