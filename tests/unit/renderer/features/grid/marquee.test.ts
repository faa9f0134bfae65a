import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bridge } from '../../../../../shared/ipc.ts'
import { columnsOf } from '../../state/grid/columns.ts'

Reflect.set(globalThis, 'prescreen', { pathOf: () => '', on: () => () => undefined } as unknown as Bridge)
const { edgeScroll, touchedIndexes } = await import('../../../../../renderer/features/grid/marquee.ts')
const { dragged } = await import('../../../../../renderer/features/grid/drag-out.ts')
const { gap, layoutOf, rowTop } = await import('../../../../../renderer/features/grid/layout.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')
const { beginDragOut, heardPointer, isDraggedOut } = await import('../../../../../renderer/state/drag-out.ts')
const { dispatchGrid, useGrid } = grid

const layout = layoutOf({ count: 10, width: 608, height: 400, density: 142 })
const left = (column: number) => gap + column * (layout.cellWidth + gap)
const touched = (fromX: number, fromY: number, toX: number, toY: number, count = 10) => [
  ...touchedIndexes(layout, count, { fromX, fromY, toX, toY }),
]

describe('what a marquee touches', () => {
  test('are the cells that it lies over, and nothing between them', () => {
    expect(layout.columns).toBe(4)
    expect(touched(2, 2, 4, 4)).toEqual([])
    expect(touched(2, 2, left(0) + 1, rowTop(layout, 0) + 1)).toEqual([0])
    expect(touched(left(1) - 2, 2, left(1) - 1, 4000)).toEqual([])
    expect(touched(left(1) + 5, rowTop(layout, 0) + 5, left(2) + 5, rowTop(layout, 1) + 5)).toEqual([1, 2, 5, 6])
    // The last row is not full.
    expect(touched(0, rowTop(layout, 2) + 1, 608, 9000)).toEqual([8, 9])
  })

  test('is the same whichever way it is drawn, and each cell that it touches it overlaps', () => {
    const x = fc.integer({ min: -50, max: 700 })
    const y = fc.integer({ min: -50, max: 900 })
    fc.assert(
      fc.property(x, y, x, y, (fromX, fromY, toX, toY) => {
        const found = touched(fromX, fromY, toX, toY)
        expect(touched(toX, toY, fromX, fromY)).toEqual(found)
        const overlaps = (index: number) => {
          const cellLeft = left(index % layout.columns)
          const top = rowTop(layout, Math.floor(index / layout.columns))
          return (
            cellLeft <= Math.max(fromX, toX) &&
            cellLeft + layout.cellWidth >= Math.min(fromX, toX) &&
            top <= Math.max(fromY, toY) &&
            top + layout.rowHeight - gap >= Math.min(fromY, toY)
          )
        }
        expect(found).toEqual(Array.from({ length: 10 }, (_, index) => index).filter(overlaps))
      }),
    )
  })

  test('goes on scrolling at the edges, faster further out', () => {
    expect(edgeScroll(200, 400)).toBe(0)
    expect(edgeScroll(395, 400)).toBeGreaterThan(0)
    expect(edgeScroll(5, 400)).toBeLessThan(0)
    expect(edgeScroll(450, 400)).toBeGreaterThan(edgeScroll(395, 400))
    expect(edgeScroll(9000, 400)).toBe(edgeScroll(8000, 400))
  })
})

describe('a selection that is drawn', () => {
  beforeEach(() => {
    useGrid.setState(grid.initialGrid)
    dispatchGrid(grid.loadColumns, columnsOf(Array.from({ length: 10 }, () => ({}))))
    dispatchGrid(grid.focusOn, 0)
  })
  const selected = () => (useGrid.getState().selected.count === 0 ? [] : [...grid.targets(useGrid.getState())])

  test('takes the place of what was selected, or joins it', () => {
    dispatchGrid(grid.toggleSelected, 7)
    const before = useGrid.getState().selected
    dispatchGrid(grid.selectTouched, { positions: Uint32Array.of(1, 2), base: null })
    expect(selected()).toEqual([1, 2])
    dispatchGrid(grid.selectTouched, { positions: Uint32Array.of(1, 2), base: before })
    expect(selected()).toEqual([1, 2, 7])
    // What the rectangle leaves again is selected no more.
    dispatchGrid(grid.selectTouched, { positions: Uint32Array.of(2), base: before })
    expect(selected()).toEqual([2, 7])
  })

  test('leaves the focus where it is, and a range goes on from it', () => {
    dispatchGrid(grid.selectTouched, { positions: Uint32Array.of(3, 4), base: null })
    dispatchGrid(grid.endTouching, null)
    expect(useGrid.getState()).toMatchObject({ focus: 0, anchor: 3 })
  })

  test('gives back what was selected, unless another batch is shown by then', () => {
    dispatchGrid(grid.toggleSelected, 7)
    const { selected: before } = useGrid.getState()
    dispatchGrid(grid.selectTouched, { positions: Uint32Array.of(1), base: null })
    dispatchGrid(grid.giveBack, { batch: 'b_1111111111', selected: before })
    expect(selected()).toEqual([1])
    dispatchGrid(grid.giveBack, { batch: 'b_0000000000', selected: before })
    expect(selected()).toEqual([7])
  })
})

describe('dragging out', () => {
  test('takes the selection by one of its cells, and any other cell alone', () => {
    useGrid.setState(grid.initialGrid)
    dispatchGrid(grid.loadColumns, columnsOf([{}, {}, {}]))
    dispatchGrid(grid.toggleSelected, 0)
    dispatchGrid(grid.toggleSelected, 2)
    expect(dragged(useGrid.getState(), 2)).toEqual([10, 30])
    expect(dragged(useGrid.getState(), 1)).toEqual([20])
  })

  test('lasts until the pointer is heard of again without a button', () => {
    beginDragOut()
    // Still on the way out of the cell.
    heardPointer({ type: 'pointermove', buttons: 1 })
    expect(isDraggedOut()).toBe(true)
    heardPointer({ type: 'pointermove', buttons: 0 })
    expect(isDraggedOut()).toBe(false)
    beginDragOut()
    heardPointer({ type: 'pointerdown', buttons: 1 })
    expect(isDraggedOut()).toBe(false)
  })
})
