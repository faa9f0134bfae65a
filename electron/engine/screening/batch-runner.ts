import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { BatchSummary, ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { pastedFolder } from '../intake/inputs.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { BatchBook } from './batch-book.ts'
import type { BatchOrder } from './batch-order.ts'
import type { Lane } from './lane.ts'
import { type BatchRun, type RunServices, runBatch } from './run.ts'

export interface RunningBatch {
  readonly id: string
  /** Resolves with the batch's last state; rejects when the disk fails. */
  readonly done: Promise<BatchSummary>
  /** Lets go, resumable; see `BatchRun.leave`. */
  interrupt(): void
}

/** Called for each result once it is durable. */
export type OnResult = (asset: number, profile: number) => void

/** The batches that this program screens at present. */
export interface BatchRunner {
  readonly runs: ReadonlyMap<string, BatchRun>
  readonly isClosed: boolean
  /** Results since the program began. */
  resultsDone(): number
  /** `conflict` when the batch is screened already, or the program ends. */
  begin(batch: StoredBatch, onResult: OnResult | undefined): Promise<RunningBatch>
  /** A result was concluded outside of the batch's run. */
  noteResult(batch: string, asset: number, profile: number): void
  /** Leaves every batch as it is, resumable; resolves when the last is sealed. Calls that are out have a moment to come back. */
  close(): Promise<void>
}

export interface RunnerServices {
  readonly run: RunServices
  /** Aborts calls that were sent. */
  readonly abandon: AbortController
  readonly order: BatchOrder
  lanesOf(profiles: readonly Profile[], options: ScreenOptions): Promise<readonly Lane[]>
  readQuotas(lane: Lane): Promise<void>
  expectPushes(profiles: readonly Profile[]): void
  /** Signs the batch's results. */
  seal(batch: string): Promise<void>
  /** The batch, or its progress, has changed. */
  news(batch: string): void
  reportProblem(error: unknown): void
  asProblem(error: unknown): Problem
}

/** How long calls that were sent may take to come back when the program ends. */
const graceMs = 2_000

export function createBatchRunner(services: RunnerServices, book: BatchBook): BatchRunner {
  const { abandon, lanesOf, news, reportProblem, asProblem } = services
  const { reader, writer } = services.run
  const runs = new Map<string, BatchRun>()
  /** Runs until their batch is sealed, which writes to the data folder. */
  const unsealed = new Set<Promise<unknown>>()
  const resultListeners = new Map<string, OnResult>()
  let isClosed = false
  let resultsDone = 0

  /** A key that is not available costs the batch its signature, nothing else. */
  const seal = async (batch: string) => {
    if (!isClosed) await services.seal(batch).catch(reportProblem)
  }

  return {
    runs,
    get isClosed() {
      return isClosed
    },
    resultsDone: () => resultsDone,
    begin: async (batch, onResult) => {
      const lanes = await lanesOf(batch.profiles, batch.options)
      for (const lane of lanes) {
        if (lane.needs !== 'nothing') continue
        // Looking costs nothing: a batch is never half of what one version finds, and half of what another does.
        const versions = lane.platform.endpoints.map(({ version }) => version)
        await writer.requeue(batch.id, { profile: lane.index, versions })
      }
      const isAwaited = await reader.hasAwaiting(batch.id)
      await book.whenIdle(batch.id)
      // Checked after the wait: the program may have been closed meanwhile, or the same button pressed twice.
      if (isClosed) throw new Problem('conflict', detailOf('program_ends'))
      if (runs.has(batch.id)) throw new Problem('conflict', detailOf('screened_already', { name: batch.id }))
      for (const lane of lanes) void services.readQuotas(lane)
      if (isAwaited) services.expectPushes(batch.profiles)
      const resultListener = (asset: number, profile: number) => {
        resultsDone += 1
        onResult?.(asset, profile)
        news(batch.id)
      }
      const run = runBatch(services.run, batch, lanes, {
        priority: batch.inputs.length === 1 && batch.inputs[0]?.includes(pastedFolder) ? 'interactive' : 'batch',
        rank: () => services.order.rankOf(batch.id),
        abandon: abandon.signal,
        onResult: resultListener,
        onChange: () => news(batch.id),
      })
      runs.set(batch.id, run)
      book.crashedRuns.delete(batch.id)
      resultListeners.set(batch.id, resultListener)
      const leaveRun = () => {
        if (runs.get(batch.id) === run) runs.delete(batch.id)
        if (resultListeners.get(batch.id) === resultListener) resultListeners.delete(batch.id)
      }
      const done = run.done
        .finally(leaveRun)
        .catch(error => {
          book.crashedRuns.add(batch.id)
          reportProblem(error)
          throw asProblem(error)
        })
        .finally(async () => {
          await seal(batch.id)
          news(batch.id)
        })
        .then(() => book.summary(batch.id))
      unsealed.add(done)
      done.catch(() => undefined).finally(() => unsealed.delete(done))
      return { id: batch.id, done, interrupt: () => run.leave('interrupted') }
    },
    noteResult: (batch, asset, profile) => {
      resultListeners.get(batch)?.(asset, profile)
      if (!runs.has(batch)) news(batch)
    },
    close: async () => {
      isClosed = true
      for (const run of runs.values()) run.leave(run.paused ? 'paused' : 'running')
      const timer = setTimeout(() => abandon.abort(new Problem('cancelled', detailOf('program_ends'))), graceMs)
      await Promise.allSettled(unsealed)
      clearTimeout(timer)
    },
  }
}
