import { z } from 'zod'
import { labelOf } from '../../../shared/labels.ts'
import { detailText, remark, remarkText } from '../../../shared/remarks/index.ts'
import type { ReportRow } from '../store/records.ts'

/** What a report says of an asset's result. */
export interface Settled {
  readonly verdict: string
  readonly reason: string | null
  readonly detail: string | null
}

/** Everything still open at the time of a report is unchecked: a report never leaves room for a guess. */
export function settledOf(row: ReportRow, language: 'zh' | 'en'): Settled {
  const { outcome, reason, detail } = row.result
  if (outcome === 'pending') return { verdict: 'unchecked', reason: 'interrupted', detail: null }
  if (outcome === 'awaiting')
    return { verdict: 'unchecked', reason: 'push_overdue', detail: remarkText(remark('still_awaiting'), language) }
  // Rules give no platform's verdict; what they found has columns of its own.
  if (outcome === 'rules_only') return { verdict: 'unchecked', reason: 'no_platform_verdict', detail: null }
  return { verdict: outcome, reason, detail: detail === null ? null : detailText(detail, language) }
}

export function labelsOf(row: ReportRow): readonly { code: number; zh: string; en: string }[] {
  const { labels } = row.result
  // Most have none, and reports are long.
  return labels === '[]' ? [] : z.array(z.number()).parse(JSON.parse(labels)).map(labelOf)
}
