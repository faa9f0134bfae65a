import type { TextRange } from './domain.ts'
import type { Said } from './problems.ts'

/** The vocabulary of rules: what the law, a platform or the house itself says of words, checked on this machine (docs/rules.md). */

/** Names the checker, its profile that is always there, and its lane in a batch. */
export const rulesProfile = 'rules'

/** 提示, 需证明, 禁止: worth a note, needs a proof or a person, not allowed. */
export const ruleSeverities = ['notice', 'evidence', 'forbidden'] as const
export type RuleSeverity = (typeof ruleSeverities)[number]

/** The worst that rules found in an asset that they looked at from its beginning to its end. Null where they did not: never `none`. */
export const ruleFindings = ['none', ...ruleSeverities] as const
export type RuleFinding = (typeof ruleFindings)[number]

/** Trades that a rule is about. `general` and `platform` concern everybody. */
export const ruleScopes = [
  'general',
  'price',
  'platform',
  'cosmetics',
  'food',
  'health_food',
  'medical',
  'drugs',
  'alcohol',
  'tobacco',
  'education',
  'finance',
  'real_estate',
  'children',
] as const
export type RuleScope = (typeof ruleScopes)[number]

/** How the text of a statute was seen: an official copy, somebody's report of it, or not at all. Only the first may be more than a notice. */
export const readings = ['official', 'secondary', 'unseen'] as const
export type StatuteReading = (typeof readings)[number]

/** Whether somebody who answers for it has checked a rule. */
export const ruleStates = ['draft', 'checked'] as const
export type RuleState = (typeof ruleStates)[number]

/** Days are written `2026-11-30`. */
export type Day = string

/** What a rule goes by, with what a person needs in order to believe it. */
export interface Citation {
  /** Law, regulation, platform rule or the house's list. */
  readonly source: Said
  /** Article and item; '' for a list. */
  readonly article: string
  /** The statute's own words; null where they may not or cannot be quoted. */
  readonly quote: string | null
  readonly reading: StatuteReading
  /** Where the text was read, and when. */
  readonly readAt: string
  readonly readOn: Day | null
}

/** A rule as people are shown it, as it was when it was applied. */
export interface RuleText {
  readonly book: string
  /** Unique in its book. */
  readonly rule: string
  readonly title: Said
  readonly severity: RuleSeverity
  readonly scopes: readonly RuleScope[]
  readonly citation: Citation
  /** Why it matters and when it does not apply. */
  readonly why: Said | null
  /** Better words. */
  readonly suggestion: Said | null
  readonly state: RuleState
  /** From this day on it is stale: somebody should look whether the law still says so. Null for none. */
  readonly review: Day | null
  readonly inForce: { readonly from: Day | null; readonly until: Day | null }
  /** Of a house list. */
  readonly owner: string | null
}

export function isStale({ review }: Pick<RuleText, 'review'>, today: Day): boolean {
  return review !== null && review <= today
}

/** How far "fine here" reaches: this hit, the same words under the same rule in this batch, or everywhere from now on. */
export const waiverReaches = ['once', 'batch', 'always'] as const
export type WaiverReach = (typeof waiverReaches)[number]

/** Somebody found the words fine in spite of the rule. */
export interface Waiver {
  readonly id: number
  readonly reach: WaiverReach
  readonly reason: string
  readonly reviewer: string
  readonly at: number
}

/** One place where a rule applies, as an asset's card shows it. */
export interface RuleHit {
  readonly id: number
  readonly check: number
  readonly text: RuleText
  /** SHA-256 of the book, as the check went by it. */
  readonly bookVersion: string
  /** In the asset's decoded text; null where it concerns the text as a whole (a companion that is missing). */
  readonly range: TextRange | null
  /** 1-based; null as `range` is. */
  readonly line: number | null
  readonly column: number | null
  /** The words as they are written, and what stands around them. */
  readonly matched: string
  readonly before: string
  readonly after: string
  readonly waiver: Waiver | null
}

/** What rules came to for one asset. */
export interface RulesView {
  readonly finding: RuleFinding | null
  readonly hits: readonly RuleHit[]
  /** Further hits that were counted and not kept. */
  readonly more: number
}

/** A rule of a batch, with how many of its assets it was found in; `fine` of these by words that are fine. */
export interface RuleCount {
  readonly text: RuleText
  readonly assets: number
  readonly fine: number
}

/** A fault of a book: where it is, and what to do. */
export interface BookProblem {
  readonly level: 'error' | 'warning'
  /** 1-based; null where it concerns the file as a whole. */
  readonly line: number | null
  readonly column: number | null
  readonly rule: string | null
  readonly message: Said
}

/** `changed`: the file is otherwise than the version in force, which goes on. */
export const bookStates = ['in_force', 'changed', 'not_in_force'] as const
export type BookState = (typeof bookStates)[number]

export interface BookInfo {
  readonly id: string
  readonly title: Said
  readonly origin: 'shipped' | 'house'
  readonly state: BookState
  /** SHA-256 of the file as it is now, and of the version in force; null where there is none or it cannot be read. */
  readonly version: string | null
  readonly versionInForce: string | null
  readonly rules: number
  /** Words and patterns. */
  readonly entries: number
  readonly stale: number
  readonly problems: readonly BookProblem[]
}

/** A rule in the list of a book. */
export interface ListedRule extends RuleText {
  /** Line in the book's file. */
  readonly line: number
  readonly words: readonly string[]
  readonly patterns: readonly string[]
  readonly exceptions: readonly string[]
  readonly companions: readonly string[]
  readonly examples: { readonly hit: readonly string[]; readonly miss: readonly string[] }
}

export interface BookDetail {
  readonly info: BookInfo
  /** The file, for the editor. */
  readonly yaml: string
  readonly rules: readonly ListedRule[]
}

/** A hit in a text that was tried. */
export interface TriedHit {
  readonly text: RuleText
  readonly range: TextRange | null
  readonly matched: string
}

/** What a book that is being written would do. */
export interface BookTrial {
  /** Of the book as it is given; names it when it is put in force. */
  readonly version: string
  readonly info: BookInfo
  readonly rules: readonly ListedRule[]
  /** Examples of its own that do not come out as they should are among `info.problems`. */
  readonly hits: readonly TriedHit[]
}

/** What a book would have found in texts of earlier batches. */
export interface PastTrial {
  readonly version: string
  /** Texts that were read again, and those that are gone. */
  readonly texts: number
  readonly gone: number
  readonly flagged: number
  readonly byRule: readonly { readonly rule: string; readonly title: Said; readonly texts: number }[]
  /** The first hits, in the order of the batches, newest first. */
  readonly hits: readonly {
    readonly batch: string
    readonly asset: number
    readonly path: string
    readonly rule: string
    readonly before: string
    readonly matched: string
    readonly after: string
  }[]
}

/** What the columns of a list hold. */
export const listColumns = [
  'words',
  'variants',
  'note',
  'suggestion',
  'severity',
  'owner',
  'until',
  'exceptions',
] as const
export type ListColumn = (typeof listColumns)[number]

/** A word list that was read in from CSV or XLSX, before it is a book. */
export interface ListPreview {
  readonly name: string
  readonly header: readonly string[]
  /** First rows, as they stand. */
  readonly rows: readonly (readonly string[])[]
  readonly total: number
  /** Which column is taken for what: a guess by its heading; index into `header`. */
  readonly columns: Readonly<Partial<Record<ListColumn, number>>>
}

/** A book's file is no longer than this, with no more words and patterns, none of which is longer. */
export const bookLimits = { bytes: 5_000_000, entries: 100_000, patternLength: 500 } as const
