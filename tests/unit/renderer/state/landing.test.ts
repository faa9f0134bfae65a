import { beforeEach, expect, test, vi } from 'vitest'
import type { Bridge, Events } from '../../../../shared/ipc.ts'
import type { BatchSummary } from '../../../../shared/screening.ts'
import { columnsOf } from './grid/columns.ts'

/** Where the focus is when a person comes to the grid, and when a batch ends. */

const batch = 'b_0000000000'
const bridge: Pick<Bridge, 'pathOf' | 'on'> & { readonly invoke: unknown } = {
  pathOf: () => '',
  on: (_name: keyof Events) => () => undefined,
  invoke: async () => ({ ok: false, error: { code: 'internal', detail: '' } }),
}
Reflect.set(globalThis, 'prescreen', bridge)
let keys = 'button'
vi.stubGlobal('document', {
  querySelector: (selector: string) =>
    selector === '[role=grid]'
      ? {
          focus: () => {
            keys = 'grid'
          },
        }
      : null,
})
const { connectGrid } = await import('../../../../renderer/state/grid/live.ts')
const { initialApp, useApp } = await import('../../../../renderer/state/app.ts')
const { everything } = await import('../../../../renderer/state/grid/filter.ts')
const { dispatchGrid, focusOn, initialGrid, loadColumns, useGrid } = await import(
  '../../../../renderer/state/grid/grid.ts'
)
const { chosenBy, goToBatch, goToView, showFiltered } = await import('../../../../renderer/state/landing.ts')

const risky = 6
const summary = (state: BatchSummary['state']) => ({ id: batch, state, walked: true }) as BatchSummary

connectGrid()
beforeEach(() => {
  keys = 'button'
  useApp.setState({ ...initialApp, batch, batches: [summary('running')] })
  useGrid.setState(initialGrid)
  dispatchGrid(loadColumns, columnsOf([{ outcome: 2 }, { outcome: risky }, { outcome: 2 }]))
})

test('A view gives the keys to the grid and its focus to the first work.', () => {
  dispatchGrid(focusOn, 2)
  goToView({ ...everything, outcome: ['risky', 'pass'] })
  expect(useGrid.getState().focus).toBe(1)
  expect(keys).toBe('grid')
})

test('A tab that is pressed by key keeps the keys, so that the next can be pressed too.', () => {
  dispatchGrid(focusOn, 2)
  showFiltered({ ...everything, outcome: ['risky', 'pass'] }, chosenBy({ detail: 0 }))
  expect(useGrid.getState().focus).toBe(1)
  expect(keys).toBe('button')
  showFiltered(everything, chosenBy({ detail: 1 }))
  expect(keys).toBe('grid')
})

test('The batch that is open already is landed on as well.', () => {
  dispatchGrid(focusOn, 2)
  goToBatch(batch)
  expect(useGrid.getState().focus).toBe(1)
  expect(keys).toBe('grid')
})

test.each(['done', 'cancelled', 'interrupted'] as const)('A batch that is %s lands on its work.', state => {
  useGrid.setState({ focus: 2, isPlaced: false })
  useApp.setState({ batches: [summary('paused')] })
  expect(useGrid.getState().focus).toBe(2)
  useApp.setState({ batches: [summary(state)] })
  expect(useGrid.getState().focus).toBe(1)
  expect(keys).toBe('button')
})

test('A batch that goes on is not taken for one that has ended.', () => {
  useApp.setState({ batches: [summary('done')] })
  useApp.setState({ batches: [summary('running')] })
  expect(useGrid.getState().hasEnded).toBe(false)
})
