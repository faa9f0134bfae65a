import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pacer } from '../../../electron/engine/pacer/contract.ts'
import { quiet } from './fake-time.ts'
import {
  ask,
  askMany,
  createMachine,
  granted,
  image,
  limitOf,
  type Machine,
  nameOf,
  permitOf,
  serveAll,
} from './machine.ts'

const minuteMs = 60_000

/** A server that notes when calls arrive, and processes that call it as fast as their pacers let them. */
async function simulate(
  machine: Machine,
  options: {
    pacers: readonly Pacer[]
    perMinute: number
    callersEach: number
    latencyMs: () => number
    minutes: number
    /** What happens to the machine meanwhile. */
    disturb?: (minute: number) => void
  },
): Promise<{ arrivals: number[]; byPacer: number[] }> {
  const { time } = machine
  const arrivals: number[] = []
  const byPacer = options.pacers.map(() => 0)
  const signal = new AbortController()
  const callers = options.pacers.flatMap((pacer, index) =>
    Array.from({ length: options.callersEach }, async () => {
      for (;;) {
        const permit = await pacer.acquire(image, limitOf(options.perMinute), {
          priority: 'batch',
          signal: signal.signal,
        })
        if (permit.kind === 'stop') throw new Error(permit.detail)
        const there = options.latencyMs()
        const back = options.latencyMs()
        arrivals.push(time.monotonic() + there)
        byPacer[index] = (byPacer[index] ?? 0) + 1
        await time.clock.sleep(there + back)
        permit.settle({ said: 'served' })
      }
    }),
  )
  const ends = Promise.allSettled(callers)
  for (let minute = 0; minute < options.minutes; minute += 1) {
    options.disturb?.(minute)
    await time.run(minuteMs)
  }
  signal.abort(new Error('end of the simulation'))
  await time.run(minuteMs)
  for (const end of await ends) expect(end).toMatchObject({ reason: { message: 'end of the simulation' } })
  return { arrivals: arrivals.sort((a, b) => a - b), byPacer }
}

function mostInAMinute(arrivals: readonly number[]): number {
  let oldest = 0
  return arrivals.reduce((most, time, index) => {
    while (time - (arrivals[oldest] ?? time) >= minuteMs) oldest += 1
    return Math.max(most, index - oldest + 1)
  }, 0)
}

/** Mean number of calls in the minute before a moment, over all moments from the end of the first minute. */
function used(arrivals: readonly number[], from: number, minutes: number, perMinute: number): number {
  const start = from + minuteMs
  const end = from + minutes * minuteMs
  const presence = arrivals.reduce(
    (sum, time) => sum + Math.max(0, Math.min(end, time + minuteMs) - Math.max(start, time)),
    0,
  )
  return presence / (end - start) / perMinute
}

