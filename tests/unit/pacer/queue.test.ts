import { expect, test } from 'vitest'
import { PacerClosed } from '../../../electron/engine/pacer/contract.ts'
import { quiet } from './fake-time.ts'
import { ask, askMany, createMachine, granted, image, limitOf, nameOf, permitOf, serveAll, text } from './machine.ts'

test('interactive checks overtake batch checks that wait longer', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  serveAll(await askMany(pacer, image, limitOf(2), 2))
  const batch = await askMany(pacer, image, limitOf(2), 3)
  const interactive = ask(pacer, image, limitOf(2), 'interactive')
  await machine.time.run(60_100)
  expect(nameOf(interactive)).toBe('permit')
  expect(batch.map(nameOf)).toEqual(['permit', 'waiting', 'waiting'])
})

test('within a priority the first come is served first', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const asks = await askMany(pacer, image, limitOf(3), 5)
  expect(asks.map(nameOf)).toEqual(['permit', 'permit', 'permit', 'waiting', 'waiting'])
})

test('cancelling takes effect at once, and its place goes to the next', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  serveAll(await askMany(pacer, image, limitOf(1), 1))
  const cancelled = ask(pacer, image, limitOf(1))
  const next = ask(pacer, image, limitOf(1))
  await quiet()
  cancelled.cancel()
  await quiet()
  expect(cancelled.outcome()).toMatchObject({ rejected: { message: 'cancelled by the test' } })
  await machine.time.run(60_100)
  expect(nameOf(next)).toBe('permit')
})

test('a signal that has aborted before gets no permit, though there is room', async () => {
  using machine = createMachine()
  const reason = new Error('too late')
  const waiting = machine.pacer().acquire(image, limitOf(5), { priority: 'batch', signal: AbortSignal.abort(reason) })
  await expect(waiting).rejects.toBe(reason)
})

test.each([limitOf(5), limitOf(null)])('a paused pacer lets nobody go, a resumed one at once (%o)', async limit => {
  using machine = createMachine()
  const pacer = machine.pacer()
  serveAll(await askMany(pacer, image, limit, 2)) // so that without a limit there is a lease
  pacer.pause()
  const asks = await askMany(pacer, image, limit, 2)
  await machine.time.run(300_000)
  expect(asks.map(nameOf)).toEqual(['waiting', 'waiting'])
  pacer.resume()
  await quiet()
  expect(asks.map(nameOf)).toEqual(['permit', 'permit'])
})

test('a paused process leaves the whole limit to the others', async () => {
  using machine = createMachine()
  const pausing = machine.pacer()
  const working = machine.pacer()
  serveAll(await askMany(working, image, limitOf(10), 10))
  await askMany(pausing, image, limitOf(10), 10)
  pausing.pause()
  const asks = await askMany(working, image, limitOf(10), 10)
  await machine.time.run(60_060)
  expect(granted(asks)).toHaveLength(10)
})

test('callers of one key may have different shares; the smaller does not hold up the larger', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const small = await askMany(pacer, image, limitOf(10, null, 20), 4)
  const large = await askMany(pacer, image, limitOf(10, null, 50), 4)
  expect(granted(small)).toHaveLength(2)
  expect(granted(large)).toHaveLength(3)
})

test('closing refuses those in the queue and everybody after them', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const asks = await askMany(pacer, image, limitOf(1), 2)
  pacer.close()
  await quiet()
  expect(asks[1]?.outcome()).toEqual({ rejected: expect.any(PacerClosed) })
  await expect(
    pacer.acquire(image, limitOf(1), { priority: 'batch', signal: new AbortController().signal }),
  ).rejects.toBeInstanceOf(PacerClosed)
  expect(() => permitOf(asks[0]!).settle({ said: 'served' })).not.toThrow()
})

test('the status tells what other processes use, too', async () => {
  using machine = createMachine()
  const working = machine.pacer()
  const looking = machine.pacer()
  await askMany(working, image, limitOf(20, 500, 50), 12)
  serveAll(await askMany(working, text, limitOf(null), 3))
  expect(looking.status()).toMatchObject([
    { key: image, lastMinute: 10, perMinute: 10, dayUsed: 10, perDay: 250, factor: 1, held: null, waiting: 0 },
    { key: text, perMinute: null, perDay: null },
  ])
  expect(working.status()).toMatchObject([{ waiting: 2 }, { dayUsed: 3, lastMinute: 3 }])
  await machine.time.run(2_000) // within moments the lease is given back
  expect(looking.status()).toMatchObject([{}, { dayUsed: 3, lastMinute: 3 }])
})
