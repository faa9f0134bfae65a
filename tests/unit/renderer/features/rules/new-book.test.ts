import { describe, expect, test } from 'vitest'
import { readBook } from '../../../../../electron/engine/checkers/rules/read-book.ts'
import { testBook } from '../../../../../electron/engine/checkers/rules/test-book.ts'
import { bookIdIn } from '../../../../../renderer/features/rules/book-ids.ts'
import { copiedBook, freeId, isBookId, newBook } from '../../../../../renderer/features/rules/new-book.ts'

describe('the template of a new book', () => {
  test.each(['zh', 'en'] as const)('is a whole book in %s, whose examples come out as they should', async language => {
    const { book, problems } = readBook(newBook('house-rules', '2026-11-30', language))
    expect(problems).toEqual([])
    expect(book?.id).toBe('house-rules')
    expect(book === null ? null : await testBook(book)).toEqual([])
    expect(book?.rules[0]?.text.review).toBe('2027-11-30')
  })

  test.each(['zh', 'en'] as const)('has commented lines in %s that are right where the # is taken away', language => {
    const text = newBook('house-rules', '2028-02-29', language).replace(/^( {4})# (?=[a-z-]+: )/gm, '$1')
    expect(readBook(text).problems.filter(({ level }) => level === 'error')).toEqual([])
  })
})

test('a copy is the same text under another id', () => {
  const yaml = newBook('house-rules', '2026-11-30', 'zh')
  const copy = copiedBook(yaml, 'copy')
  expect(bookIdIn(copy)).toEqual(['copy'])
  expect(readBook(copy).book?.rules).toHaveLength(1)
  expect(bookIdIn(copiedBook('rules: []\n', 'copy'))).toEqual(['copy'])
})

test('an id is made of a name, and is nobody else’s', () => {
  expect(freeId('Banned Words 2026.csv', [])).toBe('banned-words-2026-csv')
  expect(freeId('品牌禁用词', [])).toBe('house-list')
  expect(freeId('禁用词 2026', [])).toBe('list-2026')
  expect(freeId('house', ['house', 'house-2'])).toBe('house-3')
  for (const name of ['品牌', 'ＡＢＣ', '--x--', 'a'.repeat(200)]) expect(isBookId(freeId(name, []))).toBe(true)
})

test('what is no id is known', () => {
  expect(['a', 'a-1', '9'].every(isBookId)).toBe(true)
  expect(['', '-a', 'A', 'a_b', '品牌', 'a'.repeat(64)].some(isBookId)).toBe(false)
})
