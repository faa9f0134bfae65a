import { resolve } from 'node:path'
import { type FailureCode, failureCodes } from '../../../shared/failures.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { BatchSummary, ScreenOptions } from '../../../shared/screening.ts'
import type { Engine } from '../app/api.ts'
import { tokenFailures } from '../app/queue-status.ts'
import { detailOf } from '../base/detail.ts'
import { defaultName, pastedFolder } from '../intake/inputs.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import { requeueAll } from '../store/commands.ts'
import { nameAgain } from './again-name.ts'
import type { Settled } from './awaiting.ts'
import type { Lane } from './lane.ts'
import { type BatchRun, type RunServices, runBatch } from './run.ts'

/** A request as the command line makes it: paths or `-`, profiles by value, so that one for a single run need not be stored. */
export interface ScreenRequest {
  readonly inputs: readonly string[]
  readonly profiles: readonly Profile[]
  readonly options: ScreenOptions
  readonly name: string | null
}

export interface RunningBatch {
  readonly id: string
  /** Resolves with the batch's last state; rejects when the disk fails. */
  readonly done: Promise<BatchSummary>
  /** Lets go, resumable; see `BatchRun.leave`. */
  interrupt(): void
}

/** Told of each result once it is durable. */
export type OnResult = (asset: number, profile: number) => void

/** All batches of this program: which it screens, and how they begin, pause, end, and are taken up again. */
export interface Batches {
  readonly runs: ReadonlyMap<string, BatchRun>
  /** Results since the program began. */
  resultsDone(): number
  stored(batch: string): StoredBatch
  summaryOf(batch: string): BatchSummary | null
  screen(request: ScreenRequest, onResult?: OnResult): Promise<RunningBatch>
  /** `changes` hold for this run only: somebody who goes on may want to wait for the quota this time. */
  resume(
    batch: string,
    onResult?: OnResult,
    changes?: Partial<Pick<ScreenOptions, 'waitForQuota'>>,
  ): Promise<RunningBatch>
  /** Screens anew the passes of earlier versions whose kinds are read differently today. */
  recheckOlder(batch: string, onResult?: OnResult): Promise<RunningBatch>
  readonly actions: Omit<Engine['batches'], 'start' | 'sample'>
  pauseAll(paused: boolean): void
  /** Pushes have concluded results: the window hears of it, and a batch for which nothing is left to wait for ends. */
  onSettled(settled: readonly Settled[]): void
  /** Goes on with what a program that is gone was screening; `onProblem` hears of batches that cannot be taken up. */
  takeUpUnfinished(onProblem: (error: unknown) => void): Promise<void>
  /** Leaves every batch as it is, resumable; resolves when the last is sealed. Calls that are out may come back for a moment. */
  close(): Promise<void>
}

export interface BatchServices {
  readonly run: RunServices
  /** Aborts calls that have left. */
  readonly abandon: AbortController
  /** Names this program beside its batches, so that another one leaves them alone. */
  readonly owner: string
  /** Whether the program of that name still runs. */
  isAlive(owner: string): boolean
  newId(): string
  lanesOf(profiles: readonly Profile[], options: ScreenOptions): Promise<readonly Lane[]>
  /** The profile as it is now; the batch keeps it as it was. */
  presentProfile(profile: Profile): Profile
  readQuotas(lane: Lane): Promise<void>
  expectPushes(profiles: readonly Profile[]): void
  /** Signs what a batch came to. */
  seal(batch: string): Promise<void>
  /** The batch, or how it stands, has changed. */
  news(batch: string): void
  reportProblem(error: unknown): void
  asProblem(error: unknown): Problem
}

/** How long calls that have left may take to come back when the program ends. */
const graceMs = 2_000

