import type { Profile } from '../../../shared/profile.ts'
import type { BatchSummary, ScreenOptions } from '../../../shared/screening.ts'
import type { StoredBatch } from '../ledger/rows.ts'
import type { Settled } from '../store/records.ts'
import { type ActionServices, type BatchActions, createBatchActions } from './batch-actions.ts'
import { type BookServices, createBatchBook } from './batch-book.ts'
import { type BatchRunner, createBatchRunner, type RunnerServices } from './batch-runner.ts'
import { type BatchStarts, createBatchStarts, type StartServices } from './batch-starts.ts'
import type { BatchRun, RunServices } from './run.ts'

/** A request as the command line makes it: paths or `-`, profiles by value, so that one for a single run need not be stored. */
export interface ScreenRequest {
  readonly inputs: readonly string[]
  readonly profiles: readonly Profile[]
  readonly options: ScreenOptions
  readonly name: string | null
}

/** All batches of this program: which it screens, and how they begin, pause, end, and are taken up again. */
export interface Batches
  extends Pick<BatchStarts, 'screen' | 'resume' | 'recheckOlder' | 'takeUpUnfinished'>,
    Pick<BatchRunner, 'runs' | 'resultsDone' | 'close'> {
  readonly actions: BatchActions
  stored(batch: string): Promise<StoredBatch>
  summaryOf(batch: string): Promise<BatchSummary | null>
  pauseAll(paused: boolean): void
  /** Pushes have concluded results: listeners are told, and a batch that waits for nothing else ends. */
  onSettled(settled: readonly Settled[]): void
}

export interface BatchServices
  extends Omit<BookServices, 'reader' | 'writer'>,
    RunnerServices,
    StartServices,
    Omit<ActionServices, 'run'> {
  readonly run: RunServices
}

export function createBatches(services: BatchServices): Batches {
  const { reader, writer } = services.run
  const { owner, newId, news, reportProblem } = services
  const book = createBatchBook({ reader, writer, owner, newId })
  const runner = createBatchRunner(services, book)
  const starts = createBatchStarts(services, book, runner)
  const { actions, pauseAll } = createBatchActions(services, book, runner, starts)
  const { runs } = runner

  const endIfDone = async (id: string) => {
    if (runner.isClosed || runs.has(id) || starts.isStarting(id)) return
    if (await book.endIfDone(id)) news(id)
  }

  const rescanIfAnswered = async (id: string, run: BatchRun) => {
    if (!(await reader.hasAwaiting(id))) run.rescan()
  }

  return {
    runs,
    resultsDone: runner.resultsDone,
    close: runner.close,
    stored: book.stored,
    summaryOf: book.summaryOf,
    screen: starts.screen,
    resume: starts.resume,
    recheckOlder: starts.recheckOlder,
    takeUpUnfinished: starts.takeUpUnfinished,
    actions,
    pauseAll,
    onSettled: settled => {
      for (const { batch, asset, profile } of settled) runner.noteResult(batch, asset, profile)
      for (const [id, run] of runs) void rescanIfAnswered(id, run).catch(reportProblem)
      for (const id of new Set(settled.map(each => each.batch))) void endIfDone(id).catch(reportProblem)
    },
  }
}
