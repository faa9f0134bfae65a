import type { TextRange } from '../../../../shared/domain.ts'
import { type UsageProblem, usage } from '../../../../shared/problems.ts'
import type { Day, RuleScope, RuleText } from '../../../../shared/rules.ts'
import type { Book } from './book.ts'
import { compileRules } from './compile-rules.ts'
import { findIn } from './find.ts'
import { scratchFor } from './seen.ts'

export interface MatcherOptions {
  /** Trades; null for all. Rules of everybody (`general`, `platform`) always apply. */
  readonly scopes: readonly RuleScope[] | null
  /** Rules that are not in force on that day do not apply; null for all. */
  readonly today: Day | null
}

export interface FoundHit {
  readonly book: string
  readonly bookVersion: string
  readonly rule: RuleText
  /** In UTF-16 units of the text. */
  readonly range: TextRange
  readonly matched: string
}

export interface Found {
  /** In the order of the text; where there are too many, the worst. */
  readonly hits: readonly FoundHit[]
  /** Further hits, counted only. */
  readonly more: number
}

/** A rule that a matcher goes by. */
export interface MatchedRule {
  readonly text: RuleText
  readonly bookVersion: string
  /** A text that it must hit. */
  readonly example: string | null
}

export interface Matcher {
  readonly rules: readonly MatchedRule[]
  find(text: string): Found
}

/** All that these books look for, as one matcher. */
export async function compileBooks(books: readonly Book[], options: MatcherOptions): Promise<Matcher> {
  const compiled = await compileRules(books, options)
  const scratch = scratchFor(compiled)
  return { rules: compiled.rules, find: text => findIn(compiled, text, scratch) }
}

/** What nothing was looked for in must not look like what nothing was found in. */
export function noRuleApplies(): UsageProblem {
  return usage(
    '所选规则书里没有一条规则适用：都属于别的行业，或今天不在有效期内，没有检查。请另选行业、另选规则书，或修改规则的日期。',
    'No rule of the chosen books applies: all are of other trades, or not in force today; nothing was checked. Choose other trades or books, or change the dates of the rules.',
  )
}
