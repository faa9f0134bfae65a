import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { defaultOptions } from '../../../shared/screening.ts'
import {
  engineFor,
  outcomes,
  rowsOf,
  sandboxFor,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'
const quotaGone = '{"errcode":45009,"errmsg":"reach max api daily quota limit"}'

describe('a batch', () => {
  test('that is started before its plan has looked at anything has all that was pasted', async () => {
    const sandbox = await sandboxFor()
    const engine = await engineFor(join(await temporaryFolder(), 'data'), { sandboxUrl: sandbox.url })
    const [practice] = engine.profiles.list()
    const plan = engine.plans.create({
      inputs: [
        { kind: 'text', text: '新品上市' },
        { kind: 'text', text: '欢迎选购' },
      ],
      profiles: [practice?.id ?? ''],
      options: defaultOptions,
    })
    const { id } = await engine.batches.start(plan.id, null)
    await expect.poll(async () => (await engine.batches.get(id)).state).toBe('done')
    expect(Object.values(outcomes(await rowsOf(engine, id)))).toEqual(['pass', 'pass'])
  })

  test('that is resumed twice at the same moment runs once', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.txt'), '新品上市')
    let answered = false
    const host = await startHost(({ response }) => {
      reply(response, answered ? '{"errcode":0,"errmsg":"ok"}' : '{"errcode":40001,"errmsg":"invalid credential"}')
    })
    const engine = await engineFor(join(folder, 'data'))
    const first = await engine.screen({
      inputs: [join(folder, 'a.txt')],
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name: null,
    })
    expect((await first.done).state).toBe('interrupted')
    const before = host.calls()
    answered = true
    const both = await Promise.allSettled([engine.batches.resume(first.id), engine.batches.resume(first.id)])
    expect(both.map(each => each.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect.poll(async () => (await engine.batches.get(first.id)).state).toBe('done')
    expect(host.calls()).toBe(before + 1)
  })

  test('that is paused sends nothing more of a long text once the calls that were out are back', async () => {
    const { folder, run } = await longText()
    const held: (() => void)[] = []
    const host = await startHost(({ response }) => void held.push(() => reply(response, verdict('pass'))))
    const { engine, id } = await run(host.url)
    await expect.poll(() => held.length).toBe(places)
    await engine.batches.pause(id)
    for (const answer of held.splice(0)) answer()
    await expect.poll(() => judged(folder)).toBe(places)
    expect(host.calls()).toBe(places)
    expect(held).toEqual([])
  })

  test('keeps what calls that are out still say when the program ends', async () => {
    const { folder, run } = await longText()
    const held: (() => void)[] = []
    const host = await startHost(({ response }) => void held.push(() => reply(response, verdict('pass'))))
    const { engine } = await run(host.url)
    await expect.poll(() => held.length).toBe(places)
    const closed = engine.close()
    for (const answer of held) answer()
    await closed
    expect(judged(folder)).toBe(places)
  })

  test('whose quota ends in the middle of a text shows what was found in it', async () => {
    const { run } = await longText(3)
    let calls = 0
    const host = await startHost(({ response }) => {
      calls += 1
      reply(response, calls === 1 ? verdict('risky') : quotaGone)
    })
    const { engine, id, done } = await run(host.url, 1)
    expect((await done).state).toBe('interrupted')
    const [row] = await rowsOf(engine, id)
    expect(row?.results[0]).toMatchObject({ outcome: 'risky', reason: 'quota_day', labels: [20001] })
    expect((await engine.ledger.verify()).intact).toBe(true)
  })

  test('is checked again with what was mended meanwhile', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.txt'), '新品上市')
    let answer = '{"errcode":40164,"errmsg":"invalid ip 1.2.3.4, not in whitelist"}'
    const host = await startHost(({ response }) => reply(response, answer))
    const engine = await engineFor(join(folder, 'data'))
    const run = await engine.screen({
      inputs: [join(folder, 'a.txt')],
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name: null,
    })
    expect((await run.done).state).toBe('interrupted')
    answer = pass
    const before = host.calls()
    await engine.batches.recheck(run.id, null)
    await expect.poll(async () => (await engine.batches.get(run.id)).state).toBe('done')
    expect(host.calls()).toBe(before + 1)
  })

  test('asks about many copies once, also after the first was not answered', async () => {
    const folder = await temporaryFolder()
    for (let n = 0; n < 12; n += 1) await writeFile(join(folder, `${n}.txt`), '新品上市')
    const first = Promise.withResolvers<void>()
    const host = await startHost(async ({ response }) => {
      if (host.calls() > 1) return reply(response, pass)
      await first.promise
      reply(response, '{"errcode":40129,"errmsg":"invalid scene"}')
    })
    const engine = await engineFor(join(folder, 'data'))
    const run = await engine.screen({
      inputs: Array.from({ length: 12 }, (_, n) => join(folder, `${n}.txt`)),
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name: null,
    })
    await expect.poll(async () => (await engine.batches.get(run.id)).walked).toBe(true)
    first.resolve()
    await run.done
    expect(host.calls()).toBe(2)
  })

  test('of a program that is gone is taken up although another has its process number now', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.txt'), '新品上市')
    const host = await startHost(({ response }) => reply(response, pass))
    const dataDir = join(folder, 'data')
    const engine = await engineFor(dataDir)
    const run = await engine.screen({
      inputs: [join(folder, 'a.txt')],
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name: null,
    })
    await run.done
    const database = new SQLite(join(dataDir, 'prescreen.sqlite'))
    // Process 1 runs on every system.
    database.prepare("UPDATE batches SET state = 'interrupted', owner = '1:01gone'").run()
    database.close()
    expect((await engine.batches.resume(run.id)).state).toMatch(/running|done/)
    await expect.poll(async () => (await engine.batches.get(run.id)).state).toBe('done')
  })
})

/** As many calls of one endpoint are out at a time. */
const places = 4
const verdict = (suggest: string) =>
  `{"errcode":0,"errmsg":"ok","result":{"suggest":"${suggest}","label":${suggest === 'pass' ? 100 : 20001}}}`

/** A text of many chunks for version 2, and how to screen it. */
async function longText(chunks = 40) {
  const folder = await temporaryFolder()
  const file = join(folder, 'long.txt')
  await writeFile(file, Array.from({ length: chunks }, (_, n) => `第${n}段。${'新品上市，'.repeat(480)}`).join('\n'))
  const run = async (url: string, atOnce = places) => {
    const engine = await engineFor(join(folder, 'data'), { connections: atOnce })
    const profiles = [wechatProfile(url, { openids: ['oSomebody_who_is_here_00001'] })]
    const started = await engine.screen({ inputs: [file], profiles, options: defaultOptions, name: null })
    return { engine, id: started.id, done: started.done }
  }
  return { folder, run }
}

/** Checks that are known to be answered, as the disk has them. */
function judged(folder: string): number {
  const database = new SQLite(join(folder, 'data', 'prescreen.sqlite'), { readonly: true })
  try {
    return Number(database.prepare("SELECT count(*) FROM checks WHERE state = 'done'").pluck().get())
  } finally {
    database.close()
  }
}
