import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detailOf } from '../../../electron/engine/base/detail.ts'
import { createCalendar } from '../../../electron/engine/pacer/day.ts'
import { createFakeTime, quiet } from './fake-time.ts'
import { ask, askMany, createMachine, granted, image, limitOf, nameOf, permitOf, serveAll, stopOf } from './machine.ts'

/** 18:30 in China. */
const evening = Date.UTC(2026, 4, 6, 10, 30)
/** 00:00 in China, five and a half hours later. */
const midnight = Date.UTC(2026, 4, 6, 16)

describe('the calendar', () => {
  test('begins at the hour that the setting names', () => {
    const calendar = createCalendar('Asia/Shanghai', 6)
    const sixInShanghai = Date.UTC(2026, 10, 20, 22)
    expect(calendar(sixInShanghai - 1)).toEqual({ name: '2026-11-20', endsMs: sixInShanghai })
    expect(calendar(sixInShanghai)).toEqual({ name: '2026-11-21', endsMs: sixInShanghai + 24 * 3_600_000 })
  })

  test('ends the day at midnight in China', () => {
    const calendar = createCalendar('Asia/Shanghai')
    expect(calendar(evening)).toEqual({ name: '2026-05-06', endsMs: midnight })
    expect(calendar(midnight)).toEqual({ name: '2026-05-07', endsMs: midnight + 86_400_000 })
    expect(calendar(midnight - 1).name).toBe('2026-05-06')
  })

  test('is right where a day has 23 or 25 hours, or begins at 01:00', () => {
    expect(createCalendar('Europe/Berlin')(Date.UTC(2026, 2, 29, 10)).endsMs).toBe(Date.UTC(2026, 2, 29, 22))
    expect(createCalendar('Europe/Berlin')(Date.UTC(2026, 9, 25, 10)).endsMs).toBe(Date.UTC(2026, 9, 25, 23))
    expect(createCalendar('America/Santiago')(Date.UTC(2026, 8, 5, 12)).endsMs).toBe(Date.UTC(2026, 8, 6, 4))
  })

  test('names one day from its first to its last millisecond, also when asked in any order', () => {
    const calendar = createCalendar('Asia/Shanghai')
    fc.assert(
      // From 1992 on: until the year before, China had summer time, and the expectation below has not.
      fc.property(fc.integer({ min: Date.UTC(1992, 0), max: 4_000_000_000_000 }), now => {
        const day = calendar(now)
        expect(day.name).toBe(new Date(now + 8 * 3_600_000).toISOString().slice(0, 10))
        expect(day.endsMs).toBeGreaterThan(now)
        expect(calendar(day.endsMs - 1).name).toBe(day.name)
        expect(calendar(day.endsMs).name).not.toBe(day.name)
      }),
    )
  })

  test('refuses a zone that does not exist', () => {
    expect(() => createCalendar('Asia/Nowhere')).toThrow(RangeError)
  })
})

describe('the daily count', () => {
  test.each([
    ['with', 1000],
    ['without', null],
  ])('holds for all processes together, %s a minute limit', async (_, perMinute) => {
    using machine = createMachine(createFakeTime(evening))
    const asks = [
      ...(await askMany(machine.pacer(), image, limitOf(perMinute, 40), 30)),
      ...(await askMany(machine.pacer(), image, limitOf(perMinute, 40), 30)),
    ]
    expect(granted(asks)).toHaveLength(40)
    expect(stopOf(asks.at(-1)!)).toEqual({
      kind: 'stop',
      class: 'DAY',
      code: 'quota_day',
      detail: detailOf('used_of_day', { count: 40, limit: 40 }),
      untilMs: midnight,
      retryAtMs: midnight,
    })
  })

  test('begins anew at the reset', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    serveAll(await askMany(pacer, image, limitOf(null, 10), 10))
    await machine.time.run(midnight - evening - 1)
    expect(nameOf((await askMany(pacer, image, limitOf(null, 10), 1))[0]!)).toBe('DAY')
    await machine.time.run(1)
    expect(granted(await askMany(pacer, image, limitOf(null, 10), 12))).toHaveLength(10)
  })

  test('knows the share', async () => {
    using machine = createMachine()
    const asks = await askMany(machine.pacer(), image, limitOf(null, 100, 25), 40)
    expect(granted(asks)).toHaveLength(25)
  })

  test('never allows more than the limit, however calls are settled, processes come and go, and blocks are leased', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(
          fc.record({
            process: fc.integer({ min: 0, max: 2 }),
            calls: fc.integer({ min: 1, max: 400 }),
            unsent: fc.integer({ min: 0, max: 3 }),
            waitMs: fc.constantFrom(0, 300, 1_500),
            closes: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        async (perDay, steps) => {
          using machine = createMachine()
          const pacers = [machine.pacer(), machine.pacer(), machine.pacer()]
          let sent = 0
          let wanted = 0
          for (const step of steps) {
            const pacer = pacers[step.process]!
            const permits = granted(await askMany(pacer, image, limitOf(null, perDay), step.calls))
            permits.forEach((asked, index) => {
              permitOf(asked).settle({ said: index < step.unsent ? 'not_sent' : 'served' })
            })
            wanted += step.calls
            sent += Math.max(0, permits.length - step.unsent)
            await machine.time.run(step.waitMs)
            if (step.closes) {
              pacer.close()
              pacers[step.process] = machine.pacer()
            }
          }
          await machine.time.run(2_000)
          expect(sent).toBeLessThanOrEqual(perDay)
          for (const pacer of pacers) pacer.close()
          if (wanted > 0) expect(machine.pacer().status()).toMatchObject([{ dayUsed: sent }])
        },
      ),
      { numRuns: 25 },
    )
  })

  test('a crash forgets no call: the block of a killed process stays counted', async () => {
    using machine = createMachine()
    const killed = machine.pacer()
    await askMany(killed, image, limitOf(null, 10_000), 150)
    const [status] = machine.pacer().status()
    expect(status?.dayUsed).toBeGreaterThanOrEqual(150)
    expect(status?.dayUsed).toBeLessThanOrEqual(150 + 256)
  })
})

