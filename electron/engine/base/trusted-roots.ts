import * as tls from 'node:tls'
import { buildConnector } from 'undici'

/**
 * Connects as undici does, trusting the certificate store of the system besides Node's own list, as every browser does: where a
 * company's gateway inspects traffic, its root certificate is there, and nowhere else that a person at a desktop can put it.
 * The store is read at the first secure connection, because that takes a while on some systems.
 */
export function createConnector(timeoutMs: number): buildConnector.connector {
  const plain = buildConnector({ timeout: timeoutMs })
  let secure: buildConnector.connector | null = null
  return (options, callback) => {
    if (options.protocol !== 'https:') {
      plain(options, callback)
      return
    }
    secure ??= buildConnector({ timeout: timeoutMs, ca: trustedRoots() })
    secure(options, callback)
  }
}

function trustedRoots(): string[] {
  const own = tls.getCACertificates('default')
  try {
    return [...new Set([...own, ...tls.getCACertificates('system')])]
  } catch {
    // A system without a store that can be read leaves what Node trusts.
    return own
  }
}
