import type { Said } from '../../../../shared/problems.ts'
import type { Day, RuleText } from '../../../../shared/rules.ts'

/** How a rule also sees its words where they are disguised: through inserted symbols and blanks, or written with characters that sound the same. */
export const variants = ['symbols', 'homophones'] as const
export type Variant = (typeof variants)[number]

/** Words to be found as they are, or a pattern (docs/rules.md). */
export interface Term {
  readonly kind: 'words' | 'pattern'
  /** A pattern without its slashes. */
  readonly text: string
}

export interface OnlyWith {
  readonly within: 'sentence' | 'text'
  readonly any: readonly Term[]
}

export interface Example {
  readonly text: string
  readonly line: number
  readonly column: number
}

/** A rule of a book, as it is matched. */
export interface Rule {
  readonly text: RuleText
  /** Where it stands in the book's file; 1-based. */
  readonly line: number
  readonly column: number
  readonly words: readonly string[]
  readonly patterns: readonly string[]
  /** A hit within one of these is none. */
  readonly except: readonly Term[]
  /** There is no hit in a sentence, or a text, with one of these. */
  readonly exceptInSentence: readonly Term[]
  readonly exceptInText: readonly Term[]
  /** A hit that is only spoken of is none (claims.ts). */
  readonly onlyClaims: boolean
  /** There is a hit only where each of these has one of its terms. */
  readonly onlyWith: readonly OnlyWith[]
  /** The rule hits only where none of these stands in the text; empty for none required. */
  readonly requires: readonly Term[]
  readonly variants: readonly Variant[]
  readonly examples: { readonly hit: readonly Example[]; readonly miss: readonly Example[] }
}

/** A rule book that was read without an error. */
export interface Book {
  readonly id: string
  readonly title: Said
  /** SHA-256 of the file. */
  readonly version: string
  readonly rules: readonly Rule[]
  /** Words and patterns that it looks for. */
  readonly entries: number
}

/** Whether a rule is in force on that day; the last day counts. */
export function isInForce({ inForce: { from, until } }: Pick<RuleText, 'inForce'>, today: Day): boolean {
  return (from === null || from <= today) && (until === null || today <= until)
}
