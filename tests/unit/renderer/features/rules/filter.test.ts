import { expect, test } from 'vitest'
import { everyRule, matchingRules, type RuleFilter } from '../../../../../renderer/features/rules/filter.ts'
import { listedRule } from './books.ts'

const rules = [
  listedRule,
  { ...listedRule, rule: 'cure', severity: 'evidence' as const, scopes: ['medical'] as const, words: ['根治'] },
  { ...listedRule, rule: 'old', severity: 'notice' as const, review: '2026-01-01', owner: '品牌部', words: ['亲'] },
]
const found = (filter: Partial<RuleFilter>) => matchingRules(rules, { ...everyRule, ...filter }, '2026-11-30')

test('rules are found by every word of the query, in either language, by words, articles and owners', () => {
  expect(found({})).toEqual([0, 1, 2])
  expect(found({ query: 'ｎｏ.1' })).toEqual([0])
  expect(found({ query: '根治 第九条' })).toEqual([1])
  expect(found({ query: 'advertising 品牌部' })).toEqual([2])
  expect(found({ query: 'nothing of it' })).toEqual([])
})

test('rules are found by trade, by severity, and by being stale', () => {
  expect(found({ scope: 'medical' })).toEqual([1])
  expect(found({ severity: 'forbidden' })).toEqual([0])
  expect(found({ staleOnly: true })).toEqual([2])
  expect(found({ staleOnly: true, severity: 'forbidden' })).toEqual([])
})

test('a hundred thousand rules are searched in one go', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => ({ ...listedRule, rule: `list/${at}`, words: [`词${at}`] }))
  expect(matchingRules(many, { ...everyRule, query: '词99999' }, '2026-11-30')).toEqual([99_999])
})
