import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { defaultOptions } from '../../../shared/screening.ts'
import { delayedStore } from '../../fixtures/engine/delayed-store.ts'
import {
  engineFor,
  qqProfile,
  rowsOf,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'

async function setUp(options: Parameters<typeof engineFor>[1] = {}) {
  const folder = await temporaryFolder()
  const host = await startHost(({ response }) => reply(response, pass))
  const engine = await engineFor(join(folder, 'data'), { aroundStore: delayedStore, ...options })
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const copies = (count: number, text: string) =>
    Promise.all(Array.from({ length: count }, (_, index) => file(`${text}-${index}.txt`, text)))
  return { folder, host, engine, file, copies }
}

describe('a store whose answers take their time', () => {
  test('sends one of a hundred identical assets that are taken up at once, for each profile', async () => {
    const { folder, host, engine, copies } = await setUp({ env: {} })
    const inputs = await copies(100, '秋季新品')
    const profiles = [wechatProfile(host.url), qqProfile(host.url)]
    // Without a secret nothing is sent: all of them are queued when the batch goes on.
    const { id, summary } = await screenAll(engine, inputs, profiles)
    expect(summary).toMatchObject({ state: 'interrupted', tally: { assets: 100, unchecked: 100 } })
    await engine.close()
    expect(host.calls()).toBe(0)

    const again = await engineFor(join(folder, 'data'), { aroundStore: delayedStore })
    const run = await again.resume(id)
    expect(await run.done).toMatchObject({ state: 'done', tally: { assets: 100, pass: 100 } })
    expect(host.calls()).toBe(2)
    const sent = (await rowsOf(again, id)).flatMap(row => row.results.filter(result => !result.reused))
    expect(sent).toHaveLength(2)
    expect(await again.ledger.verify()).toMatchObject({ intact: true })
  })

  test('is asked once although they come in two batches', async () => {
    const { host, engine, copies } = await setUp()
    const inputs = await copies(40, '秋季新品')
    const [first, second] = await Promise.all([
      screenAll(engine, inputs.slice(0, 20), [wechatProfile(host.url)]),
      screenAll(engine, inputs.slice(20), [wechatProfile(host.url)]),
    ])
    expect([first.summary.tally.pass, second.summary.tally.pass]).toEqual([20, 20])
    expect(host.calls()).toBe(1)
  })

  test('gives the batch that reuses a verdict what backs it, once', async () => {
    const { host, engine, copies } = await setUp({ controls: true })
    await screenAll(engine, await copies(1, '秋季新品'), [wechatProfile(host.url)])
    const again = await screenAll(engine, await copies(30, '秋季新品'), [wechatProfile(host.url)])
    expect(again.summary.controls).toMatchObject([{ endpoint: 'wechat.msg_sec_check', state: 'flagged' }])
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('loses nothing that is queued again while a batch comes to its end', async () => {
    const { host, engine, file } = await setUp()
    const profiles = [wechatProfile(host.url)]
    const options = { ...defaultOptions, reuseDays: 0 }
    for (let turns = 0; turns < 24; turns += 1) {
      const inputs = [await file(`${turns}.txt`, '秋季新品')]
      const before = host.calls()
      const rechecked = Promise.withResolvers<unknown>()
      const recheck = async (asset: number) => {
        // Every moment of the run's end is met by one of the rounds.
        for (let left = turns; left > 0; left -= 1) await turn()
        return engine.batches.recheck(run.id, [asset])
      }
      let results = 0
      const run = await engine.screen({ inputs, profiles, options, name: null }, asset => {
        results += 1
        if (results === 1) recheck(asset).then(rechecked.resolve, rechecked.reject)
      })
      await rechecked.promise
      await expect.poll(async () => (await engine.batches.get(run.id)).state).toBe('done')
      expect((await engine.batches.get(run.id)).tally).toMatchObject({ pass: 1, pending: 0 })
      expect(host.calls() - before).toBe(2)
    }
  })

  test('takes decisions back in their order', async () => {
    const { host, engine, copies } = await setUp()
    const { id, rows } = await screenAll(engine, await copies(2, '秋季新品'), [wechatProfile(host.url)])
    const assets = rows.map(row => row.id)
    await Promise.all([
      engine.review.decide(assets, 'approve', null),
      engine.review.note(assets, '先看看'),
      engine.review.undo(),
      engine.review.undo(),
    ])
    const after = await rowsOf(engine, id)
    expect(after.map(({ decision, note }) => [decision, note])).toEqual([
      [null, null],
      [null, null],
    ])
  })
})
