import { describe, expect, test } from 'vitest'
import {
  beginBook,
  beginPast,
  chooseBook,
  countPast,
  discardBook,
  endPast,
  initialRuleDesk,
  keepMine,
  type RuleDeskState,
  removeBook,
  saveBook,
  setBooks,
  shownKey,
  stopPast,
  typeBook,
} from '../../../../renderer/state/rule-desk.ts'
import type { BookInfo, PastTrial } from '../../../../shared/rules.ts'

const info: BookInfo = {
  id: 'house',
  title: { zh: '自有', en: 'House' },
  origin: 'house',
  state: 'not_in_force',
  version: 'v1',
  versionInForce: null,
  rules: 1,
  entries: 1,
  stale: 0,
  problems: [],
}
const trial: PastTrial = { version: 'v1', texts: 3, gone: 0, flagged: 1, byRule: [], hits: [] }

const next = <Input>(
  state: RuleDeskState,
  transition: (state: RuleDeskState, input: Input) => Partial<RuleDeskState>,
  input: Input,
): RuleDeskState => ({ ...state, ...transition(state, input) })

const loaded = next(initialRuleDesk, setBooks, [info])
const typing = (state: RuleDeskState, yaml: string) =>
  next(state, typeBook, { key: 'house', yaml, stored: 'old', was: 'v1' })

describe('what is typed into a book', () => {
  test('stays while another book is looked at', () => {
    const away = next(typing(loaded, 'new'), chooseBook, 'other')
    expect(away.drafts).toEqual([{ key: 'house', yaml: 'new', stored: 'old', was: 'v1' }])
  })

  test('is nothing to save when it is typed back', () => {
    expect(typing(typing(loaded, 'new'), 'old').drafts).toEqual([])
  })

  test('is gone once it is saved', () => {
    const saved = next(typing(loaded, 'new'), saveBook, {
      key: 'house',
      yaml: 'new',
      book: { ...info, version: 'v2' },
    })
    expect(saved.drafts).toEqual([])
    expect(saved.books?.[0]?.version).toBe('v2')
  })

  test('goes on as a draft where more was typed while it was being saved', () => {
    const more = typing(typing(loaded, 'new'), 'newer')
    const saved = next(more, saveBook, { key: 'house', yaml: 'new', book: { ...info, version: 'v2' } })
    expect(saved.drafts).toEqual([{ key: 'house', yaml: 'newer', stored: 'new', was: 'v2' }])
  })

  test('takes the place of what another program wrote, when a person says so', () => {
    const mine = next(typing(loaded, 'new'), keepMine, { key: 'house', yaml: 'theirs', version: 'v9' })
    expect(mine.drafts).toEqual([{ key: 'house', yaml: 'new', stored: 'theirs', was: 'v9' }])
  })
})

describe('a book without a file', () => {
  test('has a key of its own, also beside others', () => {
    const two = next(next(loaded, beginBook, { yaml: 'a', tab: 'text' }), beginBook, { yaml: 'b', tab: 'past' })
    expect(two.drafts.map(({ key, yaml }) => [key, yaml])).toEqual([
      ['+1', 'a'],
      ['+2', 'b'],
    ])
    expect([two.chosen, two.tab]).toEqual(['+2', 'past'])
  })

  test('becomes the book that it was saved as, and nobody is taken away from another', () => {
    const begun = next(loaded, beginBook, { yaml: 'a', tab: 'text' })
    const made = { ...info, id: 'mine' }
    expect(next(begun, saveBook, { key: '+1', yaml: 'a', book: made })).toMatchObject({ chosen: 'mine', drafts: [] })
    const elsewhere = next(begun, chooseBook, 'house')
    expect(next(elsewhere, saveBook, { key: '+1', yaml: 'a', book: made }).chosen).toBe('house')
  })

  test('is no more once it is discarded', () => {
    const begun = next(loaded, beginBook, { yaml: 'a', tab: 'text' })
    expect(next(begun, discardBook, '+1')).toMatchObject({ chosen: null, drafts: [] })
  })
})

test('a removed book takes its draft with it', () => {
  expect(next(typing(loaded, 'new'), removeBook, 'house')).toMatchObject({ books: [], drafts: [], chosen: null })
})

test('the first book is shown where none was chosen, or the chosen one is no more', () => {
  expect(shownKey(initialRuleDesk)).toBeNull()
  expect(shownKey(loaded)).toBe('house')
  expect(shownKey({ ...loaded, chosen: 'gone' })).toBe('house')
  expect(shownKey(next(loaded, beginBook, { yaml: '', tab: 'text' }))).toBe('+1')
})

describe('a trial on earlier batches', () => {
  test('says how far it is, and is remembered by the version that was tried', () => {
    const counted = next(next(loaded, beginPast, 'house'), countPast, { texts: 2, total: 3 })
    expect(counted.trying).toEqual({ key: 'house', texts: 2, total: 3, stopping: false })
    expect(next(counted, endPast, trial)).toMatchObject({ trying: null, past: { v1: trial } })
  })

  test('that was stopped tried nothing', () => {
    const stopped = next(next(loaded, beginPast, 'house'), stopPast, null)
    expect(stopped.trying?.stopping).toBe(true)
    expect(next(stopped, endPast, null)).toMatchObject({ trying: null, past: {} })
    // Progress that comes late begins nothing.
    expect(countPast({ ...stopped, trying: null }, { texts: 3, total: 3 })).toEqual({})
  })
})
