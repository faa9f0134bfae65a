import { describe, expect, test } from 'vitest'
import { partTitle, pieceOfPart, piecePlaceText, pieceTitle } from '../../../shared/piece-places.ts'

describe('the place of something in a document', () => {
  test('is said as people call it, in both languages', () => {
    expect(piecePlaceText({ page: 3 }, 'zh')).toBe('第 3 页')
    expect(piecePlaceText({ slide: 2 }, 'en')).toBe('slide 2')
    expect(piecePlaceText({ sheet: '价格', cell: 'B7' }, 'zh')).toBe('工作表「价格」 B7')
    expect(piecePlaceText({ layer: 'Title' }, 'en')).toBe('layer “Title”')
    expect(piecePlaceText({ seconds: 3725.9 }, 'en')).toBe('1:02:05')
    expect(piecePlaceText({}, 'en')).toBe('')
  })

  test('follows the name of a piece that does not say it already', () => {
    expect(pieceTitle({ name: 'slide 2 picture 1', places: [{ slide: 2 }] }, 'en')).toBe('slide 2 picture 1')
    expect(pieceTitle({ name: 'picture 7', places: [{ sheet: '价格', cell: 'B7' }] }, 'zh')).toBe(
      '图 7（工作表「价格」 B7）',
    )
    const everywhere = [1, 2, 3, 4].map(slide => ({ slide }))
    expect(pieceTitle({ name: 'picture 1', places: everywhere }, 'en')).toBe('picture 1 (slide 1, slide 2, slide 3, …)')
  })

  test('is said of a part by its piece, or by the section that its words are in', () => {
    const pieces = {
      pieces: [{ kind: 'picture' as const, name: 'picture 1', places: [{ sheet: '价格' }] }],
      sections: [
        { start: 0, place: { slide: 1 } },
        { start: 100, place: { slide: 2 } },
      ],
    }
    expect(partTitle({ part: 'picture 1 tile 2/3', range: null }, pieces, 'en')).toBe(
      'picture 1 tile 2/3 (sheet “价格”)',
    )
    expect(partTitle({ part: 'chunk 2/2', range: [150, 180] }, pieces, 'zh')).toBe('第 2 张幻灯片，分片 2/2')
    expect(partTitle({ part: 'tile 1/2', range: null }, null, 'en')).toBe('tile 1/2')
  })

  test('tells pieces apart whose names begin alike', () => {
    const names = new Set(['page 1', 'slide 2', 'slide 2 picture 1'])
    expect(pieceOfPart('page 12', names)).toBeNull()
    expect(pieceOfPart('page 1 tile 1/2', names)).toBe('page 1')
    expect(pieceOfPart('slide 2 picture 1 frame 1/3', names)).toBe('slide 2 picture 1')
    expect(pieceOfPart('whole', names)).toBeNull()
  })
})
