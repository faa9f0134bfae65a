import { failure } from '../../../shared/conclusion.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { PushEvent } from '../checkers/wechat/push/push-event.ts'
import { type AssetResult, appOf, type CheckRecord } from '../ledger/rows.ts'
import type { CallContext, LedgerCommands, ResultContext, WaitingCheck } from '../store/commands.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { LedgerQueries } from '../store/queries.ts'
import { createDeadlineWatch } from './push-deadlines.ts'
import { createSettlement, type Settled } from './settlement.ts'
import { type Later, parseParkedPush } from './stored-pushes.ts'

/** Checks that the platform answers by a push: what waits, what a push says about it, and what is given up (docs/protocol.md §3.2). */
export interface Awaiting {
  /** Inside a commit: the trace id becomes durable. A push that came before it is applied at once. */
  begin(check: number, waiting: Omit<WaitingCheck, 'app' | 'dueAt'>, profile: Profile): void
  /** Inside a commit: leaves a result to its pushes. Returns the result when all of them are there already. */
  leave(asset: number, profile: number, later: Later, context: ResultContext): AssetResult | null
  /** Applies a page of pushes and records how far the relay was read, all in one transaction. */
  receive(page: PushPage): Promise<void>
  /** Gives up what is overdue, as it falls due, for as long as something is awaited; `begin` starts it by itself. */
  watch(): void
}

export interface ReceivedPush {
  readonly event: PushEvent
  /** How sure it is that the platform sent it. */
  readonly authenticity: string
}

export interface PushPage {
  readonly relay: string
  readonly position: number
  readonly pushes: readonly ReceivedPush[]
}

export function createAwaiting(options: {
  readonly clock: Clock
  readonly database: LedgerDatabase
  readonly commands: LedgerCommands
  readonly queries: LedgerQueries
  readonly deadlineMs: () => number
  /** The profile's pushes matter from now on. */
  onAwaited(profile: Profile): void
  /** After the commit; also for pushes that changed nothing here, because another process may have applied them. */
  onSettled(settled: readonly Settled[]): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Awaiting {
  const { clock, database, commands, queries } = options
  const settlement = createSettlement({ commands, queries })

  const receiveOne = ({ event, authenticity }: ReceivedPush): readonly Settled[] => {
    const app = appOf(event)
    const rows = queries.checksByTrace(app, event.traceId)
    if (rows.length === 0) {
      commands.parkPush(app, event.traceId, JSON.stringify({ authenticity, conclusion: event.conclusion }))
      return []
    }
    const settled: Settled[] = []
    for (const row of rows) {
      // Any other check has its answer already: the platform sends a push up to three times (docs/protocol.md §5.6).
      if (row.state !== 'awaiting' && !isOverdue(row)) continue
      const late = isOverdue(row) ? ({ late: true } as const) : {}
      settlement.endCheck(row, event.conclusion, { authenticity, ...late })
      const result = settlement.settle(row.asset, row.profile, late)
      if (result !== null) settled.push(result)
    }
    return settled
  }

  const giveUp = (row: CheckRecord): readonly Settled[] => {
    const waitedMinutes = Math.round((clock.now() - row.at) / 60_000)
    const detail = detailOf('waited_for_push', { count: waitedMinutes })
    settlement.endCheck(row, failure('RETRY', 'push_overdue', detail))
    const result = queries.results(row.asset).find(each => each.profile === row.profile)
    const settled = result?.state === 'awaiting' ? settlement.settle(row.asset, row.profile, {}) : null
    return settled === null ? [] : [settled]
  }

  const { onSettled, onProblem, signal } = options
  const watch = createDeadlineWatch({ clock, database, commands, queries, giveUp, onSettled, onProblem, signal })

  return {
    begin: (check, waiting, profile) => {
      const app = appOf(profile)
      const [answered] = queries
        .checksByTrace(app, waiting.traceId)
        .filter(other => other.state === 'done' && !isOverdue(other) && other.id !== check)
      const dueAt = clock.now() + options.deadlineMs()
      commands.awaitCheck(check, { ...waiting, app, dueAt }, contextOfProfile(profile))
      const [row] = queries.checksByTrace(app, waiting.traceId).filter(each => each.id === check)
      if (row === undefined) throw new Error(`check ${check} is gone`)
      const parked = commands.takeParked(app, waiting.traceId)
      if (parked !== null) {
        const { authenticity, conclusion } = parseParkedPush(parked)
        settlement.endCheck(row, conclusion, { authenticity, early: true })
      } else if (answered !== undefined) {
        // Another check of the same bytes has the same trace id, and its push has been here.
        settlement.endCheck(row, settlement.conclusionOf(answered, row.trace_id), { sharedWith: answered.id })
      }
      options.onAwaited(profile)
      watch()
    },
    leave: (asset, profile, later, context) => {
      const checked = later.ends.filter(({ verdict }) => verdict !== null).length
      commands.awaitResult(asset, profile, JSON.stringify(later), later.ends.length + later.awaiting.length, checked)
      return settlement.settle(asset, profile, context)?.end ?? null
    },
    receive: async page => {
      const settled = await database.commit(() => {
        const ended = page.pushes.flatMap(receiveOne)
        commands.setRelayPosition(page.relay, page.position)
        return ended
      })
      onSettled(settled)
    },
    watch,
  }
}

/** Given up; a push that comes after all still corrects it. */
function isOverdue(row: CheckRecord): boolean {
  return row.reason === 'push_overdue'
}

function contextOfProfile(profile: Profile): CallContext {
  return { profile: profile.id, platform: profile.platform, appid: profile.appid, practice: profile.practice }
}
