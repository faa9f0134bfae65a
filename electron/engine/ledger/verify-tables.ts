import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Finding } from './verify.ts'
import { verifyBatches } from './verify-batches.ts'

/**
 * Compares what the tables say at present (what the grid and the reports show) with the ledger rows that they came from: a verdict
 * or a decision that was edited in place leaves the chain whole, but no longer agrees with it.
 */
export async function verifyTables(raw: Database, signal: AbortSignal | undefined): Promise<Finding | null> {
  const prepared = comparisons.map(({ sql, ...rest }) => ({
    ...rest,
    statement: raw.prepare<[number, number], { id: number; seq: number | null }>(sql),
  }))
  const counts = new Map<string, number>()
  const counters = tallySources.map(sql => raw.prepare<[number, number], Tally>(sql))
  for (const [of, newest] of lasts) {
    const last = raw.prepare<[], number | null>(newest).pluck().get() ?? 0
    // All comparisons of a page before the next page: they read the same rows of the ledger, which are then in the cache.
    for (let from = 1; from <= last; from += pageSize) {
      for (const { table, statement } of prepared.filter(comparison => comparison.of === of)) {
        const found = statement.get(from, from + pageSize - 1)
        if (found !== undefined) return contradiction(table, found.id, found.seq)
      }
      for (const counter of of === 'asset' ? counters : []) {
        for (const tally of counter.all(from, from + pageSize - 1)) {
          counts.set(keyOf(tally), (counts.get(keyOf(tally)) ?? 0) + tally.n)
        }
      }
      await new Promise(resolve => setImmediate(resolve))
      signal?.throwIfAborted()
    }
  }
  return (await verifyBatches(raw, signal)) ?? compareTallies(raw, counts)
}

interface Tally {
  readonly batch: string
  readonly profile: number
  readonly outcome: string
  readonly n: number
}

const keyOf = ({ batch, profile, outcome }: Tally) => JSON.stringify([batch, profile, outcome])

/** What tallies.ts counts, counted again. */
const tallySources = [
  'SELECT batch, -1 AS profile, outcome, count(*) AS n FROM assets WHERE id BETWEEN ? AND ? GROUP BY batch, outcome',
  `SELECT batch, -1 AS profile, 'decided' AS outcome, count(*) AS n FROM assets WHERE id BETWEEN ? AND ? AND decision IS NOT NULL
   GROUP BY batch`,
  'SELECT batch, profile, outcome, count(*) AS n FROM results WHERE asset BETWEEN ? AND ? GROUP BY batch, profile, outcome',
] as const

function compareTallies(raw: Database, counts: ReadonlyMap<string, number>): Finding | null {
  const left = new Map(counts)
  for (const tally of raw.prepare<[], Tally>('SELECT batch, profile, outcome, n FROM tallies').iterate()) {
    if ((left.get(keyOf(tally)) ?? 0) !== tally.n) return wrongTally(tally.batch)
    left.delete(keyOf(tally))
  }
  const [missing] = left.keys()
  return missing === undefined ? null : wrongTally(String(z.array(z.unknown()).parse(JSON.parse(missing))[0]))
}

function wrongTally(batch: string): Finding {
  return {
    row: 0,
    what: 'table',
    zh: `批次 ${batch} 的计数与它的结果不符：数据表被改动。`,
    en: `The counts of batch ${batch} do not agree with its results: the tables were changed.`,
  }
}

/** Assets, or rows of the ledger, that are compared between two breaths. */
const pageSize = 2_000
const lasts = [
  ['asset', 'SELECT max(id) FROM assets'],
  ['row', 'SELECT max(seq) FROM ledger'],
] as const

/** A result's time and its ledger row's are read one after the other, inside one transaction. */
const sameTimeMs = 60_000

type Table = 'results' | 'checks' | 'decision' | 'outcome' | 'reviews' | 'gone'

const body = (name: string) => `json_extract(l.body, '$.${name}')`
const reviewKinds = "('decision', 'note', 'undo', 'redo')"
const urgency = (column: string) =>
  `CASE ${column} WHEN 'pass' THEN 0 WHEN 'unchecked' THEN 1 WHEN 'awaiting' THEN 2 WHEN 'pending' THEN 3 WHEN 'review' THEN 4 WHEN 'risky' THEN 5 END`

/** One comparison for most rows; only where it finds a difference are the columns compared one by one. */
const resultAsLedger = `json_extract(l.body, '$.outcome', '$.reason', '$.detail', '$.profile', '$.labels', '$.score', '$.parts', '$.checked',
  '$.reusedFrom', '$.path', '$.sha256')`
