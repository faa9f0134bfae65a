import type { Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { CheckRecord, ResultEnd } from '../ledger/rows.ts'

/** What is known of one part after its check. */
export type PartEnd =
  | { readonly verdict: Verdict; readonly label: number | null; readonly score: number | null; readonly failure: null }
  | { readonly verdict: null; readonly failure: { readonly code: FailureCode; readonly detail: string } }

/** What a check's row tells of its part; a row that is gone, or that has no verdict, is a failure. */
export function partEndOf(
  row: Pick<CheckRecord, 'verdict' | 'label' | 'score' | 'reason' | 'detail'> | undefined,
): PartEnd {
  if (row?.verdict != null) return { verdict: row.verdict, label: row.label, score: row.score, failure: null }
  return { verdict: null, failure: { code: row?.reason ?? 'internal_error', detail: row?.detail ?? '' } }
}

/** Label of "normal": says nothing on an asset that has another. */
const normalLabel = 100

/**
 * The asset's outcome: `risky` if any part is; else `review` if any is; else `unchecked` if any part has no verdict or a part is
 * missing; else `pass`. An asset without parts has nothing that could have passed.
 */
export function aggregate(
  ends: readonly PartEnd[],
  /** Why not all parts could be made, or null. */
  missing: { readonly code: FailureCode; readonly detail: string } | null,
): Pick<ResultEnd, 'outcome' | 'reason' | 'detail' | 'labels' | 'score' | 'parts' | 'checked'> {
  const judged = ends.flatMap(end => (end.verdict === null ? [] : [end]))
  const labels = (verdict: Verdict) => [
    ...new Set(
      judged
        .filter(end => end.verdict === verdict)
        .flatMap(end => (end.label === null || end.label === normalLabel ? [] : [end.label])),
    ),
  ]
  const counts = { parts: ends.length, checked: judged.length }
  const scoreOf = (verdict: Verdict) =>
    judged.reduce<number | null>(
      (most, end) => (end.verdict === verdict && end.score !== null && end.score > (most ?? -1) ? end.score : most),
      null,
    )
  const failure =
    missing ??
    ends.find(end => end.verdict === null)?.failure ??
    (ends.length === 0 ? { code: 'empty' as const, detail: '' } : null)

  for (const verdict of ['risky', 'review'] as const) {
    if (judged.some(end => end.verdict === verdict)) {
      // What failed beside it is still told, so that nobody takes the rest for checked.
      return {
        outcome: verdict,
        reason: failure?.code ?? null,
        detail: failure?.detail ?? null,
        labels: verdict === 'risky' ? [...labels('risky'), ...labels('review')] : labels('review'),
        score: scoreOf(verdict),
        ...counts,
      }
    }
  }
  if (failure !== null)
    return { outcome: 'unchecked', reason: failure.code, detail: failure.detail, labels: [], score: null, ...counts }
  return { outcome: 'pass', reason: null, detail: null, labels: [], score: scoreOf('pass'), ...counts }
}

/** The end of a result that was asked about for itself, to be used again under its key if nothing of it is missing. */
export function concludedEnd(
  ends: readonly PartEnd[],
  missing: Parameters<typeof aggregate>[1],
  { reuseKey, tiled }: { readonly reuseKey: string; readonly tiled: boolean },
): ResultEnd {
  const concluded = aggregate(ends, missing)
  // What is unchecked is asked again next time.
  const isComplete = concluded.outcome !== 'unchecked' && concluded.checked === concluded.parts && missing === null
  return { ...concluded, reusedFrom: null, reusedProfile: null, reuseKey: isComplete ? reuseKey : null, tiled }
}

/** An asset that ended without a check. */
export function failed(reason: FailureCode, detail: string): ResultEnd {
  return {
    outcome: 'unchecked',
    reason,
    detail,
    labels: [],
    score: null,
    parts: 0,
    checked: 0,
    ...notReused,
    tiled: false,
  }
}

/** Nothing was taken from another asset, and nothing can be. */
export const notReused = { reusedFrom: null, reusedProfile: null, reuseKey: null } as const
