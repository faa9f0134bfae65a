import { createHash } from 'node:crypto'
import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { TokenMode } from '../../../shared/profile.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { Redactor } from '../base/redact.ts'
import type { Platform, TokenParameter, Transport } from '../checkers/platform.ts'
import { type Fetched, fetchPatiently } from './fetch-token.ts'
import { joinFlight, type WithFlight } from './flight.ts'

/** Where a profile's tokens come from, with what is needed to get one; null where a secret is not at hand. */
export type Credentials =
  | { readonly mode: 'stable' | 'classic'; readonly secret: string | null }
  | { readonly mode: 'broker'; readonly url: string; readonly bearer: string | null }
  | { readonly mode: 'static'; readonly token: string | null }

export interface TokenRequest {
  readonly platform: Platform
  readonly transport: Transport
  readonly appid: string
  readonly credentials: Credentials
}

export interface Token {
  readonly value: string
  /** How the token is named in the query of a call. */
  readonly parameter: TokenParameter
  /** Tells two readings of one value apart: a stable token that is read again is usually the same (spec §1.2). */
  readonly serial: number
}

export type TokenOutcome = { readonly kind: 'token'; readonly token: Token } | Failure

export interface StoredToken {
  readonly value: string
  /** Milliseconds since the epoch: its end, and when it is to be replaced. */
  readonly expiresAt: number
  readonly renewAt: number
}

/** Keeps tokens across restarts and between the processes of one machine; see `createTokenStore`. */
export interface TokenStore {
  /** `secret` is the AppSecret with which the token was got: what it does not open is not there. */
  read(key: string, secret: string): StoredToken | null
  write(key: string, token: StoredToken, secret: string): void
  /** Runs while no other process does the same for this key: of two that want a token at once, one fetches it. */
  alone<T>(key: string, signal: AbortSignal, action: () => Promise<T>): Promise<T>
}

export interface Tokens {
  /** The present token; fetched when there is none. Never throws but for an aborted signal. */
  get(request: TokenRequest, signal: AbortSignal): Promise<TokenOutcome>
  /**
   * After a check that ended in TOKEN: the token to try it with once more, and no further (spec §1.6). Costs a fetch only
   * where the used one has not been replaced or read again since, and at most one fetch a minute.
   */
  rejected(request: TokenRequest, used: Token, signal: AbortSignal): Promise<TokenOutcome>
  /** A person says that the cause of a remembered failure is gone: the next `get` asks again. */
  retry(request: TokenRequest): void
  /** What is known without asking anybody. */
  state(request: TokenRequest): TokenState
}

export type TokenState =
  | { readonly state: 'none' }
  | { readonly state: 'ok'; readonly expiresAt: number }
  | { readonly state: 'refused'; readonly failure: Failure }

/** Seconds before its end at which a token is replaced. WeChat renews stable tokens 300 s ahead, so theirs is below that (spec §1.6). */
const marginSeconds = { stable: 240, classic: 300 } as const
/** A broker's token is its server's to renew; readers keep it for a minute at most (spec §1.1). */
const brokerMaxAgeSeconds = 60
const minuteMs = 60_000
/** Spec §7.5: after the day's quota is used up, look again every 10–30 minutes. */
const dayProbeMs = 10 * minuteMs
/** While an old token is still good and no new one can be had, how long to go on with it before asking again. */
const renewalPauseMs = 30_000