const resultAsTable = `json_array(r.outcome, r.reason, r.detail, r.profile, json(r.labels), r.score, r.parts, r.checked,
  r.reused_from, a.path, a.sha256)`
const checkAsLedger = `json_extract(l.body, '$.part', '$.endpoint', '$.version', '$.partHash', '$.reason', '$.detail', '$.errcode', '$.label',
  '$.score', '$.rid', '$.traceId', '$.attempts', '$.ms', '$.rect', '$.range[0]', '$.range[1]')`
const checkAsTable = `json_array(c.part, c.endpoint, c.version, c.part_hash, c.reason, c.detail, c.errcode, c.label,
  c.score, c.rid, c.trace_id, c.attempts, c.ms, json(c.rect), c.range_start, c.range_end)`

/**
 * Calls name a profile by its id, checks by its place in the batch; below zero by none (commands.ts, `clearChecks`). A batch that was
 * taken up again may have dropped its checks.
 */
const isOfProfile = `CASE WHEN c.profile < 0 THEN TRUE ELSE coalesce((SELECT json_extract(b.profiles, '$[' || c.profile || '].id')
  FROM assets a JOIN batches b ON b.id = a.batch WHERE a.id = c.asset) = ${body('profile')}, TRUE) END`

const comparisons: readonly { readonly table: Table; readonly of: 'asset' | 'row'; readonly sql: string }[] = [
  {
    table: 'results',
    of: 'asset',
    // A result that several assets share (the rest of a batch that was ended) has no asset in the ledger: its outcome is compared.
    sql: `SELECT r.asset AS id, r.ledger_seq AS seq FROM results r JOIN assets a ON a.id = r.asset
      LEFT JOIN ledger l ON l.seq = r.ledger_seq
      WHERE r.asset BETWEEN ? AND ? AND r.state = 'done' AND (
        l.seq IS NULL OR l.kind NOT IN ('result', 'reuse')
        OR r.screened_at IS NULL OR abs(r.screened_at - l.at) > ${sameTimeMs}
        OR (l.asset IS NULL AND (l.batch IS NOT r.batch OR ${body('outcome')} IS NOT r.outcome OR ${body('reason')} IS NOT r.reason
          OR ${body('detail')} IS NOT r.detail))
        OR (l.asset IS NOT NULL AND (l.asset <> r.asset OR (${resultAsLedger} <> ${resultAsTable} AND (
          ${body('outcome')} IS NOT r.outcome OR ${body('reason')} IS NOT r.reason OR ${body('detail')} IS NOT r.detail
          OR ${body('profile')} IS NOT r.profile OR ${body('labels')} IS NOT r.labels OR ${body('score')} IS NOT r.score
          OR ${body('parts')} IS NOT r.parts OR ${body('checked')} IS NOT r.checked
          OR ${body('reusedFrom')} IS NOT r.reused_from OR coalesce(${body('path')}, a.path) <> a.path
          OR coalesce(${body('sha256')}, a.sha256, '') <> coalesce(a.sha256, '')))))
        OR EXISTS (SELECT 1 FROM ledger n WHERE n.asset = r.asset AND n.seq > r.ledger_seq AND n.kind IN ('result', 'reuse')
          AND json_extract(n.body, '$.profile') = r.profile))
      ORDER BY r.asset LIMIT 1`,
  },
  {
    table: 'checks',
    of: 'asset',
    sql: `SELECT c.asset AS id, c.ledger_seq AS seq FROM checks c LEFT JOIN ledger l ON l.seq = c.ledger_seq
      WHERE c.asset BETWEEN ? AND ? AND c.state = 'done' AND (
        l.seq IS NULL OR l.asset IS NOT c.asset OR ${body('outcome')} IS NOT coalesce(c.verdict, 'unchecked')
        OR (l.kind IN ('call', 'push') AND ${checkAsLedger} <> ${checkAsTable} AND (${body('part')} IS NOT c.part OR ${body('endpoint')} IS NOT c.endpoint
          OR ${body('version')} IS NOT c.version OR ${body('partHash')} IS NOT c.part_hash OR ${body('reason')} IS NOT c.reason
          OR ${body('detail')} IS NOT c.detail OR ${body('errcode')} IS NOT c.errcode OR ${body('label')} IS NOT c.label
          OR ${body('score')} IS NOT c.score OR ${body('rid')} IS NOT c.rid OR ${body('traceId')} IS NOT c.trace_id
          OR ${body('attempts')} IS NOT c.attempts OR ${body('ms')} IS NOT c.ms OR ${body('rect')} IS NOT c.rect
          OR ${body('range[0]')} IS NOT c.range_start OR ${body('range[1]')} IS NOT c.range_end)))
      ORDER BY c.asset LIMIT 1`,
  },
  {
    table: 'decision',
    of: 'asset',
    sql: `SELECT a.id, l.seq FROM assets a LEFT JOIN ledger l
        ON l.seq = (SELECT max(n.seq) FROM ledger n WHERE n.asset = a.id AND n.kind IN ${reviewKinds})
      WHERE a.id BETWEEN ? AND ? AND (${body('decision')} IS NOT a.decision OR ${body('reason')} IS NOT a.decision_reason
        OR ${body('note')} IS NOT a.note OR ${body('reviewer')} IS NOT a.reviewer)
      ORDER BY a.id LIMIT 1`,
  },
  {
    table: 'outcome',
    of: 'asset',
    sql: `SELECT a.id, (SELECT max(r.ledger_seq) FROM results r WHERE r.asset = a.id) AS seq FROM assets a
      WHERE a.id BETWEEN ? AND ?
        AND (${urgency('a.outcome')} IS NOT (SELECT max(${urgency('r.outcome')}) FROM results r WHERE r.asset = a.id)
          OR a.screened_at IS NOT (SELECT max(r.screened_at) FROM results r WHERE r.asset = a.id))
      ORDER BY a.id LIMIT 1`,
  },
  {
    table: 'reviews',
    of: 'asset',
    sql: `SELECT v.asset AS id, (SELECT max(n.seq) FROM ledger n WHERE n.asset = v.asset AND n.kind IN ${reviewKinds}) AS seq
      FROM reviews v WHERE v.asset BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.asset = v.asset
        AND l.kind IN ${reviewKinds} AND ${body('act')} = v.act AND ${body('reviewer')} = v.reviewer
        AND ${body('decision')} IS v.decision AND ${body('reason')} IS v.reason AND ${body('note')} IS v.note)
      ORDER BY v.asset LIMIT 1`,
  },
  {
    table: 'gone',
    of: 'row',
    sql: `SELECT coalesce(l.asset, 0) AS id, l.seq FROM ledger l WHERE l.seq BETWEEN ? AND ? AND (
        CASE WHEN l.kind IN ('result', 'reuse') AND l.asset IS NOT NULL
          THEN NOT EXISTS (SELECT 1 FROM results r WHERE r.asset = l.asset AND r.profile = ${body('profile')})
          ELSE l.asset IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assets a WHERE a.id = l.asset) END
        OR (l.kind IN ${reviewKinds} AND NOT EXISTS (SELECT 1 FROM reviews v WHERE v.asset = l.asset AND v.act = ${body('act')}))
        OR (l.kind IN ('call', 'push') AND l.asset IS NOT NULL AND NOT EXISTS (SELECT 1 FROM checks c
            WHERE c.asset = l.asset AND c.part = ${body('part')} AND (c.ledger_seq = l.seq OR ${isOfProfile}))
          AND NOT EXISTS (SELECT 1 FROM assets a JOIN ledger q ON q.batch = a.batch
            WHERE a.id = l.asset AND q.seq > l.seq AND q.kind = 'batch' AND json_extract(q.body, '$.event') = 'requeue'))
        OR (l.kind = 'batch' AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.id = l.batch)))
      ORDER BY l.seq LIMIT 1`,
  },
]

