import { expect } from 'vitest'
import type { Book } from '../../../../electron/engine/checkers/rules/book.ts'
import { compileBooks, type MatcherOptions } from '../../../../electron/engine/checkers/rules/compile.ts'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'

/** A book with these fields of one rule, `rule`, or with several under their ids. */
export function bookOf(...rules: readonly Record<string, unknown>[]): Book {
  const book = {
    format: 1,
    book: 'house',
    title: '内部规则',
    sources: { law: { name: '广告法', reading: 'official', 'read-at': '公开转录本', 'read-on': '2026-11-29' } },
    rules: rules.map((rule, index) => ({
      id: index === 0 ? 'rule' : `rule-${index + 1}`,
      title: '规则',
      severity: 'forbidden',
      citation: { source: 'law', article: '第九条' },
      examples: { hit: ['例'], miss: ['句'] },
      ...rule,
    })),
  }
  const read = readBook(JSON.stringify(book))
  expect(read.problems.filter(({ level }) => level === 'error')).toEqual([])
  if (read.book === null) throw new Error('no book')
  return read.book
}

export const everything: MatcherOptions = { scopes: null, today: null }

/** What a rule finds in a text, as it is written there. */
export async function matchedBy(rule: Record<string, unknown>, text: string): Promise<string[]> {
  const matcher = await compileBooks([bookOf(rule)], everything)
  return matcher.find(text).hits.map(({ matched }) => matched)
}
