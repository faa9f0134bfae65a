import { remarkText } from '../../../shared/remarks/index.ts'
import type { BatchProfile } from '../../../shared/screening.ts'
import type { LedgerQueries, ReportRow } from '../store/queries.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import { jsonFields, reportColumns, rowView } from './columns.ts'

/** In this order a line has them; what was added later follows. */
const fieldOrder = [
  'schema',
  'batch',
  'asset',
  'path',
  'sha256',
  'kind',
  'profile',
  'platform',
  'appid',
  'practice',
  'verdict',
  'reason',
  'detail',
  'labels',
  'parts',
  'checked',
  'reused',
  'notes',
  'reading',
  'olderReading',
  'checks',
  'control',
] as const

/** One line of JSONL: an asset as one profile sees it (docs/cli.md, contract). */
export function jsonRecord(
  queries: LedgerQueries,
  row: ReportRow,
  profile: BatchProfile,
  language: 'zh' | 'en',
): Record<string, unknown> {
  const view = rowView({ row, profile, language, reasons: [], control: queries.controlOf(row) })
  const fields: Record<string, unknown> = {
    ...jsonFields(reportColumns, view),
    profile: profile.name,
    practice: profile.practice,
    labels: view.labels,
    notes: readerNotesOf(row.asset.reader_notes).map(each => ({ ...each, text: remarkText(each, language) })),
    reading: row.asset.reading,
    checks: queries
      .checks(row.asset.id)
      .filter(check => check.profile === profile.id)
      .map(check => ({
        part: check.part,
        rect: check.rect,
        range: check.range,
        line: check.line,
        column: check.column,
        frame: check.frame,
        endpoint: check.endpoint,
        verdict: check.verdict ?? 'unchecked',
        reason: check.reason,
        errcode: check.errcode,
        label: check.label,
        score: check.score,
        rid: check.rid,
        traceId: check.traceId,
        attempts: check.attempts,
        ms: check.ms,
      })),
  }
  return Object.fromEntries(Array.from(new Set([...fieldOrder, ...Object.keys(fields)]), name => [name, fields[name]]))
}