const names: Readonly<Record<Exclude<Table, 'gone'>, { readonly zh: string; readonly en: string }>> = {
  results: { zh: '机审结论', en: 'verdict' },
  checks: { zh: '送检记录', en: 'record of a check' },
  decision: { zh: '人工结论', en: 'decision' },
  outcome: { zh: '汇总结论', en: 'overall outcome' },
  reviews: { zh: '复核历史', en: 'review history' },
}

function contradiction(table: Table, asset: number, seq: number | null): Finding {
  if (table === 'gone') {
    return {
      row: seq ?? 0,
      what: 'table',
      zh: `账本第 ${seq} 行记录的对象${asset === 0 ? '' : `（素材 a_${asset}）`}已从数据表中删除；账本本身前后相连。`,
      en: `What row ${seq} of the ledger is about${asset === 0 ? '' : ` (asset a_${asset})`} was removed from the tables; the ledger itself is whole.`,
    }
  }
  const { zh, en } = names[table]
  return {
    row: seq ?? 0,
    what: 'table',
    zh:
      seq === null
        ? `素材 a_${asset} 的${zh}在账本中没有记录：数据表被改动。`
        : `素材 a_${asset} 的${zh}与账本第 ${seq} 行不符：数据表被改动，以账本为准。`,
    en:
      seq === null
        ? `The ${en} of asset a_${asset} is not in the ledger: the tables were changed.`
        : `The ${en} of asset a_${asset} does not agree with row ${seq} of the ledger: the tables were changed; the ledger holds.`,
  }
}
