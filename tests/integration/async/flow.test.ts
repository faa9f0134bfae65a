import { createServer } from 'node:http'
import sharp from 'sharp'
import { afterEach, describe, expect, test } from 'vitest'
import { practiceMark } from '../../../electron/engine/sandbox/practice-mark.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { delayedStore } from '../../fixtures/engine/delayed-store.ts'
import { createStillClock, createWorld, type World, wav } from './harness.ts'

let world: World
afterEach(() => world.close())

const minute = 60_000

/** The batch's summary, once it fits; woken by the engine's own events. */
function until(batch: string, fits: (summary: BatchSummary) => boolean): Promise<BatchSummary> {
  const { engine } = world
  return new Promise(resolve => {
    const look = async () => {
      const summary = await engine.batches.get(batch)
      if (!fits(summary)) return
      stop()
      resolve(summary)
    }
    const stop = engine.on('batch', look)
    void look()
  })
}

const isAwaiting = (count: number) => (summary: BatchSummary) => summary.tally.awaiting === count

async function outcomes(batch: string) {
  return Object.fromEntries(
    (await world.rows(batch)).map(({ path, results: [result] }) => [path, result?.outcome ?? result?.state]),
  )
}

async function reasons(batch: string) {
  return Object.fromEntries((await world.rows(batch)).map(({ path, results: [result] }) => [path, result?.reason]))
}

async function checksOf(batch: string, path: string) {
  const row = (await world.rows(batch)).find(each => each.path === path)
  return (await world.engine.assets.detail(row?.id ?? 0)).checks
}

/** A poster with the practice mark far down: made smaller, the mark is lost. */
async function poster(): Promise<Buffer> {
  const { sizePx, squarePx, framePx, colour, frameColour } = practiceMark
  const mark = await sharp({ create: { width: sizePx, height: sizePx, channels: 3, background: frameColour } })
    .composite([
      {
        input: { create: { width: squarePx, height: squarePx, channels: 3, background: colour } },
        left: framePx,
        top: framePx,
      },
    ])
    .png()
    .toBuffer()
  return sharp({ create: { width: 1500, height: 6000, channels: 3, background: '#ffffff' } })
    .composite([{ input: mark, left: 700, top: 5000 }])
    .png()
    .toBuffer()
}

describe('each platform', () => {
  test('QQ judges recordings and original images by its unsigned pushes', async () => {
    world = await createWorld({ profile: { imageRoute: 'async' } })
    world.file('calm.wav', wav('calm music'))
    world.file('bad.wav', wav('红灯果'))
    world.file('poster.png', await poster())
    const run = await world.screen([`${world.dir}/in`], [world.qq])
    expect((await run.done).state).toBe('done')
    expect(await outcomes(run.id)).toEqual({ 'calm.wav': 'pass', 'bad.wav': 'risky', 'poster.png': 'risky' })
  })

  test('an image by both ways is judged by its renditions and at its original size', async () => {
    world = await createWorld({ profile: { imageRoute: 'both', imageMode: 'fit' } })
    world.file('poster.png', await poster())
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await run.done
    const checks = await checksOf(run.id, 'poster.png')
    expect(checks.map(({ part, endpoint, verdict }) => [part, endpoint, verdict])).toEqual(
      expect.arrayContaining([
        ['original', 'wechat.media_check_async', 'risky'],
        ['whole', 'wechat.img_sec_check', 'pass'],
      ]),
    )
    expect(await outcomes(run.id)).toEqual({ 'poster.png': 'risky' })
  })

  test('both platforms of one batch are awaited side by side', async () => {
    world = await createWorld()
    world.file('bad.wav', wav('zibblefrond'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat, world.qq])
    await run.done
    expect((await world.rows(run.id))[0]?.results.map(({ outcome }) => outcome)).toEqual(['risky', 'risky'])
  })
})

