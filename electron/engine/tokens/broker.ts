import type { Failure } from '../../../shared/conclusion.ts'
import { exchange, httpUrl } from '../platforms/http.ts'
import type { AccessToken, Transport } from '../platforms/platform.ts'
import { concludeToken } from '../platforms/reply.ts'

/**
 * Reads the present token from a company's own token server (中控服务器, spec §1.1): GET, answered by
 * `{"access_token": "…", "expires_in": seconds}`. The bearer secret, if any, travels as a header.
 */
export async function readBroker(
  transport: Transport,
  broker: { readonly url: string; readonly bearer: string | null },
  signal: AbortSignal,
): Promise<{ readonly kind: 'token'; readonly token: AccessToken } | Failure> {
  const url = httpUrl(broker.url)
  if ('kind' in url) return url
  const headers = broker.bearer === null ? {} : { authorization: `Bearer ${broker.bearer}` }
  const secrets = broker.bearer === null ? [] : [broker.bearer]
  const address = { origin: url.origin, path: url.pathname + url.search }
  const reply = await exchange(transport, { method: 'GET', address, headers, body: null, secrets }, signal)
  return reply.kind === 'reply' ? concludeToken(reply) : reply
}
