import { type Evidence, failure } from '../../../../shared/conclusion.ts'
import type { Profile } from '../../../../shared/profile.ts'
import type { Clock } from '../../base/clock.ts'
import { detailOf } from '../../base/detail.ts'
import type { PushConclusion } from '../../checkers/wechat/push/push-event.ts'
import { appOf, type CheckRecord, type ResultEnd } from '../../ledger/rows.ts'
import { concludedEnd, type PartEnd, partEndOf } from '../aggregate.ts'
import type { CallAccepted, CallContext, CheckEnd, PushPage, ReceivedPush, ResultContext, Settled } from '../records.ts'
import { type Later, parseLater, parseParkedPush } from '../stored-pushes.ts'
import { sentCheckOf } from './check-reads.ts'
import type { LedgerCommands } from './commands.ts'
import type { LedgerQueries } from './queries.ts'

/** Checks that the platform answers by a push: what waits, what a push says about it, and what is given up. Call inside a commit. */
export function createAwaitedWrites(clock: Pick<Clock, 'now'>, commands: LedgerCommands, queries: LedgerQueries) {
  const profiles = new Map<string, { readonly practice: boolean; readonly profiles: readonly Profile[] }>()
  const batchOf = (asset: number) => {
    const record = queries.asset(asset)
    if (record === null) return null
    const known = profiles.get(record.batch) ?? queries.batch(record.batch)
    if (known === null) return null
    profiles.set(record.batch, { practice: known.practice, profiles: known.profiles })
    return { id: record.batch, path: record.path, practice: known.practice, profiles: known.profiles }
  }
  const contextOf = (row: CheckRecord): CallContext => {
    const batch = batchOf(row.asset)
    const profile = batch?.profiles[row.profile]
    return {
      profile: profile?.id,
      platform: profile?.platform,
      appid: profile?.appid,
      practice: batch?.practice,
      late: row.reason === 'push_overdue' ? true : undefined,
    }
  }

  const apply = (row: CheckRecord, conclusion: PushConclusion, more: CallContext) => {
    const evidence = { ...conclusion.evidence, traceId: row.trace_id }
    const common = { attempts: row.attempts, ms: row.ms ?? 0, evidence }
    const end: CheckEnd =
      conclusion.kind === 'verdict'
        ? { ...common, verdict: conclusion.verdict, failure: null }
        : { ...common, verdict: null, failure: { code: conclusion.code, detail: conclusion.detail } }
    commands.endCheck(sentCheckOf(row), end, { ...contextOf(row), ...more }, 'push')
  }

  /** The result's end, once none of its checks is awaited any more; null while one is, or when the result is not theirs. */
  const settle = (asset: number, profile: number, context: ResultContext): Settled | null => {
    const result = queries.results(asset).find(each => each.profile === profile)
    if (result === undefined || result.later === null) return null
    // A verdict stands; what is unchecked (overdue, cancelled) is corrected by a push that came after all.
    if (result.state === 'queued' || (result.state === 'done' && result.outcome !== 'unchecked')) return null
    const later = parseLater(result.later)
    const rows = new Map(queries.checksOfResult(asset, profile).map(row => [row.part, row]))
    const ends: PartEnd[] = [...later.ends]
    for (const part of later.awaiting) {
      const row = rows.get(part)
      if (row !== undefined && row.state !== 'done') return null
      ends.push(partEndOf(row))
    }
    const end = concludedEnd(ends, later.missing, later)
    if (result.state === 'done' && end.outcome === result.outcome && end.reason === result.reason) return null
    const batch = batchOf(asset)
    commands.endResult(asset, profile, end, { path: batch?.path, sha256: later.sha256, ...context })
    return { batch: batch?.id ?? '', asset, profile, end }
  }

  const receiveOne = ({ event, authenticity }: ReceivedPush): readonly Settled[] => {
    const app = appOf(event)
    const rows = queries.checksByTrace(app, event.traceId)
    if (rows.length === 0) {
      commands.parkPush(app, event.traceId, JSON.stringify({ authenticity, conclusion: event.conclusion }))
      return []
    }
    const settled: Settled[] = []
    for (const row of rows) {
      // Anything else has its answer: the platform sends up to three times (spec §5.6).
      if (row.state !== 'awaiting' && row.reason !== 'push_overdue') continue
      apply(row, event.conclusion, { authenticity })
      const end = settle(row.asset, row.profile, row.reason === 'push_overdue' ? { late: true } : {})
      if (end !== null) settled.push(end)
    }
    return settled
  }

  const giveUp = (row: CheckRecord): readonly Settled[] => {
    const waitedMinutes = Math.round((clock.now() - row.at) / 60_000)
    const failure = { code: 'push_overdue' as const, detail: detailOf('waited_for_push', { count: waitedMinutes }) }
    const evidence: Evidence = { ...nothingReceived, traceId: row.trace_id }
    const end = { attempts: row.attempts, ms: row.ms ?? 0, evidence, verdict: null, failure }
    commands.endCheck(sentCheckOf(row), end, contextOf(row), 'push')
    const result = queries.results(row.asset).find(each => each.profile === row.profile)
    const settled = result?.state === 'awaiting' ? settle(row.asset, row.profile, {}) : null
    return settled === null ? [] : [settled]
  }

  return {
    /** The trace id becomes durable. A push that came before it is applied at once. */
    begin: (check: number, { profile, dueAt, ...waiting }: CallAccepted): void => {
      const app = appOf(profile)
      const [answered] = queries
        .checksByTrace(app, waiting.traceId)
        .filter(other => other.state === 'done' && other.reason !== 'push_overdue' && other.id !== check)
      commands.awaitCheck(check, { ...waiting, app, dueAt }, callContextOf(profile))
      const [row] = queries.checksByTrace(app, waiting.traceId).filter(each => each.id === check)
      if (row === undefined) throw new Error(`check ${check} is gone`)
      const parked = commands.takeParked(app, waiting.traceId)
      if (parked !== null) {
        const { authenticity, conclusion } = parseParkedPush(parked)
        apply(row, conclusion, { authenticity, early: true })
      } else if (answered !== undefined) {
        // Another check of the same bytes shares the trace id, and its push has been here.
        const evidence = { ...nothingReceived, traceId: row.trace_id, label: answered.label, score: answered.score }
        const end = partEndOf(answered)
        const conclusion: PushConclusion =
          end.verdict === null
            ? { ...failure('INPUT', end.failure.code, end.failure.detail), evidence }
            : { kind: 'verdict', verdict: end.verdict, evidence }
        apply(row, conclusion, { sharedWith: answered.id })
      }
    },
    /** Leaves a result to its pushes. Its end, when all of them are there already. */
    leave: (asset: number, profile: number, later: Later, context: ResultContext): ResultEnd | null => {
      const checked = later.ends.filter(end => end.verdict !== null).length
      commands.awaitResult(asset, profile, JSON.stringify(later), later.ends.length + later.awaiting.length, checked)
      return settle(asset, profile, context)?.end ?? null
    },
    receive: (page: PushPage): readonly Settled[] => {
      const ended = page.pushes.flatMap(receiveOne)
      commands.setRelayPosition(page.relay, page.position)
      return ended
    },
    giveUpOverdue: (limit: number): readonly Settled[] => queries.overdue(clock.now(), limit).flatMap(giveUp),
  }
}

export function callContextOf(profile: Profile): CallContext {
  return { profile: profile.id, platform: profile.platform, appid: profile.appid, practice: profile.practice }
}

const nothingReceived: Evidence = {
  httpStatus: null,
  errcode: null,
  errmsg: null,
  rid: null,
  traceId: null,
  label: null,
  score: null,
  reply: null,
}
