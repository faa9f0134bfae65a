import { failure } from '../../../../shared/conclusion.ts'
import type { Profile } from '../../../../shared/profile.ts'
import { detailOf } from '../../base/detail.ts'
import { type AssetResult, appOf, type CheckRecord } from '../../ledger/rows.ts'
import type { CallAccepted, CallContext, PushPage, ReceivedPush, ResultContext, Settled } from '../records.ts'
import { type Later, parseParkedPush } from '../stored-pushes.ts'
import type { LedgerCommands } from './commands.ts'
import type { LedgerQueries } from './queries.ts'
import { createSettlement } from './settlement.ts'

/** Checks that the platform answers by a push: what waits, what a push says about it, and what is given up. Call inside a commit. */
export function createAwaitedWrites(commands: LedgerCommands, queries: LedgerQueries) {
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

  const giveUp = (row: CheckRecord, now: number): readonly Settled[] => {
    const waitedMinutes = Math.round((now - row.at) / 60_000)
    const detail = detailOf('waited_for_push', { count: waitedMinutes })
    settlement.endCheck(row, failure('RETRY', 'push_overdue', detail))
    const result = queries.results(row.asset).find(each => each.profile === row.profile)
    const settled = result?.state === 'awaiting' ? settlement.settle(row.asset, row.profile, {}) : null
    return settled === null ? [] : [settled]
  }

  return {
    /** The trace id becomes durable. A push that came before it is applied at once. */
    begin: (check: number, { profile, dueAt, ...waiting }: CallAccepted): void => {
      const app = appOf(profile)
      const [answered] = queries
        .checksByTrace(app, waiting.traceId)
        .filter(other => other.state === 'done' && !isOverdue(other) && other.id !== check)
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
    },
    /** Leaves a result to its pushes. Returns the result when all of them are there already. */
    leave: (asset: number, profile: number, later: Later, context: ResultContext): AssetResult | null => {
      const checked = later.ends.filter(({ verdict }) => verdict !== null).length
      commands.awaitResult(asset, profile, JSON.stringify(later), later.ends.length + later.awaiting.length, checked)
      return settlement.settle(asset, profile, context)?.end ?? null
    },
    receive: (page: PushPage): readonly Settled[] => {
      const ended = page.pushes.flatMap(receiveOne)
      commands.setRelayPosition(page.relay, page.position)
      return ended
    },
    giveUpOverdue: (now: number, limit: number): readonly Settled[] =>
      queries.overdue(now, limit).flatMap(row => giveUp(row, now)),
  }
}

/** Given up; a push that comes after all still corrects it. */
function isOverdue(row: CheckRecord): boolean {
  return row.reason === 'push_overdue'
}

function contextOfProfile(profile: Profile): CallContext {
  return { profile: profile.id, platform: profile.platform, appid: profile.appid, practice: profile.practice }
}
