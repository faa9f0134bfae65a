import { type RuleHit, type RuleSeverity, ruleSeverities, rulesProfile } from '../../../../shared/rules.ts'
import type { AssetDetail, ResultView } from '../../../../shared/screening.ts'

/** Those that count first, the worst of them before the others, each as it stands in the text; what is fine comes last. */
export function inOrder(hits: readonly RuleHit[]): readonly RuleHit[] {
  const rank = (hit: RuleHit) => (hit.waiver === null ? ruleSeverities.indexOf(hit.text.severity) : -1)
  const place = (hit: RuleHit) => hit.range?.[0] ?? -1
  return hits.toSorted((a, b) => rank(b) - rank(a) || place(a) - place(b) || a.id - b.id)
}

/** How many places count, by severity, and how many are fine. */
export function countsOf(hits: readonly RuleHit[]): Readonly<Record<RuleSeverity | 'fine', number>> {
  const counts = { notice: 0, evidence: 0, forbidden: 0, fine: 0 }
  for (const { waiver, text } of hits) counts[waiver === null ? text.severity : 'fine'] += 1
  return counts
}

/** The first place of each rule says all of it; the others say where they are, until they are looked at. */
export function firstOfEach(hits: readonly RuleHit[]): ReadonlySet<number> {
  const seen = new Set<string>()
  const first = new Set<number>()
  for (const { id, text } of hits) {
    const key = `${text.book}/${text.rule}`
    if (!seen.has(key)) first.add(id)
    seen.add(key)
  }
  return first
}

/** The rules' own result among those of the profiles; undefined where the batch was not checked by rules. */
export const rulesResult = ({ results }: Pick<AssetDetail, 'results'>): ResultView | undefined =>
  results.find(({ profile }) => profile === rulesProfile)

/**
 * Rules say in their own words what they found: what they do not find is no platform's no-hit. What they could not look at at all is told
 * in their section; whatever else they left out is told here, as of any profile.
 */
export const isSaidByRules = (
  { profile, reason }: Pick<ResultView, 'profile' | 'reason'>,
  { rules }: Pick<AssetDetail, 'rules'>,
): boolean => profile === rulesProfile && (reason === 'kind_not_taken' || (rules !== null && reason === null))
