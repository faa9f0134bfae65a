import type { Failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { exchange, httpUrl } from '../checkers/http.ts'
import type { AccessToken, Transport } from '../checkers/platform.ts'
import { concludeToken } from '../checkers/tencent/reply.ts'

/**
 * Reads the present token from a company's own token server (中控服务器, spec §1.1): GET, answered by
 * `{"access_token": "…", "expires_in": seconds}` (docs/protocol.md). The bearer secret, if any, travels as a header.
 */
export async function readBroker(
  transport: Transport,
  broker: { readonly url: string; readonly bearer: string | null },
  signal: AbortSignal,
): Promise<{ readonly kind: 'token'; readonly token: AccessToken } | Failure> {
  const url = httpUrl(broker.url)
  if ('kind' in url) return brokerFailure(url)
  const headers = broker.bearer === null ? {} : { authorization: `Bearer ${broker.bearer}` }
  const secrets = broker.bearer === null ? [] : [broker.bearer]
  const address = { origin: url.origin, path: url.pathname + url.search }
  const reply = await exchange(transport, { method: 'GET', address, headers, body: null, secrets }, signal)
  const concluded = reply.kind === 'reply' ? concludeToken(reply) : reply
  return concluded.kind === 'failure' ? brokerFailure(concluded) : concluded
}

/** In the broker's words: what a platform's code would advise, such as another AppSecret, does not help with it. */
function brokerFailure(failed: Failure): Failure {
  switch (failed.class) {
    case 'RETRY':
      return { ...failed, code: failed.code === 'malformed_reply' ? 'broker_malformed' : 'broker_unavailable' }
    case 'MINUTE':
    case 'DAY':
      return { ...failed, code: 'broker_unavailable' }
    case 'TOKEN':
    case 'CONFIG':
    case 'WAIT_H':
    case 'INPUT':
    case 'BUG':
      return { ...failed, class: 'CONFIG', code: certificateOr('broker_refused', failed) }
  }
}

/** The advice about certificates names brokers too. */
function certificateOr(code: FailureCode, failed: Failure): FailureCode {
  return failed.code === 'certificate_untrusted' ? failed.code : code
}
