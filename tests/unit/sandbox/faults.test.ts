import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import { createFaultPlanner, type FaultScript } from '../../../electron/engine/sandbox/fault-script.ts'
import { parseFaultScript, readFaultScript } from '../../fixtures/practices.ts'
import { type Bench, classicTokenUrl, exchange, ridShape, startBench } from './harness.ts'

const text = '/wxa/msg_sec_check'

let bench: Bench
afterEach(() => bench?.sandbox.close())

function rule(endpoint: string, when: object, then: unknown) {
  return { endpoint, when, then }
}

function delayed(delayMs: number, then: unknown) {
  return { delayMs, then }
}

function script(...rules: unknown[]): FaultScript {
  const reading = parseFaultScript({ rules })
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.problems))
  return reading.script
}

async function open(...rules: unknown[]): Promise<void> {
  bench = await startBench({ script: script(...rules) })
}

const check = () => bench.post(text, { content: 'a' })

async function errcodes(calls: number): Promise<number[]> {
  const codes: number[] = []
  for (let call = 0; call < calls; call += 1) codes.push((await check()).json.errcode)
  return codes
}

describe('a platform that finds nothing any more', () => {
  const openid = wechatPracticeApp.users[0].openid
  const v2 = (content: string) => bench.post(text, { content, version: 2, scene: 2, openid })

  test('answers v1 and v2 as if there were no hit, and refuses what it refuses', async () => {
    await open(rule('*', { always: true }, 'pass'))
    expect((await bench.post(text, { content: '红灯果' })).json).toMatchObject({ errcode: 0, errmsg: 'ok' })
    expect((await v2('红灯果')).json).toMatchObject({
      errcode: 0,
      result: { suggest: 'pass', label: 100 },
      detail: [{ suggest: 'pass', label: 100 }],
      trace_id: expect.any(String),
    })
    expect((await bench.post(text, { content: '' })).json.errcode).toBe(44002)
  })

  test('is another than the ordinary one', async () => {
    await open()
    expect((await bench.post(text, { content: '红灯果' })).json.errcode).toBe(87014)
    expect((await v2('红灯果')).json.result.suggest).toBe('risky')
  })
})

describe('when a rule fires', () => {
  test.each([
    [{ nth: 2 }, [0, -1, 0, 0, 0, 0]],
    [{ every: 3 }, [0, 0, -1, 0, 0, -1]],
    [{ burst: { from: 2, count: 3 } }, [0, -1, -1, -1, 0, 0]],
    [{ always: true }, [-1, -1, -1, -1, -1, -1]],
  ])('%j', async (when, expected) => {
    await open(rule('wechat.msg_sec_check', when, { errcode: -1 }))
    expect(await errcodes(6)).toEqual(expected)
  })

  test('a probability gives the same faults for the same seed, others for another, and about as many as it says', () => {
    const faults = (seed: number) => {
      const reading = parseFaultScript({ seed, rules: [rule('*', { probability: 0.2 }, 'reset')] })
      if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.problems))
      const plan = createFaultPlanner(reading.script)
      return Array.from({ length: 2000 }, () => (plan('qq.MsgSecCheck').fault === null ? '.' : 'x')).join('')
    }
    expect(faults(7)).toBe(faults(7))
    expect(faults(7)).not.toBe(faults(8))
    expect(faults(7).replaceAll('.', '').length / 2000).toBeCloseTo(0.2, 1)
  })

  test('a rule draws the same whatever rules stand before it', () => {
    const sometimes = rule('*', { probability: 0.5 }, { errcode: 2 })
    const never = rule('*', { probability: 0 }, { errcode: 1 })
    const often = rule('*', { probability: 0.5 }, { delayMs: 1 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), calls => {
        const run = (...rules: unknown[]) => {
          const plan = createFaultPlanner(script(...rules))
          return Array.from({ length: calls }, () => plan('wechat.token').fault)
        }
        expect(run(never, sometimes)).toEqual(run(often, sometimes))
      }),
    )
  })

  test('each rule counts by itself, the first that fires answers, and patterns name a platform or all', async () => {
    await open(
      rule('qq.*', { always: true }, { errcode: -3 }),
      rule('wechat.*', { nth: 3 }, { errcode: -1 }),
      rule('*', { every: 3 }, { errcode: -2 }),
    )
    // Call 1 of wechat.* and of * was the token that the bench fetched; QQ's token was call 2 of *.
    expect(await errcodes(4)).toEqual([-2, -1, 0, -2])
    expect((await bench.post('/api/json/security/MsgSecCheck', {})).json.errCode).toBe(-3)
  })
})

