import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { expect, test } from 'vitest'
import { secrets } from '../../unit/checkers/push/pushes.ts'
import { startTestRelay } from './harness.ts'

const fileOf = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const tls = { certFile: fileOf('cert.pem'), keyFile: fileOf('key.pem') }
const never = new AbortController().signal

test('with certificate files of its own the relay speaks https, and a workstation that knows the certificate trusts it', async () => {
  await using relay = await startTestRelay({ tls })
  expect(relay.relay.url).toMatch(/^https:/)
  const dispatcher = new Agent({ connect: { ca: readFileSync(tls.certFile) } })
  expect(await relay.client({ dispatcher }).health(never)).toEqual({ kind: 'healthy' })
  expect(await relay.client().health(never)).toMatchObject({ kind: 'relay_failure', code: 'certificate_untrusted' })
  // The relay itself does not trust a certificate that it made up, and says so.
  const tested = await relay.client({ dispatcher }).selfTest({ platform: 'wechat', appid: secrets.appid }, never)
  expect(tested).toMatchObject({ reachedBy: 'local', reachDetail: expect.stringContaining('SELF_SIGNED') })
  await dispatcher.destroy()
})
