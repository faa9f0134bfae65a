import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isScaled,
  layoutOf,
  maxOffset,
  movedIndex,
  offsetAt,
  offsetToShow,
  rowsInView,
  rowTop,
  scrollTopAt,
} from '../../../../../renderer/features/grid/layout.ts'

const someLayout = fc
  .record({
    count: fc.integer({ min: 1, max: 1_000_000 }),
    width: fc.integer({ min: 320, max: 4000 }),
    height: fc.integer({ min: 200, max: 2400 }),
    density: fc.integer({ min: 96, max: 400 }),
  })
  .map(given => ({ given, layout: layoutOf(given) }))

describe('where the cells are', () => {
  test('cells fit into the width, and every asset has one', () => {
    fc.assert(
      fc.property(someLayout, ({ given, layout }) => {
        expect(layout.columns * (layout.cellWidth + 8)).toBeLessThanOrEqual(given.width)
        expect(layout.rows * layout.columns).toBeGreaterThanOrEqual(given.count)
        expect((layout.rows - 1) * layout.columns).toBeLessThan(given.count)
      }),
    )
  })

  test('a million assets stay below what a browser can make high, and both ends can be reached', () => {
    const layout = layoutOf({ count: 1_000_000, width: 1000, height: 800, density: 176 })
    expect(isScaled(layout)).toBe(true)
    expect(layout.scrollHeight).toBeLessThan(16_000_000)
    expect(offsetAt(layout, 0)).toBe(0)
    const bottom = layout.scrollHeight - layout.viewHeight
    expect(rowsInView(layout, offsetAt(layout, bottom), 0)[1]).toBe(layout.rows)
  })

  test('the scroll bar and the rows say the same place', () => {
    fc.assert(
      fc.property(someLayout, fc.double({ min: 0, max: 1, noNaN: true }), ({ layout }, share) => {
        const offset = share * maxOffset(layout)
        expect(offsetAt(layout, scrollTopAt(layout, offset))).toBeCloseTo(offset, 1)
      }),
    )
  })

  test('every row that can be seen is drawn', () => {
    fc.assert(
      fc.property(someLayout, fc.double({ min: 0, max: 1, noNaN: true }), ({ layout }, share) => {
        const offset = share * maxOffset(layout)
        const [first, last] = rowsInView(layout, offset, 0)
        if (first > 0) expect(rowTop(layout, first)).toBeLessThanOrEqual(offset + 8)
        if (last < layout.rows) expect(rowTop(layout, last)).toBeGreaterThanOrEqual(offset + layout.viewHeight)
      }),
    )
  })

  test('showing a cell brings it wholly into view, and does not move when it is', () => {
    fc.assert(
      fc.property(
        someLayout,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ given, layout }, pick, share) => {
          const index = pick % given.count
          const offset = offsetToShow(layout, share * maxOffset(layout), index)
          const top = rowTop(layout, Math.floor(index / layout.columns))
          if (layout.viewHeight > layout.rowHeight + 8) {
            expect(top).toBeGreaterThanOrEqual(offset)
            expect(top + layout.rowHeight).toBeLessThanOrEqual(offset + layout.viewHeight + 8)
          }
          expect(offsetToShow(layout, offset, index)).toBe(offset)
        },
      ),
    )
  })
})

describe('moving by keys', () => {
  const layout = layoutOf({ count: 10, width: 560, height: 400, density: 176 })

  test('up and down stay in their column, the ends hold', () => {
    expect(layout.columns).toBe(3)
    expect(movedIndex(layout, 10, 1, 'down')).toBe(4)
    expect(movedIndex(layout, 10, 1, 'up')).toBe(1)
    expect(movedIndex(layout, 10, 9, 'down')).toBe(9)
    expect(movedIndex(layout, 10, 8, 'down')).toBe(9)
    expect(movedIndex(layout, 10, 0, 'left')).toBe(0)
    expect(movedIndex(layout, 10, 9, 'right')).toBe(9)
  })

  test('home and end go all the way', () => {
    expect(movedIndex(layout, 10, 5, 'home')).toBe(0)
    expect(movedIndex(layout, 10, 5, 'end')).toBe(9)
  })

  test('in an empty grid there is nowhere to go', () => {
    expect(movedIndex(layout, 0, -1, 'down')).toBe(-1)
  })

  test('no key leads out of the grid', () => {
    fc.assert(
      fc.property(
        someLayout,
        fc.nat(),
        fc.constantFrom('left', 'right', 'up', 'down', 'home', 'end', 'pageUp', 'pageDown' as const),
        (some, pick, move) => {
          const index = movedIndex(some.layout, some.given.count, pick % some.given.count, move)
          expect(index).toBeGreaterThanOrEqual(0)
          expect(index).toBeLessThan(some.given.count)
        },
      ),
    )
  })
})

describe('a list', () => {
  const list = (count: number) => layoutOf({ count, width: 900, height: 350, density: 176, shape: 'list' })

  test('has one asset in a row, below the heads of its columns', () => {
    const layout = list(100)
    expect(layout).toMatchObject({ columns: 1, rows: 100, cellWidth: 900 })
    expect(rowTop(layout, 0)).toBe(30)
    expect(rowsInView(layout, 0, 0)).toEqual([0, 10])
    expect(rowsInView(layout, 64, 0)).toEqual([2, 12])
  })

  test('shows no row under the heads', () => {
    const layout = list(100)
    const offset = offsetToShow(layout, 1000, 3)
    expect(rowTop(layout, 3) - offset).toBe(30)
    expect(offsetToShow(layout, offset, 3)).toBe(offset)
    const below = offsetToShow(layout, 0, 50)
    expect(rowTop(layout, 50) + layout.rowHeight).toBe(below + layout.viewHeight)
  })

  test('reaches its last row, and pages by what is in view', () => {
    const layout = list(1_000_000)
    expect(rowsInView(layout, maxOffset(layout), 0)[1]).toBe(1_000_000)
    expect(movedIndex(list(100), 100, 0, 'pageDown')).toBe(10)
    expect(movedIndex(list(100), 100, 20, 'up')).toBe(19)
  })
})
