import type { Database } from 'better-sqlite3'
import type { Engine } from './api.ts'

/** What all batches together tell: trends by day, labels, and where people and machines disagree. */
export function createHistory(raw: Database): Engine['history'] {
  const days = raw.prepare<[number, number, string | null], { day: string; outcome: string; n: number }>(
    `SELECT date(r.screened_at / 1000, 'unixepoch', 'localtime') AS day, r.outcome, count(*) AS n FROM results r
     JOIN batches b ON b.id = r.batch
     WHERE r.screened_at BETWEEN ? AND ? AND json_extract(b.profiles, '$[' || r.profile || '].id') = coalesce(?, json_extract(b.profiles, '$[' || r.profile || '].id'))
     GROUP BY day, r.outcome`,
  )
  const decided = raw.prepare<[number, number], { day: string; decision: string; n: number }>(
    `SELECT date(decided_at / 1000, 'unixepoch', 'localtime') AS day, decision, count(*) AS n FROM assets
     WHERE decided_at BETWEEN ? AND ? AND decision IS NOT NULL GROUP BY day, decision`,
  )
  const labels = raw.prepare<[number, number], { label: number; count: number }>(
    `SELECT label, count(*) AS count FROM assets WHERE screened_at BETWEEN ? AND ? AND label IS NOT NULL AND label <> 0
     GROUP BY label ORDER BY count DESC LIMIT 20`,
  )
  const disagreement = raw.prepare<[number, number], { alarms: number; misses: number; decided: number }>(
    `SELECT coalesce(sum(decision = 'approve' AND outcome IN ('risky', 'review')), 0) AS alarms,
       coalesce(sum(decision = 'reject' AND outcome = 'pass'), 0) AS misses, count(*) AS decided
     FROM assets WHERE decided_at BETWEEN ? AND ? AND decision IS NOT NULL`,
  )
  const search = raw.prepare<
    [string, string, string, number],
    {
      batch: string
      asset: number
      path: string
      excerpt: string | null
      outcome: 'pass' | 'review' | 'risky' | 'unchecked' | null
      at: number
    }
  >(
    `SELECT a.batch, a.id AS asset, a.path, a.excerpt, iif(a.outcome IN ('pending', 'awaiting'), NULL, a.outcome) AS outcome,
       coalesce(a.screened_at, b.created_at) AS at
     FROM assets a JOIN batches b ON b.id = a.batch
     WHERE a.path LIKE ? ESCAPE '\\' OR a.excerpt LIKE ? ESCAPE '\\' OR a.note LIKE ? ESCAPE '\\'
     ORDER BY a.id DESC LIMIT ?`,
  )

  return {
    summary: ({ fromMs, toMs, profile }) => {
      const byDay = new Map<
        string,
        {
          day: string
          pass: number
          review: number
          risky: number
          unchecked: number
          approved: number
          rejected: number
          escalated: number
        }
      >()
      const entry = (day: string) => {
        const known = byDay.get(day) ?? {
          day,
          pass: 0,
          review: 0,
          risky: 0,
          unchecked: 0,
          approved: 0,
          rejected: 0,
          escalated: 0,
        }
        byDay.set(day, known)
        return known
      }
      for (const { day, outcome, n } of days.all(fromMs, toMs, profile)) {
        if (outcome === 'pass' || outcome === 'review' || outcome === 'risky' || outcome === 'unchecked')
          entry(day)[outcome] += n
      }
      for (const { day, decision, n } of decided.all(fromMs, toMs)) {
        if (decision === 'approve') entry(day).approved += n
        if (decision === 'reject') entry(day).rejected += n
        if (decision === 'escalate') entry(day).escalated += n
      }
      const counts = disagreement.get(fromMs, toMs)
      return {
        days: [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
        labels: labels.all(fromMs, toMs),
        falseAlarms: counts?.alarms ?? 0,
        misses: counts?.misses ?? 0,
        decided: counts?.decided ?? 0,
      }
    },
    search: (query, limit) => {
      const pattern = `%${query.replace(/[\\%_]/g, character => `\\${character}`)}%`
      return search.all(pattern, pattern, pattern, limit)
    },
  }
}
