import { Problem } from '../../../shared/problems.ts'
import type { LedgerQueries } from '../ledger/queries.ts'
import { isoTime } from './csv.ts'

/** Plain text for the platform's support: what was asked, when, and what it answered. Redacted where it was recorded. */
export function evidenceText(queries: LedgerQueries, asset: number, check: number | null): string {
  const row = queries.asset(asset)
  if (row === null) throw new Problem('not_found', `asset ${asset}`)
  const checks = queries.checks(asset).filter(each => check === null || each.id === check)
  const lines = [`path: ${row.path}`, `sha256: ${row.sha256 ?? ''}`]
  for (const each of checks) {
    lines.push(
      '',
      `endpoint: ${each.endpoint} ${each.version}`,
      `part: ${each.part}`,
      `time: ${isoTime(each.at)}`,
      `outcome: ${each.verdict ?? `unchecked (${each.reason})`}`,
      `errcode: ${each.errcode ?? ''}`,
      `rid: ${each.rid ?? ''}`,
      `trace_id: ${each.traceId ?? ''}`,
      `reply: ${each.reply ?? ''}`,
    )
  }
  return lines.join('\n')
}
