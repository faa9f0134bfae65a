import { afterEach, expect, test } from 'vitest'
import { formatAge, i18n } from '../../../../../renderer/base/i18n/index.ts'
import { awaitedFor } from '../../../../../renderer/features/grid/cell-words.ts'
import type { AssetRow, ResultView } from '../../../../../shared/screening.ts'

const minute = 60_000

afterEach(() => void i18n.changeLanguage('zh'))

test.each([
  [0, '不到 1 分钟', '<1 min'],
  [-5, '不到 1 分钟', '<1 min'],
  [59 * minute + 59_999, '59 分钟', '59 min'],
  [60 * minute, '1 小时', '1 h'],
  [47 * 60 * minute, '47 小时', '47 h'],
  [48 * 60 * minute, '2 天', '2 d'],
])('%d ms ago is %s, %s', (ms, zh, en) => {
  expect(formatAge(ms)).toBe(zh)
  void i18n.changeLanguage('en')
  expect(formatAge(ms)).toBe(en)
})

test('an asset is as old as the push that is awaited longest', () => {
  const result = (state: ResultView['state'], screenedAt: number | null) => ({ state, screenedAt })
  const row = (...results: readonly Pick<ResultView, 'state' | 'screenedAt'>[]) => ({ results }) as unknown as AssetRow
  expect(awaitedFor(row(result('awaiting', 3 * minute), result('awaiting', minute)), 13 * minute)).toMatch(/^12/)
  expect(awaitedFor(row(result('done', 0), result('awaiting', null)), 13 * minute)).toBe('')
  expect(awaitedFor(undefined, 13 * minute)).toBe('')
})
