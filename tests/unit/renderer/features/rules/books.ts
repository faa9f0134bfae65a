import type { BookInfo, BookProblem, ListedRule } from '../../../../../shared/rules.ts'

/** Books and rules for tests of the view. */

export const bookInfo: BookInfo = {
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

export const problem = (level: BookProblem['level']): BookProblem => ({
  level,
  line: 3,
  column: 1,
  rule: null,
  message: { zh: '错', en: 'wrong' },
})

export const listedRule: ListedRule = {
  book: 'house',
  rule: 'absolute-best',
  title: { zh: '绝对化用语：最佳', en: 'Absolute term: best' },
  severity: 'forbidden',
  scopes: ['general'],
  citation: {
    source: { zh: '广告法', en: 'Advertising Law' },
    article: '第九条（三）',
    quote: '“最佳”等用语',
    reading: 'official',
    readAt: '国家法律法规数据库',
    readOn: '2026-11-29',
  },
  why: null,
  suggestion: null,
  state: 'draft',
  review: '2027-06-30',
  inForce: { from: null, until: null },
  owner: null,
  line: 9,
  words: ['最佳', 'No.1'],
  patterns: [],
  exceptions: ['最佳赏味期'],
  companions: [],
  examples: { hit: ['最佳'], miss: ['最佳赏味期'] },
}
