import { type Options, stringify } from 'csv-stringify/sync'
import type { BatchProfile } from '../../../shared/screening.ts'
import type { ReportRow } from '../ledger/queries.ts'
import { assetName, labelsOf, recordSchema, settled } from './records.ts'

/** In this order and never reordered: a contract (docs/cli.md). */
export const csvColumns = [
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
] as const

/** RFC 4180 with a BOM, so that Excel reads Chinese as what it is. */
const options: Options = { record_delimiter: 'windows', quoted_match: /[\r\n\t]/ }

export const csvHead = (): string => `\u{feff}${stringify([[...csvColumns]], options)}`

export function csvRow(
  row: ReportRow,
  profile: BatchProfile,
  language: 'zh' | 'en',
  reasons: readonly string[],
): string {
  const { asset, result } = row
  const { verdict, reason, detail } = settled(row)
  const labels = labelsOf(row)
  const cells: readonly (string | number | null)[] = [
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
    result.reused_from === null ? 'no' : 'yes',
    row.endpoints,
    row.rids,
    row.traceIds,
    asset.decision,
    asset.decision_reason === null ? null : (reasons[asset.decision_reason - 1] ?? String(asset.decision_reason)),
    asset.note,
    asset.reviewer,
    isoTime(result.screened_at),
    isoTime(asset.decided_at),
    row.rowHash === null ? null : Buffer.from(row.rowHash).toString('hex'),
  ]
  return stringify([cells.map(harmless)], options)
}

/** A cell that a spreadsheet would take for a formula begins with an apostrophe instead (OWASP, CSV injection). */
export function harmless(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell)
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
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
