import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { HeadlessEngine } from '../../../electron/engine/app/api.ts'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { AssetRow, ScreenOptions } from '../../../shared/screening.ts'
import { engineFor, qqProfile, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'

/** Time that a test can move on. */
function movableClock(): Clock & { advance(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    sleep: systemClock.sleep,
    advance: ms => {
      ahead += ms
    },
  }
}

/** Until the batch has ended again; the news of it may still be of what was before, and of another batch. */
async function recheck(engine: HeadlessEngine, batch: string, asset: number): Promise<void> {
  const done = Promise.withResolvers<void>()
  await engine.batches.recheck(batch, [asset])
  const look = async () => {
    if ((await engine.batches.get(batch)).state === 'done') done.resolve()
  }
  const forget = engine.on('batch', look)
  void look()
  await done.promise
  forget()
}

async function setUp() {
  const folder = await temporaryFolder()
  let answer = pass
  const host = await startHost(({ response }) => reply(response, answer))
  const clock = movableClock()
  const engine = await engineFor(join(folder, 'data'), { clock })
  const file = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  }
  /** Calls that screening took, and what became of the first asset. */
  const screen = async (
    inputs: readonly string[],
    profiles: readonly Profile[],
    options: Partial<ScreenOptions> = {},
  ) => {
    const before = host.calls()
    const { rows, summary, id } = await screenAll(engine, inputs, profiles, options)
    return { calls: host.calls() - before, results: rows.map(row => row.results[0]), summary, id }
  }
  const say = (text: string) => {
    answer = text
  }
  return { host, engine, clock, file, screen, say }
}

describe('the same bytes', () => {
  test('are asked once a batch, however many files or rows have them, and marked as reused', async () => {
    const { host, file, screen } = await setUp()
    const rows = await file('rows.csv', `text\n${'一样的话\n'.repeat(60)}`)
    const copies = await Promise.all(Array.from({ length: 20 }, (_, n) => file(`${n}.txt`, '一样的文件')))
    const { calls, results } = await screen([rows, ...copies], [wechatProfile(host.url)], { textColumn: 'text' })
    expect(results).toHaveLength(80)
    expect(results.every(result => result?.outcome === 'pass')).toBe(true)
    expect(results.filter(result => result?.reused)).toHaveLength(78)
    expect(calls).toBe(2)
  })

  test('are not asked again within seven days, and are after them', async () => {
    const { host, file, screen, clock } = await setUp()
    const [a] = [await file('a.txt', '你好')]
    expect(await screen([a], [wechatProfile(host.url)])).toMatchObject({ calls: 1, results: [{ reused: false }] })
    clock.advance(6.9 * 86_400_000)
    const again = await screen([a], [wechatProfile(host.url)])
    expect(again).toMatchObject({ calls: 0, results: [{ outcome: 'pass', reused: true }] })
    // The reuse does not make the verdict younger.
    clock.advance(0.2 * 86_400_000)
    expect(await screen([a], [wechatProfile(host.url)])).toMatchObject({ calls: 1, results: [{ reused: false }] })
  })

  test('under the same name but changed are asked again', async () => {
    const { host, file, screen } = await setUp()
    await screen([await file('a.txt', '你好')], [wechatProfile(host.url)])
    expect(await screen([await file('a.txt', '你好!')], [wechatProfile(host.url)])).toMatchObject({ calls: 1 })
  })

  test('are asked again when reuse is off', async () => {
    const { host, file, screen } = await setUp()
    const a = await file('a.txt', '你好')
    await screen([a], [wechatProfile(host.url)])
    expect(await screen([a], [wechatProfile(host.url)], { reuseDays: 0 })).toMatchObject({ calls: 1 })
  })

  test('keep their hits when they are reused', async () => {
    const { host, file, screen, say } = await setUp()
    const a = await file('a.txt', '你好')
    say('{"errcode":87014,"errmsg":"risky content"}')
    await screen([a], [wechatProfile(host.url)])
    say(pass)
    expect(await screen([a], [wechatProfile(host.url)])).toMatchObject({
      calls: 0,
      results: [{ outcome: 'risky', reused: true }],
    })
  })
})

