import type { AssetKind, EndpointId } from '../../../shared/domain.ts'
import type { Plan, PlannedWay, ScreenOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import type { Found } from '../formats/source.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { Pacer, PaceStatus } from '../pacer/contract.ts'
import { inForce } from '../pacer/limit.ts'
import type { LedgerQueries } from '../store/queries.ts'
import type { AssetServices } from './asset.ts'
import { type Content, type Cut, cutOf, decodedEnd, makeParts, missingOf, reuseKeyOf } from './content.ts'
import type { Controls } from './controls/controls.ts'
import { type Lane, paceLimitOf } from './lane.ts'

export interface PlanServices {
  readonly clock: Clock
  readonly queries: LedgerQueries
  readonly pacer: Pacer
  readonly imaging: Imaging
  readonly read: AssetServices['read']
  /** Null where no control checks are made. */
  readonly controls: Pick<Controls, 'due'> | null
  walk(signal: AbortSignal): AsyncIterable<Found>
}

/** How many problems a plan names one by one. */
const namedProblems = 1000
/** Assets that are looked at together. */
const atOnce = 8

/**
 * Reads the inputs and works out what screening them would cost, without making a check call. `onProgress` is told as often as the
 * plan grows; only when it asks for it is the plan drawn up, as far as it is known then. The last one is `done`.
 */
export async function makePlan(
  services: PlanServices,
  id: string,
  lanes: readonly Lane[],
  options: ScreenOptions,
  onProgress: (latest: () => Plan) => void,
  signal: AbortSignal,
): Promise<Plan> {
  const assets: Record<AssetKind, number> = { image: 0, text: 0, audio: 0 }
  const problems: { path: string; code: Plan['problems'][number]['code']; detail: string }[] = []
  const calls = new Map<string, { lane: Lane; endpoint: Lane['platform']['endpoints'][number]; parts: number }>()
  const ways = new Map<string, PlannedWay>()
  /** The day's control checks that are among the calls. */
  const controls = new Set<string>()
  const seen = new Set<string>()
  let problemCount = 0
  let bytes = 0
  let tiledImages = 0
  let reused = 0

  const report = (path: string, code: Plan['problems'][number]['code'], detail: string) => {
    problemCount += 1
    if (problems.length < namedProblems) problems.push({ path, code, detail })
  }
  const current = (done: boolean): Plan => {
    const status = services.pacer.status()
    const planned = [...calls.values()].map(({ lane, endpoint, parts }) => {
      return { profile: lane.profile.id, endpoint: endpoint.id, parts, ...allowanceOf(lane, endpoint, status) }
    })
    return {
      id,
      done,
      problem: null,
      assets: { ...assets },
      bytes,
      problems: [...problems],
      problemCount,
      tiledImages,
      reused,
      calls: planned,
      controls: controls.size,
      ways: [...ways.values()],
      durationMs: durationOf(planned),
    }
  }

  /** One for the day's control check, where it has not been made; two profiles of one account share it. */
  const firstParts = async (lane: Lane, endpoint: Lane['platform']['endpoints'][number]) => {
    const due = (await services.controls?.due(lane, endpoint, signal)) ?? null
    if (due === null || controls.has(due)) return 0
    controls.add(due)
    return 1
  }
  const count = async (lane: Lane, cut: Cut, parts: number) => {
    // Looked at on this machine: no call is made.
    if (lane.needs === 'nothing') return
    for (const endpoint of [cut.sync, cut.media]) {
      if (endpoint === null) continue
      const key = `${lane.index} ${endpoint.id}`
      const known = calls.get(key)
      const entry = known ?? { lane, endpoint, parts: 0 }
      calls.set(key, entry)
      // By address the whole asset is one part; the others are sent in calls.
      entry.parts += endpoint === cut.media ? 1 : parts - (cut.media === null ? 0 : 1)
      if (known !== undefined) continue
      const first = await firstParts(lane, endpoint)
      entry.parts += first
    }
  }
  const countWay = (lane: Lane, kind: AssetKind, { way, why }: Cut) => {
    const key = `${lane.index} ${kind} ${way} ${why}`
    const known = ways.get(key) ?? { profile: lane.profile.id, kind, way, why, assets: 0 }
    ways.set(key, { ...known, assets: known.assets + 1 })
  }

  const look = async (found: Found) => {
    if (found.skipped !== null) return report(found.path, 'skipped', found.skipped)
    if (found.failure !== null) return report(found.path, found.failure.code, found.failure.detail)
    const content = await services.read(JSON.stringify(found.source), options, signal)
    if (content.kind === 'failure') return report(found.path, content.code, content.detail)
    assets[content.kind] += 1
    bytes += content.bytes
    const partsByCut = new Map<string, number | null>()
    for (const lane of lanes) {
      const cut = cutOf(content, lane, options)
      if (cut.kind === 'failure') {
        report(found.path, cut.code, cut.detail)
        continue
      }
      countWay(lane, content.kind, cut)
      if (options.reuseDays > 0) {
        const key = reuseKeyOf(content, lane, cut, options)
        const now = services.clock.now()
        const isKnown =
          seen.has(key) || services.queries.reusable(key, now - options.reuseDays * 86_400_000, now) !== null
        seen.add(key)
        if (isKnown) {
          reused += 1
          continue
        }
      }
      let parts = partsByCut.get(cut.key)
      if (parts === undefined) {
        parts = await countParts(services, content, cut, options, signal, failure =>
          report(found.path, failure.code, failure.detail),
        )
        partsByCut.set(cut.key, parts)
        if (content.kind === 'image' && parts !== null && parts > (cut.media === null ? 1 : 2)) tiledImages += 1
      }
      if (parts !== null) await count(lane, cut, parts)
    }
  }

  const inWork = new Set<Promise<void>>()
  let broken: { error: unknown } | null = null
  for await (const found of services.walk(signal)) {
    const task = look(found)
      .catch(error => {
        broken ??= { error }
      })
      .finally(() => {
        inWork.delete(task)
        onProgress(() => current(false))
      })
    inWork.add(task)
    while (inWork.size >= atOnce) await Promise.race(inWork)
    if (broken !== null) break
  }
  await Promise.all(inWork)
  if (broken !== null) throw (broken as { error: unknown }).error
  const plan = current(true)
  onProgress(() => plan)
  return plan
}

async function countParts(
  services: PlanServices,
  content: Content,
  cut: Cut,
  options: ScreenOptions,
  signal: AbortSignal,
  onFailure: (failure: { code: Plan['problems'][number]['code']; detail: string }) => void,
): Promise<number | null> {
  if (content.kind === 'image') {
    const facts = await services.imaging.inspect(
      content.input,
      { mode: cut.imageMode, maxTiles: options.maxTiles },
      signal,
    )
    if (facts.kind === 'failure') {
      onFailure(facts)
      return null
    }
    const missing = missingOf(content, decodedEnd(facts), options)
    if (missing !== null) onFailure(missing)
    // For animations only bounds are known before decoding; the plan names the larger one.
    return (cut.sync === null ? 0 : facts.calls.atMost) + (cut.media === null ? 0 : 1)
  }
  let parts = 0
  const made = await makeParts(
    services.imaging,
    content,
    cut,
    options,
    async () => {
      parts += 1
    },
    signal,
  )
  const missing = missingOf(content, made, options)
  if (missing !== null) onFailure(missing)
  return parts
}

/** What a profile may still ask of an endpoint; null where no limit is known. */
export function allowanceOf(
  lane: Lane,
  endpoint: Lane['platform']['endpoints'][number],
  status: readonly PaceStatus[],
): { readonly perMinute: number | null; readonly quotaLeft: number | null } {
  const limit = paceLimitOf(lane.profile, endpoint)
  const known = status.find(each => each.key.appid === lane.profile.appid && each.key.endpoint === endpoint.id)
  return {
    perMinute: known?.perMinute ?? inForce(limit.perMinute, null, limit.sharePercent, 1),
    quotaLeft: quotaLeft(known?.perDay ?? inForce(limit.perDay, null, limit.sharePercent, 1), known),
  }
}

function quotaLeft(perDay: number | null, known: PaceStatus | undefined): number | null {
  if (perDay === null && known?.platformRemain == null) return null
  const ours = perDay === null ? Number.POSITIVE_INFINITY : Math.max(0, perDay - (known?.dayUsed ?? 0))
  return Math.min(ours, known?.platformRemain ?? Number.POSITIVE_INFINITY)
}

/** Endpoints work side by side, so the slowest decides; the first minute's calls leave at once. */
function durationOf(
  calls: readonly { endpoint: EndpointId; parts: number; perMinute: number | null; quotaLeft: number | null }[],
): number | null {
  let longest = 0
  for (const { parts, perMinute, quotaLeft: left } of calls) {
    if (left !== null && parts > left) return null
    if (perMinute !== null && parts > perMinute)
      longest = Math.max(longest, Math.ceil((parts - perMinute) / perMinute) * 60_000)
  }
  return longest
}
