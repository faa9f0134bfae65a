import type { Day } from '../../../shared/rules.ts'
import { readBook } from '../checkers/rules/read-book.ts'
import type { BookLook } from './book-work.ts'
import type { KnownLook } from './shipped-looks.ts'

/** Of a book's file, with its version; null for one that there is something to say about. */
export function knownLookOf(file: Uint8Array): readonly [version: string, KnownLook] | null {
  const { book, problems } = readBook(file)
  if (book === null || problems.length > 0) return null
  const { id, title, version, entries, rules } = book
  return [version, { id, title, rules: rules.length, entries, reviews: rules.flatMap(({ text }) => text.review ?? []) }]
}

/** As it is on that day. */
export function lookOf({ reviews, ...known }: KnownLook, today: Day): BookLook {
  return { ...known, stale: reviews.filter(review => review <= today).length, problems: [] }
}
