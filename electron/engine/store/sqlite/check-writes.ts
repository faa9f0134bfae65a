import type { CheckRecord } from '../../ledger/rows.ts'
import type { CallContext, CheckEnd, NewCheck, SentCheck, WaitingCheck } from '../records.ts'
import type { WriteContext } from './write-context.ts'

export function createCheckWrites({ raw, appender }: WriteContext) {
  const insertCheck = raw.prepare(
    `INSERT INTO checks (asset, profile, part, rect, frame, range_start, range_end, line, col, endpoint, version, part_hash, transform, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asset, profile, part) DO NOTHING`,
  )
  /** The same part of an earlier run: what was learnt then is in the ledger. */
  const restartCheck = raw.prepare<unknown[], { id: number }>(
    `UPDATE checks SET rect = ?, frame = ?, range_start = ?, range_end = ?, line = ?, col = ?, endpoint = ?, version = ?,
       part_hash = ?, transform = ?, at = ?, state = 'sent', verdict = NULL, reason = NULL, detail = NULL, errcode = NULL,
       label = NULL, score = NULL, rid = NULL, trace_id = NULL, attempts = 0, ms = NULL, ledger_seq = NULL, app = NULL, due_at = NULL
     WHERE asset = ? AND profile = ? AND part = ? RETURNING id`,
  )
  const finishCheck = raw.prepare(
    `UPDATE checks SET state = 'done', verdict = ?, reason = ?, detail = ?, errcode = ?, label = ?, score = ?, rid = ?, trace_id = ?,
     attempts = ?, ms = ?, ledger_seq = ? WHERE id = ?`,
  )
  const waitCheck = raw.prepare(
    `UPDATE checks SET state = 'awaiting', app = @app, trace_id = @traceId, due_at = @dueAt, attempts = @attempts, ms = @ms,
     ledger_seq = @seq WHERE id = @id`,
  )
  const readCheck = raw.prepare<[number], CheckRecord>('SELECT * FROM checks WHERE id = ?')
  const dropChecks = raw.prepare('DELETE FROM checks WHERE asset = ? AND profile = ?')
  const isReusedElsewhere = raw
    .prepare<[number, number], 1>('SELECT 1 FROM results WHERE reused_from = ? AND reused_profile = ? LIMIT 1')
    .pluck()
  const nextKept = raw
    .prepare<[number], number>('SELECT min(coalesce(min(profile), 0), 0) - 1 FROM checks WHERE asset = ?')
    .pluck()
  const keepChecks = raw.prepare('UPDATE checks SET profile = ? WHERE asset = ? AND profile = ?')
  const keepReused = raw.prepare('UPDATE results SET reused_profile = ? WHERE reused_from = ? AND reused_profile = ?')

  return {
    /** The row that must be durable before the first attempt leaves. */
    beginCheck: ({ asset, profile, place, endpoint, version, partHash, transform, at }: NewCheck): number => {
      const facts = [
        place.rect === null ? null : JSON.stringify(place.rect),
        place.frame,
        place.range?.[0] ?? null,
        place.range?.[1] ?? null,
        place.line,
        place.column,
        endpoint,
        version,
        partHash,
        transform,
        at,
      ]
      const added = insertCheck.run(asset, profile, place.name, ...facts)
      if (added.changes === 1) return Number(added.lastInsertRowid)
      const row = restartCheck.get(...facts, asset, profile, place.name)
      if (row === undefined) throw new Error('the check row was not written')
      return row.id
    },

    /** The check was answered by a reply, or (`push`) by what came or failed to come later. */
    endCheck: (check: SentCheck, end: CheckEnd, context: CallContext, by: 'call' | 'push' = 'call'): void => {
      const { conclusion, attempts, ms } = end
      const { evidence } = conclusion
      const verdict = conclusion.kind === 'verdict' ? conclusion.verdict : null
      const failure = conclusion.kind === 'failure' ? conclusion : null
      const body = callBody(check, end, context)
      const seq = appender.append({ kind: by, batch: null, asset: check.asset, body })
      const ended = finishCheck.run(
        verdict,
        failure?.code ?? null,
        failure?.detail ?? null,
        evidence?.errcode ?? null,
        evidence?.label ?? null,
        evidence?.score ?? null,
        evidence?.rid ?? null,
        evidence?.traceId ?? null,
        attempts,
        ms,
        seq,
        check.id,
      )
      if (ended.changes === 0) throw new Error(`check ${check.id} is gone`)
    },

    /** From here on the trace id is durable. */
    awaitCheck: (check: number, waiting: WaitingCheck, context: CallContext): void => {
      const row = readCheck.get(check)
      if (row === undefined) throw new Error(`check ${check} is gone`)
      const { app, traceId, dueAt, attempts, ms } = waiting
      const body = awaitBody(row, waiting, context)
      const seq = appender.append({ kind: 'call', batch: null, asset: row.asset, body })
      waitCheck.run({ id: check, app, traceId, dueAt, attempts, ms, seq })
    },

    /**
     * Makes room for other checks of the result. Those by which other assets were judged stay what they were for these: under a number
     * below zero that no profile has.
     */
    clearChecks: (asset: number, profile: number): void => {
      if (isReusedElsewhere.get(asset, profile) === undefined) {
        dropChecks.run(asset, profile)
        return
      }
      const kept = nextKept.get(asset)
      keepChecks.run(kept, asset, profile)
      appender.append({ kind: 'kept', batch: null, asset, body: { as: kept, form: 2, profileIndex: profile } })
      keepReused.run(kept, asset, profile)
    },
  }
}

