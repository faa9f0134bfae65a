import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsIn, listColumnIds } from '../../../../../renderer/features/grid/list-columns.ts'

const sum = (width: number) => columnsIn(width).reduce((all, column) => all + column.width, 0)

describe('the columns of the list', () => {
  test('are all there where there is room, in their order', () => {
    expect(columnsIn(1200).map(({ id }) => id)).toEqual(listColumnIds)
  })

  test('fill the view and never leave it, and the least needed go first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 292, max: 3000 }), width => {
        expect(sum(width)).toBe(width)
        expect(columnsIn(width).map(({ id }) => id)).toEqual(expect.arrayContaining(['name', 'verdict', 'decision']))
      }),
    )
    expect(columnsIn(900).map(({ id }) => id)).not.toContain('time')
  })

  test('keep the name, the verdict and the decision in the smallest view', () => {
    expect(columnsIn(100).map(({ id }) => id)).toEqual(['name', 'verdict', 'decision'])
  })
})
