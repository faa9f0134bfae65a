import type { FinalConclusion } from '../../../shared/conclusion.ts'
import type { Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { RuleFinding } from '../../../shared/rules.ts'
import { verdictOf } from '../checkers/local-checker.ts'
import type { AssetResult, CheckRecord } from '../ledger/rows.ts'

/** Why a part has no verdict; null where it has one, or where the reason is the one named. */
export function failureOf(conclusion: FinalConclusion, except: FailureCode): Reason | null {
  if (conclusion.kind !== 'failure' || conclusion.code === except) return null
  return { code: conclusion.code, detail: conclusion.detail }
}

/** What one part came to for one profile: exactly one of verdict and failure. Stored in `results.later`. */
export type PartResult =
  | { readonly verdict: Verdict; readonly label: number | null; readonly score: number | null; readonly failure: null }
  | { readonly verdict: null; readonly failure: { readonly code: FailureCode; readonly detail: string } }

export function partResultOf(conclusion: FinalConclusion): PartResult {
  const { evidence } = conclusion
  return conclusion.kind === 'failure'
    ? { verdict: null, failure: { code: conclusion.code, detail: conclusion.detail } }
    : { verdict: conclusion.verdict, label: evidence?.label ?? null, score: evidence?.score ?? null, failure: null }
}

/** The result of a check's row; one that is gone, or that has no verdict, is a failure. */
export function partResultOfRow(
  row: Pick<CheckRecord, 'verdict' | 'label' | 'score' | 'reason' | 'detail'> | undefined,
): PartResult {
  if (row?.verdict != null) return { verdict: row.verdict, label: row.label, score: row.score, failure: null }
  return { verdict: null, failure: { code: row?.reason ?? 'internal_error', detail: row?.detail ?? '' } }
}

/** Label of "normal": says nothing about an asset that has another label. */
const normalLabel = 100

/**
 * The asset's outcome: `risky` if any part is; else `review` if any is; else `unchecked` if any part has no verdict or a part is
 * missing; else `pass`. An asset without parts has nothing that could have passed.
 */
export function aggregate(
  results: readonly PartResult[],
  /** Why not all parts could be made, or null. */
  missing: { readonly code: FailureCode; readonly detail: string } | null,
): Pick<AssetResult, 'outcome' | 'reason' | 'detail' | 'labels' | 'score' | 'parts' | 'checked'> {
  const judged = results.flatMap(result => (result.verdict === null ? [] : [result]))
  const labels = (verdict: Verdict) => [
    ...new Set(
      judged
        .filter(result => result.verdict === verdict)
        .flatMap(({ label }) => (label === null || label === normalLabel ? [] : [label])),
    ),
  ]
  const counts = { parts: results.length, checked: judged.length }
  const scoreOf = (verdict: Verdict) =>
    judged.reduce<number | null>(
      (most, { verdict: own, score }) => (own === verdict && score !== null && score > (most ?? -1) ? score : most),
      null,
    )
  const failure =
    missing ??
    results.find(result => result.verdict === null)?.failure ??
    (results.length === 0 ? { code: 'empty' as const, detail: '' } : null)

  for (const verdict of ['risky', 'review'] as const) {
    if (judged.some(result => result.verdict === verdict)) {
      // A failure of another part is reported too, so that nobody takes the rest for checked.
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

/** The result of an asset whose own parts were checked; it may be reused under its key if nothing of it is missing. */
export function concludeAsset(
  results: readonly PartResult[],
  missing: Parameters<typeof aggregate>[1],
  { reuseKey, tiled }: { readonly reuseKey: string | null; readonly tiled: boolean },
): AssetResult {
  const concluded = aggregate(results, missing)
  // What is unchecked is checked again next time.
  const isComplete = concluded.outcome !== 'unchecked' && concluded.checked === concluded.parts && missing === null
  return { ...concluded, reusedFrom: null, reusedProfile: null, reuseKey: isComplete ? reuseKey : null, tiled }
}

/**
 * What an asset comes to before rules on this machine, by the worst that they found without what is fine: never a pass. What holds it up
 * does so whatever is missing; where nothing does, all of it must have been looked at.
 */
export function concludeRules(
  found: RuleFinding,
  { parts, checked, missing }: Pick<AssetResult, 'parts' | 'checked'> & { readonly missing: Reason | null },
): AssetResult {
  const reason = missing ?? (parts === 0 || checked < parts ? { code: 'empty' as const, detail: '' } : null)
  const verdict = verdictOf[found]
  const outcome = verdict ?? (reason === null ? 'rules_only' : 'unchecked')
  return {
    outcome,
    reason: reason?.code ?? null,
    detail: reason?.detail ?? null,
    labels: [],
    score: null,
    parts,
    checked,
    ...notReused,
    tiled: false,
    ...(outcome === 'unchecked' ? {} : { rules: found }),
  }
}

interface Reason {
  readonly code: FailureCode
  readonly detail: string
}

/** An asset that ended without a check. */
export function failed(reason: FailureCode, detail: string): AssetResult {
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
