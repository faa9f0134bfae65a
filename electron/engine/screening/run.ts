import type { FailureCode } from '../../../shared/failures.ts'
import { Problem } from '../../../shared/problems.ts'
import type { BatchState, BatchSummary } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { faultName } from '../base/fault.ts'
import type { Found } from '../formats/source.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { PacePriority } from '../pacer/contract.ts'
import { failed } from '../store/aggregate.ts'
import type { NewAsset, OpenAsset } from '../store/records.ts'
import { type AssetRun, type AssetServices, createRoom, type Ended, type LaneRun, screenAsset } from './asset.ts'
import { type Gate, type LaneStop, Paused } from './check.ts'
import { excerptOf } from './content.ts'
import type { Controls } from './controls/controls.ts'
import type { Lane } from './lane.ts'
import { createLine, isCut, LineCut } from './line.ts'

export interface RunServices extends AssetServices {
  /** Null where no control checks are made. */
  readonly controls: Controls | null
  walk(inputs: readonly string[], batch: StoredBatch, signal: AbortSignal): AsyncIterable<Found>
}

/** A batch at work. */
export interface BatchRun {
  readonly batch: StoredBatch
  /** Resolves when the batch has ended or was left; rejects only when the disk fails. */
  readonly done: Promise<BatchState>
  pause(): void
  resume(): void
  readonly paused: boolean
  /** Ends the batch: what is open becomes unchecked (`cancelled`). */
  cancel(): void
  /**
   * Stops working and leaves the batch resumable: `running` is taken up by itself at the next start, the others when somebody
   * asks. Calls that have left may come back for two seconds.
   */
  leave(as: 'running' | 'paused' | 'interrupted'): void
  /**
   * Something was queued again (`fresh`: to be asked about whatever is known of the same bytes), or the last awaited result was
   * concluded. False when the run has looked for the last time: what was queued is left to another.
   */
  look(fresh?: readonly number[]): boolean
  /** Whether it has looked for the last time, and is about to end. */
  readonly over: boolean
}

/** Assets in work at the same time: enough to keep the line busy at 4000 calls a minute and half a second of latency. */
const assetsAtOnce = 40
/** Rows taken from the queue at once. */
const pageSize = 200
/** Finds that are written in one commit. */
const walkBatch = 200
/** Parts that wait for their checks. */
const roomBytes = 192e6
/** After so many checks in a row that the network or the platform's trouble ended, the rest is left for later. */
const troubleLimit = 20

/** How long calls that have left may take to come back once somebody waits for the end of the run. */
const graceMs = 2_000

const leaving = new Error('the run is over')

/**
 * Screens a batch from wherever it stands: walks what is not yet walked, checks what is open, and ends with the batch `done`,
 * `cancelled` or `interrupted` (resumable). `reports` hears of every result as it becomes durable.
 */