describe("the platform's reading", () => {
  test('ends the day when nothing remains, though our count disagrees', async () => {
    using machine = createMachine(createFakeTime(evening))
    const pacer = machine.pacer()
    pacer.reading(image, { dailyLimit: 200_000, used: 200_000, remain: 0, perMinute: null })
    const [asked] = await askMany(pacer, image, limitOf(2000, 200_000), 1)
    expect(stopOf(asked!)).toMatchObject({
      class: 'DAY',
      code: 'quota_day',
      detail: detailOf('used_says_platform', { count: 200_000, limit: 200_000 }),
      untilMs: midnight,
      retryAtMs: evening + 15 * 60_000,
    })
  })

  test('allows no more than remains for everybody', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    pacer.reading(image, { dailyLimit: 200_000, used: 199_995, remain: 5, perMinute: null })
    expect(granted(await askMany(pacer, image, limitOf(2000, 200_000), 8))).toHaveLength(5)
    expect(pacer.status()).toMatchObject([{ platformRemain: 0 }])
  })

  test('opens a day that our count thought used up, for example after the quota was cleared in the console', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    serveAll(await askMany(pacer, image, limitOf(1000, 10), 10))
    await quiet()
    pacer.reading(image, { dailyLimit: 10, used: 0, remain: 10, perMinute: null })
    expect(granted(await askMany(pacer, image, limitOf(1000, 10), 20))).toHaveLength(10)
  })

  test('does not forget the calls that are on their way', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    await askMany(pacer, image, limitOf(1000, 10), 4) // in flight
    pacer.reading(image, { dailyLimit: 10, used: 0, remain: 10, perMinute: null })
    expect(granted(await askMany(pacer, image, limitOf(1000, 10), 20))).toHaveLength(6)
  })

  test('lowers the minute limit, and gives one where none was known', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    pacer.reading(image, { dailyLimit: 1000, used: 0, remain: 1000, perMinute: 6 })
    expect(granted(await askMany(pacer, image, limitOf(null), 10))).toHaveLength(6)
    expect(pacer.status()).toMatchObject([{ perMinute: 6, perDay: 1000 }])
  })

  test('does not raise what a person has set', async () => {
    using machine = createMachine()
    const pacer = machine.pacer()
    pacer.reading(image, { dailyLimit: 2_000_000, used: 0, remain: 2_000_000, perMinute: 4000 })
    expect(granted(await askMany(pacer, image, limitOf(3), 10))).toHaveLength(3)
  })

  test('is shared with other processes', async () => {
    using machine = createMachine()
    const other = machine.pacer()
    serveAll(await askMany(other, image, limitOf(null), 5))
    machine.pacer().reading(image, { dailyLimit: 1000, used: 1000, remain: 0, perMinute: null })
    await machine.time.run(250)
    const asked = ask(other, image, limitOf(null))
    await quiet()
    expect(nameOf(asked)).toBe('DAY')
  })
})
