import type { Failure, FinalConclusion } from '../../../shared/conclusion.ts'
import { createTaskPool, type TaskPool } from '../base/concurrency/task-pool.ts'
import { createWeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import type { AssetResult } from '../ledger/rows.ts'
import { concludeAsset, type PartResult, partResultOf } from '../store/aggregate.ts'
import type { SentCheck } from '../store/commands.ts'
import type { OpenAsset } from '../store/queries.ts'
import type { AssetRun, AssetServices } from './asset.ts'
import { type CheckResult, runCheck } from './check.ts'
import {
  type Content,
  type Cut,
  endpointFor,
  factsOf,
  type MadeParts,
  makeParts,
  missingOf,
  type UnsentPart,
} from './content.ts'
import type { Lane } from './lane.ts'
import {
  type EarlierChecks,
  earlierResultOf,
  isAwaited,
  pendingTraceOf,
  type UnsentCheck,
  unsentCheckOf,
} from './part.ts'
import type { Later } from './stored-pushes.ts'

/** A profile before one asset. Profiles whose cuts have the same key share the parts; each has endpoints of its own. */
export interface LaneCut {
  readonly lane: Lane
  readonly cut: Cut
  /** Under which the outcome may be used again; hexadecimal. */
  readonly reuseKey: string
}

export interface PartsWork {
  readonly asset: OpenAsset
  readonly content: Content
  /** As the parts are made for all of the profiles. */
  readonly cut: Cut
  readonly sharing: readonly LaneCut[]
  readonly earlier: EarlierChecks
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
  readonly writeFacts: () => void
  unrecorded: EndedCheck[]
  allMade: boolean
  /** The first error ends the asset: the run is over, or the disk refuses. */
  broken: { readonly error: unknown } | null
}

interface LaneProgress extends LaneCut {
  /** By the parts' names. */
  readonly results: Map<string, PartResult>
  readonly awaited: Set<string>
  isStopped: boolean
}

/** A check that ended and whose end is not recorded yet. */
interface EndedCheck {
  readonly lane: Lane
  readonly check: SentCheck
  readonly end: { readonly conclusion: FinalConclusion; readonly attempts: number; readonly ms: number }
}

/** Makes the asset's parts, has each checked for every profile, and records what comes of it. */
export async function screenParts(services: AssetServices, work: PartsWork, run: AssetRun): Promise<void> {
  const { asset, content, sharing } = work
  // Before any part is made: a part that waited here would keep an imaging process from making the control's picture.
  await Promise.all(sharing.map(each => ensureControls(each, run)))
  const parts: OpenParts = {
    services,
    work,
    run,
    lanes: sharing.map(each => ({ ...each, results: new Map(), awaited: new Set(), isStopped: false })),
    tasks: createTaskPool(Number.POSITIVE_INFINITY),
    writeFacts: once(() => services.commands.recordFacts(asset.id, factsOf(content))),
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

/** Finds out whether the endpoints detect anything today, before they are asked about the asset. */
async function ensureControls({ lane, cut }: LaneCut, run: AssetRun): Promise<void> {
  const { controls, priority, waitForQuota } = run
  if (controls === null) return
  for (const endpoint of [cut.sync, cut.media]) {
    if (endpoint === null || run.isStopped(lane)) continue
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
      return { missing: null, size: null, notes: [] }
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
  const pendingTrace = () => services.queries.pendingTrace(pendingTraceOf(lane, check))
  // The same bytes are being judged for another asset: that push is for this one too.
  const shared = part.kind === 'media' && run.options.reuseDays > 0 ? pendingTrace() : null
  if (shared !== null) {
    await recordShared(parts, progress, check, shared)
    return
  }
  if (run.isStopped(lane)) {
    progress.isStopped = true
    return
  }
  let sent: SentCheck | null = null
  const result = await runCheck(services, lane, endpointFor(cut, part), part, {
    priority: run.priority,
    waitForQuota: run.waitForQuota,
    ...run.controlsOf(lane),
    pendingTrace,
    onDeparture: async () => {
      sent = await services.database.commit(() => beginCheck(parts, check))
    },
  })
  await recordCheck(parts, progress, check, sent, result)
  if (result.stop === null) return
  progress.isStopped = true
  run.onStop(lane, result.stop)
}

/** Inside a commit. */
function beginCheck({ services, writeFacts }: OpenParts, check: UnsentCheck): SentCheck {
  // An asset of many parts takes long: its facts are shown from its first call on.
  if (check.place.name !== 'whole') writeFacts()
  const begun = { ...check, at: services.clock.now() }
  return { ...begun, id: services.commands.beginCheck(begun) }
}

async function recordShared(
  parts: OpenParts,
  { lane, awaited }: LaneProgress,
  check: UnsentCheck,
  traceId: string,
): Promise<void> {
  const { database, awaiting } = parts.services
  await database.commit(() => {
    const { id } = beginCheck(parts, check)
    awaiting.begin(id, { traceId, attempts: 0, ms: 0, evidence: null }, lane.profile)
  })
  awaited.add(check.place.name)
}

async function recordCheck(
  parts: OpenParts,
  { lane, awaited, results }: LaneProgress,
  { place }: UnsentCheck,
  sent: SentCheck | null,
  { conclusion, attempts, ms }: CheckResult,
): Promise<void> {
  const { database, awaiting } = parts.services
  if (conclusion === null) return
  if (conclusion.kind === 'accepted') {
    if (sent === null) throw new Error('a check was accepted that was never sent')
    const { traceId, evidence } = conclusion
    // Before anything else: without its trace id the push could not be matched.
    await database.commit(() => awaiting.begin(sent.id, { traceId, attempts, ms, evidence }, lane.profile))
    awaited.add(place.name)
    return
  }
  results.set(place.name, partResultOf(conclusion))
  if (sent === null) return
  parts.unrecorded.push({ lane, check: sent, end: { conclusion, attempts, ms } })
  // The last part's row is written together with the asset's result; the others at once.
  const isLast = parts.allMade && parts.tasks.size <= 1 && parts.lanes.length === 1
  if (!isLast) await recordEnded(parts)
}

async function recordEnded(parts: OpenParts): Promise<void> {
  const ended = takeUnrecorded(parts)
  if (ended.length > 0) await parts.services.database.commit(() => writeEnded(parts, ended))
}

function takeUnrecorded(parts: OpenParts): readonly EndedCheck[] {
  const ended = parts.unrecorded
  parts.unrecorded = []
  return ended
}

/** Inside a commit. */
function writeEnded({ services, run }: OpenParts, ended: readonly EndedCheck[]): void {
  for (const { lane, check, end } of ended) {
    const { id: profile, platform, appid } = lane.profile
    services.commands.endCheck(check, end, { profile, platform, appid, practice: run.practice })
  }
}

/** Writes the result for each profile, or leaves it to the pushes that are awaited. */
async function recordAsset(parts: OpenParts, made: MadeParts): Promise<void> {
  const { services, work, run } = parts
  const { asset, content } = work
  const missing = missingOf(content, made, run.options)
  const complete = parts.lanes.filter(lane => !lane.isStopped)
  const finished = complete
    .filter(({ awaited }) => awaited.size === 0)
    .map(progress => ({ lane: progress.lane, result: resultOf(content, progress, missing) }))
  const left = complete.filter(({ awaited }) => awaited.size > 0)
  const ended = takeUnrecorded(parts)
  const context = { path: asset.path, sha256: content.sha256 }
  const facts = {
    ...factsOf(content, made.notes),
    width: made.size?.width ?? null,
    height: made.size?.height ?? null,
  }
  await services.database.commit(() => {
    if (finished.length === 0) services.commands.recordFacts(asset.id, facts)
    writeEnded(parts, ended)
    for (const [index, { lane, result }] of finished.entries()) {
      services.commands.endResult(asset.id, lane.index, result, context, index === 0 ? facts : undefined)
    }
    for (const progress of left) {
      const { lane } = progress
      const result = services.awaiting.leave(asset.id, lane.index, laterOf(content, progress, missing), context)
      if (result !== null) finished.push({ lane, result })
    }
  })
  for (const { lane, result } of finished) run.onResult(asset.id, lane.index, result)
  if (left.length > 0) run.onWait()
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
    reuseKey,
    tiled: isTiled(content, results.size),
    sha256: content.sha256,
  }
}

function isTiled(content: Content, parts: number): boolean {
  return content.kind === 'image' && parts > 1
}

function reasonOf(missing: Failure | null) {
  return missing === null ? null : { code: missing.code, detail: missing.detail }
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) action()
    isDone = true
  }
}
