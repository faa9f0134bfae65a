import type { Failure } from '../../../shared/conclusion.ts'
import { createTaskPool, type TaskPool } from '../base/concurrency/task-pool.ts'
import { createWeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import type { AssetResult } from '../ledger/rows.ts'
import { concludeAsset, type PartResult, partResultOf } from '../store/aggregate.ts'
import type { KnownParts } from '../store/ports.ts'
import type { AssetEnd, AssetFacts, CheckEnded, NewCheck, OpenAsset, SentCheck, WithFacts } from '../store/records.ts'
import type { Later } from '../store/stored-pushes.ts'
import type { AssetRun, AssetServices } from './asset.ts'
import { ceilingsOf, leastCalls, overBatch, overCeiling } from './ceilings.ts'
import { type CheckResult, runCheck } from './check.ts'
import {
  type Content,
  type Cut,
  endpointFor,
  endpointsOf,
  factsOf,
  isPicture,
  type MadeParts,
  makeParts,
  missingOf,
  type UnsentPart,
} from './content.ts'
import { countParts, sumOfParts } from './count-parts.ts'
import type { Lane } from './lane.ts'
import { createLooking, type Looking } from './looking.ts'
import { earlierResultOf, isAwaited, pendingTraceOf, type UnsentCheck, unsentCheckOf } from './part.ts'

/** A profile before one asset. Profiles whose cuts have the same key share the parts; each has endpoints of its own. */
export interface LaneCut {
  readonly lane: Lane
  readonly cut: Cut
  /** Under which the outcome may be used again, hexadecimal; null where it never is. */
  readonly reuseKey: string | null
}

export interface PartsWork {
  readonly asset: OpenAsset
  readonly content: Content
  /** As the parts are made for all of the profiles. */
  readonly cut: Cut
  readonly sharing: readonly LaneCut[]
  readonly earlier: KnownParts
}

/** Chunks of one text that wait for their checks: the others are cut, and need nothing more until it is their turn. */
const textsAtOnce = 64

/** One asset's parts while they are made and checked. */
interface OpenParts {
  readonly services: AssetServices
  readonly work: PartsWork
  readonly run: AssetRun
  readonly lanes: readonly LaneProgress[]
  readonly tasks: TaskPool
  /** To be recorded with the first check that is to show them; null from then on. */
  facts: AssetFacts | null
  unrecorded: CheckEnded[]
  allMade: boolean
  /** The first error ends the asset: the run is over, or the disk refuses. */
  broken: { readonly error: unknown } | null
}

interface LaneProgress extends LaneCut {
  /** By the parts' names. */
  readonly results: Map<string, PartResult>
  readonly awaited: Set<string>
  /** Null where a platform is asked. */
  readonly looking: Looking | null
  readonly ceilings: ReturnType<typeof ceilingsOf>
  /** Parts that were made, and those that the batch's ceiling held back. */
  made: number
  heldByBatch: number
  isStopped: boolean
}

/** Makes the asset's parts, has each checked for every profile, and records what comes of it. */
export async function screenParts(services: AssetServices, work: PartsWork, run: AssetRun): Promise<void> {
  const { content } = work
  const sharing = await withoutWaiting(services, work, run)
  if (sharing.length === 0) return
  // Before any part is made: a part that waited here would keep an imaging process from making the control's picture.
  await Promise.all(sharing.map(each => ensureControls(each, run)))
  const parts: OpenParts = {
    services,
    work,
    run,
    lanes: sharing.map(each => progressOf(services, work.asset.id, each, run)),
    tasks: createTaskPool(Number.POSITIVE_INFINITY),
    facts: factsOf(content),
    unrecorded: [],
    allMade: false,
    broken: null,
  }
  const made = await makeAndCheckAll(parts)
  if (parts.broken !== null) {
    // The replies are kept, although the asset is not done.
    await recordEnded(parts)
    throw parts.broken.error
  }
  await recordAsset(parts, made)
}

/** The profiles that may begin. Where an asset is sure to pass a ceiling, no call leaves before somebody has said yes. */
async function withoutWaiting(
  services: AssetServices,
  { asset, content, cut, sharing, earlier }: PartsWork,
  run: AssetRun,
): Promise<readonly LaneCut[]> {
  const least = leastCalls(content, cut)
  const isOver = (calls: number, lane: Lane) => overCeiling(calls, ceilingsOf(lane, run.options))
  if (sharing.every(({ lane }) => isOver(least, lane) === null)) return sharing
  const { counts } = await countParts(services.imaging, content, cut, run.options, run.signal)
  const waiting = sharing.flatMap(each => {
    const over = isOver(sumOfParts(counts), each.lane)
    if (over === null) return []
    const known = earlier.judged.filter(({ profile }) => profile === each.lane.index)
    const parts = known.map(({ verdict, label, score }): PartResult => ({ verdict, label, score, failure: null }))
    return [{ each, result: concludeAsset(parts, reasonOf(over), { reuseKey: null, tiled: false }) }]
  })
  const results = waiting.map(({ each, result }) => ({ profile: each.lane.index, result }))
  if (results.length > 0) await services.writer.endAsset(endOf(asset, { facts: factsOf(content), results }))
  for (const { profile, result } of results) run.onResult(asset.id, profile, result)
  return sharing.filter(each => !waiting.some(waits => waits.each === each))
}

function progressOf(services: AssetServices, asset: number, given: LaneCut, run: AssetRun): LaneProgress {
  const { lane, cut } = given
  const looking = lane.needs === 'nothing' ? createLooking(services, { asset, lane, cut }, run) : null
  const ceilings = ceilingsOf(lane, run.options)
  const nothing = { results: new Map(), awaited: new Set<string>(), made: 0, heldByBatch: 0, isStopped: false }
  return { ...given, ...nothing, looking, ceilings }
}

/** Finds out whether the endpoints detect anything today, before they are asked about the asset. */
async function ensureControls({ lane, cut }: LaneCut, run: AssetRun): Promise<void> {
  const { controls, priority, waitForQuota } = run
  if (controls === null) return
  for (const endpoint of endpointsOf(cut)) {
    if (run.isStopped(lane)) continue
    await controls.ensure(lane, endpoint, { priority, waitForQuota, ...run.controlsOf(lane) })
  }
}

async function makeAndCheckAll(parts: OpenParts): Promise<MadeParts> {
  const { services, work, run, lanes, tasks } = parts
  const texts = createWeightedSemaphore(textsAtOnce)
  const receive = async (part: UnsentPart) => {
    const textCount = part.kind === 'text' ? 1 : 0
    const bytes = part.kind === 'image' ? part.bytes.byteLength : part.kind === 'text' ? part.text.length * 2 : 0
    await texts.acquire(textCount, run.signal)
    await run.partBytes.acquire(bytes, run.signal)
    const task = Promise.all(lanes.map(lane => checkPart(parts, lane, part)))
      .then(() => undefined)
      .catch(error => {
        parts.broken ??= { error }
      })
      .finally(() => {
        run.partBytes.release(bytes)
        texts.release(textCount)
      })
    tasks.add(task)
  }
  const made = await makeParts(services.imaging, work.content, work.cut, run.options, receive, run.signal).catch(
    (error): MadeParts => {
      parts.broken ??= { error }
      return { missing: null, size: null, sizes: new Map(), same: new Map(), frames: [], notes: [] }
    },
  )
  parts.allMade = true
  // Also when the run is over: calls that are out may get their replies, and those are kept.
  await tasks.drain()
  return made
}

async function checkPart(parts: OpenParts, progress: LaneProgress, part: UnsentPart): Promise<void> {
  const { services, work, run } = parts
  const { lane, cut } = progress
  if (progress.isStopped || parts.broken !== null) return
  if (progress.looking !== null) return progress.looking.look(part)
  progress.made += 1
  // The others are made all the same: a person is asked for as many calls as there are.
  if (overCeiling(progress.made, progress.ceilings) !== null) return
  const check = unsentCheckOf(work.asset.id, lane, endpointFor(cut, part), part)
  const known = earlierResultOf(work.earlier, check)
  if (known !== null) {
    progress.results.set(part.name, known)
    return
  }
  if (isAwaited(work.earlier, check)) {
    progress.awaited.add(part.name)
    return
  }
  // The same bytes may be judged for another asset: that push is for this one too.
  if (part.kind === 'media' && run.options.reuseDays > 0 && (await joinPending(parts, progress, check))) return
  if (run.isStopped(lane)) {
    progress.isStopped = true
    return
  }
  if (!(await run.takeCall(lane))) {
    progress.heldByBatch += 1
    return
  }
  let sent: SentCheck | null = null
  const result = await runCheck(services, lane, endpointFor(cut, part), part, {
    priority: run.priority,
    rank: run.rank,
    waitForQuota: run.waitForQuota,
    ...run.controlsOf(lane),
    pendingTrace: () => services.reader.pendingTrace(pendingTraceOf(lane, check)),
    onDeparture: async () => {
      sent = await services.writer.beginCheck(begun(parts, check))
    },
  })
  await recordCheck(parts, progress, check, sent, result)
  if (result.stop === null) return
  progress.isStopped = true
  run.onStop(lane, result.stop)
}

/** The check as it begins now; what the asset is, goes with the first one. */
function begun(parts: OpenParts, check: UnsentCheck): WithFacts<NewCheck> {
  const at = parts.services.clock.now()
  // An asset of many parts takes long: its facts are shown from its first call on.
  if (check.place.name === 'whole') return { ...check, at, facts: null }
  const { facts } = parts
  parts.facts = null
  return { ...check, at, facts }
}

async function joinPending(parts: OpenParts, { lane, awaited }: LaneProgress, check: UnsentCheck): Promise<boolean> {
  const joining = begun(parts, check)
  const isJoined = await parts.services.awaiting.join(joining, lane.profile)
  if (isJoined) awaited.add(check.place.name)
  else parts.facts ??= joining.facts
  return isJoined
}

async function recordCheck(
  parts: OpenParts,
  { lane, awaited, results }: LaneProgress,
  { place }: UnsentCheck,
  sent: SentCheck | null,
  { conclusion, attempts, ms }: CheckResult,
): Promise<void> {
  const { services, run } = parts
  if (conclusion === null) return
  if (conclusion.kind === 'accepted') {
    if (sent === null) throw new Error('a check was accepted that was never sent')
    const { traceId, evidence } = conclusion
    // Before anything else: without its trace id the push could not be matched.
    await services.awaiting.begin(sent.id, { traceId, attempts, ms, evidence }, lane.profile)
    awaited.add(place.name)
    return
  }
  results.set(place.name, partResultOf(conclusion))
  if (sent === null) return
  const { id: profile, platform, appid } = lane.profile
  const context = { profile, platform, appid, practice: run.practice }
  parts.unrecorded.push({ check: sent, end: { conclusion, attempts, ms }, context })
  // The last part's row is written together with the asset's result; the others at once.
  const isLast = parts.allMade && parts.tasks.size <= 1 && parts.lanes.length === 1
  if (!isLast) await recordEnded(parts)
}

async function recordEnded(parts: OpenParts): Promise<void> {
  const ended = takeUnrecorded(parts)
  if (ended.length > 0) await parts.services.writer.endChecks(ended)
}

function takeUnrecorded(parts: OpenParts): readonly CheckEnded[] {
  const ended = parts.unrecorded
  parts.unrecorded = []
  return ended
}

/** Writes the result for each profile, or leaves it to the pushes that are awaited. */
async function recordAsset(parts: OpenParts, made: MadeParts): Promise<void> {
  const { services, work, run } = parts
  const { asset, content } = work
  const unmade = missingOf(content, made, run.options)
  const complete = parts.lanes.filter(lane => !lane.isStopped && lane.looking === null)
  const results = complete
    .filter(({ awaited }) => awaited.size === 0)
    .map(progress => ({
      profile: progress.lane.index,
      result: resultOf(content, progress, heldBack(progress) ?? unmade),
    }))
  const left = complete.filter(({ awaited }) => awaited.size > 0)
  const ended = await services.writer.endAsset({
    asset: asset.id,
    context: { path: asset.path, sha256: content.sha256 },
    facts: factsOf(content, made),
    checks: takeUnrecorded(parts),
    results,
    awaited: left.map(progress => ({
      profile: progress.lane.index,
      later: laterOf(content, progress, heldBack(progress) ?? unmade),
    })),
    looked: parts.lanes.flatMap(({ looking }) => looking?.looked(content, reasonOf(unmade)) ?? []),
  })
  for (const { profile, result } of ended) run.onResult(asset.id, profile, result)
  if (left.length > 0) run.onWait()
}

/** Why not all of the asset was asked about: somebody has to allow it first. */
function heldBack({ made, heldByBatch, ceilings }: LaneProgress): Failure | null {
  return overCeiling(made, ceilings) ?? overBatch(heldByBatch, ceilings)
}

function resultOf(content: Content, { results, reuseKey }: LaneProgress, missing: Failure | null): AssetResult {
  return concludeAsset([...results.values()], reasonOf(missing), { reuseKey, tiled: isTiled(content, results.size) })
}

/** What the result is concluded from when the pushes for the other parts are there. */
function laterOf(content: Content, { results, awaited, reuseKey }: LaneProgress, missing: Failure | null): Later {
  return {
    ends: [...results.values()],
    awaiting: [...awaited],
    missing: reasonOf(missing),
    reuseKey: reuseKey ?? '',
    tiled: isTiled(content, results.size),
    sha256: content.sha256,
  }
}

function isTiled(content: Content, parts: number): boolean {
  return isPicture(content) && parts > 1
}

function reasonOf(missing: Failure | null) {
  return missing === null ? null : { code: missing.code, detail: missing.detail }
}

/** The end of an asset whose checks have all been written. */
export function endOf(
  { id, path }: OpenAsset,
  { facts = null, results }: { readonly facts?: AssetFacts | null; readonly results: AssetEnd['results'] },
): AssetEnd {
  return { asset: id, context: { path, sha256: facts?.sha256 }, facts, checks: [], results, awaited: [], looked: [] }
}
