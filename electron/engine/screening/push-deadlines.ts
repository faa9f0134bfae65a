import type { Clock } from '../base/clock.ts'
import type { LedgerCommands } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { LedgerQueries } from '../store/queries.ts'
import type { Settled } from './settlement.ts'

/** How long a push is kept that no check has asked for. */
const parkedForMs = 86_400_000
/** Checks that are given up in one transaction. */
const overduePage = 500
/** Woken this often although nothing falls due: the machine may have slept, and other processes write too. */
const longestNapMs = 60_000
/** After a start the relay first delivers what came meanwhile; only then is anything overdue. */
const startGraceMs = 15_000

/** Gives up pushes as they fall due. The returned function starts that; it goes on while anything is awaited. */
export function createDeadlineWatch(options: {
  readonly clock: Clock
  readonly database: LedgerDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  /** Inside a commit. */
  giveUp(row: ReturnType<LedgerQueries['overdue']>[number]): readonly Settled[]
  onSettled(settled: readonly Settled[]): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): () => void {
  const { clock, database, commands, queries, giveUp, onSettled, onProblem, signal } = options
  const startedAt = clock.now()
  let isWatching = false

  const watchDeadlines = async () => {
    let parkedDroppedAt = Number.NEGATIVE_INFINITY
    for (;;) {
      if (clock.now() - parkedDroppedAt > parkedForMs / 24) {
        parkedDroppedAt = clock.now()
        await database.commit(() => commands.dropParked(clock.now() - parkedForMs))
      }
      const due = queries.nextDue()
      if (due === null) return
      const waitMs = Math.max(due, startedAt + startGraceMs) - clock.now()
      if (waitMs > 0) {
        await clock.sleep(Math.min(waitMs, longestNapMs), signal)
        onSettled([])
      } else {
        onSettled(await database.commit(() => queries.overdue(clock.now(), overduePage).flatMap(giveUp)))
      }
    }
  }
  /** A busy database or a full disk passes; what has become overdue by then is given up all the same. */
  const keepWatching = async () => {
    while (!signal.aborted) {
      try {
        return await watchDeadlines()
      } catch (error) {
        if (signal.aborted) return
        onProblem(error)
        await clock.sleep(longestNapMs, signal)
      }
    }
  }
  return () => {
    if (isWatching || signal.aborted) return
    isWatching = true
    keepWatching()
      .catch(() => undefined)
      .finally(() => {
        isWatching = false
      })
  }
}
