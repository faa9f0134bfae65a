import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type ControlState, worstControl } from '../../../../shared/controls.ts'
import type { Decision } from '../../../../shared/domain.ts'
import type { FailureCode } from '../../../../shared/failures.ts'
import { olderReadingSql } from '../../formats/readings.ts'
import type { AssetRecord, ResultRecord } from '../../ledger/rows.ts'
import type { ReportRow } from '../records.ts'
import type { AssetReads } from './asset-reads.ts'
import type { BatchReads } from './batch-reads.ts'
import type { ControlReader } from './controls.ts'
import { severityRank } from './hit-reads.ts'

/** Rows of reports, and what stands behind them. */
export interface ReportReads {
  /** Rows for reports, in the batch's order, some at a time; each page is read when it is asked for. */
  reportRows(batch: string, assets: readonly number[] | null): IterableIterator<readonly ReportRow[]>
  reportCount(batch: string, assets: readonly number[] | null): number
  head(): { seq: number; hash: Uint8Array } | null
  /** What stands behind a result's no-hit: the worst over the endpoints that were asked; null where nothing is known of them. */
  controlOf(row: ReportRow): ControlState | null
}

const reportAssetColumns = [
  'id',
  'batch',
  'path',
  'sha256',
  'kind',
  'bytes',
  'decision',
  'decision_reason',
  'note',
  'reviewer',
  'decided_at',
  'reading',
  'reader_notes',
  'rules',
] as const satisfies readonly (keyof ReportRow['asset'])[]
const reportResultColumns = [
  'profile',
  'state',
  'outcome',
  'reason',
  'detail',
  'labels',
  'parts',
  'checked',
  'reused_from',
  'reused_profile',
  'screened_at',
  'rules',
] as const satisfies readonly (keyof ReportRow['result'])[]

/** Put in order by whoever reads it: SQLite has nothing to sort then, however long the report. */
const ruleHits = `(SELECT json_group_array(json_array(h.name, h.fine, h.rank)) FROM (SELECT book || '/' || rule AS name,
    min(waiver IS NOT NULL) AS fine, min(${severityRank('severity')}) AS rank FROM hits WHERE asset = a.id GROUP BY book, rule) h)`
/** Rules have no rows of their own beside a platform's: what they found is in its rows. */
export const hasRow = `(r.rules IS NULL OR NOT EXISTS (SELECT 1 FROM results o WHERE o.asset = r.asset AND o.rules IS NULL))`
const ofChecks = `FROM checks c WHERE c.asset = coalesce(r.reused_from, r.asset) AND c.profile = coalesce(r.reused_profile, r.profile)`
/** Everything of a `ReportRow`, of assets `a` and their results `r`; see `reportRow`. */
export const reportSelect = `SELECT ${reportAssetColumns.map(name => `a.${name}`).join(', ')},
    ${reportResultColumns.map(name => `r.${name}`).join(', ')},
    (SELECT group_concat(DISTINCT c.endpoint) ${ofChecks}), (SELECT group_concat(c.rid, ' ') ${ofChecks}),
    (SELECT group_concat(c.trace_id, ' ') ${ofChecks}), l.hash, r.outcome = 'pass' AND ${olderReadingSql('a')},
    ${ruleHits}
  FROM assets a JOIN results r ON r.asset = a.id LEFT JOIN ledger l ON l.seq = r.ledger_seq`

/** Assets whose rows are read at once. */
const assetsOfPage = 500

