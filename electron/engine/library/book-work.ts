import type { Said } from '../../../shared/problems.ts'
import type { BookProblem, BookTrial, Day, ListedRule, TriedHit } from '../../../shared/rules.ts'
import { isStale } from '../../../shared/rules.ts'
import type { Rule, Term } from '../checkers/rules/book.ts'
import { compileBooks, type Matcher } from '../checkers/rules/compile.ts'
import { type ReadBook, readBook } from '../checkers/rules/read-book.ts'
import { testBook } from '../checkers/rules/test-book.ts'
import { versionOf } from './book-folder.ts'

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

export type BookTrying = BookListing & Pick<BookTrial, 'hits'>

/** What is done with the bytes of a book, here or in a thread. */
export interface BookWork {
  look(bytes: Uint8Array, today: Day): Promise<BookLook>
  list(bytes: Uint8Array, today: Day): Promise<BookListing>
  /** With its own examples, and with what it finds in the text. */
  try(bytes: Uint8Array, text: string, today: Day): Promise<BookTrying>
}

/** Longer lists are no reading matter; how many rules there are is said beside them. */
const listedRules = 10_000
const triedHits = 1_000

/** People try one book again and again, with other words each time: it is read and compiled once. */
export function createBookWork(): BookWork {
  let last: { readonly version: string; readonly opened: OpenedBook } | null = null
  const openedOf = (bytes: Uint8Array): OpenedBook => {
    const version = versionOf(bytes)
    if (last?.version !== version) last = { version, opened: openBook(bytes) }
    return last.opened
  }
  return {
    look: async (bytes, today) => lookAt(openedOf(bytes).read, today),
    list: async (bytes, today) => listOf(openedOf(bytes).read, today),
    try: async (bytes, text, today) => {
      const opened = openedOf(bytes)
      const { book } = opened.read
      if (book === null) return { ...listOf(opened.read, today), hits: [] }
      const problems = [...opened.read.problems, ...(await opened.examined())]
      const { hits } = (await opened.matcherOn(today)).find(text)
      return {
        ...listOf({ book, problems }, today),
        hits: hits.slice(0, triedHits).map(({ rule, range, matched }): TriedHit => ({ text: rule, range, matched })),
      }
    },
  }
}

interface OpenedBook {
  readonly read: ReadBook
  /** What its own examples come to otherwise than they should. */
  examined(): Promise<readonly BookProblem[]>
  matcherOn(today: Day): Promise<Matcher>
}

function openBook(bytes: Uint8Array): OpenedBook {
  const read = readBook(bytes)
  const books = read.book === null ? [] : [read.book]
  let examined: Promise<readonly BookProblem[]> | null = null
  let compiled: { readonly today: Day; readonly matcher: Promise<Matcher> } | null = null
  return {
    read,
    examined: () => {
      examined ??= Promise.all(books.map(testBook)).then(found => found.flat())
      return examined
    },
    matcherOn: today => {
      if (compiled?.today !== today) compiled = { today, matcher: compileBooks(books, { scopes: null, today }) }
      return compiled.matcher
    },
  }
}

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
