import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockOf, momentOf } from '../../../../../renderer/base/clock.ts'
import { apiName, endpointKind } from '../../../../../renderer/base/endpoint-name.ts'
import { remainingMs, type Sample, withSample } from '../../../../../renderer/features/queue/batch-list.ts'
import { byProfile, dayShareOf, heldOf, loadOf, meterOf } from '../../../../../renderer/features/queue/figures.ts'
import { keepPlannedTime, plannedRestMs, usePlannedTimes } from '../../../../../renderer/state/planned-times.ts'
import { openBatches } from '../../../../../shared/open-batches.ts'
import type { EndpointStatus, QueueStatus } from '../../../../../shared/queue.ts'
import type { BatchSummary } from '../../../../../shared/screening.ts'

const now = Date.UTC(2026, 10, 21, 6, 30)
const endpoint = (more: Partial<EndpointStatus> = {}): EndpointStatus => ({
  profile: 'p1',
  appid: 'wx1',
  endpoint: 'wechat.img_sec_check',
  lastMinute: 0,
  perMinute: 800,
  today: 0,
  perDay: 80_000,
  held: null,
  ...more,
})
const status = (more: Partial<QueueStatus> = {}): QueueStatus => ({
  paused: false,
  inFlight: 0,
  checksPerMinute: 0,
  finishAt: null,
  first: [],
  endpoints: [],
  relays: [],
  reading: [],
  tokens: [],
  ...more,
})
const held = (untilMs: number | null): EndpointStatus['held'] => ({
  class: 'DAY',
  code: 'quota_day',
  untilMs,
  detail: '',
})

describe('the meter in the title bar', () => {
  test('says idle when nothing is to be done', () => {
    expect(meterOf(status({ endpoints: [endpoint()] }), now)).toEqual({ kind: 'idle' })
  })

  test('says paused before everything else', () => {
    expect(meterOf(status({ paused: true, inFlight: 3, endpoints: [endpoint({ held: held(null) })] }), now).kind).toBe(
      'paused',
    )
  })

  test('says why nothing leaves when all is held', () => {
    const meter = meterOf(status({ endpoints: [endpoint({ held: held(now + 60_000) })] }), now)
    expect(meter).toMatchObject({ kind: 'held', count: 1, held: { class: 'DAY' } })
  })

  test('adds up the limits of the endpoints in use, and gives the time left', () => {
    const meter = meterOf(
      status({
        checksPerMinute: 1240,
        inFlight: 4,
        finishAt: now + 190_000,
        endpoints: [endpoint({ lastMinute: 700 }), endpoint({ lastMinute: 540, perMinute: 1600 }), endpoint()],
      }),
      now,
    )
    expect(meter).toEqual({ kind: 'running', perMinute: 1240, limit: 2400, remainingMs: 190_000 })
  })

  test('invents no limit when one is unknown', () => {
    const meter = meterOf(status({ inFlight: 1, endpoints: [endpoint({ lastMinute: 5, perMinute: null })] }), now)
    expect(meter).toMatchObject({ kind: 'running', limit: null })
  })

  test('does not count a hold that is over', () => {
    expect(heldOf(status({ endpoints: [endpoint({ held: held(now - 1) })] }), now)).toEqual([])
  })

  test('puts what needs a person before what passes by itself', () => {
    const waiting = status({ endpoints: [endpoint({ held: held(now + 9) }), endpoint({ held: held(null) })] })
    expect(heldOf(waiting, now).map(({ untilMs }) => untilMs)).toEqual([null, now + 9])
  })
})

