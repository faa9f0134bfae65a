import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { defaultOptions } from '../../../shared/screening.ts'
import { createFastClock } from '../../fixtures/engine/fast-clock.ts'
import {
  engineFor,
  outcomes,
  rowsOf,
  sandboxFor,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'

afterEach(() => {
  vi.restoreAllMocks()
})

async function texts(count: number): Promise<{ folder: string; material: string; dataDir: string }> {
  const folder = await temporaryFolder()
  const material = join(folder, 'texts.csv')
  await writeFile(material, `text\n${Array.from({ length: count }, (_, n) => `第${n}条\n`).join('')}`)
  return { folder, material, dataDir: join(folder, 'data') }
}
const column = { textColumn: 'text' }

describe('the token', () => {
  test('that expires in the middle of a batch is fetched once more, and every asset still gets its verdict', async () => {
    const { material, dataDir } = await texts(120)
    let expired = ''
    const host = await startHost(({ query, response }) => {
      const token = query.get('access_token') ?? ''
      if (host.calls() === 60) expired = token
      reply(response, token === expired ? '{"errcode":42001,"errmsg":"access_token expired"}' : pass)
    })
    const engine = await engineFor(dataDir)
    const run = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(run.summary.tally).toMatchObject({ assets: 120, pass: 120 })
    expect(host.tokenCalls()).toBe(2)
  })

  test('that stays refused after one more reading stops the profile: the batch is resumable, nothing is called a pass', async () => {
    const { material, dataDir } = await texts(60)
    let isRefused = true
    const host = await startHost(({ response }) =>
      reply(response, isRefused ? '{"errcode":40001,"errmsg":"invalid credential"}' : pass),
    )
    const engine = await engineFor(dataDir)
    const { id, summary } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'token_rejected' } })
    expect(summary.tally).toMatchObject({ pass: 0, unchecked: 60 })
    // The first ones that were out with the old token, and each once more with the new one.
    expect(host.calls()).toBeLessThanOrEqual(80)
    expect(host.tokenCalls()).toBeLessThanOrEqual(2)

    isRefused = false
    const resumed = await engine.resume(id)
    expect((await resumed.done).tally).toMatchObject({ pass: 60, unchecked: 0 })
  })
})

describe("the day's quota", () => {
  const gone = '{"errcode":45009,"errmsg":"reach max api daily quota limit"}'

  test('that runs out leaves the rest unchecked as quota_day after hardly a call more; resumed when it is back, all is checked', async () => {
    const { material, dataDir } = await texts(100)
    let quota = 35
    const host = await startHost(({ response }) => {
      quota -= 1
      reply(response, quota < 0 ? gone : pass)
    })
    const engine = await engineFor(dataDir)
    const { id, summary, rows } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'quota_day' } })
    expect(summary.tally).toMatchObject({ assets: 100, pass: 35, unchecked: 65 })
    expect(new Set(rows.flatMap(row => row.results[0]?.reason ?? []))).toEqual(new Set(['quota_day']))
    expect(host.calls()).toBeLessThanOrEqual(35 + 40)

    const before = host.calls()
    quota = 1_000
    const resumed = await engine.resume(id)
    expect((await resumed.done).tally).toMatchObject({ pass: 100, unchecked: 0 })
    expect(host.calls() - before).toBe(65)
  })

  test('that runs out is waited for when the batch says so', async () => {
    const { material, dataDir } = await texts(30)
    // Half an hour is long enough for the calls that are under way to arrive, also on a busy machine.
    const clock = createFastClock()
    const times: number[] = []
    let outSince: number | null = null
    const host = await startHost(({ response }) => {
      times.push(clock.now())
      if (host.calls() === 11) outSince = clock.now()
      // Back after three hours, in the middle of the day.
      const isOut = outSince !== null && clock.now() < outSince + 3 * 3_600_000
      reply(response, isOut ? gone : pass)
    })
    const engine = await engineFor(dataDir, { clock })
    const { summary } = await screenAll(engine, [material], [wechatProfile(host.url)], {
      ...column,
      waitForQuota: true,
    })
    expect(summary).toMatchObject({ state: 'done', tally: { assets: 30, pass: 30 } })
    // While it was out: those under way, and then a probe about every quarter of an hour.
    const since = outSince ?? 0
    const asked = times.filter(at => at > since + 30 * 60_000 && at < since + 3 * 3_600_000)
    expect(asked.length).toBeLessThanOrEqual(15)
  })

  test('is waited for when somebody who resumes the batch says so', async () => {
    const { material, dataDir } = await texts(12)
    const clock = createFastClock()
    let outUntil = Number.POSITIVE_INFINITY
    const host = await startHost(({ response }) => reply(response, clock.now() < outUntil ? gone : pass))
    const engine = await engineFor(dataDir, { clock })
    const { id, summary } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'interrupted', tally: { unchecked: 12 } })
    outUntil = clock.now() + 2 * 3_600_000
    const resumed = await engine.resume(id, undefined, { waitForQuota: true })
    expect(await resumed.done).toMatchObject({ state: 'done', tally: { pass: 12, unchecked: 0 } })
  })
})

