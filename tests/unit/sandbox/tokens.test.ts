import { afterEach, describe, expect, test } from 'vitest'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { wechatPracticeApp, wechatSecondPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import type { SandboxOptions } from '../../../electron/engine/sandbox/start-sandbox.ts'
import { practiceApps } from '../../fixtures/practices.ts'
import { type Bench, classicTokenUrl, exchange, ridShape, startBench } from './harness.ts'

let bench: Bench
afterEach(() => bench.sandbox.close())

async function open(options: SandboxOptions = {}): Promise<void> {
  bench = await startBench(options)
}

async function check(token: string): Promise<number> {
  const url = `${bench.sandbox.url}/wxa/msg_sec_check?access_token=${token}`
  return (await exchange(url, { body: '{"content":"hello"}' })).json.errcode
}

async function stable(more: object = {}) {
  const { appid, secret } = wechatPracticeApp
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, ...more })
  return (await exchange(`${bench.sandbox.url}/cgi-bin/stable_token`, { body })).json
}

describe('practice apps', () => {
  test('look like real ones in length and cannot be taken for real ones', async () => {
    await open()
    for (const app of practiceApps) expect(app.secret).toMatch(/^practice_.{23}$/)
    expect(wechatPracticeApp.appid).toMatch(/^wx_practice\d{7}$/)
    expect(qqPracticeApp.appid).toMatch(/^0{5}\d{5}$/)
    for (const { openid } of practiceApps.flatMap(app => app.users)) expect(openid).toMatch(/^oPractice_\w{18}$/)
  })
})

describe('cgi-bin/token', () => {
  test('answers a token of 512 characters for 7200 s and no errcode', async () => {
    await open()
    const reply = await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp))
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.json)).toEqual(['access_token', 'expires_in'])
    expect(reply.json.access_token).toHaveLength(512)
    expect(reply.json.expires_in).toBe(7200)
  })

  test('a fetch leaves the token before it alive for five minutes, and no longer', async () => {
    await open()
    const newer = (await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp))).json.access_token
    expect(newer).not.toBe(bench.wechatToken)
    bench.clock.advance(299_999)
    expect(await check(bench.wechatToken)).toBe(0)
    bench.clock.advance(1)
    expect(await check(bench.wechatToken)).toBe(40001)
    expect(await check(newer)).toBe(0)
  })

  test('a token expires after two hours with 42001', async () => {
    await open()
    bench.clock.advance(7_199_999)
    expect(await check(bench.wechatToken)).toBe(0)
    bench.clock.advance(1)
    expect(await check(bench.wechatToken)).toBe(42001)
  })

  test.each([
    ['appid=wx0&secret=s&grant_type=client_credential', 40013],
    [`appid=${wechatPracticeApp.appid}&secret=s&grant_type=client_credential`, 40001],
    [`appid=${wechatPracticeApp.appid}&secret=${wechatPracticeApp.secret}&grant_type=password`, 40002],
    [`appid=${wechatPracticeApp.appid}&secret=${wechatPracticeApp.secret}`, 40002],
    ['secret=s&grant_type=client_credential', 41002],
    [`appid=${wechatPracticeApp.appid}&grant_type=client_credential`, 41004],
    [`appid=${qqPracticeApp.appid}&secret=${qqPracticeApp.secret}&grant_type=client_credential`, 40013],
  ])('refuses %s with %i in lower case and a rid', async (query, errcode) => {
    await open()
    const { json } = await exchange(`${bench.sandbox.url}/cgi-bin/token?${query}`)
    expect(json).toEqual({ errcode, errmsg: expect.stringMatching(ridShape) })
  })

  test('refuses the 2001st fetch of a day and starts anew at midnight in China', async () => {
    await open({ rates: { 'wechat.token': { perMinute: null, perDay: 2 } } })
    const url = classicTokenUrl(bench.sandbox, wechatPracticeApp)
    expect((await exchange(url)).json.errcode).toBeUndefined()
    expect((await exchange(url)).json.errcode).toBe(45009)
    bench.clock.advance(12 * 3_600_000 - 1)
    expect((await exchange(url)).json.errcode).toBe(45009)
    bench.clock.advance(1)
    expect((await exchange(url)).json.errcode).toBeUndefined()
  })

  test('refuses POST', async () => {
    await open()
    expect((await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp), { body: '{}' })).json.errcode).toBe(43001)
  })
})

