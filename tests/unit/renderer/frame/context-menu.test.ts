import { beforeEach, describe, expect, test } from 'vitest'
import type { Bridge } from '../../../../shared/ipc.ts'
import { columnsOf } from '../state/grid/columns.ts'

Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async () => ({ ok: true, value: null }),
} as Bridge)
const { assetSubject } = await import('../../../../renderer/frame/context-menu.ts')
const grid = await import('../../../../renderer/state/grid/grid.ts')
const { dispatchGrid, useGrid } = grid

const subject = () => assetSubject(useGrid.getState())
const selected = () => [...grid.targets(useGrid.getState())]

beforeEach(() => {
  useGrid.setState(grid.initialGrid)
  dispatchGrid(grid.loadColumns, columnsOf([{ kind: 1 }, { kind: 2, decision: 1 }, { kind: 1 }, {}]))
})

describe('a right click', () => {
  test('on an asset that is not selected is about it alone', () => {
    dispatchGrid(grid.toggleSelected, 0)
    dispatchGrid(grid.toggleSelected, 2)
    dispatchGrid(grid.pointAt, 1)
    expect(useGrid.getState()).toMatchObject({ focus: 1, isPlaced: true })
    expect(selected()).toEqual([1])
    expect(subject()).toEqual({
      of: 'assets',
      count: 1,
      kind: 'text',
      isDecided: true,
      waits: false,
      isUndecoded: false,
      isSelection: false,
    })
  })

  test('on one of those that are selected is about all of them', () => {
    dispatchGrid(grid.toggleSelected, 1)
    dispatchGrid(grid.toggleSelected, 2)
    dispatchGrid(grid.pointAt, 1)
    expect(useGrid.getState().focus).toBe(1)
    expect(selected()).toEqual([1, 2])
    expect(subject()).toEqual({
      of: 'assets',
      count: 2,
      kind: null,
      isDecided: true,
      waits: false,
      isUndecoded: false,
      isSelection: true,
    })
  })
})

test('a menu by key is about what the keys of decisions are about', () => {
  dispatchGrid(grid.focusOn, 0)
  expect(subject()).toEqual({
    of: 'assets',
    count: 1,
    kind: 'image',
    isDecided: false,
    waits: false,
    isUndecoded: false,
    isSelection: false,
  })
  useGrid.setState(grid.initialGrid)
  expect(subject()).toBeNull()
})
