import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { engineFor, sandboxFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
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
