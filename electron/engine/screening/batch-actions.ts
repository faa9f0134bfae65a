import type { Encoding } from '../../../shared/encodings.ts'
import { framesOver } from '../../../shared/film-frames.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import type { BatchSummary, ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import type { Source } from '../formats/source.ts'
import { shownPathOf } from '../intake/found.ts'
import type { StoreReader } from '../store/ports.ts'
import { nameAgain } from './again-name.ts'
import type { BatchBook } from './batch-book.ts'
import type { BatchOrder } from './batch-order.ts'
import type { BatchRunner } from './batch-runner.ts'
import type { BatchStarts } from './batch-starts.ts'
import { type CallsWanted, callsWantedBy, raised } from './ceilings.ts'
import type { BatchRun, RunServices } from './run.ts'

/** What a person can do to a batch. Methods throw `not_found`, and `conflict` where the batch is in no state for it. */
export interface BatchActions {
  list(): Promise<readonly BatchSummary[]>
  get(batch: string): Promise<BatchSummary>
  pause(batch: string): Promise<BatchSummary>
  resume(batch: string): Promise<BatchSummary>
  cancel(batch: string): Promise<BatchSummary>
  /** Its calls go before those of the others from now on; see `BatchOrder`. */
  putFirst(batch: string): Promise<BatchSummary>
  rename(batch: string, name: string): Promise<BatchSummary>
  /** Checks the assets again, with null everything that is unchecked. */
  recheck(batch: string, assets: readonly number[] | null): Promise<BatchSummary>
  /** Goes on with assets that wait for a yes to more calls, each with what was answered already; `conflict` where none of them does. */
  allowCalls(batch: string, assets: readonly number[]): Promise<BatchSummary>
  /**
   * Goes on with films of more frames than were sent, each under a limit that suffices and with what was answered already; `conflict`
   * where none of the assets is one.
   */
  allowFrames(batch: string, assets: readonly number[]): Promise<BatchSummary>
  /** Reads the assets anew, as texts in this encoding where their bytes leave it open. */
  stateEncoding(batch: string, assets: readonly number[], encoding: Encoding): Promise<BatchSummary>
  /** Screens anew the passes of earlier versions whose kinds are read differently today. */
  recheckOlder(batch: string): Promise<BatchSummary>
  /** Screens the same inputs in the same way as a new batch, reusing nothing. */
  again(batch: string): Promise<BatchSummary>
}

export interface ActionServices {
  readonly run: Pick<RunServices, 'reader' | 'writer'>
  readonly owner: string
  readonly order: BatchOrder
  /** The profile as it is now; the batch keeps it as it was. */
  presentProfile(profile: Profile): Profile
  news(batch: string): void
  reportProblem(error: unknown): void
}

