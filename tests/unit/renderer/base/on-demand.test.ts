import { expect, test } from 'vitest'
import { createDemand } from '../../../../renderer/base/on-demand.tsx'

test('What is demanded is read in once, when it is first wanted, and who waits is told in the same turn.', async () => {
  let loads = 0
  const arrival = Promise.withResolvers<string>()
  const demand = createDemand(() => {
    loads += 1
    return arrival.promise
  })
  const told: unknown[] = []
  const leave = demand.subscribe(() => told.push(demand.get()))
  demand.subscribe(() => told.push('another'))
  expect([loads, demand.get()]).toEqual([0, { value: null, error: null }])
  demand.begin()
  demand.begin()
  expect([loads, demand.get()]).toEqual([1, { value: null, error: null }])
  leave()
  demand.subscribe(() => told.push(demand.get().value))
  arrival.resolve('there')
  await arrival.promise
  expect(told).toEqual(['another', 'there'])
  demand.begin()
  expect([loads, demand.get()]).toEqual([1, { value: 'there', error: null }])
})

test('What cannot be read in is an error for whoever shows it.', async () => {
  const failure = new Error('the file is gone')
  const demand = createDemand(() => Promise.reject(failure))
  const told = new Promise<void>(resolve => demand.subscribe(() => resolve()))
  demand.begin()
  await told
  expect(demand.get()).toEqual({ value: null, error: failure })
})
