import type { RuleHit, RuleText } from '../../../../../../shared/rules.ts'

/** A rule whose citation was read in an official copy, with what a test cares about. */
export const ruleText = (changes: Partial<RuleText> = {}): RuleText => ({
  book: 'cn-advertising',
  rule: 'finance-promise',
  title: { zh: '收益保证', en: 'Promise of return' },
  severity: 'forbidden',
  scopes: ['finance'],
  citation: {
    source: { zh: '广告法', en: 'Advertising Law' },
    article: '第二十五条（一）',
    quote: '对未来效果、收益作出保证性承诺',
    reading: 'official',
    readAt: '国家法律法规数据库',
    readOn: '2026-11-29',
  },
  why: { zh: '不得保证收益。', en: 'Returns may not be promised.' },
  suggestion: { zh: '收益有波动', en: 'Returns vary' },
  state: 'checked',
  review: null,
  inForce: { from: null, until: null },
  owner: null,
  ...changes,
})

export const ruleHit = (id: number, changes: Partial<RuleHit> = {}): RuleHit => ({
  id,
  check: 1,
  text: ruleText(),
  bookVersion: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  range: [10, 14],
  line: 2,
  column: 5,
  matched: '稳赚不赔',
  before: '加微信领福利,',
  after: ',日入三千',
  waiver: null,
  ...changes,
})

export const waiver = { id: 7, reach: 'batch', reason: '引用顾客原话', reviewer: '王敏', at: 0 } as const
