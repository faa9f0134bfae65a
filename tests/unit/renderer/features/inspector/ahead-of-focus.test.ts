import { beforeEach, expect, test, vi } from 'vitest'
import type { Bridge, CallName, Events } from '../../../../../shared/ipc.ts'
import { columnsOf, deltaOf } from '../../state/grid/columns.ts'

/** The details of what was looked ahead at are there with the focus, and are not asked for again unless something has changed. */

const asked: number[] = []
let tell: (delta: Events['grid']) => void = () => undefined
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: (name: keyof Events, listener: (delta: Events['grid']) => void) => {
    if (name === 'grid') tell = listener
    return () => undefined
  },
  invoke: async (name: CallName, { asset }: { readonly asset: number }) => {
    if (name === 'asset.detail') asked.push(asset)
    return { ok: true, value: { id: asset } }
  },
} as unknown as Bridge)
const { connectInspector } = await import('../../../../../renderer/features/inspector/load-detail.ts')
const { lookAhead } = await import('../../../../../renderer/features/inspector/look-ahead.ts')
const { connectGrid } = await import('../../../../../renderer/state/grid/live.ts')
const { dispatchGrid, focusOn, initialGrid, loadColumns, useGrid } = await import(
  '../../../../../renderer/state/grid/grid.ts'
)
const { useDetail } = await import('../../../../../renderer/state/detail.ts')

vi.useFakeTimers()
connectGrid()
connectInspector()
beforeEach(async () => {
  useGrid.setState(initialGrid)
  dispatchGrid(loadColumns, columnsOf([{}, {}, {}]))
  await vi.runAllTimersAsync()
  asked.length = 0
})

test('What was looked ahead at is shown with the focus, at once and without a second question.', async () => {
  await lookAhead([20], () => null)
  expect(asked).toEqual([20])
  dispatchGrid(focusOn, 1)
  expect(useDetail.getState().detail?.id).toBe(20)
  await vi.runAllTimersAsync()
  expect(asked).toEqual([20])
})

test('What has changed since is read again.', async () => {
  await lookAhead([30], () => null)
  tell(deltaOf(1, [{ position: 2, outcome: 6 }]))
  dispatchGrid(focusOn, 2)
  expect(useDetail.getState().detail).toBeNull()
  await vi.runAllTimersAsync()
  expect(asked).toEqual([30, 30])
})
