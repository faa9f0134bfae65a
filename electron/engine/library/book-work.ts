import type { Said } from '../../../shared/problems.ts'
import type { BookProblem, BookTrial, Day, ListedRule, TriedHit } from '../../../shared/rules.ts'
import { isStale } from '../../../shared/rules.ts'
import type { Book, Rule, Term } from '../checkers/rules/book.ts'
import { compileBooks } from '../checkers/rules/compile.ts'
import { readBook } from '../checkers/rules/read-book.ts'
import { testBook } from '../checkers/rules/test-book.ts'

/** What a list of books says of one. */
export interface BookLook {
  /** Null where the file has errors. */
  readonly id: string | null
  readonly title: Said | null
  readonly rules: number
  readonly entries: number
  readonly stale: number
  readonly problems: readonly BookProblem[]
}

export interface BookListing extends BookLook {
  readonly listed: readonly ListedRule[]
}

/** What is done with the bytes of a book, here or in a thread. */
export interface BookWork {
  read(bytes: Uint8Array): { readonly book: Book | null; readonly problems: readonly BookProblem[] }
  look(bytes: Uint8Array, today: Day): BookLook
  list(bytes: Uint8Array, today: Day): BookListing
  /** With its own examples, and with what it finds in the text. */
  try(bytes: Uint8Array, text: string, today: Day): Promise<BookListing & Pick<BookTrial, 'hits'>>
}

/** Longer lists are no reading matter; how many rules there are is said beside them. */
const listedRules = 10_000
const triedHits = 1_000

export const bookWork: BookWork = {
  read: readBook,
  look: (bytes, today) => lookAt(readBook(bytes), today),
  list: (bytes, today) => listOf(readBook(bytes), today),
  try: async (bytes, text, today) => {
    const { book, problems } = readBook(bytes)
    if (book === null) return { ...listOf({ book, problems }, today), hits: [] }
    const examined = [...problems, ...(await testBook(book))]
    const matcher = await compileBooks([book], { scopes: null, today })
    const hits = matcher.find(text).hits.slice(0, triedHits)
    return {
      ...listOf({ book, problems: examined }, today),
      hits: hits.map(({ rule, range, matched }): TriedHit => ({ text: rule, range, matched })),
    }
  },
}

type ReadBook = ReturnType<BookWork['read']>

function lookAt({ book, problems }: ReadBook, today: Day): BookLook {
  return {
    id: book?.id ?? null,
    title: book?.title ?? null,
    rules: book?.rules.length ?? 0,
    entries: book?.entries ?? 0,
    stale: book?.rules.filter(({ text }) => isStale(text, today)).length ?? 0,
    problems,
  }
}

function listOf(read: ReadBook, today: Day): BookListing {
  return { ...lookAt(read, today), listed: (read.book?.rules ?? []).slice(0, listedRules).map(listedRule) }
}

function listedRule(rule: Rule): ListedRule {
  const { except, exceptInSentence, exceptInText, onlyWith, requires, examples } = rule
  return {
    ...rule.text,
    line: rule.line,
    words: rule.words,
    patterns: rule.patterns,
    exceptions: [...except, ...exceptInSentence, ...exceptInText].map(written),
    companions: [...onlyWith.flatMap(({ any }) => any), ...requires].map(written),
    examples: { hit: examples.hit.map(({ text }) => text), miss: examples.miss.map(({ text }) => text) },
  }
}

/** As it stands in the book. */
function written({ kind, text }: Term): string {
  return kind === 'pattern' ? `/${text}/` : text
}