/** Random numbers that come back when fast-check repeats a case. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

test('in no 60 s do more calls arrive than allowed, whatever the latency, and at least 99 % of them are used', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        perMinute: fc.integer({ min: 1, max: 400 }),
        processes: fc.integer({ min: 1, max: 3 }),
        latencyMs: fc.integer({ min: 0, max: 350 }),
        seed: fc.integer(),
      }),
      async ({ perMinute, processes, latencyMs, seed }) => {
        using machine = createMachine()
        const random = randomOf(seed)
        const from = machine.time.monotonic()
        const { arrivals } = await simulate(machine, {
          pacers: Array.from({ length: processes }, () => machine.pacer()),
          perMinute,
          callersEach: 20,
          latencyMs: () => random() * latencyMs,
          minutes: 4,
        })
        expect(mostInAMinute(arrivals)).toBeLessThanOrEqual(perMinute)
        expect(used(arrivals, from, 4, perMinute)).toBeGreaterThanOrEqual(0.99)
      },
    ),
    { numRuns: 12 },
  )
})

test('calls that take long are never overtaken by the window', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 30 }), async (seed, perMinute) => {
      using machine = createMachine()
      const random = randomOf(seed)
      const { arrivals } = await simulate(machine, {
        pacers: [machine.pacer(), machine.pacer()],
        perMinute,
        callersEach: 30,
        latencyMs: () => random() ** 4 * 15_000,
        minutes: 6,
      })
      expect(mostInAMinute(arrivals)).toBeLessThanOrEqual(perMinute)
      expect(arrivals.length).toBeGreaterThan(perMinute * 3)
    }),
    { numRuns: 10 },
  )
})

test('two processes keep to 2000 a minute together, use 99 % of it, and neither starves', async () => {
  using machine = createMachine()
  const random = randomOf(7)
  const from = machine.time.monotonic()
  const { arrivals, byPacer } = await simulate(machine, {
    pacers: [machine.pacer(), machine.pacer()],
    perMinute: 2000,
    callersEach: 64,
    latencyMs: () => random() * 150,
    minutes: 3,
  })
  expect(mostInAMinute(arrivals)).toBeLessThanOrEqual(2000)
  expect(used(arrivals, from, 3, 2000)).toBeGreaterThanOrEqual(0.99)
  for (const calls of byPacer) expect(calls).toBeGreaterThan(arrivals.length / 4)
})

test('a process that comes late gets its part within the next minute', async () => {
  using machine = createMachine()
  const first = machine.pacer()
  serveAll(await askMany(first, image, limitOf(100), 400))
  const late = await askMany(machine.pacer(), image, limitOf(100), 400)
  expect(granted(late)).toHaveLength(0)
  await machine.time.run(60_200)
  expect(granted(late).length).toBe(50)
})

test('a process that has ended while it waited keeps nobody waiting for more than moments', async () => {
  using machine = createMachine()
  const survivor = machine.pacer()
  const ended = machine.pacer()
  const asks = await askMany(survivor, image, limitOf(10), 20)
  serveAll(asks)
  await askMany(ended, image, limitOf(10), 5)
  ended.pause() // it is told apart from a crash only by this: it takes its name off the list
  await machine.time.run(60_100)
  expect(granted(asks)).toHaveLength(20)
})

test('free slots that the other process does not take are taken after a moment', async () => {
  using machine = createMachine()
  const survivor = machine.pacer()
  // A process that is stopped in the middle: its name stays on the list, and it never wakes.
  const stuck = machine.pacer({ clock: { now: machine.time.clock.now, sleep: () => new Promise(() => undefined) } })
  const asks = await askMany(survivor, image, limitOf(10), 20)
  serveAll(asks)
  await machine.time.run(59_000)
  expect(granted(await askMany(stuck, image, limitOf(10), 5))).toHaveLength(0)
  await machine.time.run(1_045)
  expect(granted(asks)).toHaveLength(15)
  await machine.time.run(150)
  expect(granted(asks)).toHaveLength(20)
})

test('a call in flight occupies its slot until a minute after its reply', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const first = ask(pacer, image, limitOf(1))
  const second = ask(pacer, image, limitOf(1))
  await machine.time.run(20_000)
  permitOf(first).settle({ said: 'served' })
  await machine.time.run(60_000)
  expect(nameOf(second)).toBe('waiting')
  await machine.time.run(100)
  expect(nameOf(second)).toBe('permit')
})

test('a call that was not sent gives its slot and its count back at once, also to another process', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const other = machine.pacer()
  const first = ask(pacer, image, limitOf(1, 1))
  await quiet()
  permitOf(first).settle({ said: 'not_sent' })
  await quiet()
  const second = ask(other, image, limitOf(1, 1))
  await quiet()
  expect(nameOf(second)).toBe('permit')
  permitOf(second).settle({ said: 'not_sent' })
  await quiet()
  expect(other.status()).toMatchObject([{ dayUsed: 0, lastMinute: 0 }])
})

test('the slots of a process that was killed count as settled when their calls must have ended', async () => {
  using machine = createMachine()
  const killed = machine.pacer() // never settles
  await askMany(killed, image, limitOf(3), 3)
  const next = ask(machine.pacer(), image, limitOf(3))
  await machine.time.run(30_000 + 60_000)
  expect(nameOf(next)).toBe('waiting')
  await machine.time.run(100)
  expect(nameOf(next)).toBe('permit')
})

test('a reply later than any call may take occupies a slot again', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const late = ask(pacer, image, limitOf(1))
  await machine.time.run(95_000)
  permitOf(late).settle({ said: 'served' })
  const next = ask(pacer, image, limitOf(1))
  await machine.time.run(59_000)
  expect(nameOf(next)).toBe('waiting')
  await machine.time.run(2_000)
  expect(nameOf(next)).toBe('permit')
})

test('a permit is settled once', async () => {
  using machine = createMachine()
  const asked = ask(machine.pacer(), image, limitOf(5))
  await quiet()
  permitOf(asked).settle({ said: 'served' })
  expect(() => permitOf(asked).settle({ said: 'served' })).toThrow('settled twice')
})

test('endpoints and appids do not share a window', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  const keys = [image, { ...image, appid: 'wx2' }, { ...image, endpoint: 'wechat.msg_sec_check' }]
  const asks = keys.map(key => ask(pacer, key, limitOf(1)))
  await quiet()
  expect(asks.map(nameOf)).toEqual(['permit', 'permit', 'permit'])
})

test('a share leaves the rest of the limit alone, but at least one call', async () => {
  using machine = createMachine()
  const pacer = machine.pacer()
  expect(granted(await askMany(pacer, image, limitOf(2000, null, 40), 900))).toHaveLength(800)
  expect(granted(await askMany(pacer, { ...image, appid: 'wx2' }, limitOf(10, null, 5), 5))).toHaveLength(1)
  expect(granted(await askMany(pacer, { ...image, appid: 'wx3' }, limitOf(300, null, 29), 100))).toHaveLength(87)
})

test('setting the system clock, forward or back, changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: -90_000_000, max: 90_000_000 }), { minLength: 5, maxLength: 5 }),
      async (perMinute, jumps) => {
        using machine = createMachine()
        const from = machine.time.monotonic()
        const { arrivals } = await simulate(machine, {
          pacers: [machine.pacer(), machine.pacer()],
          perMinute,
          callersEach: 10,
          latencyMs: () => 40,
          minutes: 5,
          disturb: minute => machine.time.setClockBy(jumps[minute] ?? 0),
        })
        expect(mostInAMinute(arrivals)).toBeLessThanOrEqual(perMinute)
        expect(used(arrivals, from, 5, perMinute)).toBeGreaterThanOrEqual(0.99)
      },
    ),
    { numRuns: 8 },
  )
})

test('after a restart of the machine the last window counts as full, for a minute and no longer', async () => {
  using before = createMachine()
  serveAll(await askMany(before.pacer(), image, limitOf(5), 5))
  await quiet()
  const { createFakeTime } = await import('./fake-time.ts')
  const restarted = createFakeTime(before.time.clock.now() + 30_000, 20_000)
  const next = ask(before.pacer({ clock: restarted.clock, monotonic: restarted.monotonic }), image, limitOf(5))
  await restarted.run(60_000)
  expect(nameOf(next)).toBe('waiting')
  await restarted.run(100)
  expect(nameOf(next)).toBe('permit')
})

test.each([Number.NaN, 0, -1, Number.POSITIVE_INFINITY])('a limit of %s is refused', async perMinute => {
  using machine = createMachine()
  const asked = ask(machine.pacer(), image, limitOf(perMinute))
  await quiet()
  expect(nameOf(asked)).toBe('rejected')
})
