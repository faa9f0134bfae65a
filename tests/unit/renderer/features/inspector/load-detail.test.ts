import { beforeEach, expect, test, vi } from 'vitest'
import type { Bridge, CallName } from '../../../../../shared/ipc.ts'

vi.mock('@mantine/notifications', () => ({ notifications: { hide: () => undefined, show: () => undefined } }))

/** Answers are given by hand, in any order. */
let answers: ((text: string) => void)[] = []
async function open() {
  vi.resetModules()
  answers = []
  Reflect.set(globalThis, 'prescreen', {
    pathOf: () => '',
    on: () => () => undefined,
    invoke: (name: CallName) =>
      new Promise(resolve => {
        if (name === 'asset.detail') answers.push(text => resolve({ ok: true, value: { id: 5, text } }))
      }),
  } as unknown as Bridge)
  const { refresh } = await import('../../../../../renderer/features/inspector/load-detail.ts')
  const { useDetail } = await import('../../../../../renderer/state/detail.ts')
  useDetail.setState({ asset: 5 })
  return { refresh, text: () => useDetail.getState().detail?.text }
}
const settle = () => new Promise(resolve => setTimeout(resolve))
beforeEach(() => vi.restoreAllMocks())

test('of two answers about one asset the one asked for last stays, whichever comes last', async () => {
  const { refresh, text } = await open()
  refresh(5)
  refresh(5)
  answers[1]?.('new')
  await settle()
  answers[0]?.('old')
  await settle()
  expect(text()).toBe('new')
})

test('an answer is shown though a newer one is on its way: an asset that keeps changing is not kept from sight', async () => {
  const { refresh, text } = await open()
  refresh(5)
  refresh(5)
  answers[0]?.('old')
  await settle()
  expect(text()).toBe('old')
  answers[1]?.('new')
  await settle()
  expect(text()).toBe('new')
})
