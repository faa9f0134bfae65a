import { Problem } from '../../../shared/problems.ts'
import type { BatchState, ScreenOptions } from '../../../shared/screening.ts'
import { AutoResetEvent } from '../base/concurrency/auto-reset-event.ts'
import { createPauseGate, type Gate } from '../base/concurrency/pause-gate.ts'
import { createTaskPool, type TaskPool } from '../base/concurrency/task-pool.ts'
import { createWeightedSemaphore } from '../base/concurrency/weighted-semaphore.ts'
import { detailOf } from '../base/detail.ts'
import { faultName } from '../base/fault.ts'
import type { Found } from '../formats/source.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { PacePriority } from '../pacer/contract.ts'
import { failed } from '../store/aggregate.ts'
import type { OpenAsset } from '../store/records.ts'
import { type AssetRun, type AssetServices, screenAsset } from './asset.ts'
import { createCallBudget } from './ceilings.ts'
import type { Controls } from './controls/controls.ts'
import type { Lane, LaneStop } from './lane.ts'
import { createLaneStops, type LaneStops } from './lane-stops.ts'
import { endOf } from './parts.ts'
import { type Ending, endBatch } from './run-end.ts'
import { walkInputs } from './run-walk.ts'

export interface RunServices extends AssetServices {
  /** Null where no control checks are made. */
  readonly controls: Controls | null
  walk(inputs: readonly string[], batch: StoredBatch, signal: AbortSignal): AsyncIterable<Found>
}

/** A batch that is being screened. */
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
   * Stops and leaves the batch resumable: `running` is taken up by itself at the next start, the others when a person asks. Calls that
   * were sent have two seconds to come back.
   */
  leave(as: 'running' | 'paused' | 'interrupted'): void
  /**
   * Results were queued again (`fresh`: to be checked whatever is known of the same bytes), or the last awaited one was concluded.
   * False when the run has made its last scan: what was queued is left to another run.
   */
  rescan(fresh?: readonly number[]): boolean
  /** What is read and asked from now on is so under the options with these changes. */
  changeOptions(changes: Partial<ScreenOptions>): void
  /** Whether it has made its last scan, and is about to end. */
  readonly over: boolean
  /** Its calls that wait for their turn stand in line anew, behind those of a batch that comes first now. */
  giveWay(): void
}

export interface RunOptions {
  readonly priority: PacePriority
  /** See `BatchOrder`. */
  readonly rank: () => number
  /** Aborts calls that were sent. */
  readonly abandon: AbortSignal
  /** Called for each result once it is durable. */
  onResult(asset: number, profile: number): void
  onChange(): void
}

/** Enough assets at the same time to keep the pacer busy at 4000 calls a minute and half a second of latency. */
const assetsAtOnce = 40
/** Rows that are taken from the queue at once. */
const pageSize = 200
/** Bytes of parts that wait for their checks. */
const partBytes = 192e6
/** How long calls that were sent may take to come back once somebody waits for the end of the run. */
const graceMs = 2_000

const leaving = new Error('the run is over')

/**
 * Screens a batch from wherever it stands: walks what is not yet walked, checks what is open, and ends with the batch `done`,
 * `cancelled` or `interrupted` (resumable).
 */
export function runBatch(
  services: RunServices,
  batch: StoredBatch,
  lanes: readonly Lane[],
  options: RunOptions,
): BatchRun {
  const { clock } = services
  const stopping = new AbortController()
  const givingUp = new AbortController()
  const abandon = AbortSignal.any([options.abandon, givingUp.signal])
  const gate = createPauseGate(stopping.signal)
  const work = new AutoResetEvent()
  stopping.signal.addEventListener('abort', () => work.set())
  const stops = createLaneStops(clock, lanes, { signal: stopping.signal, abandon, gate }, () => work.set())
  const fresh = new Set<number>()
  const current = { options: batch.options }
  let ending: Ending = null
  let failure: { readonly error: unknown } | null = null
  let isWalked = batch.walked
  let over = false

  const failWith = (error: unknown) => {
    failure ??= { error }
    stopping.abort(leaving)
  }
  /** What fails because the run was stopped is no failure of the run. */
  const stopWith = (error: unknown) => {
    if (!stopping.signal.aborted) failWith(error)
  }
  const assetRun = assetRunOf(services, batch, options, { signal: stopping.signal, stops, fresh, current })

  const walk = async () => {
    const { signal } = stopping
    const onWritten = (ended: readonly number[]) => {
      for (const asset of ended) for (const lane of lanes) options.onResult(asset, lane.index)
      work.set()
      options.onChange()
    }
    const local = lanes.filter(({ needs }) => needs === 'nothing').map(({ index }) => index)
    if (!batch.walked) await walkInputs(services, batch, { profiles: lanes.length, local, signal, onWritten })
  }
  const screen = (asset: OpenAsset, open: readonly Lane[]) =>
    screenAsset(services, asset, open, assetRun)
      .catch(error => {
        if (stopping.signal.aborted || error instanceof Problem) throw error
        return endWithFault(services, asset, open, error, options.onResult)
      })
      .catch(failWith)
  const tasks = createTaskPool(assetsAtOnce)
  const queue: Queue = {
    lanes,
    stopped: stops.stopped,
    tasks,
    gate,
    work,
    signal: stopping.signal,
    isWalked: () => isWalked,
    onLastScan: () => {
      over = true
    },
  }
  const isAbort = (error: unknown) => error === leaving || (abandon.aborted && error === abandon.reason)

  const run = async (): Promise<BatchState> => {
    const walking = walk()
      .catch(stopWith)
      .finally(() => {
        isWalked = true
        work.set()
      })
    await screenQueue(services, batch.id, queue, screen).catch(stopWith)
    over = true
    await tasks.drain()
    await walking
    const failed = failure as { readonly error: unknown } | null
    if (failed !== null && !isAbort(failed.error)) throw failed.error
    const stopped = [...stops.stopped].map(([{ index }, stop]) => ({ profile: index, stop }))
    return endBatch(services, batch.id, ending, stopped, options)
  }

  const ended = new AbortController()
  const done = run().finally(() => ended.abort())
  const stop = (as: NonNullable<Ending>) => {
    ending ??= as
    stopping.abort(leaving)
    // A platform that does not answer must not delay a cancellation; its calls are made again on resume, or never.
    clock.sleep(graceMs, ended.signal).then(
      () => givingUp.abort(leaving),
      () => undefined,
    )
  }

  return {
    batch,
    done,
    pause: gate.close,
    resume: gate.open,
    get paused() {
      return gate.isClosed()
    },
    rescan: (assets = []) => {
      for (const asset of assets) fresh.add(asset)
      work.set()
      return !over
    },
    changeOptions: changes => {
      current.options = { ...current.options, ...changes }
    },
    get over() {
      return over
    },
    giveWay: () => {
      if (gate.isClosed()) return
      gate.close()
      gate.open()
    },
    cancel: () => stop('cancelled'),
    leave: stop,
  }
}

