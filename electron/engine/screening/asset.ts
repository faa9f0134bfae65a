import type { Failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import type { WeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { AssetResult } from '../ledger/rows.ts'
import { failed } from '../store/aggregate.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { OpenAsset } from '../store/records.ts'
import type { Awaiting } from './awaiting.ts'
import type { CheckControls, CheckRun, CheckServices } from './check.ts'
import { type Content, cutOf, factsOf, reuseKeyOf } from './content.ts'
import type { BatchControls } from './controls/controls.ts'
import type { Lane, LaneStop } from './lane.ts'
import { endOf, type LaneCut, screenParts } from './parts.ts'

export interface AssetServices extends CheckServices {
  readonly clock: Clock
  readonly reader: StoreReader
  readonly writer: StoreWriter
  readonly imaging: Imaging
  readonly awaiting: Awaiting
  /** Opens, sniffs, hashes and decodes. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | Failure>
}

export interface AssetRun extends Required<Pick<CheckRun, 'priority' | 'rank' | 'signal' | 'waitForQuota'>> {
  readonly options: ScreenOptions
  readonly batch: string
  readonly practice: boolean
  /** Bounds the parts that wait for their checks, in bytes; each batch has its own, so that one that is paused holds up no other. */
  readonly partBytes: WeightedSemaphore
  /** Takes one of the calls that the batch may make for the profile before somebody is asked; false where none is left. */
  takeCall(lane: Lane): Promise<boolean>
  /** Whether the asset is to be checked again, whatever is known of its bytes. */
  isFresh(asset: number): boolean
  /** Called once a lane can make no more calls. */
  onStop(lane: Lane, stop: LaneStop): void
  isStopped(lane: Lane): boolean
  controlsOf(lane: Lane): CheckControls
  /** The day's control checks; null where none are made. */
  readonly controls: BatchControls | null
  /** One profile's result for the asset is durable. */
  onResult(asset: number, profile: number, result: AssetResult): void
  /** An asset is left to its pushes. */
  onWait(): void
}

/** Screens one asset for every profile that has no result yet. Throws only when a signal aborts or the disk fails. */
export async function screenAsset(
  services: AssetServices,
  asset: OpenAsset,
  lanes: readonly Lane[],
  run: AssetRun,
): Promise<void> {
  const { reader, writer } = services
  const content = await services.read(asset.source, run.options, run.signal)
  if (content.kind === 'failure') {
    const result = failed(content.code, content.detail)
    await writer.endAsset(endOf(asset, { results: lanes.map(lane => ({ profile: lane.index, result })) }))
    for (const lane of lanes) run.onResult(asset.id, lane.index, result)
    return
  }

  const earlier = asset.isBegun ? await reader.knownParts(asset.id) : { judged: [], awaited: [] }
  const cuts = new Map<string, LaneCut[]>()
  for (const lane of lanes) {
    const cut = cutOf(content, lane, lanes, run.options)
    if (cut.kind === 'failure') {
      const result = failed(cut.code, cut.detail)
      await writer.endAsset(endOf(asset, { facts: factsOf(content), results: [{ profile: lane.index, result }] }))
      run.onResult(asset.id, lane.index, result)
      continue
    }
    // Looking again on this machine costs nothing: what was found earlier is not used.
    const reuseKey = lane.needs === 'nothing' ? null : reuseKeyOf(content, lane, cut, run.options)
    cuts.set(cut.key, [...(cuts.get(cut.key) ?? []), { lane, cut, reuseKey }])
  }
  await Promise.all(
    [...cuts.values()].map(async sharing => {
      const fresh: LaneCut[] = []
      const releases = new Map<string, () => void>()
      try {
        // In the order of their keys: two assets that wait for each other's bytes would wait forever.
        for (const each of sharing.toSorted((a, b) => ((a.reuseKey ?? '') < (b.reuseKey ?? '') ? -1 : 1))) {
          if (each.reuseKey === null) {
            fresh.push(each)
            continue
          }
          // Two profiles of one account ask the same, each in its own name.
          const release =
            releases.get(each.reuseKey) ?? (await reuseOrClaim(services, asset, content, each.lane, each.reuseKey, run))
          if (release === null) continue
          releases.set(each.reuseKey, release)
          fresh.push(each)
        }
        fresh.sort((a, b) => a.lane.index - b.lane.index)
        const [first] = fresh
        if (first !== undefined) {
          await screenParts(services, { asset, content, cut: first.cut, sharing: fresh, earlier }, run)
        }
      } finally {
        for (const release of releases.values()) release()
      }
    }),
  )
}

/**
 * Reuses an earlier outcome for the same bytes, waiting for one that is being made, and returns null. Where there is none, claims the
 * bytes for this asset: others with the same bytes wait until the returned function is called.
 */
async function reuseOrClaim(
  services: AssetServices,
  asset: OpenAsset,
  content: Content,
  lane: Lane,
  reuseKey: string,
  run: AssetRun,
): Promise<(() => void) | null> {
  const { id: profileId, platform, appid, practice } = lane.profile
  const claimed = await services.writer.claimReuse(
    {
      batch: run.batch,
      asset: asset.id,
      profile: lane.index,
      path: asset.path,
      key: reuseKey,
      reuseMs: run.isFresh(asset.id) ? 0 : run.options.reuseDays * 86_400_000,
      facts: factsOf(content),
      controls: run.controls === null ? null : { id: profileId, platform, appid, practice },
    },
    run.signal,
  )
  if (claimed.kind === 'claimed') return claimed.release
  run.onResult(asset.id, lane.index, claimed.result)
  return null
}
