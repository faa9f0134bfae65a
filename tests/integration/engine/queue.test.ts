import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { engineFor, sandboxFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'

test('a token that the platform refuses stays refused in the queue after its batch has ended, and a good one has its end', async () => {
  const sandbox = await sandboxFor()
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.txt'), '秋季新品')
  const engine = await engineFor(join(folder, 'data'), { env: { WRONG: 'practice_secret_with_a_slip_0001' } })
  const { secret: _, relay: __, practice: ___, ...fields } = wechatProfile(sandbox.url)
  const draft = { ...fields, id: null, secretEnv: 'WRONG', relayUrl: null, relayKeyEnv: null }
  const saved = await engine.profiles.save(draft, null)
  const tokens = () => engine.queue.status().tokens
  engine.settings.set({ lastProfiles: [saved.id] })
  expect(tokens()).toMatchObject([{ profile: saved.id, state: 'none' }])

  const { summary } = await screenAll(engine, [join(folder, 'a.txt')], [saved])
  expect(summary.state).toBe('interrupted')
  expect(tokens()).toMatchObject([{ profile: saved.id, state: 'refused', code: 'secret_rejected' }])

  engine.settings.set({ lastProfiles: ['practice'] })
  expect(tokens()).toMatchObject([{ profile: 'practice', state: 'none' }])
  await screenAll(engine, [join(folder, 'a.txt')], engine.profiles.list().slice(0, 1))
  expect(tokens()).toMatchObject([{ profile: 'practice', state: 'ok', expiresAt: expect.any(Number) }])
})