export function createReportReads(
  raw: Database,
  { profilesOf }: Pick<BatchReads, 'profilesOf'>,
  assets: Pick<AssetReads, 'asset'>,
  controls: Pick<ControlReader, 'ofBatch'>,
): ReportReads {
  const headRow = raw.prepare<[], { seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1',
  )
  // As arrays: making an object of forty columns takes four times as long as reading them.
  const reportBatch = raw
    .prepare<[string, number, number]>(
      `${reportSelect} WHERE a.batch = ? AND a.position BETWEEN ? AND ? AND ${hasRow} ORDER BY a.position, r.profile`,
    )
    .raw(true)
  const lastPosition = raw
    .prepare<[string], number>('SELECT position FROM assets WHERE batch = +? ORDER BY position DESC LIMIT 1')
    .pluck()
  const reportAsset = raw
    .prepare<[string, number]>(`${reportSelect} WHERE a.batch = ? AND a.id = ? AND ${hasRow} ORDER BY r.profile`)
    .raw(true)
  const assetCount = raw
    .prepare<[string], number>('SELECT coalesce(sum(n), 0) FROM tallies WHERE batch = ? AND profile = 0')
    .pluck()
  /** All assets of a batch are before the same profiles. */
  const rowsOfOne = raw
    .prepare<[string], number>(
      `SELECT count(*) FROM results r WHERE r.asset = (SELECT id FROM assets WHERE batch = +? ORDER BY position LIMIT 1) AND ${hasRow}`,
    )
    .pluck()

  const controlOf = ({ asset, result, endpoints }: ReportRow): ControlState | null => {
    if (endpoints === null) return null
    // A verdict that is used again is backed by what was found out when it was made.
    const batch = result.reused_from === null ? asset.batch : (assets.asset(result.reused_from)?.batch ?? '')
    const profile = profilesOf(batch)[result.reused_profile ?? result.profile]?.id
    const asked = endpoints.split(',')
    const behind = controls.ofBatch(batch).own.filter(view => view.profile === profile && asked.includes(view.endpoint))
    return worstControl(behind.map(view => view.state))
  }

  return {
    *reportRows(batch, assets) {
      const length = assets === null ? (lastPosition.get(batch) ?? -1) + 1 : assets.length
      for (let from = 0; from < length; from += assetsOfPage) {
        const rows =
          assets === null
            ? reportBatch.all(batch, from, from + assetsOfPage - 1)
            : assets.slice(from, from + assetsOfPage).flatMap(id => reportAsset.all(batch, id))
        yield rows.map(reportRow)
      }
    },
    reportCount: (batch, assets) =>
      (assets === null ? (assetCount.get(batch) ?? 0) : assets.length) * (rowsOfOne.get(batch) ?? 0),
    head: () => headRow.get() ?? null,
    controlOf,
  }
}

type ReportTuple = [
  id: number,
  batch: string,
  path: string,
  sha256: string | null,
  kind: AssetRecord['kind'],
  bytes: number | null,
  decision: Decision | null,
  decisionReason: number | null,
  note: string | null,
  reviewer: string | null,
  decidedAt: number | null,
  reading: string | null,
  readerNotes: string | null,
  rules: AssetRecord['rules'],
  profile: number,
  state: ResultRecord['state'],
  outcome: ResultRecord['outcome'],
  reason: FailureCode | null,
  detail: string | null,
  labels: string,
  parts: number,
  checked: number,
  reusedFrom: number | null,
  reusedProfile: number | null,
  screenedAt: number | null,
  resultRules: ResultRecord['rules'],
  endpoints: string | null,
  rids: string | null,
  traceIds: string | null,
  rowHash: Uint8Array | null,
  isOlderReading: 0 | 1,
  hits: string,
]

/** A row of `reportSelect`, read as an array. */
export function reportRow(row: unknown): ReportRow {
  const [id, batch, path, sha256, kind, bytes, decision, decisionReason, note, reviewer, decidedAt, ...more] =
    row as ReportTuple
  const [reading, readerNotes, rules, ...rest] = more
  const [profile, state, outcome, reason, detail, labels, parts, checked, reusedFrom, reusedProfile, ...last] = rest
  const [screenedAt, resultRules, ...computed] = last
  const [endpoints, rids, traceIds, rowHash, isOlderReading, hits] = computed
  return {
    asset: {
      id,
      batch,
      path,
      sha256,
      kind,
      bytes,
      decision,
      decision_reason: decisionReason,
      note,
      reviewer,
      decided_at: decidedAt,
      reading,
      reader_notes: readerNotes,
      rules,
    },
    result: {
      profile,
      state,
      outcome,
      reason,
      detail,
      labels,
      parts,
      checked,
      reused_from: reusedFrom,
      reused_profile: reusedProfile,
      screened_at: screenedAt,
      rules: resultRules,
    },
    endpoints,
    rids,
    traceIds,
    rowHash,
    isOlderReading: isOlderReading === 1,
    hits: hits === '[]' ? noHits : hitsOf(hits),
  }
}

const noHits: ReportRow['hits'] = { open: [], fine: [] }

function hitsOf(json: string): ReportRow['hits'] {
  const found = z
    .array(z.tuple([z.string(), z.number(), z.number()]))
    .parse(JSON.parse(json))
    .sort(([a, , first], [b, , second]) => first - second || (a < b ? -1 : 1))
  const named = (isFine: number) => found.flatMap(([name, fine]) => (fine === isFine ? [name] : []))
  return { open: named(0), fine: named(1) }
}
