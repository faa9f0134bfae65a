import type { Clock } from '../base/clock.ts'
import type { StoreReader, StoreWriter } from '../store/ports.ts'
import type { Settled } from '../store/records.ts'

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
  readonly reader: Pick<StoreReader, 'nextDue'>
  readonly writer: Pick<StoreWriter, 'giveUpOverdue' | 'dropParked'>
  onSettled(settled: readonly Settled[]): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): () => void {
  const { clock, reader, writer, onSettled, onProblem, signal } = options
  const startedAt = clock.now()
  let isWatching = false
  /** Something was left to a push since the watch looked. */
  let isWanted = false

  const watchDeadlines = async () => {
    let parkedDroppedAt = Number.NEGATIVE_INFINITY
    for (;;) {
      if (clock.now() - parkedDroppedAt > parkedForMs / 24) {
        parkedDroppedAt = clock.now()
        await writer.dropParked(clock.now() - parkedForMs)
      }
      isWanted = false
      const due = await reader.nextDue()
      if (due === null) {
        if (isWanted) continue
        // No await between this read and the flag: a push that is awaited from now on starts the watch anew.
        isWatching = false
        return
      }
      const waitMs = Math.max(due, startedAt + startGraceMs) - clock.now()
      if (waitMs > 0) {
        await clock.sleep(Math.min(waitMs, longestNapMs), signal)
        onSettled([])
      } else {
        onSettled(await writer.giveUpOverdue(clock.now(), overduePage))
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
    isWanted = true
    if (isWatching || signal.aborted) return
    isWatching = true
    // It ends by an error only when the signal aborts.
    keepWatching().catch(() => undefined)
  }
}