function assetRunOf(
  services: RunServices,
  batch: StoredBatch,
  { priority, rank, onResult, onChange }: RunOptions,
  {
    signal,
    stops,
    fresh,
    current,
  }: {
    readonly signal: AbortSignal
    readonly stops: LaneStops
    readonly fresh: ReadonlySet<number>
    readonly current: { readonly options: ScreenOptions }
  },
): AssetRun {
  return {
    get options() {
      return current.options
    },
    takeCall: createCallBudget(services.reader, batch.id, () => current.options),
    batch: batch.id,
    practice: batch.practice,
    priority,
    rank,
    signal,
    waitForQuota: batch.options.waitForQuota,
    partBytes: createWeightedSemaphore(partBytes),
    controls: services.controls?.ofBatch(batch.id) ?? null,
    isFresh: asset => fresh.has(asset),
    isStopped: lane => stops.stopped.has(lane),
    controlsOf: stops.controlsOf,
    onStop: stops.stop,
    onResult: (asset, profile, result) => {
      stops.noteResult(profile, result)
      onResult(asset, profile)
    },
    onWait: onChange,
  }
}

interface Queue {
  readonly lanes: readonly Lane[]
  readonly stopped: ReadonlyMap<Lane, LaneStop>
  readonly tasks: TaskPool
  readonly gate: Gate
  /** Set whenever there may be something new to screen. */
  readonly work: AutoResetEvent
  readonly signal: AbortSignal
  isWalked(): boolean
  /** Called synchronously: what is queued after it is left to another run. */
  onLastScan(): void
}

/** Screens what is queued, in order, until the inputs are walked and nothing is open or awaited. */
async function screenQueue(
  { reader }: RunServices,
  batch: string,
  { lanes, stopped, tasks, gate, work, signal, isWalked, onLastScan }: Queue,
  screen: (asset: OpenAsset, open: readonly Lane[]) => Promise<void>,
): Promise<void> {
  let cursor = 0
  let hasBegun = false
  while (!signal.aborted) {
    const page = stopped.size === lanes.length ? [] : await reader.openAssets(batch, cursor, pageSize)
    for (const asset of page) {
      cursor = asset.id
      const open = lanes.filter(lane => asset.profiles.includes(lane.index) && !stopped.has(lane))
      if (open.length === 0) continue
      await gate.whenOpen()
      tasks.add(screen(asset, open))
      hasBegun = true
      await tasks.whenFree()
      if (signal.aborted) break
    }
    if (page.length > 0) continue
    if (!isWalked()) {
      await work.wait()
      continue
    }
    await tasks.drain()
    // What was queued again meanwhile lies behind the cursor: scan once more from the start.
    const again = hasBegun || work.consume()
    hasBegun = false
    cursor = 0
    if (again) continue
    const isAwaiting = await reader.hasAwaiting(batch)
    // Nothing may be awaited between this and `onLastScan`: what is queued until then is screened by this run.
    if (!isAwaiting && !work.consume()) break
    if (isAwaiting) await work.wait()
  }
  onLastScan()
}

/** A fault of this program costs one asset its check, not the batch its end. */
async function endWithFault(
  { writer }: RunServices,
  asset: OpenAsset,
  open: readonly Lane[],
  error: unknown,
  onResult: RunOptions['onResult'],
): Promise<void> {
  const result = failed('internal_error', detailOf('program_fault', { name: faultName(error) }))
  await writer.endAsset(endOf(asset, { results: open.map(lane => ({ profile: lane.index, result })) }))
  for (const lane of open) onResult(asset.id, lane.index)
}
