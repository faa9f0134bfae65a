import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Verdict } from '../../../../shared/domain.ts'
import { createEvidence, type ReusedResult } from '../../ledger/borne-out.ts'
import type { AssetRecord, CheckRecord } from '../../ledger/rows.ts'
import { readerNotesOf } from '../reader-notes.ts'
import type { AwaitingPart, DonePart, OpenAsset, Reusable } from '../records.ts'

/** What a run goes on from: what is open, what is known of it, and what may be used again. */
export interface OpenReads {
  openAssets(batch: string, after: number, limit: number): readonly OpenAsset[]
  hasOpen(batch: string): boolean
  doneParts(asset: number): readonly DonePart[]
  awaitingParts(asset: number): readonly AwaitingPart[]
  checkCount(batch: string, profile: number): number
  /** How many of the batch's results await a push, and since when the oldest does. */
  awaiting(batch: string): { readonly results: number; readonly since: number | null }
  hasAwaiting(batch: string): boolean
  /** Screened from `since` to `until`: what is dated later was so by a clock that has been set back since. */
  reusable(key: string, since: number, until: number): Reusable | null
}

type ReusableRecord = ReusedResult & { outcome: Verdict; screened_at: number }

export function createOpenReads(raw: Database): OpenReads {
  const isBorneOut = createEvidence(raw)
  const openRows = raw.prepare<
    [string, number, number],
    { id: number; path: string; source: string; profiles: string; begun: 0 | 1 }
  >(
    `SELECT a.id, a.path, a.source, group_concat(r.profile) AS profiles,
       EXISTS (SELECT 1 FROM checks c WHERE c.asset = a.id) AS begun FROM results r JOIN assets a ON a.id = r.asset
     WHERE r.batch = ? AND r.state <> 'done' AND r.state = 'queued' AND r.asset > ? GROUP BY r.asset ORDER BY r.asset LIMIT ?`,
  )
  const sentChecks = raw
    .prepare<[string, number], number>(
      'SELECT count(*) FROM assets a JOIN checks c ON c.asset = a.id WHERE a.batch = ? AND c.profile = ?',
    )
    .pluck()
  const anyOpen = raw.prepare<[string], { one: 1 }>(
    `SELECT 1 AS one FROM results WHERE batch = ? AND state <> 'done' LIMIT 1`,
  )
  const doneChecks = raw.prepare<[number], CheckRecord & { verdict: Verdict }>(
    // Below zero: checks of a former screening, kept because other assets reuse its verdict (check-writes.ts).
    `SELECT * FROM checks WHERE asset = ? AND profile >= 0 AND state = 'done' AND verdict IS NOT NULL`,
  )
  const awaitingChecks = raw.prepare<[number], CheckRecord>(
    `SELECT * FROM checks WHERE asset = ? AND state = 'awaiting'`,
  )
  const awaitingRow = raw.prepare<[string], { results: number; since: number | null }>(
    `SELECT count(*) AS results, min(screened_at) AS since FROM results WHERE batch = ? AND state = 'awaiting'`,
  )
  const anyAwaiting = raw.prepare<[string], { one: 1 }>(
    `SELECT 1 AS one FROM results WHERE batch = ? AND state = 'awaiting' LIMIT 1`,
  )
  // `+?`: a bare parameter makes SQLite prepare the statement anew for each value, in case a partial index fits that one.
  const reusableRows = raw.prepare<[Buffer, number, number], ReusableRecord>(
    `SELECT * FROM results WHERE reuse_key = +? AND screened_at BETWEEN +? AND +? AND reused_from IS NULL AND state = 'done'
     AND (outcome = 'pass' OR outcome = 'review' OR outcome = 'risky') ORDER BY screened_at DESC`,
  )
  const notesRow = raw
    .prepare<[number], AssetRecord['reader_notes']>('SELECT reader_notes FROM assets WHERE id = ?')
    .pluck()

  return {
    openAssets: (batch, after, limit) =>
      openRows.all(batch, after, limit).map(row => ({
        id: row.id,
        path: row.path,
        source: row.source,
        profiles: row.profiles.split(',').map(Number).sort(),
        isBegun: row.begun === 1,
      })),
    checkCount: (batch, profile) => sentChecks.get(batch, profile) ?? 0,
    hasOpen: batch => anyOpen.get(batch) !== undefined,
    doneParts: asset =>
      doneChecks.all(asset).map(check => ({
        profile: check.profile,
        part: check.part,
        partHash: check.part_hash,
        endpoint: check.endpoint,
        version: check.version,
        verdict: check.verdict,
        label: check.label,
        score: check.score,
      })),
    awaitingParts: asset =>
      awaitingChecks.all(asset).map(check => ({
        profile: check.profile,
        part: check.part,
        partHash: check.part_hash,
        endpoint: check.endpoint,
        version: check.version,
      })),
    awaiting: batch => awaitingRow.get(batch) ?? { results: 0, since: null },
    hasAwaiting: batch => anyAwaiting.get(batch) !== undefined,
    reusable: (key, since, until) => {
      const row = reusableRows.all(Buffer.from(key, 'hex'), since, until).find(isBorneOut)
      return row === undefined
        ? null
        : {
            asset: row.asset,
            profile: row.profile,
            outcome: row.outcome,
            labels: z.array(z.number()).parse(JSON.parse(row.labels)),
            score: row.score,
            parts: row.parts,
            screenedAt: row.screened_at,
            notes: readerNotesOf(notesRow.get(row.asset) ?? null),
          }
    },
  }
}