describe('what the platform may do wrong', () => {
  test('an error push leaves the asset unchecked, with its reason', async () => {
    world = await createWorld({ pushes: { script: { rules: [{ when: { nth: 1 }, then: { errcode: -1008 } }] } } })
    world.file('a.wav', wav('calm'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await run.done
    expect([await outcomes(run.id), await reasons(run.id)]).toEqual([
      { 'a.wav': 'unchecked' },
      { 'a.wav': 'push_download_failed' },
    ])
  })

  test.each(['v1', 'bare'] as const)('a push of the %s shape is understood', async shape => {
    world = await createWorld({ pushes: { script: { rules: [{ when: { always: true }, then: { shape } }] } } })
    world.file('bad.wav', wav('zibblefrond'))
    world.file('calm.wav', wav('calm'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await run.done
    expect(await outcomes(run.id)).toEqual({ 'bad.wav': 'risky', 'calm.wav': 'pass' })
  })

  test('pushes that come twice and out of order each count once, for their own asset', async () => {
    world = await createWorld({
      pushes: {
        script: {
          rules: [
            { when: { nth: 1 }, then: 'out_of_order' },
            { when: { every: 2 }, then: 'twice' },
          ],
        },
      },
    })
    world.file('1.wav', wav('calm one'))
    world.file('2.wav', wav('zibblefrond'))
    world.file('3.wav', wav('calm three'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await run.done
    expect(await outcomes(run.id)).toEqual({ '1.wav': 'pass', '2.wav': 'risky', '3.wav': 'pass' })
    expect((await world.engine.ledger.verify()).intact).toBe(true)
  })

  test('a forged push changes nothing; without the true one the asset is unchecked after 30 minutes', async () => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { script: { rules: [{ when: { nth: 1 }, then: 'wrong_signature' }] } } })
    world.file('a.wav', wav('calm'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(1))
    await world.pushes.idle()
    expect(world.pushes.answers.map(({ status }) => status)).toEqual([403])
    clock.advance(29 * minute)
    expect(await world.engine.batches.get(run.id)).toMatchObject({ state: 'running', tally: { awaiting: 1 } })
    clock.advance(minute)
    expect((await run.done).state).toBe('done')
    expect(await reasons(run.id)).toEqual({ 'a.wav': 'push_overdue' })
  })

  test('a push that comes after all corrects what was given up, and the ledger tells both', async () => {
    const clock = createStillClock()
    world = await createWorld({
      clock,
      pushes: { script: { rules: [{ when: { nth: 1 }, then: { lateMs: 45 * minute } }] } },
    })
    world.file('bad.wav', wav('zibblefrond'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(1))
    clock.advance(31 * minute)
    await run.done
    expect(await reasons(run.id)).toEqual({ 'bad.wav': 'push_overdue' })
    clock.advance(15 * minute)
    await until(run.id, ({ tally }) => tally.risky === 1)
    expect(await outcomes(run.id)).toEqual({ 'bad.wav': 'risky' })
    expect((await world.engine.ledger.verify()).intact).toBe(true)
  })

  test('what was given up can be submitted again', async () => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { script: { rules: [{ when: { nth: 1 }, then: 'never' }] } } })
    world.file('a.wav', wav('zibblefrond'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(1))
    clock.advance(31 * minute)
    await run.done
    await world.engine.batches.recheck(run.id, null)
    await until(run.id, ({ state }) => state === 'done')
    expect(await outcomes(run.id)).toEqual({ 'a.wav': 'risky' })
  })
})

describe('the same bytes', () => {
  test.each([
    ['', {}],
    [', whatever time the store takes', { aroundStore: delayedStore }],
  ])('are submitted once while their push is awaited, and all get the verdict%s', async (_, around) => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { delayMs: 1000 }, ...around })
    world.file('a.wav', wav('zibblefrond'))
    world.file('b.wav', wav('zibblefrond'))
    const submitted: string[] = []
    world.sandbox.onSubmission(({ traceId }) => submitted.push(traceId))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(2))
    const second = await world.screen([`${world.dir}/in/b.wav`], [world.wechat])
    await until(second.id, isAwaiting(1))
    clock.advance(1000)
    await Promise.all([run.done, second.done])
    expect([await outcomes(run.id), await outcomes(second.id)]).toEqual([
      { 'a.wav': 'risky', 'b.wav': 'risky' },
      { 'b.wav': 'risky' },
    ])
    expect(submitted).toHaveLength(1)
  })

  test('refused as a repetition (87020) wait for the push that is on its way', async () => {
    const clock = createStillClock()
    world = await createWorld({
      clock,
      pushes: { delayMs: 1000 },
      script: {
        seed: 1,
        rules: [{ endpoint: 'wechat.media_check_async', when: { nth: 2 }, then: { errcode: 87020 } }],
      },
    })
    const file = world.file('a.wav', wav('zibblefrond'))
    const first = await world.screen([file], [world.wechat], { reuseDays: 0 })
    await until(first.id, isAwaiting(1))
    const second = await world.screen([file], [world.wechat], { reuseDays: 0 })
    await until(second.id, isAwaiting(1))
    clock.advance(1000)
    await Promise.all([first.done, second.done])
    expect([await outcomes(first.id), await outcomes(second.id)]).toEqual([{ 'a.wav': 'risky' }, { 'a.wav': 'risky' }])
  })
})

