import type { Failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import type { WeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { AssetResult } from '../ledger/rows.ts'
import { failed, type LedgerCommands } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { LedgerQueries, OpenAsset } from '../store/queries.ts'
import type { Awaiting } from './awaiting.ts'
import type { CheckControls, CheckRun, CheckServices } from './check.ts'
import { type Content, cutOf, factsOf, reuseKeyOf } from './content.ts'
import type { BatchControls } from './controls/controls.ts'
import type { Lane, LaneStop } from './lane.ts'
import { type LaneCut, screenParts } from './parts.ts'

export interface AssetServices extends CheckServices {
  readonly clock: Clock
  readonly database: LedgerDatabase
  readonly queries: LedgerQueries
  readonly commands: LedgerCommands
  readonly imaging: Imaging
  readonly awaiting: Awaiting
  /** Opens, sniffs, hashes and decodes. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | Failure>
  /** Outcomes that are being made, by reuse key: the same bytes are not sent twice at the same time. */
  readonly underWay: Map<string, Promise<void>>
}

export interface AssetRun extends Pick<CheckRun, 'priority' | 'signal' | 'waitForQuota'> {
  readonly options: ScreenOptions
  readonly batch: string
  readonly practice: boolean
  /** Bounds the parts that wait for their checks, in bytes; each batch has its own, so that one that is paused holds up no other. */
  readonly partBytes: WeightedSemaphore
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
  const { database, commands } = services
  const content = await services.read(asset.source, run.options, run.signal)
  if (content.kind === 'failure') {
    const end = failed(content.code, content.detail)
    await database.commit(() => {
      for (const lane of lanes) commands.endResult(asset.id, lane.index, end, { path: asset.path })
    })
    for (const lane of lanes) run.onResult(asset.id, lane.index, end)
    return
  }

  const earlier = asset.isBegun
    ? { judged: services.queries.doneParts(asset.id), awaited: services.queries.awaitingParts(asset.id) }
    : { judged: [], awaited: [] }
  const cuts = new Map<string, LaneCut[]>()
  for (const lane of lanes) {
    const cut = cutOf(content, lane, run.options)
    if (cut.kind === 'failure') {
      const end = failed(cut.code, cut.detail)
      const context = { path: asset.path, sha256: content.sha256 }
      await database.commit(() => commands.endResult(asset.id, lane.index, end, context, factsOf(content)))
      run.onResult(asset.id, lane.index, end)
      continue
    }
    const reuseKey = reuseKeyOf(content, lane, cut, run.options)
    cuts.set(cut.key, [...(cuts.get(cut.key) ?? []), { lane, cut, reuseKey }])
  }
  await Promise.all(
    [...cuts.values()].map(async sharing => {
      const fresh: LaneCut[] = []
      const releases = new Map<string, () => void>()
      try {
        // In the order of their keys: two assets that wait for each other's bytes would wait forever.
        for (const each of sharing.toSorted((a, b) => (a.reuseKey < b.reuseKey ? -1 : 1))) {
          // Two profiles of one account ask the same, each in its own name.
          const release = releases.get(each.reuseKey) ?? (await reuseOrClaim(services, asset, content, each, run))
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
  { lane, reuseKey }: LaneCut,
  run: AssetRun,
): Promise<(() => void) | null> {
  const { reuseDays } = run.options
  if (reuseDays === 0 || run.isFresh(asset.id)) return () => undefined
  for (;;) {
    const now = services.clock.now()
    const earlier = services.queries.reusable(reuseKey, now - reuseDays * 86_400_000, now)
    if (earlier !== null && earlier.asset !== asset.id) {
      const end = {
        outcome: earlier.outcome,
        reason: null,
        detail: null,
        labels: earlier.labels,
        score: earlier.score,
        parts: earlier.parts,
        checked: earlier.parts,
        reusedFrom: earlier.asset,
        reusedProfile: earlier.profile,
        reuseKey: null,
        tiled: earlier.parts > 1 && content.kind === 'image',
      }
      const context = { path: asset.path, sha256: content.sha256, screenedAt: earlier.screenedAt }
      await services.database.commit(() => {
        run.controls?.reuse(lane, earlier)
        services.commands.endResult(asset.id, lane.index, end, context, { ...factsOf(content), notes: earlier.notes })
      })
      run.onResult(asset.id, lane.index, end)
      return null
    }
    const other = services.underWay.get(reuseKey)
    if (other === undefined) return claim(services.underWay, reuseKey)
    await other
    run.signal.throwIfAborted()
  }
}

/** Must run synchronously after the lookup, so that only one of several identical assets is sent. */
function claim(underWay: AssetServices['underWay'], key: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  underWay.set(key, promise)
  return () => {
    underWay.delete(key)
    resolve()
  }
}
