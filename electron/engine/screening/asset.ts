import type { Failure } from '../../../shared/conclusion.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import { onAbort } from '../base/concurrency/shared-abort-listener.ts'
import type { Imaging } from '../imaging/imaging.ts'
import type { ResultEnd } from '../ledger/rows.ts'
import { concludedEnd, failed, type PartEnd } from '../store/aggregate.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { OpenAsset } from '../store/records.ts'
import type { LedgerCommands } from '../store/sqlite/commands.ts'
import type { LedgerQueries } from '../store/sqlite/queries.ts'
import type { Awaiting, Later } from './awaiting.ts'
import type { CheckRun, CheckServices, LaneStop } from './check.ts'
import {
  type Content,
  type Cut,
  cutOf,
  endpointFor,
  factsOf,
  type MadeParts,
  makeParts,
  missingOf,
  reuseKeyOf,
  type UnsentPart,
} from './content.ts'
import type { BatchControls } from './controls/controls.ts'
import type { Lane } from './lane.ts'
import { judgePart, type PartWork } from './part.ts'

export interface AssetServices extends CheckServices {
  readonly clock: Clock
  readonly database: LedgerDatabase
  readonly queries: LedgerQueries
  readonly commands: LedgerCommands
  readonly imaging: Imaging
  readonly awaiting: Awaiting
  /** Opens, sniffs, hashes and decodes. */
  read(source: string, options: ScreenOptions, signal: AbortSignal): Promise<Content | Failure>
  /** Outcomes that are being made at this moment, by reuse key: the same bytes are not sent twice at once. */
  readonly underWay: Map<string, Promise<void>>
}

/** What a profile's calls share: they can be ended together. */
export type LaneRun = Pick<CheckRun, 'signal' | 'abandon' | 'gate' | 'line'>

export interface AssetRun extends Pick<CheckRun, 'priority' | 'signal' | 'waitForQuota'> {
  readonly options: ScreenOptions
  readonly batch: string
  readonly practice: boolean
  /** Room for parts that wait for their checks; a batch's own, so that one that is paused holds up no other. */
  readonly room: Room
  /** Whether the asset is to be asked about anew, whatever is known of its bytes. */
  isFresh(asset: number): boolean
  /** Called once a lane can make no more calls. */
  onStop(lane: Lane, stop: LaneStop): void
  isStopped(lane: Lane): boolean
  along(lane: Lane): LaneRun
  /** The day's control checks; null where none are made. */
  readonly controls: BatchControls | null
  /** One profile's last word on the asset is durable. */
  onResult(asset: number, profile: number, result: Ended): void
  /** An asset was left to its pushes. */
  onWait(): void
}

export type Ended = Pick<ResultEnd, 'outcome' | 'reason' | 'detail' | 'reusedFrom'>

/** Bounds what is held in memory; `enter` waits for room. */
export interface Room {
  enter(bytes: number, signal: AbortSignal): Promise<void>
  leave(bytes: number): void
}

/** Brings one asset to its outcome for every lane that is open. Throws only when a signal aborts or the disk fails. */
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

  const done = asset.isBegun
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
        // By key: two assets that wait for each other's bytes would wait for ever.
        for (const each of sharing.toSorted((a, b) => (a.reuseKey < b.reuseKey ? -1 : 1))) {
          // Two profiles of one account ask the same, each in its own name.
          const release = releases.get(each.reuseKey) ?? (await reuseOrClaim(services, asset, content, each, run))
          if (release === null) continue
          releases.set(each.reuseKey, release)
          fresh.push(each)
        }
        fresh.sort((a, b) => a.lane.index - b.lane.index)
        const [first] = fresh
        if (first !== undefined) await checkParts(services, asset, content, first.cut, fresh, done, run)
      } finally {
        for (const release of releases.values()) release()
      }
    }),
  )
}

/** Chunks of one text that wait for their checks: the others are cut, and need nothing more until it is their turn. */
const textsAtOnce = 64

