import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { AccessToken } from '../checkers/platform.ts'
import { readBroker } from './broker.ts'
import type { Credentials, TokenRequest } from './tokens.ts'

/** Ways in which a token is asked for; one that was entered by hand is not. */
export type Fetched = Exclude<Credentials, { readonly mode: 'static' }>
export type Fetch = { readonly kind: 'token'; readonly token: AccessToken } | Failure

const maxAttempts = 3
const backOffMs = 1_000
/** After so long nothing is tried again: a host that answers no call takes half a minute to say so, each time. */
const patienceMs = 40_000

/** Asks for a token; transient failures are tried again, a few times and further and further apart. */
export async function fetchPatiently(
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
  request: TokenRequest,
  credentials: Fetched,
  signal: AbortSignal,
): Promise<Fetch> {
  const started = clock.now()
  for (let attempt = 1; ; attempt += 1) {
    const fetched = await fetchOnce(request, credentials, signal)
    const isTransient = fetched.kind === 'failure' && fetched.class === 'RETRY'
    if (!isTransient || attempt === maxAttempts || clock.now() - started >= patienceMs) return fetched
    await clock.sleep(backOffMs * 2 ** (attempt - 1) * (0.5 + random()), signal)
  }
}

async function fetchOnce(request: TokenRequest, credentials: Fetched, signal: AbortSignal): Promise<Fetch> {
  const { platform, transport, appid } = request
  const notOffered = failure('CONFIG', 'internal_error', detailOf('no_such_token_mode', { name: credentials.mode }))
  if (!platform.tokenModes.includes(credentials.mode)) return notOffered
  if (credentials.mode === 'broker') return readBroker(transport, credentials, signal)
  const { mode, secret } = credentials
  if (platform.fetchToken === null) return notOffered
  if (secret === null || secret === '') return failure('CONFIG', 'secret_missing', '')
  return platform.fetchToken(transport, { mode, appid, secret }, signal)
}
