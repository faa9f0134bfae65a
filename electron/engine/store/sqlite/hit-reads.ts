import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { RuleCount, RuleHit, RulesView, RuleText } from '../../../../shared/rules.ts'
import { findingOf } from '../../ledger/outcomes.ts'
import type { HitRecord, WaiverRecord } from '../../ledger/rows.ts'
import type { StandingWaiver } from '../records.ts'
import type { AssetReads } from './asset-reads.ts'

/** What rules found in assets, and what somebody found fine. */
export interface HitReads {
  /** Null where the asset is before no rules. */
  ruled(asset: number): RulesView | null
  /** The rules that were found in a batch, those in most assets first. */
  rulesOf(batch: string): readonly RuleCount[]
  /** Assets of a batch that a rule was found in, fine or not, in its order. */
  assetsOfRule(batch: string, book: string, rule: string): readonly number[]
  /** What is fine everywhere from now on. */
  standingWaivers(): readonly StandingWaiver[]
}

type ShownHit = HitRecord & {
  readonly text: string
  readonly reach: WaiverRecord['reach'] | null
  readonly reason: string | null
  readonly reviewer: string | null
  readonly at: number | null
}

/** The worst first. */
export const severityRank = (severity: string): string =>
  `CASE ${severity} WHEN 'forbidden' THEN 0 WHEN 'evidence' THEN 1 ELSE 2 END`

export function createHitReads(raw: Database, { results }: Pick<AssetReads, 'results'>): HitReads {
  const hitRows = raw.prepare<[number], ShownHit>(
    `SELECT h.*, t.text, w.reach, w.reason, w.reviewer, w.at FROM hits h JOIN rule_texts t ON t.digest = h.rule_text
     LEFT JOIN waivers w ON w.id = h.waiver WHERE h.asset = +? ORDER BY ${severityRank('h.severity')}, h.range_start IS NULL, h.range_start, h.id`,
  )
  const countRows = raw.prepare<[string], { text: string; assets: number; fine: number }>(
    `WITH found AS (SELECT book, rule, asset, max(id) AS newest, min(waiver IS NOT NULL) AS fine FROM hits WHERE batch = +?
       GROUP BY book, rule, asset),
     counted AS (SELECT book, rule, max(newest) AS newest, count(*) AS assets, sum(fine) AS fine FROM found GROUP BY book, rule)
     SELECT t.text, c.assets, c.fine FROM counted c JOIN hits h ON h.id = c.newest JOIN rule_texts t ON t.digest = h.rule_text
     ORDER BY c.assets DESC, c.book, c.rule`,
  )
  const ruleAssets = raw
    .prepare<[string, string, string], number>(
      'SELECT DISTINCT asset FROM hits WHERE batch = +? AND book = +? AND rule = +? ORDER BY asset',
    )
    .pluck()
  const standing = raw.prepare<[], StandingWaiver>(
    `SELECT id, book, rule, words, severity FROM waivers WHERE reach = 'always' AND ended_at IS NULL ORDER BY id`,
  )

  return {
    ruled: asset => {
      const own = results(asset).filter(({ rules }) => rules !== null)
      if (own.length === 0) return null
      return {
        finding: findingOf(own),
        hits: hitRows.all(asset).map(hitOf),
        more: own.reduce((sum, { more_hits: more }) => sum + (more ?? 0), 0),
      }
    },
    rulesOf: batch => countRows.all(batch).map(({ text, assets, fine }) => ({ text: textOf(text), assets, fine })),
    assetsOfRule: (batch, book, rule) => ruleAssets.all(batch, book, rule),
    standingWaivers: () => standing.all(),
  }
}

function hitOf(hit: ShownHit): RuleHit {
  const { id, check_id: check, line, col: column, matched, before, after, book_version: bookVersion } = hit
  const { waiver, reach, reason, reviewer, at, range_start: start, range_end: end } = hit
  const isFine = waiver !== null && reach !== null && reason !== null && reviewer !== null && at !== null
  return {
    id,
    check,
    text: textOf(hit.text),
    bookVersion,
    range: start === null || end === null ? null : [start, end],
    line,
    column,
    matched,
    before,
    after,
    waiver: isFine ? { id: waiver, reach, reason, reviewer, at } : null,
  }
}

/** `rule_texts` is written by this program only, and the ledger knows its digests. */
function textOf(json: string): RuleText {
  return z.custom<RuleText>(value => typeof value === 'object' && value !== null).parse(JSON.parse(json))
}
