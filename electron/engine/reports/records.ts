import { z } from 'zod'
import type { ControlState } from '../../../shared/controls.ts'
import { labelOf } from '../../../shared/labels.ts'
import { detailText, remark, remarkText } from '../../../shared/remarks/index.ts'
import type { BatchProfile, CheckView } from '../../../shared/screening.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import type { ReportRow } from '../store/records.ts'

/** Version of the CSV and JSONL records; columns are only ever added at the end. */
export const recordSchema = 1

export const assetName = (id: number): string => `a_${id}`

/** Everything still open at the time of a report is unchecked: a report never leaves room for a guess. */
export function settled(
  row: ReportRow,
  language: 'zh' | 'en',
): { verdict: string; reason: string | null; detail: string | null } {
  const { outcome, reason, detail } = row.result
  if (outcome === 'pending') return { verdict: 'unchecked', reason: 'interrupted', detail: null }
  if (outcome === 'awaiting')
    return { verdict: 'unchecked', reason: 'push_overdue', detail: remarkText(remark('still_awaiting'), language) }
  return { verdict: outcome, reason, detail: detail === null ? null : detailText(detail, language) }
}

export function labelsOf(row: ReportRow): readonly { code: number; zh: string; en: string }[] {
  const { labels } = row.result
  // Most have none, and reports are long.
  return labels === '[]' ? [] : z.array(z.number()).parse(JSON.parse(labels)).map(labelOf)
}

/**
 * One line of JSONL: an asset as one profile sees it (design of the command line, contract). `checks` are the asset's, `control` is what
 * stands behind the row's no-hit.
 */
export function jsonRecord(
  row: ReportRow,
  { checks, control }: { readonly checks: readonly CheckView[]; readonly control: ControlState | null },
  profile: BatchProfile,
  language: 'zh' | 'en',
): Record<string, unknown> {
  const { verdict, reason, detail } = settled(row, language)
  return {
    schema: recordSchema,
    batch: row.asset.batch,
    asset: assetName(row.asset.id),
    path: row.asset.path,
    sha256: row.asset.sha256,
    kind: row.asset.kind,
    profile: profile.name,
    platform: profile.platform,
    appid: profile.appid,
    practice: profile.practice,
    verdict,
    reason,
    detail,
    labels: labelsOf(row),
    parts: row.result.parts,
    checked: row.result.checked,
    reused: row.result.reused_from !== null,
    notes: readerNotesOf(row.asset.reader_notes).map(each => ({ ...each, text: remarkText(each, language) })),
    reading: row.asset.reading,
    olderReading: row.isOlderReading,
    checks: checks
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
    control,
  }
}