export function createTokens(options: {
  readonly clock: Clock
  readonly store: TokenStore
  readonly redactor: Redactor
  /** For the jitter of the back-off: from 0 to 1. */
  readonly random?: () => number
}): Tokens {
  const { clock, store, redactor, random = Math.random } = options
  const sources = new Map<string, Source>()
  /** A batch asks with one and the same request for each of its checks. */
  const known = new WeakMap<TokenRequest, Source>()
  let lastSerial = 0

  function sourceOf(request: TokenRequest): Source {
    const found = known.get(request)
    if (found !== undefined) return found
    const key = keyOf(request)
    const { credentials } = request
    const credential = credentials.mode === 'broker' ? credentials.bearer : secretIn(credentials)
    // Also where no token is fetched, because an earlier run's is there: the platform may repeat it all the same.
    if (credential !== null) redactor.remember(credential)
    const source = sources.get(key) ?? { key, held: null, rereadAt: null, stopped: null, flight: null }
    sources.set(key, source)
    known.set(request, source)
    return source
  }

  async function obtain(source: Source, request: TokenRequest, signal: AbortSignal): Promise<TokenOutcome> {
    signal.throwIfAborted()
    const { credentials } = request
    if (source.stopped !== null && clock.now() < source.stopped.until) return source.stopped.failure
    if (credentials.mode === 'static') return staticToken(source, credentials.token)
    const present = source.flight === null ? presentToken(source, credentials) : null
    if (present !== null) return outcomeOf(present)
    return joinFlight(source, stop => renew(source, request, stop), signal)
  }

  /** The token in memory, or one that another process on this machine has fetched meanwhile. */
  function presentToken(source: Source, credentials: Fetched): Held | null {
    const { held } = source
    if (held !== null && !held.isRefused && clock.now() < held.renewAt) return held
    return storedToken(source, credentials)
  }

  function storedToken(source: Source, credentials: Fetched): Held | null {
    const stored = readStored(store, source.key, credentials)
    if (stored === null || stored.value === source.held?.token.value || clock.now() >= stored.renewAt) return null
    source.held = hold(stored, credentials.mode)
    return source.held
  }

  function staticToken(source: Source, value: string | null): TokenOutcome {
    if (value === null || value === '') return failure('CONFIG', 'secret_missing', detailOf('no_static_token'))
    const never = Number.POSITIVE_INFINITY
    source.held ??= hold({ value, expiresAt: never, renewAt: never }, 'static')
    if (source.held.isRefused) return failure('CONFIG', 'token_rejected', detailOf('static_token_refused'))
    return outcomeOf(source.held)
  }

  async function renew(source: Source, request: TokenRequest, signal: AbortSignal): Promise<TokenOutcome> {
    const { credentials } = request
    if (credentials.mode === 'static') throw new TypeError('a static token is never fetched')
    const isReread = source.held?.isRefused ?? false
    if (isReread && source.rereadAt !== null && clock.now() - source.rereadAt < minuteMs) {
      return refusedAgain(request, failure('TOKEN', 'token_rejected', detailOf('refused_after_reread')))
    }
    const fetch = async (): Promise<TokenOutcome> => {
      // While the lock was waited for, another process may have got one.
      const theirs = storedToken(source, credentials)
      if (theirs !== null) return outcomeOf(theirs)
      const fetched = await fetchPatiently({ clock, random }, request, credentials, signal)
      if (fetched.kind === 'failure') return settleFailure(source, fetched, clock.now())
      if (isReread) source.rereadAt = clock.now()
      const now = clock.now()
      const { value, expiresInSeconds } = fetched.token
      const freshSeconds = freshFor(expiresInSeconds, credentials.mode)
      const stored = { value, expiresAt: now + expiresInSeconds * 1000, renewAt: now + freshSeconds * 1000 }
      writeStored(store, source.key, stored, credentials)
      source.held = hold(stored, credentials.mode)
      return outcomeOf(source.held)
    }
    return credentials.mode === 'broker' ? fetch() : store.alone(source.key, signal, fetch)
  }

  function hold({ value, expiresAt, renewAt }: StoredToken, mode: TokenMode): Held {
    redactor.remember(value)
    lastSerial += 1
    const parameter = mode === 'static' ? 'cloudbase_access_token' : 'access_token'
    return { token: { value, parameter, serial: lastSerial }, expiresAt, renewAt, isRefused: false }
  }

  return {
    get: (request, signal) => obtain(sourceOf(request), request, signal),
    rejected: (request, used, signal) => {
      const source = sourceOf(request)
      // Another serial: somebody was refused with the same token earlier, and it has been dealt with.
      if (source.held?.token.serial === used.serial) source.held = { ...source.held, isRefused: true }
      return obtain(source, request, signal)
    },
    retry: request => {
      const source = sourceOf(request)
      source.stopped = null
      source.rereadAt = null
      if (source.held?.isRefused) source.held = null
    },
    state: request => {
      const { held, stopped } = sourceOf(request)
      const now = clock.now()
      if (stopped !== null && now < stopped.until) return { state: 'refused', failure: stopped.failure }
      return held === null || held.isRefused || now >= held.expiresAt
        ? { state: 'none' }
        : { state: 'ok', expiresAt: held.expiresAt }
    },
  }
}

