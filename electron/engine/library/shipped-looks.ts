import type { Day } from '../../../shared/rules.ts'
import type { BookLook } from './book-work.ts'

/** What is known of a book that is not read for it. */
export interface KnownLook extends Pick<BookLook, 'id' | 'title' | 'rules' | 'entries'> {
  /** Days from which on its rules are stale. */
  readonly reviews: readonly Day[]
}

/**
 * What the books are that come with the program, by version: all of them take seconds to read. The build writes them in here
 * (electron.vite.config.ts). In the source there are none, and each book is read; so is one that is another than at the build.
 */
export const shippedLooks: Readonly<Record<string, KnownLook>> = {}
