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
import type { BatchRun, RunServices } from './run.ts'

/** All ways in which the run of a batch begins. */
export interface BatchStarts {
  screen(request: ScreenRequest, onResult?: OnResult): Promise<RunningBatch>
  /** Whether to wait for the quota applies to this run only; ceilings are kept, and what waited for a yes goes on. */
  resume(batch: string, onResult?: OnResult, changes?: ResumeChanges): Promise<RunningBatch>
  /** Screens anew the passes of earlier versions whose kinds are read differently today. */
  recheckOlder(batch: string, onResult?: OnResult): Promise<RunningBatch>
  /** The assets that `recheckOlder` is about; `not_found` when there are none. */
  olderPassesOf(batch: string): Promise<readonly number[]>
  /** Checks the assets again, with null everything that is unchecked; in the batch's present run if it has one. */
  recheck(batch: string, assets: readonly number[] | null): Promise<void>
  /** Changes the batch's options, for good, and goes on with these assets: with what was answered about their parts, or from the start. */
  recheckUnder(
    batch: string,
    changes: (options: ScreenOptions) => Partial<ScreenOptions>,
    which: { readonly assets: readonly number[]; readonly isKept: boolean },
  ): Promise<void>
  /** Whether a run of the batch is about to begin: it may be claimed, with nothing open in it yet. */
  isStarting(batch: string): boolean
  /** Goes on with what a program that is gone was screening; `onProblem` is called for each batch that cannot be taken over. */
  takeUpUnfinished(onProblem: (error: unknown) => void): Promise<void>
}

/** What somebody who resumes a batch may want otherwise. */
type ResumeChanges = Partial<Pick<ScreenOptions, 'waitForQuota' | 'maxCallsPerAsset' | 'maxCallsPerBatch'>>

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

  /** Queues something of a batch again, for its present run or for one that begins now, under `changes` of its options. */
  const screenAgain = (
    id: string,
    again: {
      prepare(batch: StoredBatch): Promise<void>
      readonly changes: Partial<ScreenOptions>
      rescan(run: BatchRun): boolean
    },
  ) =>
    whileStarting(id, async () => {
      const batch = await book.stored(id)
      await releaseHolds(batch)
      const run = runs.get(id)
      if (run === undefined) await book.claim(batch)
      await again.prepare(batch)
      if (run !== undefined && again.rescan(run)) return
      if (run !== undefined) {
        // The run was about to end when this was requested.
        await run.done.catch(() => undefined)
        await book.claim(batch)
      }
      const stored = await book.stored(id)
      await begin({ ...stored, options: { ...stored.options, ...again.changes } }, undefined)
    })

  return {
    olderPassesOf,
    isStarting: id => starting.has(id),
    screen: async (request, onResult) => {
      await releaseHolds(request)
      return begin(await book.create(request), onResult)
    },
    resume: (id, onResult, changes = {}) =>
      whileStarting(id, async () => {
        const claimed = await claimIdle(await book.stored(id))
        const { waitForQuota = claimed.options.waitForQuota, ...ceilings } = changes
        const isAllowedMore = Object.keys(ceilings).length > 0
        const options = { ...claimed.options, ...ceilings }
        if (isAllowedMore) await writer.setOptions(id, options)
        await writer.requeue(id, isAllowedMore ? [...resumableFailures, 'calls_over_limit'] : resumableFailures)
        return begin({ ...claimed, options: { ...options, waitForQuota } }, onResult)
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
      screenAgain(id, {
        prepare: () => writer.requeue(id, assets === null ? failureCodes : { assets }),
        changes: assets === null ? {} : { reuseDays: 0 },
        rescan: run => run.rescan(assets ?? []),
      }),
    recheckUnder: (id, changesOf, which) =>
      screenAgain(id, {
        prepare: async ({ options }) => {
          const changes = changesOf(options)
          await writer.setOptions(id, { ...options, ...changes })
          runs.get(id)?.changeOptions(changes)
          await writer.requeue(id, which)
        },
        changes: {},
        rescan: run => run.rescan(),
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
