import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { expect, test } from 'vitest'
import { createConnector } from '../../../electron/engine/base/trusted-roots.ts'
import { startTestRelay } from './harness.ts'

const fileOf = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const never = new AbortController().signal

test.runIf(process.platform === 'linux')(
  "a certificate that is in the system's store is trusted, as the advice about untrusted ones promises",
  async () => {
    await using relay = await startTestRelay({ tls: { certFile: fileOf('cert.pem'), keyFile: fileOf('key.pem') } })
    const health = async () => {
      const dispatcher = new Agent({ connect: createConnector(5_000) })
      const found = await relay.client({ dispatcher }).health(never)
      await dispatcher.destroy()
      return found
    }
    // Where Linux is told to find its store; it is read once in a process.
    process.env.SSL_CERT_FILE = fileOf('cert.pem')
    expect(await health()).toEqual({ kind: 'healthy' })
  },
)
