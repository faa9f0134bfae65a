import { describe, expect, test } from 'vitest'
import { isDescending, type SortKey, sorted, sortedBy } from '../../../../../renderer/state/grid/sort.ts'
import { tableFrom } from '../../../../../renderer/state/grid/table.ts'
import { columnsOf } from './columns.ts'

const table = tableFrom(
  columnsOf(
    [
      { label: 0, decision: 2, rules: 1, folder: 2 },
      { label: 20_002, decision: 0, rules: 4, folder: 0 },
      { label: 10_001, decision: 1, rules: 0, folder: 1 },
    ],
    ['门店', '', '会员日'],
  ),
)
const order = (by: SortKey, reversed = false) => [...sorted(table, Uint32Array.of(0, 1, 2), { by, reversed })]

describe('the list is sorted', () => {
  test('by label, and what has none comes last', () => {
    expect(order('label')).toEqual([2, 1, 0])
  })

  test('by decision, and the undecided come first', () => {
    expect(order('decision')).toEqual([1, 2, 0])
  })

  test('by what rules found, the worst first', () => {
    expect(order('rule')).toEqual([1, 0, 2])
    expect(order('rule', true)).toEqual([2, 0, 1])
  })

  test('by the names of folders, in whatever order they were met', () => {
    expect(order('folder')).toEqual([2, 0, 1])
  })

  test('by what was asked for: what came since has no place yet', () => {
    table.asked = { by: 'name', keys: Uint32Array.of(4, 2) }
    expect([order('name'), order('name', true)]).toEqual([
      [1, 0, 2],
      [2, 0, 1],
    ])
    table.asked = { by: 'size', keys: Uint32Array.of(4, 2_000) }
    expect([order('size'), order('size', true)]).toEqual([
      [1, 0, 2],
      [2, 0, 1],
    ])
  })

  test('the other way round when the same head is clicked again', () => {
    const once = sortedBy({ by: 'risk', reversed: true }, 'label')
    expect([once, isDescending(once)]).toEqual([{ by: 'label', reversed: false }, false])
    const again = sortedBy(once, 'label')
    expect([again, isDescending(again)]).toEqual([{ by: 'label', reversed: true }, true])
    expect(sortedBy(again, 'label')).toEqual(once)
    expect(isDescending({ by: 'risk', reversed: false })).toBe(true)
  })
})
