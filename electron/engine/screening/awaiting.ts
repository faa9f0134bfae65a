import { z } from 'zod'
import { type Evidence, failure } from '../../../shared/conclusion.ts'
import { verdicts } from '../../../shared/domain.ts'
import { type FailureCode, failureClasses, isFailureCode } from '../../../shared/failures.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { PushConclusion, PushEvent } from '../checkers/wechat/push/push-event.ts'
import { appOf, type CheckRecord, type ResultEnd } from '../ledger/rows.ts'
import { concludedEnd, type PartEnd, partEndOf } from '../store/aggregate.ts'
import type { LedgerDatabase } from '../store/database.ts'
import type { CallContext, CheckEnd, ResultContext, WaitingCheck } from '../store/records.ts'
import { sentCheckOf } from '../store/sqlite/check-reads.ts'
import type { LedgerCommands } from '../store/sqlite/commands.ts'
import type { LedgerQueries } from '../store/sqlite/queries.ts'

/** Checks that the platform answers by a push: what waits, what a push says about it, and what is given up (spec §3.2–§3.4). */
export interface Awaiting {
  /** Inside a commit: the trace id becomes durable. A push that came before it is applied at once. */
  begin(check: number, waiting: Omit<WaitingCheck, 'app' | 'dueAt'>, profile: Profile): void
  /** Inside a commit: leaves a result to its pushes. Its end, when all of them are there already. */
  leave(asset: number, profile: number, later: Later, context: ResultContext): ResultEnd | null
  /** Applies a page of pushes and notes how far the relay was read, all in one transaction. */
  receive(page: PushPage): Promise<void>
  /** Gives up what is overdue, as it falls due, for as long as something is awaited; `begin` starts it by itself. */
  watch(): void
}

/** What a result is concluded from, besides the checks that are awaited. */
export interface Later {
  /** How the other parts ended. */
  readonly ends: readonly PartEnd[]
  /** Names of the parts whose checks are awaited. */
  readonly awaiting: readonly string[]
  readonly missing: { readonly code: FailureCode; readonly detail: string } | null
  /** Of the result, if it turns out to be complete; hexadecimal. */
  readonly reuseKey: string
  readonly tiled: boolean
  readonly sha256: string
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

/** A result that was concluded, or corrected, by a push or by its absence. */
export interface Settled {
  readonly batch: string
  readonly asset: number
  readonly profile: number
  readonly end: ResultEnd
}

/** For how long a push is kept that nobody waits for. */
const parkedForMs = 86_400_000
/** Given up in one transaction. */
const overduePage = 500
/** Woken this often although nothing falls due: the machine may have slept, and other processes write too. */
const longestNapMs = 60_000
/** After a start the relay first hands over what came meanwhile; only then is anything overdue. */
const startGraceMs = 15_000

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
  const startedAt = clock.now()
  let isWatching = false

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
    const later = laterSchema.parse(JSON.parse(result.later))
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

  const watch = () => {
    if (isWatching || options.signal.aborted) return
    isWatching = true
    keepWatching()
      .catch(() => undefined)
      .finally(() => {
        isWatching = false
      })
  }
  /** A database that is busy or a full disk passes; whatever is overdue by then is given up all the same. */
  const keepWatching = async () => {
    while (!options.signal.aborted) {
      try {
        return await watchDeadlines()
      } catch (error) {
        if (options.signal.aborted) return
        options.onProblem(error)
        await clock.sleep(longestNapMs, options.signal)
      }
    }
  }
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
        await clock.sleep(Math.min(waitMs, longestNapMs), options.signal)
        options.onSettled([])
      } else {
        options.onSettled(await database.commit(() => queries.overdue(clock.now(), overduePage).flatMap(giveUp)))
      }
    }
  }

  return {
    begin: (check, waiting, profile) => {
      const app = appOf(profile)
      const [answered] = queries
        .checksByTrace(app, waiting.traceId)
        .filter(other => other.state === 'done' && other.reason !== 'push_overdue' && other.id !== check)
      const dueAt = clock.now() + options.deadlineMs()
      commands.awaitCheck(check, { ...waiting, app, dueAt }, contextOfProfile(profile))
      const [row] = queries.checksByTrace(app, waiting.traceId).filter(each => each.id === check)
      if (row === undefined) throw new Error(`check ${check} is gone`)
      const parked = commands.takeParked(app, waiting.traceId)
      if (parked !== null) {
        const { authenticity, conclusion } = parkedSchema.parse(JSON.parse(parked))
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
      options.onAwaited(profile)
      watch()
    },
    leave: (asset, profile, later, context) => {
      const checked = later.ends.filter(end => end.verdict !== null).length
      commands.awaitResult(asset, profile, JSON.stringify(later), later.ends.length + later.awaiting.length, checked)
      return settle(asset, profile, context)?.end ?? null
    },
    receive: async page => {
      const settled = await database.commit(() => {
        const ended = page.pushes.flatMap(receiveOne)
        commands.setRelayPosition(page.relay, page.position)
        return ended
      })
      options.onSettled(settled)
    },
    watch,
  }
}

function contextOfProfile(profile: Profile): CallContext {
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

// What this program wrote itself; parsed all the same, because a damaged row must not become a verdict.
const failureSchema = z.object({
  code: z.custom<FailureCode>(value => typeof value === 'string' && isFailureCode(value)),
  detail: z.string(),
})
const partEndSchema = z.union([
  z.object({
    verdict: z.enum(verdicts),
    label: z.number().nullable(),
    score: z.number().nullable(),
    failure: z.null(),
  }),
  z.object({ verdict: z.null(), failure: failureSchema }),
])
const laterSchema = z.object({
  ends: z.array(partEndSchema),
  awaiting: z.array(z.string()),
  missing: failureSchema.nullable(),
  reuseKey: z.string(),
  tiled: z.boolean(),
  sha256: z.string(),
})
const evidenceSchema = z.object({
  httpStatus: z.number().nullable(),
  errcode: z.number().nullable(),
  errmsg: z.string().nullable(),
  rid: z.string().nullable(),
  traceId: z.string().nullable(),
  label: z.number().nullable(),
  score: z.number().nullable(),
  reply: z.string().nullable(),
})
const parkedSchema = z.object({
  authenticity: z.string(),
  conclusion: z.union([
    z.object({ kind: z.literal('verdict'), verdict: z.enum(verdicts), evidence: evidenceSchema }),
    failureSchema.extend({
      kind: z.literal('failure'),
      class: z.enum(failureClasses),
      evidence: evidenceSchema,
    }),
  ]),
})