describe("the minute's limit", () => {
  test('when the platform says it is reached, no call leaves for a quarter of a minute, and then all get their verdicts', async () => {
    const { material, dataDir } = await texts(60)
    const clock = createFastClock()
    const times: number[] = []
    let refusedAt = 0
    const host = await startHost(({ response }) => {
      times.push(clock.now())
      const isRefused = host.calls() > 20 && (refusedAt === 0 || clock.now() < refusedAt + 5_000)
      if (isRefused && refusedAt === 0) refusedAt = clock.now()
      reply(response, isRefused ? '{"errcode":44991,"errmsg":"out of frequency"}' : pass)
    })
    const engine = await engineFor(dataDir, { clock, connections: 4 })
    const { summary } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'done', tally: { pass: 60 } })
    const after = times.filter(at => at > refusedAt).toSorted((a, b) => a - b)
    // What was already on its way may still arrive; then there is a gap of at least 15 s.
    const gaps = after.map((at, index) => at - (index === 0 ? refusedAt : (after[index - 1] ?? refusedAt)))
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(10_000)
  })

  test('that the platform never lifts ends in unchecked with that reason, and the calls are bounded', async () => {
    const { material, dataDir } = await texts(3)
    const host = await startHost(({ response }) => reply(response, '{"errcode":45011,"errmsg":"api minute-quota"}'))
    const engine = await engineFor(dataDir, { clock: createFastClock() })
    const { rows } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    for (const row of rows) expect(row.results[0]).toMatchObject({ outcome: 'unchecked', reason: 'rate_minute' })
    expect(host.calls()).toBeLessThanOrEqual(15)
  })
})

describe('openids', () => {
  test('an openid whose user has left is not used again; the others carry the batch', async () => {
    const { material, dataDir } = await texts(20)
    const sandbox = await sandboxFor()
    const openids = ['oPractice_gone_long_ago_0001', 'oPractice_always_visiting_01', 'oPractice_of_the_other_app_1']
    const engine = await engineFor(dataDir, { connections: 1 })
    const { summary } = await screenAll(engine, [material], [wechatProfile(sandbox.url, { openids })], column)
    expect(summary.tally).toMatchObject({ assets: 20, pass: 20 })
  })

  test('when none is left, what remains is unchecked and says so', async () => {
    const { material, dataDir } = await texts(60)
    const sandbox = await sandboxFor()
    const engine = await engineFor(dataDir)
    const profile = wechatProfile(sandbox.url, { openids: ['oPractice_gone_long_ago_0001'] })
    const { rows, summary } = await screenAll(engine, [material], [profile], column)
    expect(summary.tally).toMatchObject({ pass: 0, unchecked: 60 })
    for (const row of rows) expect(row.results[0]).toMatchObject({ reason: 'openid_inactive' })
    const checks = sandbox.stats().find(each => each.endpoint === 'wechat.msg_sec_check')
    expect(checks?.calls ?? 0).toBeLessThanOrEqual(40)
  })
})