export type CheckWrites = ReturnType<typeof createCheckWrites>

/** What the ledger records of a check's end, in the order of canonical JSON so that `canonicalJson` has nothing to sort. */
function callBody(check: SentCheck, end: CheckEnd, context: CallContext): Record<string, unknown> {
  const { place, endpoint, version, partHash, transform, at } = check
  const { conclusion, attempts, ms } = end
  const { evidence } = conclusion
  const verdict = conclusion.kind === 'verdict' ? conclusion.verdict : null
  const failure = conclusion.kind === 'failure' ? conclusion : null
  return {
    appid: context.appid,
    attempts,
    authenticity: context.authenticity,
    check: check.id,
    col: place.column ?? undefined,
    detail: failure?.detail,
    early: context.early,
    endpoint,
    errcode: evidence?.errcode,
    errmsg: evidence?.errmsg,
    frame: place.frame ?? undefined,
    httpStatus: evidence?.httpStatus,
    label: evidence?.label,
    late: context.late,
    line: place.line ?? undefined,
    ms,
    outcome: verdict ?? 'unchecked',
    part: place.name,
    partHash,
    platform: context.platform,
    practice: context.practice,
    profileId: context.profile,
    range: place.range ?? undefined,
    reason: failure?.code,
    rect: place.rect ?? undefined,
    reply: evidence?.reply,
    rid: evidence?.rid,
    score: evidence?.score,
    sentAt: at,
    sharedWith: context.sharedWith,
    traceId: evidence?.traceId,
    transform: transform ?? undefined,
    version,
  }
}

function awaitBody(
  row: CheckRecord,
  waiting: WaitingCheck,
  { profile, ...context }: CallContext,
): Record<string, unknown> {
  const { traceId, dueAt, attempts, ms, evidence } = waiting
  return {
    ...context,
    profileId: profile,
    check: row.id,
    part: row.part,
    rect: row.rect === null ? undefined : JSON.parse(row.rect),
    frame: row.frame ?? undefined,
    range: row.range_start === null ? undefined : [row.range_start, row.range_end],
    line: row.line ?? undefined,
    col: row.col ?? undefined,
    endpoint: row.endpoint,
    version: row.version,
    partHash: row.part_hash,
    transform: row.transform ?? undefined,
    sentAt: row.at,
    outcome: 'awaiting',
    attempts,
    ms,
    httpStatus: evidence?.httpStatus,
    errcode: evidence?.errcode,
    errmsg: evidence?.errmsg,
    rid: evidence?.rid,
    traceId,
    dueAt,
    reply: evidence?.reply,
  }
}