export function createBatchActions(
  { run: { reader, writer }, owner, order, presentProfile, news, reportProblem }: ActionServices,
  book: BatchBook,
  runner: BatchRunner,
  starts: BatchStarts,
): { readonly actions: BatchActions; pauseAll(paused: boolean): void } {
  const { runs } = runner
  const writePaused = async (id: string, run: BatchRun, paused: boolean) => {
    if (!run.over) await writer.setPaused(id, paused, owner)
    news(id)
  }
  const recheck: BatchActions['recheck'] = async (id, assets) => {
    await starts.recheck(id, assets)
    news(id)
    return book.summary(id)
  }
  const recheckUnder = async (...given: Parameters<BatchStarts['recheckUnder']>) => {
    const [id] = given
    await starts.recheckUnder(...given)
    news(id)
    return book.summary(id)
  }

  const actions: BatchActions = {
    list: book.summaries,
    get: book.summary,
    pause: async id => {
      const run = runs.get(id)
      if (run === undefined || run.over) throw new Problem('conflict', detailOf('not_screened'))
      run.pause()
      await writePaused(id, run, true)
      return book.summary(id)
    },
    resume: async id => {
      const run = runs.get(id)
      if (run !== undefined && !run.over) {
        run.resume()
        await writePaused(id, run, false)
      } else {
        await run?.done.catch(() => undefined)
        await starts.resume(id)
      }
      return book.summary(id)
    },
    cancel: async id => {
      const run = runs.get(id)
      if (run === undefined) {
        if (!(await reader.hasOpen(id))) throw new Problem('conflict', detailOf('batch_over'))
        await book.claim(await book.stored(id))
        while ((await writer.endOpen(id, null, 'cancelled', '')).length > 0);
        await writer.setState(id, 'cancelled', null, null)
      } else {
        run.cancel()
        await run.done
      }
      news(id)
      return book.summary(id)
    },
    putFirst: async id => {
      const summary = await book.summary(id)
      if (summary.state === 'done' || summary.state === 'cancelled')
        throw new Problem('conflict', detailOf('batch_over'))
      order.putFirst(id)
      for (const [other, run] of runs) if (other !== id) run.giveWay()
      news(id)
      return summary
    },
    rename: async (id, name) => {
      await book.stored(id)
      await writer.rename(id, name)
      news(id)
      return book.summary(id)
    },
    recheck,
    allowCalls: async (id, assets) => {
      const wanted = await callsWanted(reader, assets)
      if (wanted === null) throw new Problem('conflict', detailOf('nothing_waits'))
      const raisedTo = ({ maxCallsPerAsset, maxCallsPerBatch }: ScreenOptions) =>
        raised(wanted, { maxCallsPerAsset, maxCallsPerBatch })
      return recheckUnder(id, raisedTo, { assets, isKept: true })
    },
    allowFrames: async (id, assets) => {
      const wanted = await framesWanted(reader, assets)
      if (wanted.size === 0) throw new Problem('conflict', detailOf('nothing_waits'))
      const allowed = ({ filmFrames: before }: ScreenOptions) => ({
        filmFrames: [...before.filter(({ path }) => !wanted.has(path)), ...limitsOf(wanted)],
      })
      return recheckUnder(id, allowed, { assets, isKept: true })
    },
    stateEncoding: async (id, assets, encoding) => {
      const paths = await pathsOf(reader, assets)
      const stated = (options: ScreenOptions) => ({
        encodings: [
          ...options.encodings.filter(({ path }) => path === null || !paths.has(path)),
          ...[...paths].map(path => ({ path, encoding })),
        ],
      })
      return recheckUnder(id, stated, { assets, isKept: false })
    },
    recheckOlder: async id => recheck(id, await starts.olderPassesOf(id)),
    again: async id => {
      const { name: former, inputs, profiles, options } = await book.stored(id)
      const name = nameAgain(former, new Set((await book.summaries()).map(batch => batch.name)))
      // With the profiles as they are now: a secret or an openid may have changed.
      const present = profiles.map(presentProfile)
      const run = await starts.screen({ name, inputs, profiles: present, options: { ...options, reuseDays: 0 } })
      return book.summary(run.id)
    },
  }
  const pauseAll = (paused: boolean) => {
    for (const [id, run] of runs) {
      if (paused) run.pause()
      else run.resume()
      writePaused(id, run, paused).catch(reportProblem)
    }
  }
  return { actions, pauseAll }
}

/** Rows that are read at once. */
const pageSize = 1000

/** What the assets wait for, all of them taken together; null where none waits. */
async function callsWanted(reader: Pick<StoreReader, 'rows'>, assets: readonly number[]): Promise<CallsWanted | null> {
  const details: string[] = []
  for (let from = 0; from < assets.length; from += pageSize) {
    for (const { results } of await reader.rows(assets.slice(from, from + pageSize)))
      for (const { reason, detail } of results) if (reason === 'calls_over_limit') details.push(detail ?? '')
  }
  return details.length === 0 ? null : callsWantedBy(details.flatMap(detail => decodeRemarks(detail) ?? []))
}

/** The files that the assets are, as options name them. */
async function pathsOf(reader: Pick<StoreReader, 'asset'>, assets: readonly number[]): Promise<ReadonlySet<string>> {
  const paths = new Set<string>()
  for (const id of assets) {
    const asset = await reader.asset(id)
    const path = asset === null ? null : pathOf(asset)
    if (path !== null) paths.add(path)
  }
  return paths
}

function pathOf(asset: { readonly source: string }): string | null {
  const source = JSON.parse(asset.source) as Source
  return source.kind === 'file' || source.kind === 'entry' ? shownPathOf(source) : null
}

const limitsOf = (wanted: ReadonlyMap<string, number>): ScreenOptions['filmFrames'] =>
  [...wanted].map(([path, maxFrames]) => ({ path, maxFrames }))

/** How many frames the files want whose films have more than were sent. */
async function framesWanted(
  reader: Pick<StoreReader, 'rows' | 'asset'>,
  assets: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Map<string, number>()
  for (const { id, results } of await reader.rows(assets)) {
    const asset = await reader.asset(id)
    const path = asset === null ? null : pathOf(asset)
    const most = Math.max(0, ...results.map(({ reason, detail }) => framesOver(reason, detail)?.count ?? 0))
    if (path !== null && most > 0) wanted.set(path, most)
  }
  return wanted
}
