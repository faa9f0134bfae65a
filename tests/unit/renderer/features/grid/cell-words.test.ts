import { afterEach, describe, expect, test } from 'vitest'
import { i18n, wordsOf } from '../../../../../renderer/base/i18n/index.ts'
import { words as common } from '../../../../../renderer/base/i18n/words.ts'
import {
  cellLabel,
  cellWords,
  isFindingMarked,
  outcomeIcon,
  outcomeText,
  platformText,
  scoreText,
} from '../../../../../renderer/features/grid/cell-words.ts'
import { words as gridWords } from '../../../../../renderer/features/grid/words.ts'
import { tableFrom } from '../../../../../renderer/state/grid/table.ts'
import type { Outcome } from '../../../../../shared/domain.ts'
import { gridOutcomes, gridRules } from '../../../../../shared/grid.ts'
import { rulesProfile } from '../../../../../shared/rules.ts'
import type { AssetRow } from '../../../../../shared/screening.ts'
import { columnsOf } from '../../state/grid/columns.ts'

const words = () => cellWords('zh', wordsOf('grid', gridWords), wordsOf('common', common))
const outcome = (name: (typeof gridOutcomes)[number]) => gridOutcomes.indexOf(name)
const finding = (name: (typeof gridRules)[number]) => gridRules.indexOf(name)
const rowOf = (platform: Outcome | null, rules: AssetRow['rules']) =>
  ({
    results: [
      { profile: 'p', outcome: platform },
      { profile: rulesProfile, outcome: 'risky' },
    ],
    rules,
  }) as unknown as AssetRow

afterEach(() => void i18n.changeLanguage('zh'))

describe('a cell of what only rules looked at', () => {
  const table = tableFrom(
    columnsOf(
      (['none', 'notice', 'unknown'] as const).map(name => ({ outcome: outcome('rules_only'), rules: finding(name) })),
    ),
  )

  test('is never called a no-hit', () => {
    expect([0, 1, 2].map(at => outcomeText(table, at, words()))).toEqual(['规则未命中', '规则提示', '仅规则'])
  })

  test('has the shape of what rules found', () => {
    expect([0, 1, 2].map(at => outcomeIcon(table, at))).toEqual(['rules_only', 'finding-notice', 'rules_only'])
  })

  test('has no second mark for the same', () => {
    expect(isFindingMarked(table, 0)).toBe(false)
  })
})

describe('a cell of what a platform and rules looked at', () => {
  const table = tableFrom(
    columnsOf([
      { outcome: outcome('risky'), rules: finding('forbidden') },
      { outcome: 2, rules: 0 },
    ]),
  )

  test('shows both: neither hides the other', () => {
    expect(outcomeText(table, 0, words())).toBe('有风险')
    expect(isFindingMarked(table, 0)).toBe(true)
    expect(platformText(rowOf('pass', 'forbidden'), outcome('risky'), words())).toBe('平台：未命中')
    const place = {
      index: 0,
      count: 2,
      chosen: false,
      name: 'a.txt',
      awaited: '',
      platform: '平台：未命中',
      stack: 1,
      laidOut: false,
    }
    expect(cellLabel(table, 0, place, words())).toBe('第 1 项，共 2 项，有风险，规则：禁止，平台：未命中，a.txt')
  })

  test('repeats nothing where the outcome is the platform’s own', () => {
    expect(platformText(rowOf('risky', 'forbidden'), outcome('risky'), words())).toBe('')
    expect(platformText(undefined, outcome('risky'), words())).toBe('')
  })

  test('has no mark where rules did not look', () => {
    expect(isFindingMarked(table, 1)).toBe(false)
  })
})

describe('a confidence', () => {
  test('is named, for a figure alone says nothing', () => {
    expect(scoreText(90, outcome('risky'), words())).toBe('置信度 90')
  })

  test('is not shown where there is none, nor of a no-hit', () => {
    expect(scoreText(255, outcome('risky'), words())).toBe('')
    expect(scoreText(90, outcome('pass'), words())).toBe('')
  })
})
