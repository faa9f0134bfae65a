import { beforeEach, describe, expect, test } from 'vitest'
import { gridDecisions } from '../../../../shared/grid.ts'
import type { Bridge, CallName } from '../../../../shared/ipc.ts'
import { columnsOf, deltaOf } from './grid/columns.ts'

/** What is compared, and that keys are about the focused pane alone meanwhile. */

const calls: unknown[] = []
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async (name: CallName, input: unknown) => {
    if (name === 'review.decide') calls.push(input)
    return { ok: true, value: name === 'review.decide' ? { changed: 1 } : null }
  },
} as unknown as Bridge)
const comparing = await import('../../../../renderer/state/comparing.ts')
const { decide, inTurn, toggleReason } = await import('../../../../renderer/features/review/decide.ts')
const { initialApp, useApp } = await import('../../../../renderer/state/app.ts')
const grid = await import('../../../../renderer/state/grid/grid.ts')
const { everything } = await import('../../../../renderer/state/grid/filter.ts')
const { beginComparing, choiceOf, endComparing, isComparing, stepPane, connectComparing } = comparing
const { dispatchGrid, useGrid } = grid

const select = (...positions: readonly number[]) => {
  for (const position of positions) dispatchGrid(grid.toggleSelected, position)
}
const settle = () => new Promise<void>(done => inTurn(async () => done()))

connectComparing()
beforeEach(() => {
  endComparing()
  calls.length = 0
  useApp.setState({ ...initialApp, batch: 'b_0000000000' })
  useGrid.setState(grid.initialGrid)
  dispatchGrid(grid.loadColumns, columnsOf(Array.from({ length: 6 }, (_, at) => ({ content: at < 3 ? 5 : 0 }))))
})

describe('what is compared', () => {
  test('are two to four selected, in the order shown, and otherwise it is said what to do', () => {
    select(3, 1)
    expect(choiceOf(useGrid.getState(), 1)).toEqual({ of: 'assets', positions: [1, 3] })
    select(0, 2, 4)
    expect(choiceOf(useGrid.getState(), 1)).toEqual({ of: 'many', count: 5 })
  })

  test('is one asset under its profiles where it is alone and has several', () => {
    dispatchGrid(grid.focusOn, 2)
    expect(choiceOf(useGrid.getState(), 2)).toEqual({ of: 'profiles', positions: [2] })
    expect(choiceOf(useGrid.getState(), 1)).toEqual({ of: 'few', count: 0 })
    select(4)
    expect(choiceOf(useGrid.getState(), 2)).toEqual({ of: 'profiles', positions: [4] })
  })

  test('counts a stack as one', () => {
    dispatchGrid(grid.setStacking, true)
    select(0, 4)
    expect(useGrid.getState().selected.count).toBe(4)
    expect(choiceOf(useGrid.getState(), 1)).toEqual({ of: 'assets', positions: [0, 4] })
  })
})

describe('comparing', () => {
  test('decides about the focused pane alone, goes on to the next of them, and gives the selection back', async () => {
    select(1, 3, 4)
    beginComparing('assets', [1, 3, 4])
    dispatchGrid(grid.focusOn, 3)
    decide('reject')
    await settle()
    expect(calls).toEqual([{ assets: [40], decision: 'reject', reason: null }])
    expect(useGrid.getState().focus).toBe(4)
    decide('approve')
    expect(useGrid.getState().focus).toBe(1)
    const decided = { decision: gridDecisions.indexOf('approve') }
    dispatchGrid(
      grid.takeDelta,
      deltaOf(1, [
        { position: 3, ...decided },
        { position: 4, ...decided },
      ]),
    )
    decide('approve')
    await settle()
    // Nothing undecided is left beside it, and no other asset of the batch gets the keys.
    expect(useGrid.getState().focus).toBe(1)
    expect(isComparing()).toBe(true)
    endComparing()
    expect(useGrid.getState().selected.count).toBe(3)
  })

  test('completes a decision with its reason as anywhere else', async () => {
    useApp.setState(state => ({ settings: { ...state.settings, reasons: ['夸大'] } }))
    beginComparing('assets', [1, 3])
    decide('reject')
    toggleReason(1)
    await settle()
    expect(calls.at(-1)).toEqual({ assets: [20], decision: 'reject', reason: 1 })
  })

  test('keeps its panes where a decision takes one out of the filter', () => {
    dispatchGrid(grid.setFilter, { ...everything, decision: ['undecided'] })
    beginComparing('assets', [1, 3])
    dispatchGrid(grid.takeDelta, deltaOf(1, [{ position: 1, decision: 1 }]))
    dispatchGrid(grid.refreshOrder, null)
    expect(useGrid.getState().focus).toBe(1)
    expect(isComparing()).toBe(true)
  })

  test('goes from pane to pane and stops at the last', () => {
    beginComparing('assets', [1, 3])
    stepPane(1)
    stepPane(1)
    expect(useGrid.getState().focus).toBe(3)
    stepPane(-1)
    expect(useGrid.getState().focus).toBe(1)
  })

  test('ends with its batch, its view, and where the focus is taken elsewhere', () => {
    for (const leave of [
      () => dispatchGrid(grid.focusOn, 5),
      () => useApp.setState({ view: 'history' }),
      () => useApp.setState({ batch: 'b_1111111111', view: 'grid' }),
    ]) {
      beginComparing('assets', [1, 3])
      leave()
      expect(isComparing()).toBe(false)
      expect(useGrid.getState().within).toBeNull()
      useApp.setState({ batch: 'b_0000000000', view: 'grid' })
    }
  })
})