describe('figures', () => {
  test('time left is a clock below a day and words above it', () => {
    expect(clockOf(190_000, 'zh-CN')).toBe('03:10')
    expect(clockOf(3_725_000, 'zh-CN')).toBe('1:02:05')
    expect(clockOf(-5, 'zh-CN')).toBe('00:00')
    expect(clockOf(93_600_000, 'zh-CN')).toBe('1天 2小时')
    expect(clockOf(93_600_000, 'en-GB')).toBe('1 day 2 hours')
  })

  test('a moment has its date only on another day', () => {
    expect(momentOf(now + 60_000, now, 'zh-CN', 'Asia/Shanghai')).toBe('14:31:00')
    expect(momentOf(now + 86_400_000, now, 'zh-CN', 'Asia/Shanghai')).toBe('11月22日 14:30')
  })

  test('a bar is never longer than its track, and an unknown limit has none', () => {
    expect(loadOf(5, null)).toBeNull()
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1 }), (used, limit) => {
        const load = loadOf(used, limit)
        expect(load?.percent).toBeGreaterThanOrEqual(0)
        expect(load?.percent).toBeLessThanOrEqual(100)
        expect(load?.load === 'full').toBe(used >= limit)
      }),
    )
  })

  test('tokens and endpoints of a profile are shown together, also when it has only one of both', () => {
    const queues = byProfile(
      status({
        endpoints: [endpoint(), endpoint({ profile: 'p2', appid: 'q2' })],
        tokens: [{ profile: 'p3', state: 'none', expiresAt: null, code: null, detail: null }],
      }),
    )
    expect(queues.map(({ profile, endpoints, token }) => [profile, endpoints.length, token?.state])).toEqual([
      ['p1', 1, undefined],
      ['p2', 1, undefined],
      ['p3', 0, 'none'],
    ])
  })

  test.each([
    ['wechat.img_sec_check', 'image'],
    ['wechat.msg_sec_check', 'text'],
    ['wechat.media_check_async', 'media'],
    ['qq.ImgSecCheck', 'image'],
    ['qq.MsgSecCheck', 'text'],
    ['qq.MediaCheckAsync', 'media'],
    ['qq.Another', 'other'],
  ] as const)('%s is known as %s', (id, kind) => {
    expect(endpointKind(id)).toBe(kind)
    expect(id.endsWith(apiName(id))).toBe(true)
  })
})

describe("the day's quota", () => {
  test('is used up where calls are held for it, however few of them were made here', () => {
    expect(dayShareOf([endpoint({ today: 0, held: held(now + 60_000) }), endpoint({ today: 40_000 })], now)).toBe(1)
    expect(dayShareOf([endpoint({ perDay: null, held: held(now + 60_000) })], now)).toBe(1)
  })

  test('is otherwise what was used of the scarcest, and unknown without a limit', () => {
    expect(dayShareOf([endpoint({ today: 20_000 }), endpoint({ today: 40_000 })], now)).toBe(0.5)
    expect(dayShareOf([endpoint({ today: 0, held: held(now - 1) })], now)).toBe(0)
    expect(dayShareOf([endpoint({ perDay: null })], now)).toBeNull()
  })
})

describe('the batches in the queue', () => {
  const batch = (id: string, state: BatchSummary['state'], createdAt: number) =>
    ({ id, state, createdAt }) as BatchSummary

  test('are those that are not at their end, in the order in which they began', () => {
    const all = [batch('c', 'running', 3), batch('x', 'done', 2), batch('b', 'paused', 2), batch('a', 'interrupted', 1)]
    expect(openBatches(all, []).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(openBatches(all, ['c', 'gone', 'b']).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })

  test('are said to take as long as their measured rate makes it, and nothing before there is one', () => {
    const left = (pending: number, samples: readonly Sample[], walked = true) =>
      remainingMs({ walked, tally: { pending } as BatchSummary['tally'] }, samples)
    const samples = [0, 10, 20].reduce<readonly Sample[]>(
      (known, second) => withSample(known, { atMs: second * 1_000, settled: second * 5 }),
      [],
    )
    expect(left(100, samples)).toBe(20_000)
    expect(left(100, samples, false)).toBeNull()
    expect(left(100, samples.slice(0, 1))).toBeNull()
    expect(left(100, withSample([{ atMs: 0, settled: 5 }], { atMs: 9_000, settled: 5 }))).toBeNull()
    // Checked again: what was measured is of other work.
    expect(withSample(samples, { atMs: 21_000, settled: 0 })).toHaveLength(1)
    // Not over more than the last half minute, so that a change of pace is seen.
    expect(withSample(samples, { atMs: 41_000, settled: 400 })[0]?.atMs).toBe(10_000)
  })
})

describe("the plan's estimate", () => {
  const tally = { assets: 10, pending: 4 } as BatchSummary['tally']

  test('is of what is left, and there is none where no plan looked at everything', () => {
    keepPlannedTime('b_whole', { done: true, durationMs: 60_000 })
    keepPlannedTime('b_half', { done: false, durationMs: 60_000 })
    keepPlannedTime('b_unknown', { done: true, durationMs: null })
    const times = usePlannedTimes.getState()
    expect(plannedRestMs({ tally }, times.b_whole)).toBe(24_000)
    expect(plannedRestMs({ tally }, times.b_half)).toBeNull()
    expect(plannedRestMs({ tally }, times.b_unknown)).toBeNull()
    expect(plannedRestMs({ tally: { ...tally, assets: 0 } }, times.b_whole)).toBeNull()
  })
})
