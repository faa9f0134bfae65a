import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultOptions } from '../../../shared/screening.ts'
import {
  engineFor,
  memoryStore,
  sandboxFor,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

test('a token that the platform refuses stays refused in the queue after its batch has ended, and a good one has its end', async () => {
  const sandbox = await sandboxFor()
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.txt'), '秋季新品')
  const engine = await engineFor(join(folder, 'data'), { env: { WRONG: 'practice_secret_with_a_slip_0001' } })
  const { secret: _, relay: __, practice: ___, ...fields } = wechatProfile(sandbox.url)
  const draft = { ...fields, id: null, secretEnv: 'WRONG', relayUrl: null, relayKeyEnv: null }
  const saved = await engine.profiles.save(draft, null)
  const tokens = async () => (await engine.queue.status()).tokens
  engine.settings.set({ lastProfiles: [saved.id] })
  expect(await tokens()).toMatchObject([{ profile: saved.id, state: 'none' }])

  const { summary } = await screenAll(engine, [join(folder, 'a.txt')], [saved])
  expect(summary.state).toBe('interrupted')
  expect(await tokens()).toMatchObject([{ profile: saved.id, state: 'refused', code: 'secret_rejected' }])

  engine.settings.set({ lastProfiles: ['practice'] })
  expect(await tokens()).toMatchObject([{ profile: 'practice', state: 'none' }])
  await screenAll(engine, [join(folder, 'a.txt')], engine.profiles.list().slice(0, 1))
  expect(await tokens()).toMatchObject([{ profile: 'practice', state: 'ok', expiresAt: expect.any(Number) }])
})

test.each([7, 0])('calls that await a reply are counted, with reuse within %i days', async reuseDays => {
  const folder = await temporaryFolder()
  await Promise.all(['a', 'b'].map(name => writeFile(join(folder, `${name}.txt`), name)))
  const open = Promise.withResolvers<void>()
  const bothOut = Promise.withResolvers<void>()
  let out = 0
  const host = await startHost(async ({ response }) => {
    out += 1
    if (out === 2) bothOut.resolve()
    await open.promise
    reply(response, '{"errcode":0,"errmsg":"ok"}')
  })
  const engine = await engineFor(join(folder, 'data'))
  const screening = screenAll(
    engine,
    ['a', 'b'].map(name => join(folder, `${name}.txt`)),
    [wechatProfile(host.url)],
    { reuseDays },
  )
  await bothOut.promise
  expect((await engine.queue.status()).inFlight).toBe(2)
  open.resolve()
  await screening
  expect((await engine.queue.status()).inFlight).toBe(0)
})

test('a batch that is put first is so in the queue and after a restart; one that has ended is not', async () => {
  const folder = await temporaryFolder()
  await Promise.all(['a', 'b'].map(name => writeFile(join(folder, `${name}.txt`), name)))
  const host = await startHost(({ response, body }) => {
    if (body.includes('"b"')) reply(response, '{"errcode":0,"errmsg":"ok"}')
  })
  const store = memoryStore()
  const engine = await engineFor(join(folder, 'data'), { store })
  const start = (name: string) =>
    engine.screen({
      inputs: [join(folder, `${name}.txt`)],
      profiles: [wechatProfile(host.url)],
      options: defaultOptions,
      name,
    })
  const [waiting, ended] = [await start('a'), await start('b')]
  await ended.done
  await expect(engine.batches.putFirst(ended.id)).rejects.toThrow(/conflict/)
  await expect(engine.batches.putFirst('b_0000000000')).rejects.toThrow(/not_found/)
  expect((await engine.queue.status()).first).toEqual([])
  expect((await engine.batches.putFirst(waiting.id)).name).toBe('a')
  expect((await engine.queue.status()).first).toEqual([waiting.id])
  await engine.close()
  const again = await engineFor(join(folder, 'data'), { store })
  expect((await again.queue.status()).first).toEqual([waiting.id])
})
