import { comparedWords, mostHits, unjudged, worstFinding } from '../../checkers/local-checker.ts'
import { hitsDigest, ruleEntry } from '../../ledger/digests.ts'
import type { AssetRecord, AssetResult, HitRecord, ResultRecord } from '../../ledger/rows.ts'
import { concludeRules, failureOf } from '../aggregate.ts'
import type { AssetFacts, Looked, NewHit, ResultContext } from '../records.ts'
import type { CheckWrites } from './check-writes.ts'
import { severityRank } from './hit-reads.ts'
import type { ResultWrites } from './result-writes.ts'
import type { Waiving } from './waiver-writes.ts'
import type { WriteContext } from './write-context.ts'

type Told = Pick<AssetRecord, 'batch' | 'path' | 'sha256'>

/** Hits, and the results that follow from those that are not fine. */
export function createHitWrites(
  { raw }: WriteContext,
  checks: Pick<CheckWrites, 'beginCheck' | 'endCheck'>,
  results: Pick<ResultWrites, 'endResult'>,
  waiverOf: Waiving['waiverOf'],
) {
  const putText = raw.prepare('INSERT INTO rule_texts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const insertHit = raw.prepare(
    `INSERT INTO hits (batch, asset, profile, check_id, book, rule, severity, rule_text, book_version, range_start, range_end, line, col,
       matched, words, before, after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const dropHits = raw.prepare('DELETE FROM hits WHERE asset = +? AND profile = +?')
  const setWaiver = raw.prepare('UPDATE hits SET waiver = ? WHERE id = ?')
  const readHits = raw.prepare<[number, number], HitRecord>(
    'SELECT * FROM hits WHERE asset = +? AND profile = +? ORDER BY id',
  )
  const readAsset = raw.prepare<[number], Told>('SELECT batch, path, sha256 FROM assets WHERE id = ?')
  const readResult = raw.prepare<[number, number], ResultRecord>(
    `SELECT * FROM results WHERE asset = +? AND profile = +? AND state = 'done' AND rules IS NOT NULL`,
  )
  const leastKept = raw
    .prepare<[number, number], HitRecord['severity']>(
      `SELECT severity FROM hits WHERE asset = +? AND profile = +? ORDER BY ${severityRank('severity')} DESC LIMIT 1`,
    )
    .pluck()

  const insert = (batch: string, asset: number, profile: number, hit: NewHit, check: number) => {
    const { rule, bookVersion, range, line, column, matched, before, after } = hit
    const { digest, text } = ruleEntry(rule)
    putText.run(digest, text)
    const facts = [rule.book, rule.rule, rule.severity, digest, bookVersion]
    const place = [range?.[0] ?? null, range?.[1] ?? null, line, column]
    const words = [matched, comparedWords(matched), before, after].map(each => each.toWellFormed())
    insertHit.run(batch, asset, profile, check, ...facts, ...place, ...words)
  }
  /** The worst of what is not fine; hits that were not kept are no more severe than the least of those that were. */
  const worstOpen = (asset: number, profile: number, hits: readonly HitRecord[], more: number) => {
    const open = hits.filter(({ waiver }) => waiver === null).map(({ severity }) => severity)
    const least = more === 0 ? undefined : leastKept.get(asset, profile)
    return worstFinding(least === undefined ? open : [...open, least])
  }
  const ofHits = (hits: readonly HitRecord[], more: number) => ({
    hits: hits.length === 0 ? undefined : hitsDigest(hits),
    moreHits: more === 0 ? undefined : more,
  })

  return {
    /** What a profile found that looks on this machine: its checks, its hits, and the result. */
    endLooked: (asset: number, looked: Looked, about: ResultContext, facts?: AssetFacts): AssetResult => {
      const { profile } = looked
      const { batch } = readAsset.get(asset) ?? { batch: '' }
      const ids = new Map<string, number>()
      for (const { check, end, context } of looked.checks) {
        const id = checks.beginCheck(check)
        checks.endCheck({ ...check, id }, end, context)
        ids.set(check.place.name, id)
      }
      dropHits.run(asset, profile)
      const kept = looked.hits.slice(0, mostHits)
      for (const hit of kept) insert(batch, asset, profile, hit, ids.get(hit.part) ?? 0)
      const more = looked.more + looked.hits.length - kept.length
      for (const hit of readHits.all(asset, profile)) {
        const waiver = waiverOf(hit)
        if (waiver !== null) setWaiver.run(waiver, hit.id)
      }
      const hits = readHits.all(asset, profile)
      const failed = looked.checks.flatMap(({ end }) => failureOf(end.conclusion, unjudged) ?? [])
      const end = concludeRules(worstOpen(asset, profile, hits, more), {
        parts: looked.checks.length,
        checked: looked.checks.length - failed.length,
        missing: looked.missing ?? failed[0] ?? null,
      })
      results.endResult(asset, profile, end, { ...about, ...ofHits(hits, more) }, facts)
      return end
    },

    /** The result of a profile of whose hits other ones are fine now; it was screened when it was. */
    concludeAnew: (asset: number, profile: number): void => {
      const result = readResult.get(asset, profile)
      const told = readAsset.get(asset)
      if (result === undefined || told === undefined) return
      const { parts, checked, reason, detail } = result
      const more = result.more_hits ?? 0
      const hits = readHits.all(asset, profile)
      const missing = reason === null ? null : { code: reason, detail: detail ?? '' }
      const end = concludeRules(worstOpen(asset, profile, hits, more), { parts, checked, missing })
      const { path, sha256: bytes } = told
      const about = { path, sha256: bytes ?? undefined, again: true, ...ofHits(hits, more) } as const
      results.endResult(asset, profile, end, about)
    },
  }
}

export type HitWrites = ReturnType<typeof createHitWrites>