export function createBatches(services: BatchServices): Batches {
  const { abandon, owner, newId, lanesOf, news, reportProblem, asProblem } = services
  const { database, commands, queries, tokens, pacer } = services.run
  const runs = new Map<string, BatchRun>()
  /** Runs until their batch is sealed, which writes to the data folder. */
  const unsealed = new Set<Promise<unknown>>()
  const resultListeners = new Map<string, OnResult>()
  let closed = false
  let resultsDone = 0

  const stored = (id: string): StoredBatch => {
    const batch = queries.batch(id)
    if (batch === null) throw new Problem('not_found', id)
    return batch
  }
  /** Batches whose run the disk has ended, so that their state could not be written: nobody screens them, and they can be resumed. */
  const fallen = new Set<string>()
  const summaryOf: Batches['summaryOf'] = id => {
    const found = queries.summary(id)
    return found?.state === 'running' && fallen.has(id) ? { ...found, state: 'interrupted' } : found
  }
  const summary = (id: string): BatchSummary => {
    const found = summaryOf(id)
    if (found === null) throw new Problem('not_found', id)
    return found
  }

  const onSettled: Batches['onSettled'] = settled => {
    for (const { batch, asset, profile } of settled) {
      resultListeners.get(batch)?.(asset, profile)
      if (!runs.has(batch)) news(batch)
    }
    for (const [id, run] of runs) if (!queries.hasAwaiting(id)) run.look()
    for (const id of new Set(settled.map(each => each.batch))) void endIfDone(id).catch(reportProblem)
  }
  /** A batch that nobody is screening, and that only waited for pushes, is done. */
  const endIfDone = async (id: string) => {
    const isOver = () => {
      const batch = queries.summary(id)
      const holder = queries.batch(id)?.owner ?? null
      return (
        !runs.has(id) &&
        (holder === null || holder === owner || !services.isAlive(holder)) &&
        batch !== null &&
        (batch.state === 'running' || batch.state === 'interrupted') &&
        batch.walked &&
        batch.notice === null &&
        !queries.hasOpen(id)
      )
    }
    if (closed || runs.has(id) || !isOver()) return
    await database.commit(() => {
      if (isOver()) commands.setState(id, 'done', null, null)
    })
    news(id)
  }

  /** What a batch came to is signed; a key that cannot be had costs it the signature, nothing else. */
  const seal = async (batch: string) => {
    if (!closed) await services.seal(batch).catch(reportProblem)
  }

  const begin = async (batch: StoredBatch, onResult: OnResult | undefined): Promise<RunningBatch> => {
    const lanes = await lanesOf(batch.profiles, batch.options)
    // Looked at after the wait: somebody may have closed the program meanwhile, or pressed the same button twice.
    if (closed) throw new Problem('conflict', detailOf('program_ends'))
    if (runs.has(batch.id)) throw new Problem('conflict', detailOf('screened_already', { name: batch.id }))
    for (const lane of lanes) void services.readQuotas(lane)
    if (queries.hasAwaiting(batch.id)) services.expectPushes(batch.profiles)
    const resultListener = (asset: number, profile: number) => {
      resultsDone += 1
      onResult?.(asset, profile)
      news(batch.id)
    }
    const run = runBatch(services.run, batch, lanes, {
      priority: batch.inputs.length === 1 && batch.inputs[0]?.includes(pastedFolder) ? 'interactive' : 'batch',
      abandon: abandon.signal,
      onResult: resultListener,
      onChange: () => news(batch.id),
    })
    runs.set(batch.id, run)
    fallen.delete(batch.id)
    resultListeners.set(batch.id, resultListener)
    const leaveRun = () => {
      if (runs.get(batch.id) === run) runs.delete(batch.id)
      if (resultListeners.get(batch.id) === resultListener) resultListeners.delete(batch.id)
    }
    const done = run.done
      .finally(leaveRun)
      .catch(error => {
        fallen.add(batch.id)
        reportProblem(error)
        throw asProblem(error)
      })
      .finally(async () => {
        await seal(batch.id)
        news(batch.id)
      })
      .then(() => summary(batch.id))
    unsealed.add(done)
    done.catch(() => undefined).finally(() => unsealed.delete(done))
    return { id: batch.id, done, interrupt: () => run.leave('interrupted') }
  }

  const create = async (request: ScreenRequest): Promise<StoredBatch> => {
    const id = `b_${newId()}`
    const name = request.name ?? defaultName(request.inputs)
    // Absolute, so that a batch can be resumed from another folder.
    const inputs = request.inputs.map(input => (input === '-' ? input : resolve(input)))
    const practice = request.profiles.some(profile => profile.practice)
    await database.commit(() =>
      commands.createBatch({
        id,
        name,
        profiles: request.profiles,
        inputs,
        options: request.options,
        practice,
        owner,
      }),
    )
    return stored(id)
  }

  /** Takes the batch over from a process that is gone; another that is alive keeps it. */
  const claim = async (batch: StoredBatch): Promise<StoredBatch> => {
    await database.commit(() => {
      // Read under the write lock: of two programs that come at the same moment one must lose.
      const other = stored(batch.id).owner
      if (other !== null && other !== owner && services.isAlive(other)) {
        throw new Problem(
          'conflict',
          detailOf('screened_elsewhere', { name: batch.id, count: Number(other.split(':')[0]) }),
        )
      }
      commands.setState(batch.id, 'running', null, owner)
    })
    return stored(batch.id)
  }
  /** A person asked for calls: what a person had to mend is taken for mended. */
  const tryAgain = async (profiles: readonly Profile[], screenOptions: ScreenOptions) => {
    for (const lane of await lanesOf(profiles, screenOptions)) {
      if (lane.needs === 'nothing') continue
      tokens.retry(lane.tokenRequest)
      pacer.release({ appid: lane.profile.appid, endpoint: null })
    }
  }
  const resume: Batches['resume'] = async (id, onResult, changes) => {
    const batch = stored(id)
    if (runs.has(id)) throw new Problem('conflict', detailOf('screened_already', { name: id }))
    await tryAgain(batch.profiles, batch.options)
    const claimed = await claim(batch)
    await requeueAll(services.run, id, resumable)
    return begin({ ...claimed, options: { ...claimed.options, ...changes } }, onResult)
  }
  const olderPassesOf = (id: string): readonly number[] => {
    const older = queries.olderPasses(stored(id).id)
    if (older.length === 0) throw new Problem('not_found', detailOf('no_older_pass', { name: id }))
    return older
  }
  const recheckOlder: Batches['recheckOlder'] = async (id, onResult) => {
    const batch = stored(id)
    const assets = olderPassesOf(id)
    if (runs.has(id)) throw new Problem('conflict', detailOf('screened_already', { name: id }))
    await tryAgain(batch.profiles, batch.options)
    const claimed = await claim(batch)
    await requeueAll(services.run, id, { assets })
    return begin({ ...claimed, options: { ...claimed.options, reuseDays: 0 } }, onResult)
  }
  const setPaused = async (id: string, run: BatchRun, paused: boolean) => {
    await database.commit(() => {
      // A run that ended meanwhile has said so already.
      if (!run.over) commands.setState(id, paused ? 'paused' : 'running', null, owner)
    })
    news(id)
  }
  const screen: Batches['screen'] = async (request, onResult) => {
    await tryAgain(request.profiles, request.options)
    return begin(await create(request), onResult)
  }

  const actions: Batches['actions'] = {
    list: () => queries.batchIds().map(summary),
    get: summary,
    pause: async id => {
      const run = runs.get(id)
      if (run === undefined || run.over) throw new Problem('conflict', detailOf('not_screened'))
      run.pause()
      await setPaused(id, run, true)
      return summary(id)
    },
    resume: async id => {
      const run = runs.get(id)
      if (run !== undefined && !run.over) {
        run.resume()
        await setPaused(id, run, false)
      } else {
        await run?.done.catch(() => undefined)
        await resume(id)
      }
      return summary(id)
    },
    cancel: async id => {
      const run = runs.get(id)
      if (run === undefined) {
        if (!queries.hasOpen(id)) throw new Problem('conflict', detailOf('batch_over'))
        await claim(stored(id))
        while ((await database.commit(() => commands.endOpen(id, null, 'cancelled', ''))).length > 0);
        await database.commit(() => commands.setState(id, 'cancelled', null, null))
      } else {
        run.cancel()
        await run.done
      }
      news(id)
      return summary(id)
    },
    rename: async (id, name) => {
      stored(id)
      await database.commit(() => commands.rename(id, name))
      news(id)
      return summary(id)
    },
    recheckOlder: async id => {
      await actions.recheck(id, olderPassesOf(id))
      return summary(id)
    },
    recheck: async (id, assets) => {
      const batch = stored(id)
      await tryAgain(batch.profiles, batch.options)
      const run = runs.get(id)
      if (run === undefined) await claim(batch)
      await requeueAll(services.run, id, assets === null ? failureCodes : { assets })
      if (run?.look(assets ?? []) !== true) {
        // It was about to end when this came.
        if (run !== undefined) {
          await run.done.catch(() => undefined)
          await claim(batch)
        }
        const options = assets === null ? batch.options : { ...batch.options, reuseDays: 0 }
        await begin({ ...stored(id), options }, undefined)
      }
      news(id)
      return summary(id)
    },
    again: async id => {
      const { name: former, inputs, profiles, options: before } = stored(id)
      const name = nameAgain(former, new Set(actions.list().map(batch => batch.name)))
      // As the profiles are now: a secret or an openid may be another one.
      const now = profiles.map(services.presentProfile)
      const run = await screen({ name, inputs, profiles: now, options: { ...before, reuseDays: 0 } })
      return summary(run.id)
    },
  }

  return {
    runs,
    resultsDone: () => resultsDone,
    stored,
    summaryOf,
    screen,
    resume,
    recheckOlder,
    actions,
    pauseAll: paused => {
      for (const [id, run] of runs) {
        if (paused) run.pause()
        else run.resume()
        setPaused(id, run, paused).catch(reportProblem)
      }
    },
    onSettled,
    takeUpUnfinished: async onProblem => {
      for (const batch of queries.unfinishedBatches()) {
        if (batch.state !== 'running' || (batch.owner !== null && services.isAlive(batch.owner))) continue
        // One that cannot be taken up stays where it is, and the next is tried.
        await claim(batch)
          .then(claimed => begin(claimed, undefined))
          .catch(onProblem)
      }
    },
    close: async () => {
      closed = true
      for (const run of runs.values()) run.leave(run.paused ? 'paused' : 'running')
      const timer = setTimeout(() => abandon.abort(new Problem('cancelled', detailOf('program_ends'))), graceMs)
      await Promise.allSettled(unsealed)
      clearTimeout(timer)
    },
  }
}

/** Reasons that may be gone by the time a batch is resumed; the others lie in the asset itself. */
const resumable: readonly FailureCode[] = [
  ...tokenFailures,
  'account_restricted',
  'api_not_authorised',
  'cloud_permission',
  'cloud_function',
  'rate_minute',
  'quota_day',
  'openid_missing',
  'openid_inactive',
  'openid_foreign',
  'openid_invalid',
  'content_too_complex',
  'duplicate_submission',
  'platform_busy',
  'timeout',
  'no_network',
  'unreachable',
  'certificate_untrusted',
  'http_error',
  'redirect_refused',
  'malformed_reply',
  'push_overdue',
  'needs_relay',
  'relay_unreachable',
  'relay_busy',
  'relay_full',
  'relay_key_refused',
  'relay_app_unknown',
  'relay_not_one',
  'relay_expired',
  'preparation_failed',
  'url_failed',
  'cancelled',
  'interrupted',
  'internal_error',
]
