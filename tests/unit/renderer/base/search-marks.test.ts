import { describe, expect, test } from 'vitest'
import { placesOf } from '../../../../renderer/base/search-marks.ts'

const marked = (text: string, query: string) => placesOf(text, query).map(([start, end]) => text.slice(start, end))

describe('what was searched for', () => {
  test('is marked wherever it stands, whatever its case and width', () => {
    expect(marked('限时特惠，限时抢购', '限时')).toEqual(['限时', '限时'])
    expect(marked('Summer-ＢＡＮＮＥＲ_01.jpg', 'banner')).toEqual(['ＢＡＮＮＥＲ'])
  })

  test('is marked word by word, in the order of the text', () => {
    expect(marked('tea for spring', 'Spring  tea')).toEqual(['tea', 'spring'])
    expect(marked('稳赚不赔', '，')).toEqual([])
  })

  test('is not marked where its place cannot be told', () => {
    // One character here is several there.
    expect(marked('㍿新品', '新品')).toEqual([])
  })
})