/** Lanes with the same key share the parts; each has endpoints of its own. */
interface LaneCut {
  readonly lane: Lane
  readonly cut: Cut
  /** Under which the outcome may be used again; hexadecimal. */
  readonly reuseKey: string
}

/**
 * Takes an earlier outcome on the same bytes, or waits for one that is being made; null then. Where there is none these bytes are from
 * now on asked about for this asset, and others with the same wait until what is returned is called.
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

async function checkParts(
  services: AssetServices,
  asset: OpenAsset,
  content: Content,
  shape: Cut,
  sharing: readonly LaneCut[],
  done: PartWork['done'],
  run: AssetRun,
): Promise<void> {
  const lanes = sharing.map(each => each.lane)
  const ends = new Map(lanes.map(lane => [lane, new Map<string, PartEnd>()]))
  const awaited = new Map(lanes.map(lane => [lane, new Set<string>()]))
  const inFlight = new Set<Promise<void>>()
  const stopped = new Set<Lane>()
  let pending: (() => void)[] = []
  let allMade = false
  // The first error ends the asset: the run is over, or the disk refuses.
  let broken: { error: unknown } | null = null
  const writeFacts = once(() => services.commands.recordFacts(asset.id, factsOf(content)))
  const isLast = (lane: Lane) => allMade && inFlight.size <= 1 && lanes.length === 1 && lane === lanes[0]
  const flush = async () => {
    const writes = pending
    pending = []
    if (writes.length === 0) return
    await services.database.commit(() => {
      for (const write of writes) write()
    })
  }

  const checkPart = async ({ lane, cut }: LaneCut, part: UnsentPart) => {
    if (stopped.has(lane) || broken !== null) return
    const endpoint = endpointFor(cut, part)
    const outcome = await judgePart(services, { asset: asset.id, lane, endpoint, part, done, writeFacts }, run)
    if (outcome.kind === 'awaited') {
      awaited.get(lane)?.add(part.name)
      return
    }
    if (outcome.kind === 'judged') {
      ends.get(lane)?.set(part.name, outcome.end)
      if (outcome.write !== null) {
        pending.push(outcome.write)
        // The last part's row is written together with the asset's outcome; the others at once.
        if (!isLast(lane)) await flush()
      }
      if (outcome.stop === null) return
    }
    stopped.add(lane)
    if (outcome.stop !== null) run.onStop(lane, outcome.stop)
  }

  // Before any part is made: a part that waited here would keep a child of the imaging from making the control's picture.
  await Promise.all(sharing.map(each => ensureControls(each, run)))
  const texts = createRoom(textsAtOnce)
  const receive = async (part: UnsentPart) => {
    const turn = part.kind === 'text' ? 1 : 0
    await texts.enter(turn, run.signal)
    const size = part.kind === 'image' ? part.bytes.byteLength : part.kind === 'text' ? part.text.length * 2 : 0
    await run.room.enter(size, run.signal)
    const task = Promise.all(sharing.map(each => checkPart(each, part)))
      .then(() => undefined)
      .catch(error => {
        broken ??= { error }
      })
      .finally(() => {
        run.room.leave(size)
        texts.leave(turn)
        inFlight.delete(task)
      })
    inFlight.add(task)
  }

  const made = await makeParts(services.imaging, content, shape, run.options, receive, run.signal).catch(
    (error): MadeParts => {
      broken ??= { error }
      return { missing: null, size: null, notes: [] }
    },
  )
  const missing = missingOf(content, made, run.options)
  allMade = true
  // Also when the run is over: calls that are out may come back, and what they say is kept.
  await Promise.all(inFlight)
  if (broken !== null) {
    // What was answered is kept, although the asset is not done.
    await flush()
    throw (broken as { error: unknown }).error
  }

  const context = { path: asset.path, sha256: content.sha256 }
  const endsOf = (lane: Lane) => [...(ends.get(lane)?.values() ?? [])]
  const whole = sharing.filter(({ lane }) => !stopped.has(lane))
  const finished = whole
    .filter(({ lane }) => awaited.get(lane)?.size === 0)
    .map(({ lane, reuseKey }) => ({ lane, end: endOf(content, reuseKey, endsOf(lane), missing) }))
  const left = whole.flatMap(({ lane, reuseKey }) => {
    const names = [...(awaited.get(lane) ?? [])]
    return names.length === 0 ? [] : [{ lane, later: laterOf(content, reuseKey, endsOf(lane), names, missing) }]
  })
  const writes = pending
  pending = []
  await services.database.commit(() => {
    const facts = {
      ...factsOf(content, made.notes),
      width: made.size?.width ?? null,
      height: made.size?.height ?? null,
    }
    if (finished.length === 0) services.commands.recordFacts(asset.id, facts)
    for (const write of writes) write()
    for (const [index, { lane, end }] of finished.entries()) {
      services.commands.endResult(asset.id, lane.index, end, context, index === 0 ? facts : undefined)
    }
    for (const { lane, later } of left) {
      const end = services.awaiting.leave(asset.id, lane.index, later, context)
      if (end !== null) finished.push({ lane, end })
    }
  })
  for (const { lane, end } of finished) run.onResult(asset.id, lane.index, end)
  if (left.length > 0) run.onWait()
}

/** Whether the endpoints detect anything today is found out before they are asked about the asset. */
async function ensureControls({ lane, cut }: LaneCut, run: AssetRun): Promise<void> {
  const { controls, priority, waitForQuota } = run
  if (controls === null) return
  for (const endpoint of [cut.sync, cut.media]) {
    if (endpoint === null || run.isStopped(lane)) continue
    await controls.ensure(lane, endpoint, { priority, waitForQuota, ...run.along(lane) })
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}

function endOf(content: Content, reuseKey: string, parts: readonly PartEnd[], missing: Failure | null): ResultEnd {
  const without = missing === null ? null : { code: missing.code, detail: missing.detail }
  return concludedEnd(parts, without, { reuseKey, tiled: content.kind === 'image' && parts.length > 1 })
}

/** What the outcome is concluded from when the pushes for the named parts are there. */
function laterOf(
  content: Content,
  reuseKey: string,
  ends: readonly PartEnd[],
  awaiting: readonly string[],
  missing: Failure | null,
): Later {
  return {
    ends,
    awaiting,
    missing: missing === null ? null : { code: missing.code, detail: missing.detail },
    reuseKey,
    tiled: content.kind === 'image' && ends.length > 1,
    sha256: content.sha256,
  }
}

/** In the same breath as the look that found nobody at it: of many copies one is asked about. */
function claim(underWay: AssetServices['underWay'], key: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  underWay.set(key, promise)
  return () => {
    underWay.delete(key)
    resolve()
  }
}

export function createRoom(maxBytes: number): Room {
  let used = 0
  const waiting = new Set<{ readonly bytes: number; admit(): void }>()
  // One part always fits, however large: otherwise it would wait forever.
  const fits = (bytes: number) => used === 0 || used + bytes <= maxBytes
  const admitAll = () => {
    for (const next of waiting) {
      if (!fits(next.bytes)) return
      waiting.delete(next)
      used += next.bytes
      next.admit()
    }
  }
  return {
    enter: async (bytes, signal) => {
      signal.throwIfAborted()
      if (waiting.size === 0 && fits(bytes)) {
        used += bytes
        return
      }
      await new Promise<void>((resolve, reject) => {
        const entry = {
          bytes,
          admit: () => {
            forget()
            resolve()
          },
        }
        const forget = onAbort(signal, () => {
          waiting.delete(entry)
          reject(signal.reason)
        })
        waiting.add(entry)
      })
    },
    leave: bytes => {
      used -= bytes
      admitAll()
    },
  }
}