describe('nothing is reused', () => {
  test('of what was unchecked, or of an asset with a missing part', async () => {
    const { host, file, screen, say } = await setUp()
    const a = await file('a.txt', '你好')
    say('{"errcode":87015,"errmsg":"timeout"}')
    expect(await screen([a], [wechatProfile(host.url)])).toMatchObject({
      calls: 1,
      results: [{ outcome: 'unchecked' }],
    })
    say(pass)
    expect(await screen([a], [wechatProfile(host.url)])).toMatchObject({
      calls: 1,
      results: [{ outcome: 'pass', reused: false }],
    })
  })

  test.each<[string, Partial<Profile>, Partial<ScreenOptions>, number]>([
    ['another appid', { appid: 'wx_another' }, {}, 1],
    ['another scene', { scene: 1 }, {}, 1],
    ['version 2 in place of 1', { openids: ['oSomebody_here_000001'] }, {}, 1],
    // Version 1 has no field for them: each is a call of its own.
    ['a title', {}, { title: '新品' }, 2],
    ['a nickname', {}, { nickname: '小明' }, 2],
    ['a signature', {}, { signature: '签名' }, 2],
    // Version 2 takes a signature in scene 1 alone (spec §2.2).
    ['a signature in scene 3 of version 2', { openids: ['oSomebody_here_000001'] }, { signature: '签名' }, 2],
    ['a signature in scene 1 of version 2', { openids: ['oSomebody_here_000001'], scene: 1 }, { signature: '签名' }, 1],
  ])('for a text that is asked with %s', async (_, profile, options, calls) => {
    const { host, file, screen, say } = await setUp()
    const a = await file('a.txt', '你好')
    await screen([a], [wechatProfile(host.url)])
    say('{"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100},"trace_id":"t"}')
    expect(await screen([a], [wechatProfile(host.url, profile)], options)).toMatchObject({
      calls,
      results: [{ reused: false }],
    })
  })

  test('for the same bytes that are read as another text, in one batch or two', async () => {
    const { host, file, screen } = await setUp()
    const bytes = '{"红灯果":1,"a":"你好"}'
    const json = await file('a.json', bytes)
    const plain = await file('a.txt', bytes)
    expect(await screen([json, plain], [wechatProfile(host.url)])).toMatchObject({ calls: 2 })
    const subtitles = '1\n00:00:01,000 --> 00:00:02,000\n你好'
    await screen([await file('b.srt', subtitles)], [wechatProfile(host.url)])
    const again = await screen([await file('b.txt', subtitles)], [wechatProfile(host.url)])
    expect(again).toMatchObject({ calls: 1, results: [{ reused: false }] })
  })

  test('for an image that is cut in another way, or on another platform', async () => {
    const { host, file, screen, say } = await setUp()
    const made = sharp({ create: { width: 900, height: 3000, channels: 3, background: '#0d6b53' } })
    const long = await file('long.png', await made.png().toBuffer())
    const fit = await screen([long], [wechatProfile(host.url)], { imageMode: 'fit' })
    expect(fit).toMatchObject({ calls: 1, results: [{ outcome: 'pass' }] })
    const tile = await screen([long], [wechatProfile(host.url)], { imageMode: 'tile' })
    expect(tile.calls).toBeGreaterThan(1)
    expect(await screen([long], [wechatProfile(host.url)], { imageMode: 'fit' })).toMatchObject({ calls: 0 })
    say('{"errCode":0,"errMsg":"ok"}')
    expect(await screen([long], [qqProfile(host.url)], { imageMode: 'fit' })).toMatchObject({ calls: 1 })
  })
})

