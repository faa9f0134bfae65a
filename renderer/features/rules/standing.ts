import { type BookInfo, type BookProblem, bookLimits } from '../../../shared/rules.ts'

/** What keeps a book from being put in force; each names a sentence under `why.` in the words of this folder. */
export const hindrances = ['reading', 'faulty', 'untried', 'unsaved', 'conflict', 'inForce'] as const
export type Hindrance = (typeof hindrances)[number]

/** What stands between a book as it is looked at and being in force, or null. Said in the order in which a person deals with it. */
export function hindranceOf(book: {
  /** As it is stored; null for one that has no file yet. */
  readonly info: BookInfo | null
  /** Of what is looked at; null while it is not known. */
  readonly version: string | null
  readonly problems: readonly BookProblem[]
  readonly isDraft: boolean
  readonly isConflict: boolean
  readonly isTried: boolean
}): Hindrance | null {
  if (book.isConflict) return 'conflict'
  if (book.problems.some(({ level }) => level === 'error')) return 'faulty'
  if (book.version === null) return 'reading'
  if (!book.isDraft && book.info?.versionInForce === book.version) return 'inForce'
  // A shipped one that was withdrawn has been seen by those who ship it.
  if (!book.isTried && book.info?.origin !== 'shipped') return 'untried'
  return book.isDraft ? 'unsaved' : null
}

/** The file is another by now than the one that the draft began from. */
export function isConflict(draft: { readonly was: string | null } | null, info: BookInfo | null): boolean {
  return draft !== null && info !== null && info.version !== draft.was
}

/** How many of each level. */
export function countProblems(problems: readonly BookProblem[]): {
  readonly errors: number
  readonly warnings: number
} {
  const errors = problems.filter(({ level }) => level === 'error').length
  return { errors, warnings: problems.length - errors }
}

/** What is wrong with a text before anybody is asked: longer than this it cannot even be. */
export function tooLong(yaml: string): readonly BookProblem[] {
  if (yaml.length <= bookLimits.bytes) return []
  const message = {
    zh: '规则书超过 5 MB，请拆成几个。没有保存，也没有丢失。',
    en: 'The book is over 5 MB; divide it into several. It was not saved, and nothing is lost.',
  }
  return [{ level: 'error', line: null, column: null, rule: null, message }]
}
