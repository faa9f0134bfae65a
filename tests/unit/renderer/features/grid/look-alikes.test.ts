import { notificationsStore } from '@mantine/notifications'
import { beforeEach, describe, expect, test } from 'vitest'
import { gridKinds } from '../../../../../shared/grid.ts'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'
import type { LookAlikes } from '../../../../../shared/look-alikes.ts'
import { columnsOf } from '../../state/grid/columns.ts'

/** What the command comes to: what is asked of the main process, what is shown, and what the person is told. */

let asked: string[] = []
let unread = 3
let answer = Promise.withResolvers<LookAlikes>()
const bridge = {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async (name: CallName) => {
    asked.push(name)
    if (name === 'grid.rows') return { ok: true, value: [{ path: 'posters/spring.png' }] }
    if (name === 'asset.looksPrice') return { ok: true, value: { unread, perMinute: 100 } }
    if (name === 'asset.looksLike') return { ok: true, value: await answer.promise }
    return { ok: true, value: null }
  },
} as unknown as Bridge
Reflect.set(globalThis, 'prescreen', bridge)
const { beginLooking, lookAlike, showFound, stopLooking, useLooking } = await import(
  '../../../../../renderer/features/grid/look-alikes.ts'
)
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')
const { dispatchGrid, useGrid } = grid

const said = () => {
  const { notifications, queue } = notificationsStore.getState()
  return [...notifications, ...queue].at(-1)?.message
}
const idAt = (position: number) => useGrid.getState().table?.id[position] ?? 0
const found = (positions: readonly number[], unreadable = 0): LookAlikes => ({
  kind: 'found',
  assets: Float64Array.from(positions, idAt),
  unreadable,
})
const [image, text] = [gridKinds.indexOf('image'), gridKinds.indexOf('text')]

beforeEach(async () => {
  await i18n.changeLanguage('en')
  notificationsStore.setState(state => ({ ...state, notifications: [], queue: [] }))
  useLooking.setState({ now: { kind: 'nothing' } })
  useGrid.setState(grid.initialGrid)
  asked = []
  unread = 3
  answer = Promise.withResolvers()
  dispatchGrid(grid.loadColumns, columnsOf([{ kind: image }, { kind: image }, { kind: text }, { kind: image }]))
  dispatchGrid(grid.focusOn, 1)
})

describe('show what looks like this', () => {
  test('shows them under a filter that says so, and how many could not be compared', async () => {
    answer.resolve(found([1, 3], 2))
    await lookAlike()
    expect([...useGrid.getState().order]).toEqual([1, 3])
    expect(useGrid.getState().filter.like).toMatchObject({ asset: idAt(1), name: 'spring.png' })
    expect(said()).toBe(
      '2 look like spring.png. 2 images could not be compared: their files are gone or changed, or they are from addresses.',
    )
    expect(useLooking.getState().now.kind).toBe('nothing')
  })

  test('asks before it begins with more than is read in a moment', async () => {
    unread = 1_001
    await lookAlike()
    expect(useLooking.getState().now).toMatchObject({ kind: 'asking', price: { unread: 1_001, perMinute: 100 } })
    expect(asked).not.toContain('asset.looksLike')
    answer.resolve(found([1, 0]))
    await beginLooking({ asset: idAt(1), name: 'spring.png' })
    expect([...useGrid.getState().order]).toEqual([1, 0])
  })

  test('changes nothing under somebody who has gone on, and offers it', async () => {
    const looking = lookAlike()
    await Promise.resolve()
    dispatchGrid(grid.focusOn, 0)
    answer.resolve(found([1, 3]))
    await looking
    expect(useGrid.getState().order).toHaveLength(4)
    expect(useLooking.getState().now).toMatchObject({ kind: 'found', name: 'spring.png' })
    showFound()
    expect([...useGrid.getState().order]).toEqual([1, 3])
    expect(useGrid.getState().focus).toBe(1)
  })

  test('can be stopped, and what comes after that is not shown', async () => {
    const looking = beginLooking({ asset: idAt(1), name: 'spring.png' })
    stopLooking()
    expect(asked).toContain('asset.cancelLooks')
    answer.resolve(found([1, 3]))
    await looking
    expect(useGrid.getState().order).toHaveLength(4)
  })

  test('says why nothing is shown', async () => {
    dispatchGrid(grid.focusOn, 2)
    await lookAlike()
    expect(said()).toBe('Only images can be compared by their looks.')
    expect(asked).toEqual([])
    dispatchGrid(grid.focusOn, 1)
    answer.resolve(found([1]))
    await lookAlike()
    expect(said()).toBe('No other image of this batch looks like spring.png.')
    answer = Promise.withResolvers()
    answer.resolve({ kind: 'plain' })
    await lookAlike()
    expect(said()).toBe('spring.png is too plain to be compared with other images.')
    expect(useGrid.getState().order).toHaveLength(4)
  })
})
