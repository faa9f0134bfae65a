import { describe, expect, test } from 'vitest'
import { countProblems, hindranceOf, isConflict, tooLong } from '../../../../../renderer/features/rules/standing.ts'
import { bookLimits } from '../../../../../shared/rules.ts'
import { bookInfo, problem } from './books.ts'

const stored = {
  info: bookInfo,
  version: 'v1',
  problems: [],
  isDraft: false,
  isConflict: false,
  isTried: true,
} as const

describe('a book can be put in force', () => {
  test('once its file was tried, with warnings or without', () => {
    expect(hindranceOf(stored)).toBeNull()
    expect(hindranceOf({ ...stored, problems: [problem('warning')] })).toBeNull()
  })

  test('not with errors, untried, unsaved, torn, unread, or where it is in force', () => {
    expect(hindranceOf({ ...stored, problems: [problem('error')] })).toBe('faulty')
    expect(hindranceOf({ ...stored, isTried: false })).toBe('untried')
    expect(hindranceOf({ ...stored, isDraft: true })).toBe('unsaved')
    expect(hindranceOf({ ...stored, isDraft: true, isConflict: true })).toBe('conflict')
    expect(hindranceOf({ ...stored, version: null })).toBe('reading')
    expect(hindranceOf({ ...stored, info: { ...bookInfo, versionInForce: 'v1' } })).toBe('inForce')
  })

  test('untried where it is shipped: those who ship it have seen it', () => {
    expect(hindranceOf({ ...stored, isTried: false, info: { ...bookInfo, origin: 'shipped' } })).toBeNull()
  })
})

test('a draft is torn where the file has become another since', () => {
  expect(isConflict({ was: 'v1' }, bookInfo)).toBe(false)
  expect(isConflict({ was: 'v0' }, bookInfo)).toBe(true)
  expect(isConflict(null, bookInfo)).toBe(false)
  expect(isConflict({ was: 'v1' }, null)).toBe(false)
})

test('problems are counted by what they keep from', () => {
  expect(countProblems([problem('error'), problem('warning'), problem('warning')])).toEqual({ errors: 1, warnings: 2 })
})

test('a text that is too long to be asked about is an error of its own', () => {
  expect(tooLong('a')).toEqual([])
  expect(tooLong('a'.repeat(bookLimits.bytes + 1))).toMatchObject([{ level: 'error', line: null }])
})
