import { expect, test } from 'vitest'
import { guessColumns } from '../../../../electron/engine/library/lists/columns.ts'

test.each([
  [['禁用词', '替换建议', '级别', '备注'], { words: 0, suggestion: 1, severity: 2, note: 3 }],
  [
    ['序号', '敏感词', '变体', '例外', '负责人', '有效期至'],
    { words: 1, variants: 2, exceptions: 3, owner: 4, until: 5 },
  ],
  [
    ['Word', 'Variants', 'Note', 'Suggestion', 'Severity', 'Owner', 'Until', 'Exceptions'],
    { words: 0, variants: 1, note: 2, suggestion: 3, severity: 4, owner: 5, until: 6, exceptions: 7 },
  ],
  [['Banned words', 'Use instead', 'Risk level'], { words: 0, suggestion: 1, severity: 2 }],
  [['品牌禁用词（2026 版）', '备注'], { words: 0, note: 1 }],
  [['ＷＯＲＤ ', '建议改为：'], { words: 0, suggestion: 1 }],
  [['国家级', '最佳'], {}],
  [['', ''], {}],
] as const)('The heads %j are taken for %j', (header, columns) => {
  expect(guessColumns(header)).toEqual(columns)
})

test('A word whose own head is not known is taken for none', () => {
  expect(guessColumns(['甲', '乙'])).toEqual({})
})
