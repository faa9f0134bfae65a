import type { ControlState } from '../../../shared/controls.ts'
import { remarksText } from '../../../shared/remarks/index.ts'
import type { BatchProfile } from '../../../shared/screening.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import type { ReportRow } from '../store/records.ts'
import { assetName, labelsOf, recordSchema, settled } from './records.ts'

/** In this order and never reordered: a contract (docs/cli.md). */
export const reportColumns = [
  'schema',
  'batch',
  'asset',
  'path',
  'sha256',
  'kind',
  'bytes',
  'profile',
  'platform',
  'appid',
  'verdict',
  'label_codes',
  'labels',
  'reason',
  'detail',
  'parts',
  'checked',
  'reused',
  'endpoints',
  'rids',
  'trace_ids',
  'decision',
  'decision_reason',
  'note',
  'reviewer',
  'screened_at',
  'decided_at',
  'row_hash',
  'notes',
  'older_reading',
  'control',
] as const

/** A time is a cell of its own kind, since spreadsheets have one. */
export type Cell = string | number | boolean | Date | null

/** One row of a table of assets, in the order of `reportColumns`. */
export function cellsOf(
  row: ReportRow,
  profile: BatchProfile,
  language: 'zh' | 'en',
  reasons: readonly string[],
  /** What stands behind a no-hit. */
  control: ControlState | null,
): readonly Cell[] {
  const { asset, result } = row
  const { verdict, reason, detail } = settled(row, language)
  const labels = labelsOf(row)
  return [
    recordSchema,
    asset.batch,
    assetName(asset.id),
    asset.path,
    asset.sha256,
    asset.kind,
    asset.bytes,
    profile.practice ? `${profile.name} [practice 演练]` : profile.name,
    profile.platform,
    profile.appid,
    verdict,
    labels.map(label => label.code).join(' '),
    labels.map(label => label[language]).join(' '),
    reason,
    detail,
    result.parts,
    result.checked,
    result.reused_from !== null,
    row.endpoints,
    row.rids,
    row.traceIds,
    asset.decision,
    asset.decision_reason === null ? null : (reasons[asset.decision_reason - 1] ?? String(asset.decision_reason)),
    asset.note,
    asset.reviewer,
    result.screened_at === null ? null : new Date(result.screened_at),
    asset.decided_at === null ? null : new Date(asset.decided_at),
    row.rowHash === null ? null : Buffer.from(row.rowHash).toString('hex'),
    remarksText(readerNotesOf(asset.reader_notes), language) || null,
    row.isOlderReading,
    control,
  ]
}

/** ISO 8601 with the offset of this machine's zone, which a reader can place without knowing where it was written. */
export function isoTime(ms: number | null): string | null {
  if (ms === null) return null
  const offset = -new Date(ms).getTimezoneOffset()
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19)
  const sign = offset < 0 ? '-' : '+'
  const pad = (value: number) => String(Math.trunc(Math.abs(value))).padStart(2, '0')
  return `${local}${sign}${pad(offset / 60)}:${pad(offset % 60)}`
}
