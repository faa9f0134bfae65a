import { describe, expect, test } from 'vitest'
import type { PermitResult } from '../../../electron/engine/pacer/contract.ts'
import { createFakeTime, quiet } from './fake-time.ts'
import {
  ask,
  askMany,
  createMachine,
  granted,
  image,
  limitOf,
  nameOf,
  permitOf,
  serveAll,
  stopOf,
  text,
} from './machine.ts'

const evening = Date.UTC(2026, 4, 6, 10, 30)
const midnight = Date.UTC(2026, 4, 6, 16)
const quarterMs = 15 * 60_000
const usedUp: PermitResult = { said: 'day', detail: '45009 reach max api daily quota limit' }

describe('a day that the platform says is over', () => {
  test('stops the endpoint until the reset, those in the queue included, and no other endpoint', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    const asks = await askMany(pacer, image, limitOf(1), 2)
    permitOf(asks[0]!).settle(usedUp)
    await quiet()
    expect(stopOf(asks[1]!)).toEqual({
      kind: 'stop',
      class: 'DAY',
      code: 'quota_day',
      detail: '45009 reach max api daily quota limit',
      untilMs: midnight,
      retryAtMs: evening + quarterMs,
    })
    expect(nameOf((await askMany(pacer, text, limitOf(1), 1))[0]!)).toBe('permit')
  })

  test.each([limitOf(1000), limitOf(null)])('is tried by one call about every 15 minutes (%o)', async limit => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    const other = machine.pacer()
    permitOf((await askMany(pacer, image, limit, 1))[0]!).settle(usedUp)
    await machine.time.run(quarterMs - 1)
    expect(nameOf((await askMany(pacer, image, limit, 1))[0]!)).toBe('DAY')
    await machine.time.run(1)
    const asks = await askMany(pacer, image, limit, 5)
    const others = await askMany(other, image, limit, 5)
    expect(asks.map(nameOf)).toEqual(['permit', 'waiting', 'waiting', 'waiting', 'waiting'])
    expect(granted(others)).toHaveLength(0)

    permitOf(asks[0]!).settle(usedUp)
    await machine.time.run(1_000)
    for (const asked of [...asks.slice(1), ...others])
      expect(stopOf(asked)).toMatchObject({ class: 'DAY', retryAtMs: evening + 2 * quarterMs })
  })

  test('goes on for everybody as soon as such a call was served', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    permitOf((await askMany(pacer, image, limitOf(1000), 1))[0]!).settle(usedUp)
    await machine.time.run(quarterMs)
    const asks = await askMany(pacer, image, limitOf(1000), 5)
    const others = await askMany(machine.pacer(), image, limitOf(1000), 5)
    permitOf(asks[0]!).settle({ said: 'served' })
    await machine.time.run(1_000)
    expect(granted([...asks, ...others])).toHaveLength(10)
  })

  test('is tried at the reset, and stays over when the platform resets at another hour', async () => {
    using machine = createMachine(createFakeTime(midnight - 60_000))
    const pacer = machine.pacer()
    permitOf((await askMany(pacer, image, limitOf(1000), 1))[0]!).settle(usedUp)
    await machine.time.run(60_000)
    const asks = await askMany(pacer, image, limitOf(1000), 3)
    expect(asks.map(nameOf)).toEqual(['permit', 'waiting', 'waiting'])
    permitOf(asks[0]!).settle(usedUp)
    await quiet()
    expect(stopOf(asks[1]!)).toMatchObject({ untilMs: midnight + 86_400_000, retryAtMs: midnight + quarterMs })
  })

  test('a trial that taught nothing is followed by the next', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    permitOf((await askMany(pacer, image, limitOf(1000), 1))[0]!).settle(usedUp)
    await machine.time.run(quarterMs)
    const asks = await askMany(pacer, image, limitOf(1000), 3)
    permitOf(asks[0]!).settle({ said: 'nothing' })
    await quiet()
    expect(asks.map(nameOf)).toEqual(['permit', 'permit', 'waiting'])
  })

  test('a trial by a process that was killed holds nobody up for longer than a call may take', async () => {
    using machine = createMachine(createFakeTime(evening))
    const killed = machine.pacer()
    permitOf((await askMany(killed, image, limitOf(1000), 1))[0]!).settle(usedUp)
    await machine.time.run(quarterMs)
    await askMany(killed, image, limitOf(1000), 1)
    const [asked] = await askMany(machine.pacer(), image, limitOf(1000), 1)
    await machine.time.run(29_000)
    expect(nameOf(asked!)).toBe('waiting')
    await machine.time.run(2_000)
    expect(nameOf(asked!)).toBe('permit')
  })

  test('late replies of the same burst do not put the next trial off', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    const asks = await askMany(pacer, image, limitOf(1000), 3)
    permitOf(asks[0]!).settle(usedUp)
    await machine.time.run(5_000)
    permitOf(asks[1]!).settle(usedUp)
    permitOf(asks[2]!).settle({ said: 'served' }) // counted by the platform just before the end
    await quiet()
    expect(stopOf((await askMany(pacer, image, limitOf(1000), 1))[0]!).retryAtMs).toBe(evening + quarterMs)
  })
})

