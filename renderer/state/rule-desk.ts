import { create } from 'zustand'
import type { BookInfo, PastTrial } from '../../shared/rules.ts'

/** Which book of rules is looked at, and what was typed into books and is not saved: it outlives a look at another view. */
export interface RuleDeskState {
  /** Null before they were asked for. */
  readonly books: readonly BookInfo[] | null
  /** A book's id, or the key of a draft that has no file yet; null for the first book. */
  readonly chosen: string | null
  readonly tab: BookTab
  /** The rule whose card is open. */
  readonly rule: string | null
  readonly drafts: readonly BookDraft[]
  /** What somebody wants to see the rules at work on. */
  readonly tryOut: string
  /** What books found in earlier batches, by the version that was tried, in this session. */
  readonly past: Readonly<Record<string, PastTrial>>
  /** One at a time. */
  readonly trying: PastRun | null
}

export const bookTabs = ['rules', 'text', 'past'] as const
export type BookTab = (typeof bookTabs)[number]

export interface BookDraft {
  /** The id of the book's file; where there is none yet, a `+` and a number. */
  readonly key: string
  readonly yaml: string
  /** What it began from, and its version: another one on the disk by now is a conflict. */
  readonly stored: string
  readonly was: string | null
}

export interface PastRun {
  readonly key: string
  readonly texts: number
  /** Null until it is known. */
  readonly total: number | null
  readonly stopping: boolean
}

export const initialRuleDesk: RuleDeskState = {
  books: null,
  chosen: null,
  tab: 'rules',
  rule: null,
  drafts: [],
  tryOut: '',
  past: {},
  trying: null,
}

export const useRuleDesk = create<RuleDeskState>()(() => initialRuleDesk)

export function dispatchRuleDesk<Input>(
  transition: (state: RuleDeskState, input: Input) => Partial<RuleDeskState>,
  input: Input,
): void {
  useRuleDesk.setState(state => transition(state, input))
}

export const setBooks = (_: RuleDeskState, books: readonly BookInfo[]): Partial<RuleDeskState> => ({ books })

/** A book that changed, or is new. */
export function upsertBook({ books }: RuleDeskState, book: BookInfo): Partial<RuleDeskState> {
  const known = books ?? []
  const at = known.findIndex(({ id }) => id === book.id)
  return { books: at === -1 ? [...known, book] : known.with(at, book) }
}

export const chooseBook = (_: RuleDeskState, chosen: string | null): Partial<RuleDeskState> => ({ chosen, rule: null })
export const showTab = (_: RuleDeskState, tab: BookTab): Partial<RuleDeskState> => ({ tab })
export const chooseRule = (_: RuleDeskState, rule: string | null): Partial<RuleDeskState> => ({ rule })
export const typeTryOut = (_: RuleDeskState, tryOut: string): Partial<RuleDeskState> => ({ tryOut })

/** What is typed into a book; typed back to what is stored it is no draft. */
export function typeBook(state: RuleDeskState, typed: BookDraft): Partial<RuleDeskState> {
  const others = state.drafts.filter(({ key }) => key !== typed.key)
  // The book that was shown unasked is the chosen one from now on.
  const chosen = typed.key
  return { chosen, drafts: typed.yaml === typed.stored ? others : [...others, typed] }
}

/** A book that has no file yet. */
export function beginBook(
  { drafts }: RuleDeskState,
  given: { readonly yaml: string; readonly tab: BookTab },
): Partial<RuleDeskState> {
  const numbers = drafts.flatMap(({ key }) => (isNew(key) ? [Number(key.slice(1))] : []))
  const key = `+${Math.max(0, ...numbers) + 1}`
  return {
    chosen: key,
    tab: given.tab,
    rule: null,
    drafts: [...drafts, { key, yaml: given.yaml, stored: '', was: null }],
  }
}

export const isNew = (key: string): boolean => key.startsWith('+')

export const discardBook = (state: RuleDeskState, key: string): Partial<RuleDeskState> => ({
  drafts: state.drafts.filter(draft => draft.key !== key),
  ...(isNew(key) && state.chosen === key ? { chosen: null } : {}),
})

/** Saved as `book`. What was typed since goes on as a draft of it, and somebody who looks at another book by now stays there. */
export function saveBook(
  state: RuleDeskState,
  saved: { readonly key: string; readonly yaml: string; readonly book: BookInfo },
): Partial<RuleDeskState> {
  const { key, yaml, book } = saved
  const now = state.drafts.find(draft => draft.key === key)
  const others = state.drafts.filter(draft => draft.key !== key && draft.key !== book.id)
  const isStillTyped = now !== undefined && now.yaml !== yaml
  return {
    ...upsertBook(state, book),
    ...(state.chosen === key ? { chosen: book.id } : {}),
    drafts: isStillTyped ? [...others, { key: book.id, yaml: now.yaml, stored: yaml, was: book.version }] : others,
  }
}

/** Of two that wrote, what was typed here stays: it now begins from what the other wrote, and saving takes its place. */
export const keepMine = (
  state: RuleDeskState,
  theirs: { readonly key: string; readonly yaml: string; readonly version: string | null },
): Partial<RuleDeskState> => ({
  drafts: state.drafts.map(draft =>
    draft.key === theirs.key ? { ...draft, stored: theirs.yaml, was: theirs.version } : draft,
  ),
})

export function removeBook(state: RuleDeskState, id: string): Partial<RuleDeskState> {
  return {
    books: (state.books ?? []).filter(book => book.id !== id),
    drafts: state.drafts.filter(({ key }) => key !== id),
    ...(state.chosen === id ? { chosen: null, rule: null } : {}),
  }
}

export const beginPast = (_: RuleDeskState, key: string): Partial<RuleDeskState> => ({
  trying: { key, texts: 0, total: null, stopping: false },
})
export const countPast = (
  { trying }: RuleDeskState,
  { texts, total }: { readonly texts: number; readonly total: number },
): Partial<RuleDeskState> => (trying === null ? {} : { trying: { ...trying, texts, total } })
export const stopPast = ({ trying }: RuleDeskState, _: null): Partial<RuleDeskState> =>
  trying === null ? {} : { trying: { ...trying, stopping: true } }
/** Null where it was stopped or failed: then nothing was tried. */
export const endPast = (state: RuleDeskState, trial: PastTrial | null): Partial<RuleDeskState> => ({
  trying: null,
  ...(trial === null ? {} : { past: { ...state.past, [trial.version]: trial } }),
})

/** The book that is shown, by its key: the chosen one, else the first. */
export function shownKey({ chosen, books, drafts }: Pick<RuleDeskState, 'chosen' | 'books' | 'drafts'>): string | null {
  const keys = [...(books ?? []).map(({ id }) => id), ...drafts.map(({ key }) => key)]
  return keys.find(key => key === chosen) ?? keys[0] ?? null
}
