import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { HeadlessEngine } from '../../../electron/engine/app/api.ts'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { documentedTestStrings } from '../../../electron/engine/checkers/tencent/test-strings.ts'
import type { FaultScript } from '../../../electron/engine/sandbox/fault-script.ts'
import { practicePicturePng } from '../../../electron/engine/sandbox/practice-picture.ts'
import type { Sandbox } from '../../../electron/engine/sandbox/start-sandbox.ts'
import type { Profile } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { createFastClock } from '../../fixtures/engine/fast-clock.ts'
import {
  engineFor,
  qqProfile,
  sandboxFor,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { type ArrivedCall, reply, startHost } from '../../fixtures/engine/stand-in.ts'

/** The test answers the control checks. */
const asked = { controls: 'asked' } as const
const openids = ['oPractice_always_visiting_01']
/** What the sandbox's v2 flags; no word of any language. */
const keyword = '红灯果'
const passAll: FaultScript = { seed: 1, rules: [{ endpoint: '*', when: { always: true }, then: 'pass' }] }

const callsOf = (sandbox: Sandbox, endpoint: string) =>
  sandbox.stats().find(each => each.endpoint === endpoint)?.calls ?? 0

async function material(folder: string) {
  const text = join(folder, 'copy.txt')
  await writeFile(text, '春茶上新')
  const image = join(folder, 'plain.png')
  await sharp({ create: { width: 60, height: 40, channels: 3, background: '#dddddd' } })
    .png()
    .toFile(image)
  const mark = join(folder, 'mark.png')
  await writeFile(mark, practicePicturePng())
  return { text, image, mark }
}

const controlRows = (engine: HeadlessEngine, batch: string) => engine.batches.get(batch).controls
const statesOf = (engine: HeadlessEngine, batch: string) =>
  Object.fromEntries(controlRows(engine, batch).map(({ endpoint, state }) => [endpoint, state]))

async function practiceFor(script?: FaultScript) {
  const folder = await temporaryFolder()
  const sandbox = await sandboxFor(script === undefined ? {} : { script })
  const open = () => engineFor(join(folder, 'data'), { controls: true, sandboxUrl: sandbox.url })
  return { folder, sandbox, open, ...(await material(folder)) }
}

describe('a platform that still detects', () => {
  test('is seen to: v1 and QQ by the documented string, v2 by the keyword, images by the picture', async () => {
    const { sandbox, open, text, image, mark } = await practiceFor()
    const engine = await open()
    const changes = { controlKeyword: keyword, controlImage: mark }
    const profiles = [
      wechatProfile(sandbox.url, changes),
      wechatProfile(sandbox.url, { ...changes, id: 'p_v2', openids }),
      qqProfile(sandbox.url, changes),
    ]
    const { id, rows } = await screenAll(engine, [text, image], profiles)
    expect(rows.flatMap(row => row.results.map(result => result.outcome))).toEqual(Array(6).fill('pass'))
    expect(
      controlRows(engine, id)
        .map(({ profile, version, means, state }) => [profile, version, means, state])
        .sort(),
    ).toEqual([
      ['p_qq', 'v1', 'picture', 'flagged'],
      ['p_qq', 'v1', 'test_string', 'flagged'],
      ['p_v2', 'v1', 'picture', 'flagged'],
      ['p_v2', 'v2', 'keyword', 'flagged'],
      ['p_wechat', 'v1', 'picture', 'flagged'],
      ['p_wechat', 'v1', 'test_string', 'flagged'],
    ])
    // Two profiles of one account share the picture's answer.
    expect(callsOf(sandbox, 'wechat.img_sec_check')).toBe(3)
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('is asked once a day, by whatever program', async () => {
    const { sandbox, open, text, folder } = await practiceFor()
    const first = await open()
    await screenAll(first, [text], [wechatProfile(sandbox.url)])
    expect(callsOf(sandbox, 'wechat.msg_sec_check')).toBe(2)
    await first.close()
    const other = join(folder, 'other.txt')
    await writeFile(other, '另一段文案')
    const second = await open()
    const { id } = await screenAll(second, [other], [wechatProfile(sandbox.url)])
    expect(callsOf(sandbox, 'wechat.msg_sec_check')).toBe(3)
    expect(statesOf(second, id)).toEqual({ 'wechat.msg_sec_check': 'flagged' })
  })

  test('is asked again when the platform’s day has turned, and only then', async () => {
    const { folder, sandbox, text } = await practiceFor()
    // Half an hour before midnight in China.
    let nowMs = Date.UTC(2026, 0, 2, 15, 30)
    const clock = { now: () => nowMs, sleep: systemClock.sleep }
    const engine = await engineFor(join(folder, 'data'), { controls: true, clock })
    const callsOfBatch = async () => {
      const before = callsOf(sandbox, 'wechat.msg_sec_check')
      await screenAll(engine, [text], [wechatProfile(sandbox.url)], { reuseDays: 0 })
      return callsOf(sandbox, 'wechat.msg_sec_check') - before
    }
    expect(await callsOfBatch()).toBe(2)
    nowMs += 20 * 60_000
    expect(await callsOfBatch()).toBe(1)
    nowMs += 20 * 60_000
    expect(await callsOfBatch()).toBe(2)
    // A clock that is set back finds the answer of that day.
    nowMs -= 20 * 60_000
    expect(await callsOfBatch()).toBe(1)
  })

  test('is asked once by programs that begin at the same moment', async () => {
    const folder = await temporaryFolder()
    const { text } = await material(folder)
    const isOut = Promise.withResolvers<void>()
    const open = Promise.withResolvers<void>()
    let controls = 0
    const host = await startHost(async ({ response, body }) => {
      if (!body.includes(documentedTestStrings[0])) return reply(response, '{"errcode":0,"errmsg":"ok"}')
      controls += 1
      isOut.resolve()
      await open.promise
      reply(response, '{"errcode":87014,"errmsg":"risky"}')
    }, asked)
    const first = await engineFor(join(folder, 'data'), { controls: true })
    // The second one's wait for the lock opens the door, so that it is known to have met it.
    const sleep: typeof systemClock.sleep = (ms, signal) => {
      if (ms === 50) open.resolve()
      return systemClock.sleep(ms, signal)
    }
    const second = await engineFor(join(folder, 'data'), { controls: true, clock: { ...systemClock, sleep } })
    const one = screenAll(first, [text], [wechatProfile(host.url)], { reuseDays: 0 })
    await isOut.promise
    const other = screenAll(second, [text], [wechatProfile(host.url)], { reuseDays: 0 })
    for (const { summary } of await Promise.all([one, other])) {
      expect(summary).toMatchObject({ state: 'done', controls: [{ state: 'flagged' }] })
    }
    expect(controls).toBe(1)
  })

  test('is asked anew when another picture has the control picture’s path', async () => {
    const { sandbox, open, image, mark } = await practiceFor()
    const engine = await open()
    const profile = wechatProfile(sandbox.url, { controlImage: mark })
    const options = { ...defaultOptions, reuseDays: 0 }
    const screened = async () => (await screenAll(engine, [image], [profile], options)).id
    const priced = async () => {
      const request = { inputs: [image], profiles: [profile], options, name: null }
      return (await engine.plan(request, () => undefined, new AbortController().signal)).controls
    }
    expect(statesOf(engine, await screened())).toEqual({ 'wechat.img_sec_check': 'flagged' })
    expect(await priced()).toBe(0)
    await copyFile(image, mark)
    expect(await priced()).toBe(1)
    expect(statesOf(engine, await screened())).toEqual({ 'wechat.img_sec_check': 'clean' })
    expect(callsOf(sandbox, 'wechat.img_sec_check')).toBe(4)
  })

  test('answers for the practice profiles without anything being set up', async () => {
    const { open, text, image } = await practiceFor()
    const engine = await open()
    const practice = engine.profiles.list().filter(profile => profile.practice)
    const { id } = await screenAll(engine, [text, image], practice)
    expect(controlRows(engine, id).map(({ state }) => state)).toEqual(Array(4).fill('flagged'))
  })
})

describe('a platform that passes everything', () => {
  test('is told by its own test string; the verdicts stay what it said, with a mark of their own', async () => {
    const { sandbox, open, text, image, mark } = await practiceFor(passAll)
    const engine = await open()
    const profiles = [wechatProfile(sandbox.url, { controlImage: mark }), qqProfile(sandbox.url)]
    const v2 = wechatProfile(sandbox.url, { id: 'p_v2', openids, controlKeyword: keyword })
    const { id, rows } = await screenAll(engine, [text, image], [...profiles, v2])
    expect(rows.flatMap(row => row.results.map(result => result.outcome))).toEqual(Array(6).fill('pass'))
    expect(
      controlRows(engine, id)
        .map(({ profile, endpoint, state }) => [profile, endpoint, state])
        .sort(),
    ).toEqual([
      ['p_qq', 'qq.ImgSecCheck', 'impossible'],
      ['p_qq', 'qq.MsgSecCheck', 'clean'],
      ['p_v2', 'wechat.img_sec_check', 'impossible'],
      ['p_v2', 'wechat.msg_sec_check', 'clean'],
      ['p_wechat', 'wechat.img_sec_check', 'clean'],
      ['p_wechat', 'wechat.msg_sec_check', 'clean'],
    ])
    const marks = [...engine.queries.reportRows(id, null)].map(row => engine.queries.controlOf(row))
    expect(marks.sort()).toEqual(['clean', 'clean', 'clean', 'clean', 'impossible', 'impossible'])
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('lends no backing to a verdict that is used again on a better day', async () => {
    const { folder } = await practiceFor()
    const { text } = await material(folder)
    let isBlind = true
    const host = await startHost(({ response, body }) => {
      const isHit = !isBlind && body.includes(documentedTestStrings[0])
      reply(response, isHit ? '{"errcode":87014,"errmsg":"risky content"}' : '{"errcode":0,"errmsg":"ok"}')
    }, asked)
    const engine = await engineFor(join(folder, 'data-2'), { controls: true })
    const before = await screenAll(engine, [text], [wechatProfile(host.url)])
    isBlind = false
    // Somebody tests the profile: the day's last answer counts.
    const { secret: _, relay: __, practice: ___, ...profile } = wechatProfile(host.url)
    const draft = { ...profile, id: null, secretEnv: 'WECHAT_SECRET', relayUrl: null, relayKeyEnv: null }
    const saved = await engine.profiles.save(draft, null)
    await engine.profiles.test(saved.id)
    const again = join(folder, 'again.txt')
    await writeFile(again, '今天的文案')
    const after = await screenAll(engine, [text, again], [wechatProfile(host.url)])
    expect(statesOf(engine, before.id)).toEqual({ 'wechat.msg_sec_check': 'clean' })
    // The batch holds a verdict of the bad day.
    expect(statesOf(engine, after.id)).toEqual({ 'wechat.msg_sec_check': 'clean' })
    const marks = [...engine.queries.reportRows(after.id, null)].map(row => [
      row.asset.path,
      engine.queries.controlOf(row),
    ])
    expect(Object.fromEntries(marks)).toEqual({ 'copy.txt': 'clean', 'again.txt': 'flagged' })
    const fresh = await screenAll(engine, [again], [wechatProfile(host.url)], { reuseDays: 0 })
    expect(statesOf(engine, fresh.id)).toEqual({ 'wechat.msg_sec_check': 'flagged' })
  })
})

describe('a control that fails', () => {
  async function failing(answerControl: (call: ArrivedCall, times: number) => void, changes: Partial<Profile> = {}) {
    const folder = await temporaryFolder()
    let times = 0
    const host = await startHost(call => {
      if (call.body.includes(documentedTestStrings[0])) {
        times += 1
        answerControl(call, times)
      } else reply(call.response, '{"errcode":0,"errmsg":"ok"}')
    }, asked)
    const engine = await engineFor(join(folder, 'data'), { controls: true })
    return { folder, host, engine, profile: wechatProfile(host.url, changes), ...(await material(folder)) }
  }

  test('says that it is not known, stops nothing, and is made again for the next batch', async () => {
    const { engine, profile, text } = await failing(({ response }, times) =>
      reply(response, times === 1 ? '{"errcode":40004,"errmsg":"?"}' : '{"errcode":87014,"errmsg":"risky content"}'),
    )
    const first = await screenAll(engine, [text], [profile], { reuseDays: 0 })
    expect(first.rows[0]?.results[0]?.outcome).toBe('pass')
    expect(controlRows(engine, first.id)).toMatchObject([{ state: 'unknown', reason: expect.any(String) }])
    const second = await screenAll(engine, [text], [profile], { reuseDays: 0 })
    expect(statesOf(engine, second.id)).toEqual({ 'wechat.msg_sec_check': 'flagged' })
  })

  test('is told by a picture that cannot be read', async () => {
    const { engine, profile, image, folder } = await failing(() => undefined)
    const gone = { ...profile, controlImage: join(folder, 'gone.png') }
    const { id, rows } = await screenAll(engine, [image], [gone])
    expect(rows[0]?.results[0]?.outcome).toBe('pass')
    expect(controlRows(engine, id)).toMatchObject([{ means: 'picture', state: 'unknown', reason: 'unreadable_file' }])
  })

  test('ends a batch as the same failure of an ordinary check would', async () => {
    const refused = { errcode: 48001, errmsg: 'api unauthorized' }
    const script: FaultScript = {
      seed: 1,
      rules: [{ endpoint: 'wechat.msg_sec_check', when: { always: true }, then: refused }],
    }
    const { sandbox, open, text } = await practiceFor(script)
    const engine = await open()
    const { summary } = await screenAll(engine, [text], [wechatProfile(sandbox.url)])
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'api_not_authorised' } })
    expect(summary.controls).toMatchObject([{ state: 'unknown', reason: 'api_not_authorised' }])
  })

  test('takes one call from a network that swallows everything, and is made when the batch goes on', async () => {
    const folder = await temporaryFolder()
    let isGone = true
    let controls = 0
    const host = await startHost(({ response, body }) => {
      const isControl = body.includes(documentedTestStrings[0])
      if (isControl) controls += 1
      if (!isGone) reply(response, isControl ? '{"errcode":87014,"errmsg":"risky"}' : '{"errcode":0,"errmsg":"ok"}')
    }, asked)
    // A hundred times as fast, the waiting for replies included.
    const timeouts = { connectMs: 1_000, headersTimeoutMs: 300, bodyTimeoutMs: 300 }
    const engine = await engineFor(join(folder, 'data'), { controls: true, clock: createFastClock(), timeouts })
    await writeFile(join(folder, 'rows.csv'), `text\n${Array.from({ length: 60 }, (_, n) => `第${n}条`).join('\n')}\n`)
    const column = { textColumn: 'text', reuseDays: 0 }
    const { id, summary } = await screenAll(engine, [join(folder, 'rows.csv')], [wechatProfile(host.url)], column)
    expect(summary).toMatchObject({ state: 'interrupted', notice: { code: 'timeout' }, tally: { pass: 0 } })
    expect(summary.controls).toMatchObject([{ state: 'unknown', reason: 'timeout' }])
    expect(controls).toBe(1)
    isGone = false
    const resumed = await engine.resume(id)
    expect(await resumed.done).toMatchObject({ tally: { pass: 60 }, controls: [{ state: 'flagged' }] })
  })

  test('of a batch that is paused holds up no other', async () => {
    const folder = await temporaryFolder()
    const first = Promise.withResolvers<void>()
    const open = Promise.withResolvers<void>()
    let controls = 0
    const host = await startHost(async ({ response, body }) => {
      if (!body.includes(documentedTestStrings[0])) return reply(response, '{"errcode":0,"errmsg":"ok"}')
      controls += 1
      first.resolve()
      // The first is never answered while its batch is paused.
      if (controls === 1) await open.promise
      reply(response, '{"errcode":87014,"errmsg":"risky"}')
    }, asked)
    const engine = await engineFor(join(folder, 'data'), { controls: true })
    const { text } = await material(folder)
    const request = {
      inputs: [text],
      profiles: [wechatProfile(host.url)],
      options: { ...defaultOptions, reuseDays: 0 },
    }
    const held = await engine.screen({ ...request, name: 'held' })
    await first.promise
    await engine.batches.pause(held.id)
    const { summary } = await screenAll(engine, [text], request.profiles, { reuseDays: 0 })
    expect(summary).toMatchObject({ state: 'done', controls: [{ state: 'flagged' }] })
    open.resolve()
    await engine.batches.resume(held.id)
    expect(await held.done).toMatchObject({ state: 'done', controls: [{ state: 'flagged' }] })
  })
})

describe('the price', () => {
  test('counts the control calls of the day, and no more once they were made', async () => {
    const { sandbox, open, text, image, mark } = await practiceFor()
    const engine = await open()
    const profile = wechatProfile(sandbox.url, { controlImage: mark })
    const options = { ...defaultOptions, reuseDays: 0 }
    const request = { inputs: [text, image], profiles: [profile, { ...profile, id: 'p_twin' }], options, name: null }
    const priced = () => engine.plan(request, () => undefined, new AbortController().signal)
    const before = await priced()
    expect(before).toMatchObject({ controls: 2 })
    expect(before.calls.reduce((sum, { parts }) => sum + parts, 0)).toBe(6)
    await screenAll(engine, [text, image], request.profiles, { reuseDays: 0 })
    expect(
      sandbox.stats().reduce((sum, { endpoint, calls }) => sum + (/sec_check/.test(endpoint) ? calls : 0), 0),
    ).toBe(6)
    expect(await priced()).toMatchObject({ controls: 0 })
  })
})

describe('the doctor', () => {
  test('tells of each endpoint whether it flags its control, and asks anew', async () => {
    const { open } = await practiceFor()
    const engine = await open()
    const twice = [await engine.profiles.test('practice'), await engine.profiles.test('practice')]
    for (const steps of twice) {
      expect(steps.filter(({ step }) => step === 'control').map(({ state }) => state)).toEqual(['ok', 'ok'])
    }
  })

  test('warns of an endpoint that lets its own test string pass', async () => {
    const { open } = await practiceFor(passAll)
    const engine = await open()
    const steps = await engine.profiles.test('practice-qq')
    expect(steps.find(({ step }) => step === 'control')).toMatchObject({
      state: 'warning',
      en: expect.stringContaining('let its own test string pass'),
      zh: expect.stringContaining('放过了自己公布的测试文本'),
    })
  })
})
