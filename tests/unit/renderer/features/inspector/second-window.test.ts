import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'
import type { LoupeLook } from '../../../../../shared/loupe.ts'
import { columnsOf } from '../../state/grid/columns.ts'

const calls: { readonly name: CallName; readonly input: unknown }[] = []
const listeners = new Map<string, (event: unknown) => void>()
let isOpen = false
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: (name: string, listener: (event: never) => void) => {
    listeners.set(name, listener as (event: unknown) => void)
    return () => undefined
  },
  invoke: async (name: CallName, input: unknown) => {
    calls.push({ name, input })
    if (name === 'loupe.toggle') isOpen = !isOpen
    return { ok: true, value: { isOpen } }
  },
} as Bridge)
const { connectSecondWindow, lookNow, toggleSecondWindow } = await import(
  '../../../../../renderer/features/inspector/second-window.ts'
)
const { initialApp, useApp } = await import('../../../../../renderer/state/app.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')
const { initialViewState, useViewState } = await import('../../../../../renderer/state/view-state.ts')
const { initialDetail, useDetail } = await import('../../../../../renderer/state/detail.ts')

const shown = () => calls.flatMap(({ name, input }) => (name === 'loupe.show' ? [input as LoupeLook] : []))
const settle = () => vi.waitFor(() => new Promise(next => setTimeout(next)))

connectSecondWindow()
beforeEach(async () => {
  if (isOpen) await toggleSecondWindow()
  useApp.setState({ ...initialApp, ready: true })
  useViewState.setState(initialViewState)
  useDetail.setState(initialDetail)
  grid.useGrid.setState(grid.initialGrid)
  grid.dispatchGrid(grid.loadColumns, columnsOf([{}, {}]))
  grid.dispatchGrid(grid.focusOn, 0)
  await settle()
  calls.length = 0
})

describe('the second window', () => {
  test('is told of the focus as long as it is open, and of nothing otherwise', async () => {
    grid.dispatchGrid(grid.focusOn, 1)
    await settle()
    expect(calls).toEqual([])
    await toggleSecondWindow()
    await settle()
    expect(shown().at(-1)).toMatchObject({ asset: 20, isUncovered: false, part: -1, hit: null })
    grid.dispatchGrid(grid.focusOn, 0)
    await settle()
    expect(shown().at(-1)?.asset).toBe(10)
    listeners.get('loupeClosed')?.({})
    const before = calls.length
    grid.dispatchGrid(grid.focusOn, 1)
    await settle()
    expect(calls).toHaveLength(before)
    isOpen = false
  })

  test('uncovers what is uncovered in the first, and no longer', () => {
    expect(lookNow().isUncovered).toBe(false)
    useViewState.setState({ held: true })
    expect(lookNow().isUncovered).toBe(true)
    useViewState.setState({ held: false, revealed: 10 })
    expect(lookNow().isUncovered).toBe(true)
    // Another asset was.
    useViewState.setState({ revealed: 20 })
    expect(lookNow().isUncovered).toBe(false)
    useViewState.setState({ revealed: null, reviewing: true })
    expect(lookNow().isUncovered).toBe(false)
    useApp.setState({ settings: { ...useApp.getState().settings, reveal: 'stay' } })
    expect(lookNow().isUncovered).toBe(true)
  })

  test('shows nothing while another view is shown', () => {
    useApp.setState({ view: 'settings' })
    expect(lookNow().asset).toBeNull()
  })

  test('reads the asset again when something of it has changed', async () => {
    await toggleSecondWindow()
    await settle()
    const before = shown().at(-1)?.revision ?? -1
    useDetail.setState({ detail: { id: 10 } as never, asset: 10 })
    useDetail.setState({ detail: { id: 10, decision: 'approve' } as never })
    await settle()
    expect(shown().at(-1)?.revision).toBe(before + 1)
  })
})
