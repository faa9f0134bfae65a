import { describe, expect, test } from 'vitest'
import {
  nameApart,
  outlinesOf,
  segmentsOf,
  shownBoxes,
  verdictsOf,
} from '../../../../../renderer/features/grid/cell-evidence.ts'
import type { AssetRow, FoundBox, Passage } from '../../../../../shared/screening.ts'

describe('a text in its cell', () => {
  const text = '会员日全场活动即将开始，本品稳赚不赔，先到先得\n第二行'
  const start = text.indexOf('稳赚不赔')
  const passage: Passage = { text, isCut: false, line: 3, marks: [{ range: [start, start + 4], tone: 'forbidden' }] }
  const shown = (room: { lines: number; columns: number }) =>
    segmentsOf(passage, room).map(({ text: words, tone }) => (tone === null ? words : `[${words}]`))

  test('shows the whole line where the mark has room, and from near before it where it has not', () => {
    expect(shown({ lines: 4, columns: 24 })).toEqual([
      '会员日全场活动即将开始，本品',
      '[稳赚不赔]',
      '，先到先得\n第二行',
    ])
    expect(shown({ lines: 1, columns: 12 })).toEqual(['…', '本品', '[稳赚不赔]', '，先到先得\n第二行'])
  })

  test('marks the worst where marks lie over each other', () => {
    const two: Passage = { ...passage, marks: [...passage.marks, { range: [start - 2, start + 6], tone: 'notice' }] }
    expect(segmentsOf(two, { lines: 4, columns: 24 }).map(({ tone }) => tone)).toEqual([
      null,
      'notice',
      'forbidden',
      'notice',
      null,
    ])
  })
})

describe('boxes on a picture', () => {
  const box = (rect: FoundBox['rect']): FoundBox => ({ rect, verdict: 'risky' })
  const row = (width: number, height: number, ...boxes: FoundBox[]) => ({ width, height, boxes })

  test('are where the thumbnail shows them', () => {
    const shown = shownBoxes(row(750, 1000, box([100, 200, 50, 60])))
    expect(shown).toMatchObject({ width: 750, height: 1000, beyond: 0 })
    expect(shown && outlinesOf(shown, 'risky')).toBe('M100 200h50v60h-50z')
    expect(shown && outlinesOf(shown, 'review')).toBe('')
  })

  test('of a long poster are cut off where its thumbnail is, and those below are counted', () => {
    const shown = shownBoxes(row(750, 6000, box([0, 1400, 750, 700]), box([0, 4000, 750, 700])))
    expect(shown).toMatchObject({ width: 750, height: 1500, beyond: 1, boxes: [{ rect: [0, 1400, 750, 100] }] })
  })

  test('are none where the whole picture is meant, or its size is not known', () => {
    expect(shownBoxes(row(750, 1000, box([0, 0, 750, 1000])))).toBeNull()
    expect(shownBoxes({ width: null, height: null, boxes: [box([0, 0, 5, 5])] })).toBeNull()
    expect(shownBoxes(undefined)).toBeNull()
  })
})

describe('profiles of a batch', () => {
  const row = (...results: readonly object[]) => ({ results }) as unknown as AssetRow

  test('have a verdict each where there are several, the worst first', () => {
    const results = [
      { profile: 'a', state: 'done', outcome: 'pass' },
      { profile: 'rules', state: 'done', outcome: 'risky' },
      { profile: 'b', state: 'done', outcome: 'review' },
      { profile: 'c', state: 'awaiting', outcome: null },
    ]
    expect(verdictsOf(row(...results)).map(({ profile, outcome }) => `${profile} ${outcome}`)).toEqual([
      'b review',
      'a pass',
      'c awaiting',
    ])
  })

  test('have none beside the asset’s own where there is one', () => {
    expect(verdictsOf(row({ profile: 'a', outcome: 'pass' }, { profile: 'rules', outcome: 'risky' }))).toEqual([])
  })

  test('are called by what tells them from each other', () => {
    const names = ['品牌A · 微信', '品牌A · QQ']
    expect(names.map(name => nameApart(name, names))).toEqual(['微信', 'QQ'])
    expect(nameApart('品牌A', ['品牌A', '品牌B'])).toBe('品牌A')
    expect(nameApart('brand', ['brand', 'brand 2'])).toBe('brand')
  })
})
