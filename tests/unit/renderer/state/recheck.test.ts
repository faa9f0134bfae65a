import { beforeEach, expect, test, vi } from 'vitest'
import type { BatchSummary } from '../../../../shared/screening.ts'

const id = 'b_0000000000'
const tally = { assets: 9, pending: 0, awaiting: 0, pass: 5, rules_only: 0, review: 0, risky: 0, unchecked: 4 }
const summary = (state: BatchSummary['state'], counts: Partial<typeof tally> = {}) =>
  ({ id, state, createdAt: 1, tally: { ...tally, ...counts } }) as BatchSummary

let answer: BatchSummary = summary('running')
let beforeAnswer: () => void = () => undefined
Reflect.set(globalThis, 'prescreen', {
  pathOf: () => '',
  on: () => () => undefined,
  invoke: async () => {
    beforeAnswer()
    return { ok: true, value: answer }
  },
})
const said: string[] = []
vi.doMock('../../../../renderer/base/notices.ts', () => ({
  tellDone: (message: string) => said.push(message),
  tellProblem: () => undefined,
}))
const { dispatch, initialApp, upsertBatch, useApp } = await import('../../../../renderer/state/app.ts')
const { recheckBatch } = await import('../../../../renderer/state/recheck.ts')

beforeEach(() => {
  said.length = 0
  answer = summary('running', { unchecked: 0, pending: 4 })
  beforeAnswer = () => undefined
  useApp.setState({ ...initialApp, batch: id, batches: [summary('done')] })
})

test('A recheck says how many it was about and how many are still not checked, once all of them have ended.', async () => {
  await recheckBatch(id, null)
  expect(said).toEqual([])
  dispatch(upsertBatch, summary('running', { unchecked: 2, pending: 2 }))
  expect(said).toEqual([])
  dispatch(upsertBatch, summary('done'))
  expect(said).toEqual(['已重新检查 4 项：4 项仍未检'])
  dispatch(upsertBatch, summary('done', { unchecked: 0, pass: 9 }))
  expect(said).toHaveLength(1)
})

test('A recheck that ends before its answer comes is told too, by what came to be.', async () => {
  beforeAnswer = () => dispatch(upsertBatch, summary('done', { unchecked: 0, pass: 9 }))
  await recheckBatch(id, null)
  expect(said).toEqual(['已重新检查 4 项：都有了结论'])
})

test('A recheck of single assets of a batch that is not in the grid says no more than it can know.', async () => {
  await recheckBatch(id, [7])
  dispatch(upsertBatch, summary('done'))
  expect(said).toEqual(['已重新检查 1 项'])
})
