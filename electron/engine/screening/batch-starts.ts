import { failureCodes } from '../../../shared/failures.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { BatchBook } from './batch-book.ts'
import type { BatchRunner, OnResult, RunningBatch } from './batch-runner.ts'
import type { ScreenRequest } from './batches.ts'
import type { Lane } from './lane.ts'
import { resumableFailures } from './resumable-failures.ts'
import type { RunServices } from './run.ts'

/** All ways in which the run of a batch begins. */
export interface BatchStarts {
  screen(request: ScreenRequest, onResult?: OnResult): Promise<RunningBatch>
  /** `changes` apply to this run only: the person may want to wait for the quota this time. */
  resume(
    batch: string,
    onResult?: OnResult,
    changes?: Partial<Pick<ScreenOptions, 'waitForQuota'>>,
  ): Promise<RunningBatch>
  /** Screens anew the passes of earlier versions whose kinds are read differently today. */
  recheckOlder(batch: string, onResult?: OnResult): Promise<RunningBatch>
  /** The assets that `recheckOlder` is about; `not_found` when there are none. */
  olderPassesOf(batch: string): Promise<readonly number[]>
  /** Checks the assets again, with null everything that is unchecked; in the batch's present run if it has one. */
  recheck(batch: string, assets: readonly number[] | null): Promise<void>
  /** Whether a run of the batch is about to begin: it may be claimed, with nothing open in it yet. */
  isStarting(batch: string): boolean
  /** Goes on with what a program that is gone was screening; `onProblem` is called for each batch that cannot be taken over. */
  takeUpUnfinished(onProblem: (error: unknown) => void): Promise<void>
}

export interface StartServices {
  readonly run: RunServices
  lanesOf(profiles: readonly Profile[], options: ScreenOptions): Promise<readonly Lane[]>
  /** Whether the program of that name still runs. */
  isAlive(owner: string): boolean
}

export function createBatchStarts(services: StartServices, book: BatchBook, runner: BatchRunner): BatchStarts {
  const { tokens, pacer, reader, writer } = services.run
  const { runs } = runner

  /** Of a batch that is this program's: where its run cannot begin, nobody screens it, and it can be resumed. */
  const begin = async (batch: StoredBatch, onResult: OnResult | undefined) =>
    runner.begin(batch, onResult).catch(error => {
      if (!runs.has(batch.id)) book.crashedRuns.add(batch.id)
      throw error
    })

  const starting = new Set<string>()
  /** Nobody ends the batch meanwhile: it would be another program's to take before this one's run begins. */
  const whileStarting = async <Result>(id: string, start: () => Promise<Result>): Promise<Result> => {
    starting.add(id)
    try {
      await book.whenIdle(id)
      return await start()
    } finally {
      starting.delete(id)
    }
  }

  /** A person asked for calls: whatever a person had to fix is assumed to be fixed. */
  const releaseHolds = async ({ profiles, options }: Pick<ScreenRequest, 'profiles' | 'options'>) => {
    for (const lane of await services.lanesOf(profiles, options)) {
      if (lane.needs === 'nothing') continue
      tokens.retry(lane.tokenRequest)
      pacer.release({ appid: lane.profile.appid, endpoint: null })
    }
  }
  const claimIdle = async (batch: StoredBatch) => {
    if (runs.has(batch.id)) throw new Problem('conflict', detailOf('screened_already', { name: batch.id }))
    await releaseHolds(batch)
    return book.claim(batch)
  }
  const olderPassesOf = async (id: string): Promise<readonly number[]> => {
    const older = await reader.olderPasses((await book.stored(id)).id)
    if (older.length === 0) throw new Problem('not_found', detailOf('no_older_pass', { name: id }))
    return older
  }

  return {
    olderPassesOf,
    isStarting: id => starting.has(id),
    screen: async (request, onResult) => {
      await releaseHolds(request)
      return begin(await book.create(request), onResult)
    },
    resume: (id, onResult, changes) =>
      whileStarting(id, async () => {
        const claimed = await claimIdle(await book.stored(id))
        await writer.requeue(id, resumableFailures)
        return begin({ ...claimed, options: { ...claimed.options, ...changes } }, onResult)
      }),
    recheckOlder: (id, onResult) =>
      whileStarting(id, async () => {
        const batch = await book.stored(id)
        const assets = await olderPassesOf(id)
        const claimed = await claimIdle(batch)
        await writer.requeue(id, { assets })
        return begin({ ...claimed, options: { ...claimed.options, reuseDays: 0 } }, onResult)
      }),
    recheck: (id, assets) =>
      whileStarting(id, async () => {
        const batch = await book.stored(id)
        await releaseHolds(batch)
        const run = runs.get(id)
        if (run === undefined) await book.claim(batch)
        await writer.requeue(id, assets === null ? failureCodes : { assets })
        if (run?.rescan(assets ?? []) === true) return
        if (run !== undefined) {
          // The run was about to end when this was requested.
          await run.done.catch(() => undefined)
          await book.claim(batch)
        }
        const options = assets === null ? batch.options : { ...batch.options, reuseDays: 0 }
        await begin({ ...(await book.stored(id)), options }, undefined)
      }),
    takeUpUnfinished: async onProblem => {
      for (const batch of await reader.unfinishedBatches()) {
        if (batch.state !== 'running' || (batch.owner !== null && services.isAlive(batch.owner))) continue
        // A batch that cannot be taken over stays as it is, and the next one is tried.
        await whileStarting(batch.id, async () => begin(await book.claim(batch), undefined)).catch(onProblem)
      }
    },
  }
}