describe('the network', () => {
  test('that dies in the middle of a batch interrupts it after a few tries; resumed, it ends like an undisturbed one', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { material, dataDir } = await texts(300)
    let isDead = false
    const host = await startHost(({ response, body }) => {
      if (host.calls() === 80) isDead = true
      if (isDead) return void response.socket?.resetAndDestroy()
      return reply(response, body.includes('第7') ? '{"errcode":87014,"errmsg":"risky content"}' : pass)
    })
    const engine = await engineFor(dataDir)
    const { id, summary } = await screenAll(engine, [material], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'unreachable' } })
    expect(summary.tally.pass + summary.tally.risky).toBeLessThanOrEqual(80)
    // Five attempts each for those at work when the breaker fell.
    expect(host.calls()).toBeLessThanOrEqual(80 + 5 * 80)

    isDead = false
    const resumed = await engine.resume(id)
    const { tally } = await resumed.done
    expect(tally).toMatchObject({ assets: 300, unchecked: 0, risky: 11, pass: 289 })
  })

  test('that was never there stops the batch before anything is asked', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { material, dataDir } = await texts(50)
    const engine = await engineFor(dataDir)
    // Port 9 is discard: nobody listens.
    const { summary, rows } = await screenAll(engine, [material], [wechatProfile('http://127.0.0.1:9')], column)
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'unreachable' } })
    expect(rows.every(row => row.results[0]?.outcome === 'unchecked')).toBe(true)
  })

  test('that swallows every call leaves the batch for later; what nothing answered is asked again, and ends like the rest', async () => {
    const { material, dataDir } = await texts(200)
    let isGone = false
    const host = await startHost(({ response }) => {
      if (host.calls() === 60) isGone = true
      if (!isGone) reply(response, pass)
    })
    // The waiting for replies is short too; where all is well again, a slow machine has the time that it has outside of tests.
    const timeouts = { connectMs: 10_000, headersTimeoutMs: 300, bodyTimeoutMs: 300 }
    const deserted = await engineFor(dataDir, { clock: createFastClock(), timeouts })
    const { id, summary } = await screenAll(deserted, [material], [wechatProfile(host.url)], column)
    await deserted.close()
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'timeout' } })
    expect(summary.tally.pass).toBeLessThan(60)
    // Not five calls for each that was at work, and none for those behind them.
    expect(host.calls()).toBeLessThanOrEqual(60 + 3 * 40)

    isGone = false
    const engine = await engineFor(dataDir)
    const resumed = await engine.resume(id)
    expect((await resumed.done).tally).toMatchObject({ assets: 200, pass: 200, unchecked: 0 })
  })

  test('a damaged file among good ones does not count as trouble of the network', async () => {
    const { folder, dataDir } = await texts(0)
    for (let index = 0; index < 30; index += 1)
      await writeFile(join(folder, `bad-${index}.png`), Buffer.from('\x89PNG\r\n\x1a\n bad'))
    await writeFile(join(folder, 'good.txt'), '你好')
    const host = await startHost(({ response }) => reply(response, pass))
    const engine = await engineFor(dataDir)
    const { summary, rows } = await screenAll(engine, [folder], [wechatProfile(host.url)])
    expect(summary.state).toBe('done')
    expect(outcomes(rows)['good.txt']).toBe('pass')
  })
})

describe('two profiles on one batch', () => {
  test('one that is stopped does not hold up the other, and its results say why they are missing', async () => {
    const { material, dataDir } = await texts(40)
    const good = await startHost(({ response }) => reply(response, pass))
    const bad = await startHost(({ response }) => reply(response, '{"errcode":48001,"errmsg":"api unauthorized"}'))
    const engine = await engineFor(dataDir)
    const profiles = [
      wechatProfile(good.url),
      wechatProfile(bad.url, {
        id: 'p_other',
        name: 'Brand B',
        appid: 'wx_practice0000002',
        secret: { from: 'env', variable: 'WECHAT_SECOND_SECRET' },
      }),
    ]
    const { id, summary } = await screenAll(engine, [material], profiles, column)
    expect(summary.tallyByProfile[0]).toMatchObject({ pass: 40, unchecked: 0 })
    expect(summary.tallyByProfile[1]).toMatchObject({ pass: 0, unchecked: 40 })
    // Over the profiles the worst stands: not one of these assets has passed.
    expect(summary.tally).toMatchObject({ pass: 0, unchecked: 40 })
    expect(summary.notice).toMatchObject({ code: 'api_not_authorised' })
    expect((await rowsOf(engine, id))[0]?.results.map(result => result.reason)).toEqual([null, 'api_not_authorised'])
    expect(good.calls()).toBe(40)
  })
})

test('the secret may be a variable that is missing: nothing is sent, and the batch says so', async () => {
  const { material, dataDir } = await texts(5)
  const host = await startHost(({ response }) => reply(response, pass))
  const engine = await engineFor(dataDir, { env: {} })
  const run = await engine.screen({
    inputs: [material],
    profiles: [wechatProfile(host.url)],
    options: { ...defaultOptions, ...column },
    name: null,
  })
  expect(await run.done).toMatchObject({ state: 'interrupted', notice: { code: 'secret_missing' } })
  expect(host.calls() + host.tokenCalls()).toBe(0)
})
