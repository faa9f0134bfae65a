import { describe, expect, test } from 'vitest'
import { carriedHits, segmentsOf } from '../../../../../renderer/features/rules/marks.ts'
import type { TextRange } from '../../../../../shared/domain.ts'
import type { RuleSeverity } from '../../../../../shared/rules.ts'

const hit = (range: TextRange | null, severity: RuleSeverity = 'forbidden') => ({ range, text: { severity } })

describe('a text with hits', () => {
  test('is cut at their ends, and shows the worst where they overlap', () => {
    const segments = segmentsOf('今日最佳赏味', [hit([2, 4]), hit([3, 6], 'notice')])
    expect(segments.map(({ text, severity }) => [text, severity])).toEqual([
      ['今日', null],
      ['最', 'forbidden'],
      ['佳', 'forbidden'],
      ['赏味', 'notice'],
    ])
  })

  test('has all of its characters, whatever is hit', () => {
    const segments = segmentsOf('abc', [hit(null), hit([1, 9]), hit([5, 7])])
    expect(segments.map(({ text }) => text).join('')).toBe('abc')
    expect(segmentsOf('', [hit([0, 2])])).toEqual([])
  })
})

describe('hits in a text that is typed into', () => {
  const ranges = (before: string, after: string) =>
    carriedHits([hit([0, 2]), hit([4, 6]), hit(null)], before, after).map(({ range }) => range)

  test('stay before the change and move behind it', () => {
    expect(ranges('最佳，全最佳', '最佳，今全最佳')).toEqual([[0, 2], [5, 7], null])
    expect(ranges('最佳，全最佳', '最佳最佳')).toEqual([[0, 2], [2, 4], null])
  })

  test('are gone where the change is', () => {
    expect(ranges('最佳，全最佳', '最x佳，全最佳')).toEqual([[5, 7], null])
    expect(ranges('最佳，全最佳', '')).toEqual([null])
  })
})
