import { expect, test } from 'vitest'
import { createBatchOrder } from '../../../electron/engine/screening/batch-order.ts'
import { memoryStore } from '../ledger/fixture.ts'

test('The batch that was put first last comes first, all that were not are equal, and a restart changes nothing.', () => {
  const store = memoryStore()
  const order = createBatchOrder(store)
  order.putFirst('b_1')
  order.putFirst('b_2')
  order.putFirst('b_1')
  const again = createBatchOrder(store)
  expect(again.list()).toEqual(['b_1', 'b_2'])
  expect(['b_1', 'b_2', 'b_3', 'b_4'].map(again.rankOf)).toEqual([0, 1, 2, 2])
})

test('A damaged order is none.', () => {
  const store = memoryStore()
  store.set('batchOrder', { b_1: 1 })
  expect(createBatchOrder(store).list()).toEqual([])
})