export function runBatch(
  services: RunServices,
  batch: StoredBatch,
  lanes: readonly Lane[],
  options: {
    readonly priority: PacePriority
    readonly abandon: AbortSignal
    onResult(asset: number, profile: number): void
    onChange(): void
  },
): BatchRun {
  const { database, commands, queries } = services
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const abandon = AbortSignal.any([options.abandon, givingUp.signal])
  const gate = createGate(stopping.signal)
  const stopped = new Map<Lane, LaneStop>()
  const ways = new Map(
    lanes.map(lane => [lane, createWay(services.clock, { signal: stopping.signal, abandon, gate })] as const),
  )
  let ending: 'cancelled' | 'running' | 'paused' | 'interrupted' | null = null
  const troubles = new Map<number, number>()
  const fresh = new Set<number>()
  let over = false
  let walked = batch.walked

  const work = new Wakeup()
  stopping.signal.addEventListener('abort', () => work.wake())
  const walk = async () => {
    if (batch.walked) return
    let found: NewAsset[] = []
    let skipped: { readonly path: string; readonly reason: string }[] = []
    const write = async () => {
      const assets = found
      const left = skipped
      found = []
      skipped = []
      if (assets.length > 0 || left.length > 0) {
        const ended = await database.commit(() => {
          commands.addSkipped(batch.id, left)
          return commands.addAssets(batch.id, lanes.length, assets)
        })
        for (const asset of ended) for (const lane of lanes) options.onResult(asset, lane.index)
      }
      work.wake()
      options.onChange()
    }
    let first = true
    for await (const item of services.walk(batch.inputs, batch, stopping.signal)) {
      if (item.skipped !== null) {
        skipped.push({ path: item.path, reason: item.skipped })
        if (skipped.length >= walkBatch) await write()
        continue
      }
      found.push({
        path: item.path,
        source: JSON.stringify(item.source),
        kind: item.kind,
        bytes: item.bytes,
        // A batch that stops before it has read them still shows the words of a table.
        excerpt: 'text' in item.source ? excerptOf(item.source.text) : null,
        failure: item.failure === null ? null : { code: item.failure.code, detail: item.failure.detail },
      })
      // The first call leaves as soon as there is something to check, not when a page is full.
      if (first || found.length >= walkBatch) await write()
      first = false
    }
    await write()
    await database.commit(() => commands.setWalked(batch.id))
  }

  const inWork = new Set<Promise<void>>()
  const drain = async () => {
    while (inWork.size > 0) await Promise.race(inWork)
  }
  const begin = (asset: OpenAsset, open: readonly Lane[]) => {
    const task = screenAsset(services, asset, open, assetRun)
      .catch(error => {
        if (stopping.signal.aborted || error instanceof Problem) throw error
        return giveUp(asset, open, error)
      })
      .catch(error => {
        failure ??= { error }
        stopping.abort(leaving)
      })
      .finally(() => inWork.delete(task))
    inWork.add(task)
  }
  /** A fault of this program costs one asset its check, not the batch its end. */
  const giveUp = async (asset: OpenAsset, open: readonly Lane[], error: unknown) => {
    const end = failed('internal_error', detailOf('program_fault', { name: faultName(error) }))
    await database.commit(() => {
      for (const lane of open) commands.endResult(asset.id, lane.index, end, { path: asset.path })
    })
    for (const lane of open) options.onResult(asset.id, lane.index)
  }
  const screen = async () => {
    let cursor = 0
    let begun = false
    while (!stopping.signal.aborted) {
      const page = stopped.size === lanes.length ? [] : queries.openAssets(batch.id, cursor, pageSize)
      for (const asset of page) {
        cursor = asset.id
        const open = lanes.filter(lane => asset.profiles.includes(lane.index) && !stopped.has(lane))
        if (open.length === 0) continue
        await gate.open()
        begin(asset, open)
        begun = true
        while (inWork.size >= assetsAtOnce) await Promise.race(inWork)
        if (stopping.signal.aborted) break
      }
      if (page.length > 0) continue
      if (!walked) {
        await work.wait()
        continue
      }
      await drain()
      // What was queued again meanwhile lies behind the cursor: look once more from the start.
      const again = begun || work.woken()
      begun = false
      cursor = 0
      if (again) continue
      if (!queries.hasAwaiting(batch.id)) break
      await work.wait()
    }
    over = true
  }
  const assetRun: AssetRun = {
    options: batch.options,
    batch: batch.id,
    practice: batch.practice,
    priority: options.priority,
    signal: stopping.signal,
    waitForQuota: batch.options.waitForQuota,
    room: createRoom(roomBytes),
    controls: services.controls?.ofBatch(batch.id) ?? null,
    isFresh: asset => fresh.has(asset),
    isStopped: lane => stopped.has(lane),
    along: lane => {
      const way = ways.get(lane)
      if (way === undefined) throw new TypeError('a lane of another run')
      return way.run
    },
    onStop: (lane, stop) => onStop(lane, stop),
    onResult: (id, profile, result) => {
      noteTrouble(profile, result)
      options.onResult(id, profile)
    },
    onWait: options.onChange,
  }
  let failure: { error: unknown } | null = null

  const onStop = (lane: Lane, stop: LaneStop) => {
    if (stopped.has(lane)) return
    stopped.set(lane, stop)
    if (isCut(stop)) ways.get(lane)?.cut(stop)
    work.wake()
  }

  /** The same trouble over and over is not the assets' fault: better leave the rest for later than call all of it unchecked. */
  const noteTrouble = (profile: number, { outcome, reason, detail, reusedFrom }: Ended) => {
    if (reusedFrom !== null) return
    if (outcome !== 'unchecked') {
      troubles.delete(profile)
      return
    }
    if (reason === null || !troubleCodes.has(reason)) return
    const inARow = (troubles.get(profile) ?? 0) + 1
    troubles.set(profile, inARow)
    const lane = lanes.find(each => each.index === profile)
    if (inARow >= troubleLimit && lane !== undefined) {
      onStop(lane, { class: 'RETRY', code: reason, detail: detail ?? '', untilMs: null })
    }
  }

  const run = async (): Promise<BatchState> => {
    const walking = walk()
      .catch(error => {
        if (!stopping.signal.aborted) failure ??= { error }
        stopping.abort(leaving)
      })
      .finally(() => {
        walked = true
        work.wake()
      })
    await screen().catch(error => {
      if (!stopping.signal.aborted) failure ??= { error }
      stopping.abort(leaving)
    })
    over = true
    await drain()
    await walking
    if (failure !== null && !isAbort((failure as { error: unknown }).error)) throw (failure as { error: unknown }).error
    return conclude()
  }

  const isAbort = (error: unknown) => error === leaving || (abandon.aborted && error === abandon.reason)

  const conclude = async (): Promise<BatchState> => {
    if (ending === 'running' || ending === 'paused' || ending === 'interrupted') {
      await setState(ending, null)
      return ending
    }
    if (ending === 'cancelled') {
      await endOpen(null, 'cancelled', '')
      await setState('cancelled', null)
      return 'cancelled'
    }
    for (const [lane, stop] of stopped) await endOpen(lane.index, stop.code, stop.detail)
    const [worst] = stopped.values()
    const state = worst === undefined ? 'done' : 'interrupted'
    await setState(
      state,
      worst === undefined
        ? null
        : { code: worst.code, detail: worst.detail, untilMs: worst.untilMs, passes: doesPass(worst) },
    )
    return state
  }

  const endOpen = async (profile: number | null, code: FailureCode, detail: string) => {
    for (;;) {
      const ended = await database.commit(() => commands.endOpen(batch.id, profile, code, detail))
      for (const result of ended) options.onResult(result.asset, result.profile)
      options.onChange()
      if (ended.length === 0) return
    }
  }
  const setState = async (state: BatchState, notice: BatchSummary['notice']) => {
    await database.commit(() => commands.setState(batch.id, state, notice, null))
    options.onChange()
  }

  const stop = (as: 'cancelled' | 'running' | 'paused' | 'interrupted') => {
    ending ??= as
    stopping.abort(leaving)
    // A platform that does not answer must not hold up whoever cancels; its calls are asked again, or never.
    services.clock.sleep(graceMs, ended.signal).then(
      () => givingUp.abort(leaving),
      () => undefined,
    )
  }
  const ended = new AbortController()
  const done = run().finally(() => ended.abort())

  return {
    batch,
    done,
    pause: gate.close,
    resume: gate.reopen,
    get paused() {
      return gate.closed()
    },
    look: (assets = []) => {
      for (const asset of assets) fresh.add(asset)
      work.wake()
      return !over
    },
    get over() {
      return over
    },
    cancel: () => stop('cancelled'),
    leave: stop,
  }
}

