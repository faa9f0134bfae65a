import { notificationsStore } from '@mantine/notifications'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bridge, CallName, FileAct } from '../../../../../shared/ipc.ts'
import { columnsOf } from '../../state/grid/columns.ts'

const calls: { readonly name: CallName; readonly input: unknown }[] = []
let act: FileAct = { did: 'opened', why: null }
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async (name: CallName, input: unknown) => {
    calls.push({ name, input })
    return { ok: true, value: act }
  },
} as Bridge)
const { fileCommands } = await import('../../../../../renderer/features/files/actions.ts')
const { i18n } = await import('../../../../../renderer/base/i18n/index.ts')
const grid = await import('../../../../../renderer/state/grid/grid.ts')

const notices = () => {
  const { notifications, queue } = notificationsStore.getState()
  return [...notifications, ...queue].map(({ message }) => message)
}
const settle = () => new Promise(next => setTimeout(next))

beforeEach(async () => {
  await i18n.changeLanguage('en')
  calls.length = 0
  grid.useGrid.setState(grid.initialGrid)
  grid.dispatchGrid(grid.loadColumns, columnsOf([{}, {}]))
  grid.dispatchGrid(grid.focusOn, 1)
})

describe('a file', () => {
  test('that is opened needs no words', async () => {
    act = { did: 'opened', why: null }
    fileCommands.openFile()
    await settle()
    expect(calls).toEqual([{ name: 'asset.open', input: { asset: 20 } }])
    expect(notices()).toEqual([])
  })

  test('that is only shown in its folder is said to be, with the reason', async () => {
    act = { did: 'shown', why: 'could_run' }
    fileCommands.openFile()
    await settle()
    expect(notices()).toEqual([expect.stringContaining('may run something')])
  })

  test('is that of the focus; without one nothing is asked for', async () => {
    grid.useGrid.setState(grid.initialGrid)
    fileCommands.showInFolder()
    await settle()
    expect(calls).toEqual([])
  })
})