describe('what a rule does', () => {
  test('errcode speaks the dialect of its endpoint', async () => {
    await open(
      rule('wechat.msg_sec_check', { always: true }, { errcode: 48001, errmsg: 'api unauthorized' }),
      rule('qq.MsgSecCheck', { always: true }, { errcode: 45009 }),
      rule('wechat.token', { nth: 2 }, { errcode: 40243 }),
    )
    expect((await check()).json).toEqual({
      errcode: 48001,
      errmsg: expect.stringMatching(/^api unauthorized rid: [0-9a-f-]{26}$/),
    })
    expect((await bench.post('/api/json/security/MsgSecCheck', {})).json).toEqual({
      errCode: 45009,
      errMsg: 'reach max api daily quota limit',
    })
    expect((await exchange(classicTokenUrl(bench.sandbox, wechatPracticeApp))).json).toEqual({
      errcode: 40243,
      errmsg: expect.stringMatching(ridShape),
    })
  })

  test('http answers a page with that status, and redirects to a host that is none', async () => {
    await open(
      rule('wechat.msg_sec_check', { nth: 1 }, { http: 502 }),
      rule('wechat.msg_sec_check', { nth: 2 }, { http: 302 }),
    )
    const first = await check()
    expect([first.status, first.headers['content-type'], first.json]).toEqual([502, 'text/html', undefined])
    const second = await check()
    expect([second.status, second.headers.location]).toEqual([302, 'http://elsewhere.invalid/'])
  })

  test('reset ends the connection without a byte', async () => {
    await open(rule('wechat.msg_sec_check', { nth: 1 }, 'reset'))
    await expect(check()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await errcodes(1)).toEqual([0])
  })

  test.each([
    ['text', /^upstream connect error/],
    ['html', /^<!doctype html>/],
    ['empty', /^$/],
    ['binary', /\ufffd/],
  ])('garbage: %s is an answer of status 200 that is no JSON', async (garbage, shape) => {
    await open(rule('wechat.msg_sec_check', { always: true }, { garbage }))
    const reply = await check()
    expect(reply.status).toBe(200)
    expect(reply.text).toMatch(shape)
    expect(reply.json).toBeUndefined()
  })

  test('garbage: truncated announces the whole reply and hangs up halfway', async () => {
    await open(rule('wechat.msg_sec_check', { always: true }, { garbage: 'truncated' }))
    await expect(check()).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  test('raw answers exactly those words', async () => {
    await open(rule('wechat.msg_sec_check', { always: true }, { raw: '{"errcode":"0"}' }))
    expect((await check()).text).toBe('{"errcode":"0"}')
  })

  test('delays add to the latency and to each other, and lead to the answer or to another fault', async () => {
    const rules = script(
      rule('wechat.msg_sec_check', { always: true }, { delayMs: 100 }),
      rule('wechat.msg_sec_check', { nth: 2 }, delayed(1000, { errcode: -1 })),
      rule('wechat.msg_sec_check', { nth: 2 }, { delayMs: 5000 }),
    )
    bench = await startBench({ script: rules, latencyMs: 10 })
    bench.clock.sleeps.length = 0
    expect(await errcodes(3)).toEqual([0, -1, 0])
    expect(bench.clock.sleeps).toEqual([110, 1110, 110])
  })

  test('a call that met a fault still counts', async () => {
    await open(rule('wechat.msg_sec_check', { always: true }, { http: 500 }))
    await check()
    expect(bench.sandbox.stats()).toContainEqual(
      expect.objectContaining({ endpoint: 'wechat.msg_sec_check', appid: wechatPracticeApp.appid, calls: 1 }),
    )
  })
})

describe('a script that is wrong', () => {
  const good = rule('*', { always: true }, 'reset')

  test.each([
    [
      { rules: [{ ...good, endpoint: 'wechat.text' }] },
      /^script\.rules\[0\]\.endpoint: .*wechat\.msg_sec_check.*"wechat\.text"$/,
    ],
    [{ rules: [good, { ...good, when: { nth: 0 } }] }, /^script\.rules\[1\]\.when\.nth: .*1 at least, but is 0$/],
    [{ rules: [{ ...good, when: { nth: 1, every: 2 } }] }, /^script\.rules\[0\]\.when: must be/],
    [{ rules: [rule('*', { always: true }, { garbage: 'pdf' })] }, /^script\.rules\[0\]\.then: must be "reset"/],
    [
      { rules: [rule('*', { always: true }, { http: 200 })] },
      /^script\.rules\[0\]\.then\.http: .*300 at least, but is 200$/,
    ],
    [{ rules: [{ ...good, note: 'x' }] }, /^script\.rules\[0\]: .*note/],
    [{ seed: -1, rules: [] }, /^script\.seed: /],
    [{}, /^script\.rules: .*nothing$/],
    [[], /^script: /],
  ])('%j is named with its place and what would be right', (input, sentence) => {
    const reading = parseFaultScript(input)
    expect(reading).toEqual({
      kind: 'invalid',
      problems: [{ en: expect.stringMatching(sentence), zh: expect.stringMatching(/\p{Script=Han}/u) }],
    })
  })

  test('a file is read, or says why not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-script-'))
    const path = join(folder, 'faults.json')
    expect(await readFaultScript(path)).toEqual({
      kind: 'invalid',
      problems: [{ en: expect.stringContaining('ENOENT'), zh: expect.stringContaining('读不了') }],
    })
    await writeFile(path, '{"rules":[}')
    expect(await readFaultScript(path)).toEqual({
      kind: 'invalid',
      problems: [{ en: expect.stringContaining(path), zh: expect.stringContaining(path) }],
    })
    await writeFile(path, JSON.stringify({ rules: [good] }))
    expect(await readFaultScript(path)).toEqual({ kind: 'script', script: { seed: 1, rules: [good] } })
    await rm(folder, { recursive: true })
  })
})

test('closing frees the port at once, also while calls wait', async () => {
  bench = await startBench({
    script: script(rule('wechat.msg_sec_check', { always: true }, { delayMs: 60_000 })),
    clock: {
      now: () => 0,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  const waiting = expect(check()).rejects.toThrow()
  while (bench.sandbox.stats().every(({ endpoint }) => endpoint !== 'wechat.msg_sec_check')) {
    await new Promise(setImmediate)
  }
  await bench.sandbox.close()
  await waiting
  bench = await startBench({ port: bench.sandbox.port })
  expect(await errcodes(1)).toEqual([0])
})