/** Reasons that lie with the network or the platform, not with one asset. */
const troubleCodes: ReadonlySet<FailureCode> = new Set([
  'timeout',
  'no_network',
  'unreachable',
  'http_error',
  'platform_busy',
  'malformed_reply',
  'rate_minute',
  'redirect_refused',
  'relay_unreachable',
  'relay_busy',
  'relay_full',
])

/** A host that refuses or resets is there, so that its address, or the proxy's, is to be looked at. */
function doesPass({ class: failureClass, code }: LaneStop): boolean {
  return (failureClass === 'RETRY' || failureClass === 'MINUTE' || failureClass === 'DAY') && code !== 'unreachable'
}

/** One profile's share in the run, and how to end its calls without ending the others'. */
function createWay(
  clock: RunServices['clock'],
  { signal, abandon, gate }: Omit<LaneRun, 'line'>,
): { readonly run: LaneRun; cut(stop: LaneStop): void } {
  const cutting = new AbortController()
  // Made once for each pause, not for each of ten thousand checks.
  let joined: { readonly of: AbortSignal; readonly signal: AbortSignal } | null = null
  return {
    run: {
      signal: AbortSignal.any([signal, cutting.signal]),
      abandon: AbortSignal.any([abandon, cutting.signal]),
      gate: {
        open: gate.open,
        signal: () => {
          const of = gate.signal()
          if (joined?.of !== of) joined = { of, signal: AbortSignal.any([of, cutting.signal]) }
          return joined.signal
        },
      },
      line: createLine(clock),
    },
    cut: stop => cutting.abort(new LineCut(stop)),
  }
}

interface BatchGate extends Gate {
  close(): void
  reopen(): void
  closed(): boolean
}

function createGate(end: AbortSignal): BatchGate {
  let pause = new AbortController()
  let opened: PromiseWithResolvers<void> | null = null
  end.addEventListener('abort', () => {
    pause.abort(end.reason)
    opened?.reject(end.reason)
  })
  return {
    open: async () => {
      end.throwIfAborted()
      if (opened !== null) await opened.promise
    },
    signal: () => pause.signal,
    close: () => {
      if (opened !== null || end.aborted) return
      opened = Promise.withResolvers()
      opened.promise.catch(() => undefined)
      pause.abort(new Paused())
    },
    reopen: () => {
      if (opened === null || end.aborted) return
      pause = new AbortController()
      opened.resolve()
      opened = null
    },
    closed: () => opened !== null,
  }
}

/** One waiter, any number of wakers; a wake before the wait is not lost. */
class Wakeup {
  #pending = false
  #wake: (() => void) | null = null

  wake(): void {
    this.#pending = true
    this.#wake?.()
  }

  async wait(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    this.#wake = null
    this.#pending = false
  }

  /** Whether there was a wake since the last wait; it is answered thereby. */
  woken(): boolean {
    const pending = this.#pending
    this.#pending = false
    return pending
  }
}