describe('cgi-bin/stable_token', () => {
  test('gives everybody the same token with its remaining life', async () => {
    await open()
    const first = await stable()
    bench.clock.advance(100_500)
    const second = await stable({ force_refresh: false })
    expect(first.expires_in).toBe(7200)
    expect(second).toEqual({ access_token: first.access_token, expires_in: 7099 })
  })

  test('is isolated from the classic token, both ways', async () => {
    await open()
    const { access_token: stableToken } = await stable()
    await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp))
    bench.clock.advance(300_000)
    expect(await check(stableToken)).toBe(0)
    const classic = (await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp))).json.access_token
    await stable({ force_refresh: true })
    bench.clock.advance(300_000)
    expect(await check(classic)).toBe(0)
  })

  test('renews five minutes before expiry; the old token works until its own end', async () => {
    await open()
    const old = await stable()
    bench.clock.advance(6_899_000)
    expect((await stable()).access_token).toBe(old.access_token)
    bench.clock.advance(1_000)
    const renewed = await stable()
    expect(renewed.access_token).not.toBe(old.access_token)
    expect(renewed.expires_in).toBe(7200)
    bench.clock.advance(299_999)
    expect(await check(old.access_token)).toBe(0)
    bench.clock.advance(1)
    expect(await check(old.access_token)).toBe(42001)
  })

  test('force_refresh kills the token at once, does nothing within 30 s, and is spent after 20 a day', async () => {
    await open()
    const old = (await stable()).access_token
    let current = (await stable({ force_refresh: true })).access_token
    expect(await check(old)).toBe(40001)
    bench.clock.advance(29_999)
    expect((await stable({ force_refresh: true })).access_token).toBe(current)
    for (let refresh = 2; refresh <= 20; refresh += 1) {
      bench.clock.advance(30_000)
      const next = (await stable({ force_refresh: true })).access_token
      expect(next).not.toBe(current)
      current = next
    }
    bench.clock.advance(30_000)
    expect((await stable({ force_refresh: true })).errcode).toBe(45009)
    expect((await stable()).access_token).toBe(current)
  })

  test.each([
    [{ appid: 'wx0' }, 40013],
    [{ secret: 'wrong' }, 40001],
    [{ grant_type: 'x' }, 40002],
    [{ appid: undefined }, 41002],
    [{ secret: undefined }, 41004],
    [{ force_refresh: 'false' }, 47001],
  ])('refuses %j with %i', async (more, errcode) => {
    await open()
    expect(await stable(more)).toEqual({ errcode, errmsg: expect.stringMatching(ridShape) })
  })

  test('takes POST only', async () => {
    await open()
    expect((await exchange(`${bench.sandbox.url}/cgi-bin/stable_token`)).json.errcode).toBe(43002)
  })
})

describe('api/getToken of QQ', () => {
  test.each([
    [classicQuery({}), undefined],
    [classicQuery({ appid: '0' }), 40013],
    [classicQuery({ secret: 'wrong' }), 40001],
    [classicQuery({ grant_type: '' }), 40002],
  ])('answers %s with errcode %s in lower case and without a rid', async (query, errcode) => {
    await open()
    const { json } = await exchange(`${bench.sandbox.url}/api/getToken?${query}`)
    if (errcode === undefined) expect(json).toEqual({ access_token: expect.any(String), expires_in: 7200 })
    else expect(json).toEqual({ errcode, errmsg: expect.not.stringContaining('rid') })
  })
})

function classicQuery(more: Record<string, string>): string {
  const { appid, secret } = qqPracticeApp
  return new URLSearchParams({ grant_type: 'client_credential', appid, secret, ...more }).toString()
}

describe('tokens on checks', () => {
  test('missing, foreign, invented and other-platform tokens are refused, each in its own words', async () => {
    await open()
    const url = `${bench.sandbox.url}/wxa/msg_sec_check`
    const body = '{"content":"hello"}'
    expect((await exchange(url, { body })).json).toEqual({
      errcode: 41001,
      errmsg: expect.stringMatching(/^access_token missing rid: /),
    })
    expect(await check('')).toBe(41001)
    expect(await check('invented')).toBe(40001)
    expect(await check(bench.wechatToken.slice(0, 256))).toBe(40001)
    expect(await check(bench.qqToken)).toBe(40001)
  })

  test('a token in the JSON body is not looked at', async () => {
    await open()
    const body = JSON.stringify({ access_token: bench.wechatToken, content: 'hello' })
    expect((await exchange(`${bench.sandbox.url}/wxa/msg_sec_check`, { body })).json.errcode).toBe(41001)
  })

  test('WeChat takes a token by its cloud-hosting name, QQ does not', async () => {
    await open()
    const { url } = bench.sandbox
    const body = '{"content":"hello"}'
    const wechat = `${url}/wxa/msg_sec_check?cloudbase_access_token=${bench.wechatToken}`
    expect((await exchange(wechat, { body })).json.errcode).toBe(0)
    const qq = `${url}/api/json/security/MsgSecCheck?cloudbase_access_token=${bench.qqToken}`
    expect((await exchange(qq, { body })).json.errCode).toBe(41001)
  })

  test('QQ spells the same refusals in camel case', async () => {
    await open()
    const url = `${bench.sandbox.url}/api/json/security/MsgSecCheck`
    const body = JSON.stringify({ appid: qqPracticeApp.appid, content: 'hello' })
    expect((await exchange(url, { body })).json).toEqual({ errCode: 41001, errMsg: 'access_token missing' })
    expect((await exchange(`${url}?access_token=x`, { body })).json.errCode).toBe(40001)
    bench.clock.advance(7_200_000)
    expect((await exchange(`${url}?access_token=${bench.qqToken}`, { body })).json.errCode).toBe(42001)
  })
})

describe('the IP allow-list', () => {
  test.each([
    [['203.0.113.7'], true],
    [['198.51.100.1', '203.0.113.*'], true],
    [['203.0.113.0/29'], true],
    [['203.0.113.8/29', '203.0.114.*'], false],
    [[], false],
  ])('with entries %j lets the caller in: %s', async (entries, isIn) => {
    await open({ ipAllowList: { callerIp: '203.0.113.7', entries } })
    const classic = (await exchange(classicTokenUrl(bench.sandbox, wechatSecondPracticeApp))).json
    for (const json of [classic, await stable()]) {
      if (isIn) expect(json.access_token).toEqual(expect.any(String))
      else {
        expect(json).toEqual({
          errcode: 40164,
          errmsg: expect.stringMatching(
            /^invalid ip 203\.0\.113\.7 ipv6 ::ffff:203\.0\.113\.7, not in whitelist rid: [0-9a-f-]{26}$/,
          ),
        })
      }
    }
    // It guards the AppSecret only, and is unknown of QQ (spec §1.3, §1.5).
    expect((await exchange(classicTokenUrl(bench.sandbox, qqPracticeApp))).json.errcode).toBeUndefined()
  })
})