describe('what a person must change', () => {
  const config = { class: 'CONFIG', code: 'ip_not_allowed', detail: '203.0.113.7' } as const

  test('stops the whole appid in all processes until it is released', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    const other = machine.pacer()
    const waiting = (await askMany(other, text, limitOf(1), 2))[1]!
    pacer.hold({ appid: image.appid, endpoint: null }, config)
    await machine.time.run(1_000)
    expect(stopOf(waiting)).toEqual({ kind: 'stop', ...config, untilMs: null, retryAtMs: null })
    await machine.time.run(48 * 3_600_000)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('CONFIG')
    expect(nameOf((await askMany(pacer, { ...image, appid: 'wx2' }, limitOf(5), 1))[0]!)).toBe('permit')
    other.release(image)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('permit')
  })

  test('survives the process', async () => {
    using machine = createMachine()
    const before = machine.pacer()
    before.hold(image, config)
    before.close()
    const after = machine.pacer()
    expect(nameOf((await askMany(after, image, limitOf(5), 1))[0]!)).toBe('CONFIG')
    expect(after.status()).toMatchObject([{ held: { class: 'CONFIG', code: 'ip_not_allowed' } }])
  })

  test('stops a process that goes on from its lease, within moments', async () => {
    using machine = createMachine()
    const leasing = machine.pacer()
    serveAll(await askMany(leasing, image, limitOf(null), 3))
    machine.pacer().hold(image, config)
    await machine.time.run(250)
    expect(nameOf((await askMany(leasing, image, limitOf(null), 1))[0]!)).toBe('CONFIG')
  })

  test('comes before what ends by itself', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    pacer.hold(image, { class: 'WAIT_H', code: 'admin_refused', detail: '89507', durationMs: 3_600_000 })
    pacer.hold({ appid: image.appid, endpoint: null }, config)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('CONFIG')
  })
})

describe("an administrator's refusal", () => {
  const hour = { class: 'WAIT_H', code: 'admin_refused', detail: '89507', durationMs: 3_600_000 } as const

  test('stops for its hour and ends by itself', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    pacer.hold({ appid: image.appid, endpoint: null }, hour)
    const [asked] = await askMany(pacer, image, limitOf(5), 1)
    expect(stopOf(asked!)).toMatchObject({ untilMs: evening + 3_600_000, retryAtMs: evening + 3_600_000 })
    await machine.time.run(3_600_000)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('permit')
  })

  test('lasts no longer when the system clock is set back', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    pacer.hold(image, hour)
    machine.time.setClockBy(-40 * 86_400_000)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('WAIT_H')
    await machine.time.run(3_600_000)
    expect(nameOf((await askMany(pacer, image, limitOf(5), 1))[0]!)).toBe('permit')
  })
})

describe('a minute that the platform says is over', () => {
  test.each([limitOf(1000), limitOf(null)])('makes all processes back off and then go on (%o)', async limit => {
    using machine = createMachine()
    const pacer = machine.pacer()
    const other = machine.pacer()
    permitOf((await askMany(pacer, image, limit, 1))[0]!).settle({ said: 'minute' })
    await quiet()
    const asks = [...(await askMany(pacer, image, limit, 2)), ...(await askMany(other, image, limit, 2))]
    await machine.time.run(37_400) // between 15 and 60 s; half-way here
    expect(granted(asks)).toHaveLength(0)
    expect(other.status()[0]?.backoffUntilMs).toBe(machine.time.clock.now() + 100)
    await machine.time.run(200)
    expect(granted(asks)).toHaveLength(4)
  })

  test('lowers the limit by a fifth, once for all calls that were under way, and it recovers by the minute', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    const asks = await askMany(pacer, image, limitOf(100), 20)
    for (const asked of asks) permitOf(asked).settle({ said: 'minute' })
    await quiet()
    const other = machine.pacer()
    expect(other.status()).toMatchObject([{ factor: 0.8, perMinute: 80 }])
    await machine.time.run(61_000)
    expect(other.status()).toMatchObject([{ factor: 0.85, perMinute: 85 }])
    expect(granted(await askMany(pacer, image, limitOf(100), 120))).toHaveLength(85)
    await machine.time.run(3 * 60_000)
    expect(other.status()).toMatchObject([{ factor: 1, perMinute: 100 }])
  })

  test('never lowers the limit below three tenths', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    for (let strikes = 0; strikes < 12; strikes += 1) {
      permitOf((await askMany(pacer, image, limitOf(1000), 1))[0]!).settle({ said: 'minute' })
      await machine.time.run(40_000)
    }
    expect(pacer.status()).toMatchObject([{ factor: 0.3, perMinute: 300 }])
  })

  test('a person waiting is let go in time: the back-off does not stop the cancel', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    permitOf((await askMany(pacer, image, limitOf(10), 1))[0]!).settle({ said: 'minute' })
    const asked = ask(pacer, image, limitOf(10), 'interactive')
    await quiet()
    asked.cancel()
    await quiet()
    expect(nameOf(asked)).toBe('rejected')
  })
})
