import { describe, expect, test } from 'vitest'
import { everything, filterFromText, filterToText, isEverything } from '../../../../../renderer/state/grid/filter.ts'
import {
  type GridState,
  initialGrid,
  loadColumns,
  refreshOrder,
  setFilter,
  setSort,
  setStacking,
  showAlike,
  targets,
} from '../../../../../renderer/state/grid/grid.ts'
import { gridOutcomes } from '../../../../../shared/grid.ts'
import { columnsOf } from './columns.ts'

const [risky, review, pass] = (['risky', 'review', 'pass'] as const).map(outcome => gridOutcomes.indexOf(outcome))

function opened(before: Partial<typeof everything> = {}): GridState {
  const columns = columnsOf([
    { outcome: risky ?? 0, content: 7 },
    { outcome: pass ?? 0 },
    { outcome: review ?? 0 },
    { outcome: risky ?? 0, content: 7 },
    { outcome: pass ?? 0 },
  ])
  const loaded = { ...initialGrid, ...loadColumns(initialGrid, columns) }
  return { ...loaded, ...setFilter(loaded, { ...everything, ...before }) }
}

const alike = (state: GridState, positions: readonly number[]): GridState => {
  const assets = positions.map(position => state.table?.id[position] ?? 0)
  return { ...state, ...showAlike(state, { asset: assets[0] ?? 0, name: 'poster.png', assets: [...assets, 999] }) }
}

describe('what looks alike', () => {
  test('is all that is shown, the asked one first with the focus, the nearest next, until somebody sorts', () => {
    const shown = alike(opened(), [2, 4, 0])
    expect([...shown.order]).toEqual([2, 4, 0])
    expect(shown.focus).toBe(2)
    expect(shown.selected.count).toBe(0)
    // Nobody decides about the others by it.
    expect([...targets(shown)]).toEqual([2])
    expect([...{ ...shown, ...refreshOrder(shown, null) }.order]).toEqual([2, 4, 0])
    expect([...{ ...shown, ...setSort(shown, { by: 'risk', reversed: false }) }.order]).toEqual([0, 2, 4])
  })

  test('is a filter among others, and gives back the one that it took the place of', () => {
    const before = opened({ outcome: ['pass'] })
    const shown = alike(before, [4, 2, 1])
    expect([...shown.order]).toEqual([4, 2, 1])
    expect(isEverything(shown.filter)).toBe(false)
    const narrowed = { ...shown, ...setFilter(shown, { ...shown.filter, outcome: ['pass'] }) }
    expect([...narrowed.order]).toEqual([4, 1])
    const further = alike(narrowed, [1, 0])
    expect(further.filter.like?.before).toEqual(before.filter)
    const left = { ...further, ...setFilter(further, further.filter.like?.before ?? everything) }
    expect([...left.order].sort()).toEqual([1, 4])
    expect(left.alike).toBeNull()
    expect(left.focus).toBe(1)
  })

  test('is named where the filter is told, and is not found again by that name', () => {
    const { filter } = alike(opened(), [2, 4])
    expect(filterToText(filter)).toBe('like=poster.png')
    expect(filterFromText(filterToText(filter))).toEqual(everything)
  })

  test('is no stack: only what is the same lies in one, below the one that was asked about', () => {
    const stacking = { ...opened(), ...setStacking(opened(), true) }
    const shown = alike(stacking, [3, 0, 2])
    expect([...shown.order]).toEqual([3, 2])
    expect([...targets(shown)].sort()).toEqual([0, 3])
  })
})
