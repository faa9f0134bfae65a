import { createHash } from 'node:crypto'
import type { Said } from '../../../../shared/problems.ts'
import type { BookProblem, Day, RuleScope } from '../../../../shared/rules.ts'
import type { Book } from './book.ts'
import { claimsVersion } from './claims.ts'
import { compileBooks, type Found, type Matcher } from './compile.ts'
import { readBook } from './read-book.ts'

/** What a matcher is made of: the books' files, the trades (null for all), and the day whose law counts. */
export interface MatcherGiven {
  readonly books: readonly Uint8Array[]
  readonly scopes: readonly RuleScope[] | null
  readonly today: Day
}

export interface MatcherFacts {
  /** Digest of the rules that it goes by: another matcher with it finds the same. */
  readonly version: string
  /** A text that holds an asset up, by an example of one of its rules; null where none does. */
  readonly mustFlag: string | null
  /** How many rules it goes by: none where all of the books' are of other trades, or not in force on that day. */
  readonly applied: number
}

export type MadeMatcher =
  | { readonly kind: 'ready'; readonly facts: MatcherFacts; readonly matcher: Matcher }
  | { readonly kind: 'refused'; readonly said: Said }

export type MatcherRequest = { readonly number: number; readonly text: string }

export type MatcherMessage =
  | { readonly kind: 'ready'; readonly facts: MatcherFacts }
  | { readonly kind: 'refused'; readonly said: Said }
  | { readonly kind: 'found'; readonly number: number; readonly found: Found }
  | { readonly kind: 'failed'; readonly number: number; readonly error: string }

/** Reads and compiles the books; refuses a book with an error, and two with one id. */
export async function makeMatcher({ books: files, scopes, today }: MatcherGiven): Promise<MadeMatcher> {
  const books: Book[] = []
  for (const file of files) {
    const { book, problems } = readBook(file)
    if (book === null) return { kind: 'refused', said: faultOf(problems) }
    if (books.some(({ id }) => id === book.id)) {
      return {
        kind: 'refused',
        said: {
          zh: `有两本规则书的编号都是“${book.id}”，分不清是谁的规则，没有检查。请改其中一本的 book。`,
          en: `Two rule books have the id "${book.id}", so their rules could not be told apart; nothing was checked. Change "book" in one of them.`,
        },
      }
    }
    books.push(book)
  }
  const matcher = await compileBooks(books, { scopes, today })
  const facts = {
    version: versionOf(matcher, scopes),
    mustFlag: flaggedExample(matcher),
    applied: matcher.rules.length,
  }
  return { kind: 'ready', facts, matcher }
}

function faultOf(problems: readonly BookProblem[]): Said {
  const errors = problems.filter(({ level }) => level === 'error')
  const [first] = errors
  const place = first?.line ?? null
  const rule = first?.rule ?? null
  return {
    zh: `规则书有 ${errors.length} 处错误，没有检查。${place === null ? '' : `第 ${place} 行`}${rule === null ? '' : `，规则 ${rule}`}：${first?.message.zh ?? ''}`,
    en: `The rule book has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}; nothing was checked. ${place === null ? '' : `Line ${place}`}${rule === null ? '' : `, rule ${rule}`}: ${first?.message.en ?? ''}`,
  }
}

/** Rules that begin or end make another version of it on that day, and on no other. */
function versionOf({ rules }: Matcher, scopes: readonly RuleScope[] | null): string {
  const digest = createHash('sha256').update(JSON.stringify(scopes === null ? null : [...scopes].sort()))
  digest.update(`\nclaims ${claimsVersion}`)
  for (const { bookVersion, text } of rules) digest.update(`\n${bookVersion} ${text.rule}`)
  return digest.digest('hex')
}

function flaggedExample(matcher: Matcher): string | null {
  for (const { text, example } of matcher.rules) {
    if (text.severity === 'notice' || example === null) continue
    if (matcher.find(example).hits.some(({ rule }) => rule.severity !== 'notice')) return example
  }
  return null
}
