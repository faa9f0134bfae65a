import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { PartPlace, Rect } from '../../../../shared/domain.ts'
import type { AssetPieces } from '../../../../shared/pieces.ts'
import type { CheckView } from '../../../../shared/screening.ts'
import type { CheckRecord } from '../../ledger/rows.ts'
import type { SameQuestion, SentCheck } from '../records.ts'
import type { AssetReads } from './asset-reads.ts'
import type { BatchReads } from './batch-reads.ts'

/** Calls, one by one. */
export interface CheckReads {
  checks(asset: number): readonly CheckView[]
  /** Null for an asset of one piece. */
  pieces(asset: number): AssetPieces | null
  /** The checks that this trace id was given to. */
  checksByTrace(app: string, traceId: string): readonly CheckRecord[]
  checksOfResult(asset: number, profile: number): readonly CheckRecord[]
  /** The trace id under which the same bytes wait already, asked in the same way. */
  pendingTrace(same: SameQuestion): string | null
  overdue(now: number, limit: number): readonly CheckRecord[]
  /** When the next push is given up; null when none is awaited. */
  nextDue(): number | null
  /** Profiles that await pushes, or gave up on some after `since`, by their batches. */
  expecting(since: number): readonly { readonly batch: string; readonly profile: number }[]
  relayPosition(relay: string): number
}

export function createCheckReads(
  raw: Database,
  { profilesOf }: Pick<BatchReads, 'profilesOf'>,
  assets: Pick<AssetReads, 'asset' | 'results'>,
): CheckReads {
  const tracedChecks = raw.prepare<[string, string], CheckRecord>('SELECT * FROM checks WHERE trace_id = ? AND app = ?')
  const resultChecks = raw.prepare<[number, number], CheckRecord>(
    'SELECT * FROM checks WHERE asset = ? AND profile = ?',
  )
  const pendingRow = raw.prepare<unknown[], { trace_id: string }>(
    `SELECT trace_id FROM checks WHERE state = 'awaiting' AND part_hash = @partHash AND app = @app AND endpoint = @endpoint
     AND version = @version AND transform IS @transform LIMIT 1`,
  )
  const overdueChecks = raw.prepare<[number, number], CheckRecord>(
    `SELECT * FROM checks WHERE state = 'awaiting' AND due_at <= ? ORDER BY due_at LIMIT ?`,
  )
  const nextDueRow = raw.prepare<[], { due: number | null }>(
    `SELECT min(due_at) AS due FROM checks WHERE state = 'awaiting'`,
  )
  const expectingRows = raw.prepare<[number], { batch: string; profile: number }>(
    `SELECT DISTINCT a.batch, c.profile FROM (
       SELECT asset, profile FROM checks WHERE state = 'awaiting'
       UNION ALL SELECT asset, profile FROM checks WHERE reason = 'push_overdue' AND due_at > ?
     ) c JOIN assets a ON a.id = c.asset`,
  )
  const positionRow = raw.prepare<[string], { position: number }>(
    'SELECT position FROM relay_positions WHERE relay = ?',
  )
  const piecesRow = raw.prepare<[number], string>('SELECT pieces FROM asset_pieces WHERE asset = ?').pluck()
  const checkRows = raw.prepare<[number], CheckRecord & { body: string | null }>(
    'SELECT c.*, l.body FROM checks c LEFT JOIN ledger l ON l.seq = c.ledger_seq WHERE c.asset = ? ORDER BY c.profile, c.id',
  )

  const checksOf = (asset: number): readonly CheckView[] => {
    const own = assets.asset(asset)
    if (own === null) return []
    const profiles = profilesOf(own.batch)
    const view = (check: CheckRecord & { body: string | null }, profile: number, from: number | null): CheckView => ({
      id: check.id,
      profile: profiles[profile]?.id ?? String(profile),
      part: check.part,
      ...whereabouts(check),
      endpoint: check.endpoint,
      version: check.version,
      state: check.state,
      verdict: check.verdict,
      reason: check.reason,
      detail: check.detail,
      errcode: check.errcode,
      label: check.label,
      score: check.score,
      rid: check.rid,
      traceId: check.trace_id,
      attempts: check.attempts,
      ms: check.ms,
      at: check.at,
      dueAt: check.state === 'awaiting' ? check.due_at : null,
      reusedFrom: from,
      reply: replyOf(check.body),
    })
    const made = checkRows
      .all(asset)
      .filter(check => check.profile >= 0)
      .map(check => view(check, check.profile, null))
    const reused = assets.results(asset).flatMap(({ profile, reused_from: from, reused_profile: other }) =>
      from === null
        ? []
        : checkRows
            .all(from)
            .filter(check => check.profile === other)
            .map(check => view(check, profile, from)),
    )
    return [...made, ...reused]
  }

  return {
    pieces: asset => {
      const stored = piecesRow.get(asset)
      // Written by this program only.
      return stored === undefined ? null : (JSON.parse(stored) as AssetPieces)
    },
    checks: checksOf,
    checksByTrace: (app, traceId) => tracedChecks.all(traceId, app),
    checksOfResult: (asset, profile) => resultChecks.all(asset, profile),
    pendingTrace: same => pendingRow.get(same)?.trace_id ?? null,
    overdue: (now, limit) => overdueChecks.all(now, limit),
    nextDue: () => nextDueRow.get()?.due ?? null,
    expecting: since => expectingRows.all(since),
    relayPosition: relay => positionRow.get(relay)?.position ?? 0,
  }
}

/** A check's row as the commands take it. */
export function sentCheckOf(row: CheckRecord): SentCheck {
  return {
    id: row.id,
    asset: row.asset,
    profile: row.profile,
    place: { name: row.part, ...whereabouts(row) },
    endpoint: row.endpoint,
    version: row.version,
    partHash: row.part_hash,
    transform: row.transform,
    at: row.at,
  }
}

/** Where a check's part stands in its asset. */
function whereabouts(row: CheckRecord): Omit<PartPlace, 'name'> {
  return {
    rect: row.rect === null ? null : rectOf(row.rect),
    frame: row.frame,
    range: row.range_start === null || row.range_end === null ? null : [row.range_start, row.range_end],
    line: row.line,
    column: row.col,
  }
}

function rectOf(json: string): Rect {
  return z.tuple([z.number(), z.number(), z.number(), z.number()]).parse(JSON.parse(json))
}

function replyOf(body: string | null): string | null {
  if (body === null) return null
  const parsed = z.object({ reply: z.string().nullish() }).safeParse(JSON.parse(body))
  return parsed.success ? (parsed.data.reply ?? null) : null
}
