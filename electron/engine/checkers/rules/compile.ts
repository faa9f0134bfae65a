import type { TextRange } from '../../../../shared/domain.ts'
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
