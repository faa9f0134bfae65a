import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SandboxOptions } from '../../../electron/engine/sandbox/start-sandbox.ts'
import type { ProfileDraft } from '../../../shared/profile.ts'
import { engineFor, sandboxFor, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'

/** The second call for a token, and all after it, come from an address that is not on the list. */
const listedOnce = (endpoint: 'wechat.token' | 'wechat.stable_token'): SandboxOptions => ({
  script: {
    seed: 1,
    rules: [
      {
        endpoint,
        when: { burst: { from: 2, count: 1_000 } },
        then: { errcode: 40164, errmsg: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist' },
      },
    ],
  },
})

async function testedTwice(options: SandboxOptions, changes: Partial<ProfileDraft>) {
  const sandbox = await sandboxFor(options)
  const engine = await engineFor(join(await temporaryFolder(), 'data'))
  const { secret: _, relay: __, practice: ___, ...profile } = wechatProfile(sandbox.url)
  const draft = { ...profile, id: null, secretEnv: 'WECHAT_SECRET', relayUrl: null, relayKeyEnv: null, ...changes }
  const { id } = await engine.profiles.save(draft, null)
  const run = async () => {
    const steps = await engine.profiles.test(id)
    return { steps, ip: steps.find(({ step }) => step === 'ip') }
  }
  return { first: await run(), second: await run(), sandbox }
}

test('the allow-list is asked about while a token is kept, without a check call and without ending the token', async () => {
  const { first, second, sandbox } = await testedTwice(listedOnce('wechat.stable_token'), {})
  expect(first.ip).toMatchObject({ state: 'ok' })
  expect(second.ip).toMatchObject({ state: 'failed', copy: '203.0.113.7' })
  // What the kept token still allows is told as well.
  expect(second.steps.find(({ step }) => step === 'text')).toMatchObject({ state: 'ok' })
  const calls = Object.fromEntries(sandbox.stats().map(({ endpoint, calls }) => [endpoint, calls]))
  expect(calls).toMatchObject({ 'wechat.stable_token': 2, 'wechat.msg_sec_check': 2 })
})

test('with classic tokens it is said that the list was not tested: asking would end the token of production', async () => {
  const { first, second, sandbox } = await testedTwice(listedOnce('wechat.token'), { tokenMode: 'classic' })
  expect(first.ip).toMatchObject({ state: 'ok' })
  expect(second.ip).toMatchObject({ state: 'skipped', en: expect.stringContaining('was not tested') })
  expect(sandbox.stats().find(({ endpoint }) => endpoint === 'wechat.token')?.calls).toBe(1)
})
