import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCutter, cutInMiddle } from '../../../../../renderer/features/grid/cell-name.ts'

/** A face in which a Chinese character is as wide as two others. */
const measure = (text: string) =>
  Array.from(text, character => (character > '\u2e7f' ? 12 : 6)).reduce((a, b) => a + b, 0)

describe('a name in a cell', () => {
  test('that fits is left alone', () => {
    expect(cutInMiddle('主图_00001.jpg', 144, measure)).toBe('主图_00001.jpg')
  })

  test('of a table’s row keeps its number, however small the cell is', () => {
    expect(cutInMiddle('渠道文案-2026年双十一终版.xlsx#短信#12', 144, measure)).toBe('渠道文案-202…lsx#短信#12')
    expect(cutInMiddle('渠道文案-2026年双十一终版.xlsx#短信#12', 60, measure)).toBe('渠道文…#12')
  })

  test('is never wider than its cell, and ends as it did', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer({ min: 12, max: 300 }), (name, width) => {
        const shown = cutInMiddle(name, width, measure)
        expect(measure(shown)).toBeLessThanOrEqual(width)
        const [, end = shown] = shown === name ? [] : shown.split('…').slice(-2)
        expect(name.endsWith(end)).toBe(true)
        expect(shown.isWellFormed()).toBe(name.isWellFormed())
      }),
    )
  })
})

test('a text that was cut is not measured again', () => {
  let measured = 0
  const cut = createCutter(text => {
    measured += 1
    return measure(text)
  })
  const first = cut('中华人民共和国广告法', 60)
  const before = measured
  expect([cut('中华人民共和国广告法', 60), measured]).toEqual([first, before])
  expect(cut('中华人民共和国广告法', 200)).toBe('中华人民共和国广告法')
})