describe('a workstation that is away', () => {
  test('for a day gets everything on return', async () => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { delayMs: 1000 } })
    for (const name of ['1', '2', '3']) world.file(`${name}.wav`, wav(`zibblefrond ${name}`))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(3))
    await world.engine.close()
    clock.advance(1000)
    await world.pushes.idle()
    clock.advance(24 * 60 * minute)
    await world.reopen()
    const summary = await until(run.id, isAwaiting(0))
    expect(summary.tally).toMatchObject({ risky: 3, unchecked: 0 })
    await until(run.id, ({ state }) => state === 'done')
  })

  test('while the relay was away too', async () => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { delayMs: 1000 } })
    world.file('a.wav', wav('zibblefrond'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(1))
    clock.advance(1000)
    await world.pushes.idle()
    await run.done
    await world.stopRelay()
    await world.restartRelay()
    world.file('b.wav', wav('calm'))
    const next = await world.screen([`${world.dir}/in/b.wav`], [world.wechat])
    // After losing the relay, the feed asks again in a while.
    await until(next.id, isAwaiting(1))
    clock.advance(31_000)
    await world.pushes.idle()
    clock.advance(31_000)
    expect((await next.done).tally.pass).toBe(1)
  })
})

describe('a batch that awaits', () => {
  const set = async () => {
    const clock = createStillClock()
    world = await createWorld({ clock, pushes: { delayMs: 1000 } })
    world.file('a.wav', wav('zibblefrond'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    await until(run.id, isAwaiting(1))
    return { clock, run }
  }

  test('says since when, for each asset and for the batch', async () => {
    const { clock, run } = await set()
    const since = clock.now()
    clock.advance(500)
    expect(await world.engine.store.reader.awaiting(run.id)).toEqual({ results: 1, since })
    expect((await world.rows(run.id))[0]?.results[0]).toMatchObject({
      state: 'awaiting',
      outcome: null,
      screenedAt: since,
    })
    const [check] = await checksOf(run.id, 'a.wav')
    expect(check).toMatchObject({ state: 'awaiting', at: since, traceId: expect.stringMatching(/./) })
  })

  test('ends when it is cancelled, with nothing passed', async () => {
    const { run } = await set()
    expect(await world.engine.batches.cancel(run.id)).toMatchObject({ state: 'cancelled', tally: { unchecked: 1 } })
    expect(await reasons(run.id)).toEqual({ 'a.wav': 'cancelled' })
  })

  test('and was left with Ctrl-C is done once the push is here, without anyone resuming it', async () => {
    const { clock, run } = await set()
    run.interrupt()
    expect((await run.done).state).toBe('interrupted')
    clock.advance(1000)
    expect(await until(run.id, ({ state }) => state === 'done')).toMatchObject({ tally: { risky: 1 } })
  })
})

describe('the plan', () => {
  test('says which way each asset takes and why', async () => {
    world = await createWorld({ profile: { imageRoute: 'async' } })
    world.file('a.wav', wav('calm'))
    world.file('b.png', await poster())
    world.file(
      'c.gif',
      await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
        .gif()
        .toBuffer(),
    )
    world.file('d.txt', '你好')
    const signal = new AbortController().signal
    const request = { inputs: [`${world.dir}/in`], profiles: [world.wechat], options: world.options, name: null }
    const plan = await world.engine.plan(request, () => undefined, signal)
    expect(plan.ways.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.way.localeCompare(b.way))).toEqual([
      { profile: 'p_wechat', kind: 'audio', way: 'async', why: 'only_way', assets: 1 },
      { profile: 'p_wechat', kind: 'image', way: 'async', why: 'chosen', assets: 1 },
      { profile: 'p_wechat', kind: 'image', way: 'sync', why: 'first_frame', assets: 1 },
      { profile: 'p_wechat', kind: 'text', way: 'sync', why: 'only_way', assets: 1 },
    ])
    expect(plan.calls.find(({ endpoint }) => endpoint === 'wechat.media_check_async')?.parts).toBe(2)

    const alone = { ...request, profiles: [{ ...world.wechat, relay: null }] }
    const without = await world.engine.plan(alone, () => undefined, signal)
    expect(without.problems).toEqual([{ path: 'a.wav', code: 'needs_relay', detail: '' }])
    expect(without.ways).toContainEqual({ profile: 'p_wechat', kind: 'image', way: 'sync', why: 'no_relay', assets: 2 })
  })
})

test('a profile with a cloud function sends all of its checks through it', async () => {
  world = await createWorld({ profile: { cloud: { env: 'practice-env', functionName: 'prescreen-check' } } })
  world.file('a.wav', wav('zibblefrond'))
  world.file('b.txt', '叮咚彩铺')
  world.file(
    'c.png',
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  )
  const run = await world.screen([`${world.dir}/in`], [world.wechat])
  await run.done
  expect(await outcomes(run.id)).toEqual({ 'a.wav': 'risky', 'b.txt': 'review', 'c.png': 'pass' })
  const called = world.sandbox.stats().filter(({ endpoint }) => endpoint === 'wechat.invokecloudfunction')
  expect(called.map(({ calls }) => calls)).toEqual([3])
})

test('recordings of a list of addresses are downloaded, given a public address and judged', async () => {
  world = await createWorld()
  const host = createServer((_request, response) => response.end(wav('zibblefrond')))
  await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve))
  const address = host.address()
  const port = typeof address === 'object' ? address?.port : 0
  const list = world.file('list.txt', `http://127.0.0.1:${port}/a.wav\n`)
  const run = await world.screen([list], [world.qq], { urlList: true, allowPrivateUrls: true })
  await run.done
  host.close()
  expect((await world.rows(run.id)).map(({ kind, results: [result] }) => [kind, result?.outcome])).toEqual([
    ['audio', 'risky'],
  ])
})

test('the doctor has the relay send itself a push', async () => {
  world = await createWorld()
  const { engine, wechat, relay } = world
  const { id: _, practice: __, secret: ___, relay: ____, ...fields } = wechat
  const draft = { ...fields, id: null, secretEnv: 'WECHAT', relayUrl: relay.url, relayKeyEnv: 'RELAY_KEY' }
  const saved = await engine.profiles.save(draft, null)
  const relayStep = async () => (await engine.profiles.test(saved.id)).find(({ step }) => step === 'relay')
  expect(await relayStep()).toMatchObject({ state: 'ok' })
  await engine.profiles.save({ ...draft, id: saved.id, relayKeyEnv: 'NOT_SET' }, null)
  expect(await relayStep()).toMatchObject({ state: 'failed' })
  await engine.profiles.save({ ...draft, id: saved.id, relayUrl: 'http://127.0.0.1:1' }, null)
  expect(await relayStep()).toMatchObject({ state: 'failed', en: expect.stringContaining('cannot be reached') })
})
