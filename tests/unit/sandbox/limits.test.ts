import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import { createCallMeter } from '../../../electron/engine/sandbox/call-meter.ts'
import { documentedRates } from '../../fixtures/practices.ts'
import { type Bench, formOf, startBench } from './harness.ts'

let bench: Bench
afterEach(() => bench?.sandbox.close())

test('the documented rates are the defaults', () => {
  expect(documentedRates).toMatchObject({
    'wechat.stable_token': { perMinute: 10_000, perDay: 500_000 },
    'wechat.msg_sec_check': { perMinute: 4_000, perDay: 2_000_000 },
    'wechat.img_sec_check': { perMinute: 2_000, perDay: 200_000 },
    'wechat.media_check_async': { perMinute: 2_000, perDay: 200_000 },
    'qq.MsgSecCheck': { perMinute: 4_000, perDay: 2_000_000 },
    'qq.ImgSecCheck': { perMinute: 2_000, perDay: 200_000 },
    'qq.MediaCheckAsync': { perMinute: 2_000, perDay: 200_000 },
  })
})

test.each([
  ['wechat.msg_sec_check', '/wxa/msg_sec_check', 44991],
  ['wechat.media_check_async', '/wxa/media_check_async', 44991],
  ['wechat.img_sec_check', '/wxa/img_sec_check', 45011],
] as const)(
  '%s: a full minute gives its code, and a minute after the first call there is room',
  async (id, path, full) => {
    bench = await startBench({ rates: { [id]: { perMinute: 2, perDay: 100 } } })
    const body = { content: 'a', media_url: 'https://example.com/a', media_type: 2 }
    const call = async () => {
      const reply = id.endsWith('img_sec_check')
        ? await bench.postImage(path, formOf(Buffer.from('GIF89a not quite')))
        : await bench.post(path, body)
      return reply.json.errcode
    }
    const admitted = id.endsWith('img_sec_check') ? 40137 : 0
    expect(await call()).toBe(admitted)
    bench.clock.advance(30_000)
    expect([await call(), await call()]).toEqual([admitted, full])
    bench.clock.advance(29_999)
    expect(await call()).toBe(full)
    bench.clock.advance(1)
    // The first call has left the window; those that were refused never filled it.
    expect([await call(), await call()]).toEqual([admitted, full])
    expect(bench.sandbox.stats()).toContainEqual({
      endpoint: id,
      appid: wechatPracticeApp.appid,
      calls: 6,
      mostPerMinute: 5,
      refusedByMinute: 3,
      refusedByDay: 0,
    })
  },
)

test('the day is full with 45009, in camel case on QQ, until midnight in China', async () => {
  bench = await startBench({
    rates: {
      'wechat.msg_sec_check': { perMinute: null, perDay: 1 },
      'qq.MsgSecCheck': { perMinute: null, perDay: 1 },
    },
  })
  const wechat = async () => (await bench.post('/wxa/msg_sec_check', { content: 'a' })).json
  const qq = async () =>
    (await bench.post('/api/json/security/MsgSecCheck', { content: 'a', appid: qqPracticeApp.appid })).json
  expect([(await wechat()).errcode, (await qq()).errCode]).toEqual([0, 0])
  expect((await wechat()).errmsg).toMatch(/^reach max api daily quota limit rid: /)
  expect(await qq()).toEqual({ errCode: 45009, errMsg: 'reach max api daily quota limit' })
})

test('the limit of one endpoint is no concern of another', async () => {
  bench = await startBench({ rates: { 'wechat.msg_sec_check': { perMinute: 1, perDay: null } } })
  await bench.post('/wxa/msg_sec_check', { content: 'a' })
  expect((await bench.post('/wxa/msg_sec_check', { content: 'a' })).json.errcode).toBe(44991)
  const media = { media_url: 'https://example.com/a', media_type: 2 }
  expect((await bench.post('/wxa/media_check_async', media)).json.errcode).toBe(0)
})

test('the quota can be read, and says what was used today', async () => {
  bench = await startBench()
  await bench.post('/wxa/msg_sec_check', { content: 'a' })
  const read = async (cgi_path: unknown) => (await bench.post('/cgi-bin/openapi/quota/get', { cgi_path })).json
  expect(await read('/wxa/msg_sec_check')).toEqual({
    errcode: 0,
    errmsg: 'ok',
    quota: { daily_limit: 2_000_000, used: 1, remain: 1_999_999 },
    rate_limit: { call_count: 4_000, refresh_second: 60 },
  })
  expect(await read('/cgi-bin/token')).not.toHaveProperty('rate_limit')
  expect((await read('wxa/msg_sec_check')).errcode).toBe(76021)
  expect((await read('/wxa/msg_sec_check?a=1')).errcode).toBe(76021)
  expect((await read('https://api.weixin.qq.com/wxa/msg_sec_check')).errcode).toBe(76021)
  expect((await read('/api/json/security/MsgSecCheck')).errcode).toBe(76021)
  expect((await read('/sns/jscode2session')).errcode).toBe(76022)
  expect((await read(undefined)).errcode).toBe(47001)
})

test('calls of nobody are counted apart and fill no one’s window', async () => {
  bench = await startBench({ rates: { 'wechat.msg_sec_check': { perMinute: 1, perDay: null } } })
  const { url } = bench.sandbox
  for (let i = 0; i < 3; i += 1) await fetch(`${url}/wxa/msg_sec_check?access_token=no`, { method: 'POST', body: '{}' })
  expect((await bench.post('/wxa/msg_sec_check', { content: 'a' })).json.errcode).toBe(0)
  expect(bench.sandbox.stats()).toContainEqual(
    expect.objectContaining({ endpoint: 'wechat.msg_sec_check', appid: null, calls: 3, refusedByMinute: 0 }),
  )
})

const steps = fc.array(fc.nat(20_000), { maxLength: 300 })
const endpoint = 'wechat.msg_sec_check'

function timesOf(stepsMs: readonly number[]): readonly number[] {
  let nowMs = 0
  return stepsMs.map(step => {
    nowMs += step
    return nowMs
  })
}

/** The most times in any span of 60 s, counted the slow way. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map(start => times.filter(time => time >= start && time < start + 60_000).length))
}

test('for all arrivals, the most per minute is what a slow count finds', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(1, 20, 500), (stepsMs, speed) => {
      const meter = createCallMeter({ ...documentedRates, [endpoint]: { perMinute: null, perDay: null } })
      const times = timesOf(stepsMs.map(step => Math.floor(step / speed)))
      for (const time of times) meter.arrive(endpoint, 'a', time)
      expect(meter.stats()[0]?.mostPerMinute ?? 0).toBe(mostInAMinute(times))
    }),
  )
})

test('for all arrivals, no minute admits more than the limit, and no call is refused while there is room', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 70 }), fc.constantFrom(1, 20, 500), (stepsMs, perMinute, speed) => {
      const meter = createCallMeter({ ...documentedRates, [endpoint]: { perMinute, perDay: null } })
      const admitted: number[] = []
      for (const time of timesOf(stepsMs.map(step => Math.floor(step / speed)))) {
        const hasRoom = admitted.filter(earlier => earlier > time - 60_000).length < perMinute
        expect(meter.arrive(endpoint, 'a', time)).toBe(hasRoom ? 'admitted' : 'minute_full')
        if (hasRoom) admitted.push(time)
      }
      expect(mostInAMinute(admitted)).toBeLessThanOrEqual(perMinute)
    }),
  )
})
