import type { Database } from 'better-sqlite3'
import type { AssetKind, Decision, Outcome } from '../../../../shared/domain.ts'
import type {
  BatchComparison,
  Breakdown,
  ComparedAsset,
  OlderReadings,
  ProfileTrend,
  ReviewerTrend,
} from '../../../../shared/history.ts'
import type { CallInput, HistorySummary, SearchHit, Trend } from '../../../../shared/ipc.ts'
import { Problem } from '../../../../shared/problems.ts'
import { rulesProfile } from '../../../../shared/rules.ts'
import { olderReadingSql } from '../../formats/readings.ts'
import { createSearchReader } from './search.ts'

export type HistoryReads = ReturnType<typeof createHistoryReads>

/** What all batches together tell: trends by day, label, profile and reviewer, searches, and what a second screening changed. */
export function createHistoryReads(raw: Database) {
  return { ...createTrends(raw), ...createComparisons(raw) }
}

function createTrends(raw: Database) {
  const ofProfile = `json_extract(b.profiles, '$[' || r.profile || '].id') = @profile`
  // Who chooses a profile has asked for what it said, also where it is one of practice.
  const counts = `(@practice OR (r.batch NOT IN (${practiceBatches})
     AND NOT json_extract(b.profiles, '$[' || r.profile || '].practice')))`
  const fits = `iif(@profile IS NULL, ${counts}, ${ofProfile})
     AND (@kind IS NULL OR (SELECT a.kind FROM assets a WHERE a.id = r.asset) = @kind)`
  const days = raw.prepare<[Range], { day: string; outcome: string; n: number }>(
    `SELECT date(r.screened_at / 1000, 'unixepoch', 'localtime') AS day, r.outcome, count(*) AS n FROM results r
     JOIN batches b ON b.id = r.batch WHERE r.screened_at BETWEEN @from AND @to AND ${fits}
     GROUP BY day, r.outcome`,
  )
  const isFit = `(@kind IS NULL OR kind = @kind) AND iif(@profile IS NULL,
     @practice OR assets.batch NOT IN (${practiceBatches}),
     EXISTS (SELECT 1 FROM results r JOIN batches b ON b.id = r.batch WHERE r.asset = assets.id AND ${ofProfile}))`
  const decided = raw.prepare<[Range], { day: string; decision: string; n: number }>(
    `SELECT date(decided_at / 1000, 'unixepoch', 'localtime') AS day, decision, count(*) AS n FROM assets
     WHERE decided_at BETWEEN @from AND @to AND decision IS NOT NULL AND ${isFit} GROUP BY day, decision`,
  )
  const labels = raw.prepare<[Range], { label: number; count: number }>(
    `SELECT l.value AS label, count(*) AS count FROM results r JOIN batches b ON b.id = r.batch, json_each(r.labels) l
     WHERE r.screened_at BETWEEN @from AND @to AND r.outcome IN ('risky', 'review')
       AND iif(@profile IS NULL, ${counts}, ${ofProfile})
     GROUP BY l.value ORDER BY count DESC, label LIMIT 20`,
  )
  const alarm = `decision = 'approve' AND outcome IN ('risky', 'review')`
  const miss = `decision = 'reject' AND outcome = 'pass'`
  // Escalated, deferred or not checked: there the two have not said yes or no to the same.
  const disagreement = raw.prepare<[Range], { alarms: number; misses: number; decided: number }>(
    `SELECT coalesce(sum(${alarm}), 0) AS alarms, coalesce(sum(${miss}), 0) AS misses, count(*) AS decided
     FROM assets WHERE decided_at BETWEEN @from AND @to AND decision IN ('approve', 'reject')
       AND outcome IN ('pass', 'review', 'risky') AND ${isFit}`,
  )
  const reviewers = raw.prepare<[Range], ReviewerTrend>(
    `SELECT coalesce(reviewer, '') AS reviewer, count(*) AS decided, sum(decision = 'approve') AS approved,
       sum(decision = 'reject') AS rejected, sum(decision = 'escalate') AS escalated, sum(${alarm}) AS falseAlarms,
       sum(${miss}) AS misses
     FROM assets WHERE decided_at BETWEEN @from AND @to AND decision IS NOT NULL AND ${isFit}
     GROUP BY reviewer ORDER BY decided DESC, reviewer`,
  )
  const profiles = raw.prepare<[Range], Omit<ProfileTrend, 'practice'> & { practice: number }>(
    `SELECT json_extract(b.profiles, '$[' || r.profile || '].id') AS profile,
       json_extract(b.profiles, '$[' || r.profile || '].name') AS name,
       json_extract(b.profiles, '$[' || r.profile || '].practice') AS practice,
       sum(r.outcome = 'pass') AS pass, sum(r.outcome = 'rules_only') AS rules_only, sum(r.outcome = 'review') AS review, sum(r.outcome = 'risky') AS risky,
       sum(r.outcome = 'unchecked') AS unchecked
     FROM results r JOIN batches b ON b.id = r.batch
     WHERE r.screened_at BETWEEN @from AND @to AND ${fits}
     GROUP BY 1 ORDER BY 2`,
  )

  return {
    summary: (given: CallInput<'history.summary'>): HistorySummary => {
      const range = rangeOf(given)
      const byDay = new Map<string, { -readonly [Key in keyof Trend]: Trend[Key] }>()
      const entry = (day: string) => {
        const known = byDay.get(day) ?? { ...emptyDay(day) }
        byDay.set(day, known)
        return known
      }
      for (const { day, outcome, n } of days.all(range)) {
        if (
          outcome === 'pass' ||
          outcome === 'rules_only' ||
          outcome === 'review' ||
          outcome === 'risky' ||
          outcome === 'unchecked'
        )
          entry(day)[outcome] += n
      }
      for (const { day, decision, n } of decided.all(range)) {
        if (decision === 'approve') entry(day).approved += n
        if (decision === 'reject') entry(day).rejected += n
        if (decision === 'escalate') entry(day).escalated += n
      }
      const counts = disagreement.get(range)
      return {
        days: [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
        labels: labels.all(range),
        falseAlarms: counts?.alarms ?? 0,
        misses: counts?.misses ?? 0,
        decided: counts?.decided ?? 0,
      }
    },
    breakdown: (given: CallInput<'history.summary'>): Breakdown => {
      const range = rangeOf(given)
      return {
        reviewers: reviewers.all(range),
        profiles: profiles.all(range).map(each => ({ ...each, practice: each.practice === 1 })),
      }
    },
  }
}

function createComparisons(raw: Database) {
  const index = createSearchReader(raw)
  const hit = raw.prepare<
    [number],
    { batch: string; asset: number; path: string; excerpt: string | null; outcome: Outcome | null; at: number }
  >(
    `SELECT a.batch, a.id AS asset, a.path, a.excerpt, iif(a.outcome IN ('pending', 'awaiting'), NULL, a.outcome) AS outcome,
       coalesce(a.screened_at, b.created_at) AS at
     FROM assets a JOIN batches b ON b.id = a.batch WHERE a.id = ?`,
  )
  const isBatch = raw.prepare<[string], 1>('SELECT 1 FROM batches WHERE id = ?').pluck()
  const matched = raw.prepare<[{ before: string; after: string }], MatchedRow>(matchSql)
  const older = raw.prepare<[], Omit<OlderReadings, 'practice' | 'kinds'> & OlderKinds & { practice: 0 | 1 }>(
    `SELECT b.id AS batch, b.name, b.created_at AS createdAt, b.practice, count(*) AS assets, sum(a.kind = 'image') AS image,
       sum(a.kind = 'text') AS text, sum(a.kind = 'audio') AS audio, sum(a.kind = 'document') AS document,
       sum(a.kind = 'video') AS video,
       sum((SELECT coalesce(sum(r.parts), 0) FROM results r WHERE r.asset = a.id)) AS calls
     FROM assets a JOIN batches b ON b.id = a.batch WHERE a.outcome = 'pass' AND ${olderReadingSql('a')}
     GROUP BY b.id ORDER BY b.created_at DESC`,
  )
  const countOf = raw.prepare<[string], number>('SELECT count(*) FROM assets WHERE batch = ?').pluck()

  return {
    search: (query: string, limit: number): readonly SearchHit[] =>
      index.newest(query, limit).flatMap(asset => hit.get(asset) ?? []),
    olderReadings: (): readonly OlderReadings[] =>
      older.all().map(({ image, text, audio, document, video, practice, ...rest }) => ({
        ...rest,
        practice: practice === 1,
        kinds: { image, text, audio, document, video },
      })),
    compare: (before: string, after: string, limit = 1_000): BatchComparison => {
      for (const batch of [before, after]) if (isBatch.get(batch) === undefined) throw new Problem('not_found', batch)
      const changed: ComparedAsset[] = []
      let changedCount = 0
      let pairs = 0
      for (const row of matched.iterate({ before, after })) {
        pairs += 1
        if (row.was === row.now) continue
        changedCount += 1
        if (changed.length < limit) {
          changed.push({
            path: row.path,
            before: { asset: row.before, outcome: row.was, decision: row.wasDecided },
            after: { asset: row.after, outcome: row.now, decision: row.nowDecided },
            hasOtherBytes: row.hasOtherBytes === 1,
          })
        }
      }
      return {
        changed,
        changedCount,
        sameCount: pairs - changedCount,
        goneCount: (countOf.get(before) ?? 0) - pairs,
        newCount: (countOf.get(after) ?? 0) - pairs,
      }
    },
  }
}

type OlderKinds = OlderReadings['kinds']

interface Range {
  readonly from: number
  readonly to: number
  readonly profile: string | null
  readonly kind: AssetKind | null
  readonly practice: 0 | 1
}

function rangeOf({ fromMs, toMs, profile, kind = null, practice = false }: CallInput<'history.summary'>): Range {
  return { from: fromMs, to: toMs, profile, kind, practice: practice ? 1 : 0 }
}

/** Batches that no account was asked in, but practice: what rules found in them, and what people decided, was practised too. */
const practiceBatches = `SELECT id FROM batches WHERE practice AND NOT EXISTS (SELECT 1 FROM json_each(batches.profiles) p
  WHERE NOT json_extract(p.value, '$.practice') AND json_extract(p.value, '$.id') <> '${rulesProfile}')`

interface MatchedRow {
  readonly path: string
  readonly before: number
  readonly after: number
  readonly was: Outcome | null
  readonly now: Outcome | null
  readonly wasDecided: Decision | null
  readonly nowDecided: Decision | null
  /** Null where either has no hash: a batch that was cancelled has not read all its files. */
  readonly hasOtherBytes: 0 | 1 | null
}

const settledOutcome = (asset: string) => `iif(${asset}.outcome IN ('pending', 'awaiting'), NULL, ${asset}.outcome)`
/**
 * Pairs of the two batches: by path, the nth of a path with the nth (a table may hold a text twice); what is left by content, since
 * files are renamed. Each asset is in one pair at most.
 */
const matchSql = `WITH
  olds AS MATERIALIZED (SELECT *, row_number() OVER (PARTITION BY path ORDER BY position) AS nth FROM assets WHERE batch = @before),
  news AS MATERIALIZED (SELECT *, row_number() OVER (PARTITION BY path ORDER BY position) AS nth FROM assets WHERE batch = @after),
  by_path AS MATERIALIZED (SELECT o.id AS before, n.id AS after FROM olds o JOIN news n ON n.path = o.path AND n.nth = o.nth),
  old_rest AS MATERIALIZED (SELECT id, sha256, row_number() OVER (PARTITION BY sha256 ORDER BY position) AS nth FROM olds
    WHERE sha256 IS NOT NULL AND id NOT IN (SELECT before FROM by_path)),
  new_rest AS MATERIALIZED (SELECT id, sha256, row_number() OVER (PARTITION BY sha256 ORDER BY position) AS nth FROM news
    WHERE sha256 IS NOT NULL AND id NOT IN (SELECT after FROM by_path)),
  pairs AS (SELECT before, after FROM by_path UNION ALL
    SELECT o.id, n.id FROM old_rest o JOIN new_rest n ON n.sha256 = o.sha256 AND n.nth = o.nth)
SELECT n.path, p.before, p.after, ${settledOutcome('o')} AS was, ${settledOutcome('n')} AS now,
  o.decision AS wasDecided, n.decision AS nowDecided, o.sha256 <> n.sha256 AS hasOtherBytes
FROM pairs p JOIN assets o ON o.id = p.before JOIN assets n ON n.id = p.after ORDER BY n.position`

function emptyDay(day: string): Trend {
  return { day, pass: 0, rules_only: 0, review: 0, risky: 0, unchecked: 0, approved: 0, rejected: 0, escalated: 0 }
}