/**
 * A refusal that a fresh token did not mend. Each fetch of a classic token ends the one before (spec §1.1): one that is refused before
 * its time, and again after it was fetched anew, is somebody else's to fetch as well.
 */
export function refusedAgain({ credentials }: TokenRequest, failed: Failure): Failure {
  const isClassic = credentials.mode === 'classic' && failed.code === 'token_rejected'
  return isClassic ? { ...failed, code: 'token_superseded' } : failed
}

interface Held {
  readonly token: Token
  readonly expiresAt: number
  /** From here on a new one is fetched. */
  readonly renewAt: number
  /** A check was refused with it. */
  readonly isRefused: boolean
}

/** What is known of one app's tokens, got in one way with one set of credentials. */
interface Source extends WithFlight<TokenOutcome> {
  readonly key: string
  held: Held | null
  /** When a token was last fetched because of a refusal. */
  rereadAt: number | null
  stopped: { readonly failure: Failure; readonly until: number } | null
}

/** A fingerprint of the credentials is part of the key, so that new ones start afresh; 32 bits of it give nothing away. */
function keyOf({ platform, transport, appid, credentials }: TokenRequest): string {
  const fingerprint = createHash('sha256').update(JSON.stringify(credentials)).digest('hex').slice(0, 8)
  return [platform.id, appid, transport.baseUrl.replace(/\/+$/, ''), credentials.mode, fingerprint].join(' ')
}

// A store that cannot be read or written costs a fetch at the next start, and nothing else: screening goes on.
function readStored(store: TokenStore, key: string, credentials: Fetched): StoredToken | null {
  if (credentials.mode === 'broker' || credentials.secret === null) return null
  try {
    return store.read(key, credentials.secret)
  } catch {
    return null
  }
}

function writeStored(store: TokenStore, key: string, token: StoredToken, credentials: Fetched): void {
  if (credentials.mode === 'broker' || credentials.secret === null) return
  try {
    store.write(key, token, credentials.secret)
  } catch {
    return
  }
}

function secretIn(credentials: Exclude<Credentials, { readonly mode: 'broker' }>): string | null {
  return credentials.mode === 'static' ? credentials.token : credentials.secret
}

function outcomeOf({ token }: Held): TokenOutcome {
  return { kind: 'token', token }
}

/** Seconds for which a token is handed out without asking. A short life is used by half, or each call would fetch. */
function freshFor(remainingSeconds: number, mode: Fetched['mode']): number {
  if (mode === 'broker') return Math.min(brokerMaxAgeSeconds, remainingSeconds / 2)
  const margin = marginSeconds[mode]
  return remainingSeconds > margin ? remainingSeconds - margin : Math.max(0, remainingSeconds / 2)
}

/** Decides how long a failure stands, so that a hundred thousand checks do not each ask a closed door. */
function settleFailure(source: Source, failed: Failure, now: number): TokenOutcome {
  const { held } = source
  const isPassing = failed.class === 'RETRY' || failed.class === 'MINUTE' || failed.class === 'DAY'
  if (isPassing && held !== null && !held.isRefused && now < held.expiresAt) {
    source.held = { ...held, renewAt: Math.min(held.expiresAt, now + renewalPauseMs) }
    return outcomeOf(source.held)
  }
  const standsForMs = failureStandsForMs(failed)
  if (standsForMs > 0) source.stopped = { failure: failed, until: now + standsForMs }
  return failed
}

function failureStandsForMs(failed: Failure): number {
  switch (failed.class) {
    case 'RETRY':
    case 'TOKEN':
      return 0
    case 'MINUTE':
      return minuteMs
    case 'DAY':
      return dayProbeMs
    case 'CONFIG':
    case 'WAIT_H':
    case 'INPUT':
    case 'BUG':
      return Number.POSITIVE_INFINITY
  }
}
