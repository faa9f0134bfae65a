import { type Day, isStale, type ListedRule, type RuleScope, type RuleSeverity } from '../../../shared/rules.ts'

export interface RuleFilter {
  readonly query: string
  readonly scope: RuleScope | null
  readonly severity: RuleSeverity | null
  readonly staleOnly: boolean
}

export const everyRule: RuleFilter = { query: '', scope: null, severity: null, staleOnly: false }

/** Indices of the rules that have every word of the query somewhere, and are of the trade and severity. */
export function matchingRules(rules: readonly ListedRule[], filter: RuleFilter, today: Day): readonly number[] {
  const words = plain(filter.query).split(/\s+/u).filter(Boolean)
  const found: number[] = []
  for (const [at, rule] of rules.entries()) {
    if (filter.severity !== null && rule.severity !== filter.severity) continue
    if (filter.scope !== null && !rule.scopes.includes(filter.scope)) continue
    if (filter.staleOnly && !isStale(rule, today)) continue
    if (words.length > 0) {
      const text = textOf(rule)
      if (!words.every(word => text.includes(word))) continue
    }
    found.push(at)
  }
  return found
}

/** Made once for each rule: of a hundred thousand it takes longer than a key may. */
const texts = new WeakMap<ListedRule, string>()
function textOf(rule: ListedRule): string {
  const text = texts.get(rule) ?? plain(searchedIn(rule))
  texts.set(rule, text)
  return text
}

function searchedIn(rule: ListedRule): string {
  const { title, citation, owner } = rule
  return [
    rule.rule,
    title.zh,
    title.en,
    citation.source.zh,
    citation.source.en,
    citation.article,
    owner ?? '',
    ...rule.words,
    ...rule.patterns,
  ].join('\n')
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