describe('two profiles', () => {
  test('are each asked, judge apart, and the worst stands for the asset', async () => {
    const folder = await temporaryFolder()
    const a = join(folder, 'a.txt')
    await writeFile(a, '你好')
    const lenient = await startHost(({ response }) => reply(response, pass))
    const strict = await startHost(({ response }) => reply(response, '{"errCode":87014,"errMsg":"risky"}'))
    const engine = await engineFor(join(folder, 'data'))
    const { rows, summary } = await screenAll(engine, [a], [wechatProfile(lenient.url), qqProfile(strict.url)])
    expect(rows[0]?.results.map(result => result.outcome)).toEqual(['pass', 'risky'])
    expect(summary.tally).toMatchObject({ assets: 1, risky: 1, pass: 0 })
    expect([lenient.calls(), strict.calls()]).toEqual([1, 1])
  })
})

test('what was checked again on request is asked anew and takes the place of the old verdict', async () => {
  const { host, engine, file, screen, say } = await setUp()
  const [a, b] = [await file('a.txt', '你好'), await file('b.txt', '世界')]
  const { id } = await screen([a, b], [wechatProfile(host.url)])
  say('{"errcode":87014,"errmsg":"risky content"}')
  const [first = 0] = (await engine.grid.columns(id)).id
  await recheck(engine, id, first)
  expect(host.calls()).toBe(3)
  expect((await engine.batches.get(id)).tally).toMatchObject({ pass: 1, risky: 1 })
})

test('an asset that took another’s verdict keeps what it was judged by, however often that one is checked again', async () => {
  const folder = await temporaryFolder()
  let answers = 0
  let said = '"errcode":0,"errmsg":"ok'
  const host = await startHost(({ response }) => {
    answers += 1
    reply(response, `{${said} rid: 1111-2222-${answers}"}`)
  })
  const engine = await engineFor(join(folder, 'data'))
  const paths = ['a.txt', 'b.txt', 'c.txt'].map(name => join(folder, name))
  await Promise.all(paths.map(path => writeFile(path, '新品上市')))
  const [first, second, third] = paths as [string, string, string]
  const batch = await screenAll(engine, [first, second], [wechatProfile(host.url)])
  const [lender = 0, borrower = 0] = batch.rows.toSorted((a, b) => rank(a) - rank(b)).map(row => row.id)
  const evidenceOf = async (asset: number) => {
    const { checks, results } = await engine.assets.detail(asset)
    return [results[0]?.outcome, ...checks.map(check => `${check.verdict} ${check.rid}`)]
  }
  said = '"errcode":87014,"errmsg":"risky'
  await recheck(engine, batch.id, lender)
  // Takes the verdict of the second screening, which is then replaced as well.
  const later = await screenAll(engine, [third], [wechatProfile(host.url)])
  const [latest = 0] = later.rows.map(row => row.id)
  said = '"errcode":0,"errmsg":"ok'
  await recheck(engine, batch.id, lender)

  expect(await evidenceOf(lender)).toEqual(['pass', 'pass 1111-2222-3'])
  expect(await evidenceOf(borrower)).toEqual(['pass', 'pass 1111-2222-1'])
  expect(await evidenceOf(latest)).toEqual(['risky', 'risky 1111-2222-2'])
  const report = join(folder, 'report.csv')
  const scope = { of: 'batch', batch: batch.id } as const
  await engine.reports.export(scope, 'csv', report, 'en', () => undefined, new AbortController().signal)
  const lines = (await readFile(report, 'utf8')).split('\n')
  expect(lines.filter(line => line.includes('1111-2222-'))).toEqual([
    expect.stringMatching(/pass.*1111-2222-3/),
    expect.stringMatching(/pass.*1111-2222-1/),
  ])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  // What the borrower was judged by goes when it is asked itself.
  await recheck(engine, batch.id, borrower)
  expect(await evidenceOf(borrower)).toEqual(['pass', 'pass 1111-2222-4'])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

const rank = (row: AssetRow) => (row.results[0]?.reused ? 1 : 0)
