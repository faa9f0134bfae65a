import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { createRedactor } from '../../../electron/engine/base/redact.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import {
  type Credentials,
  createTokens,
  refusedAgain,
  type StoredToken,
  type Token,
  type TokenOutcome,
  type TokenRequest,
  type TokenStore,
} from '../../../electron/engine/tokens/tokens.ts'
import { failure } from '../../../shared/conclusion.ts'
import { type Answer, json, type Loopback, startLoopback, text } from '../checkers/loopback.ts'

const never = new AbortController().signal
const secret = '0123456789abcdef0123456789abcdef'
let loopback: Loopback
beforeAll(async () => {
  loopback = await startLoopback()
})
beforeEach(() => {
  loopback.received.length = 0
})
afterAll(async () => {
  await loopback[Symbol.asyncDispose]()
})

/** Stands still but for sleeping, which takes no time for us. */
function stillClock(): Clock & { time: number; readonly sleeps: number[] } {
  const clock = {
    time: 1_000_000_000_000,
    sleeps: [] as number[],
    now: () => clock.time,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      clock.sleeps.push(ms)
      clock.time += ms
    },
  }
  return clock
}

function memoryStore(): TokenStore & { readonly kept: Map<string, StoredToken> } {
  const kept = new Map<string, StoredToken>()
  return {
    kept,
    read: key => kept.get(key) ?? null,
    write: (key, token) => kept.set(key, token),
    alone: (_key, _signal, action) => action(),
  }
}

function setUp(store = memoryStore()) {
  const clock = stillClock()
  const redactor = createRedactor()
  return { clock, store, redactor, tokens: createTokens({ clock, store, redactor, random: () => 0.5 }) }
}

function request(credentials: Credentials = { mode: 'stable', secret }, id: 'wechat' | 'qq' = 'wechat'): TokenRequest {
  return { platform: registry.platformOf(id), transport: loopback.transport, appid: 'wx1', credentials }
}

/** Answers with these one after the other; the last one again and again. */
function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0
  return (...given) => answers[Math.min(next++, answers.length - 1)]?.(...given)
}

function granted(value: string, seconds = 7200): Answer {
  return json({ access_token: value, expires_in: seconds })
}

function refused(errcode: number, errmsg = ''): Answer {
  return json({ errcode, errmsg })
}

function tokenIn(outcome: TokenOutcome): Token {
  if (outcome.kind === 'failure') throw new Error(`${outcome.code}: ${outcome.detail}`)
  return outcome.token
}

describe('a token', () => {
  test('is fetched once for any number of checks that want it at the same time', async () => {
    const { tokens } = setUp()
    loopback.answer = granted('T1')
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => tokens.get(request(), never)))
    expect(new Set(outcomes.map(outcome => tokenIn(outcome).value))).toEqual(new Set(['T1']))
    expect(tokenIn(await tokens.get(request(), never))).toMatchObject({ value: 'T1', parameter: 'access_token' })
    expect(loopback.received).toHaveLength(1)
  })

  test('is fetched apart for other appids, hosts, modes and platforms', async () => {
    const { tokens } = setUp()
    loopback.answer = granted('T1')
    const others: TokenRequest[] = [
      request(),
      { ...request(), appid: 'wx2' },
      { ...request(), transport: { ...loopback.transport, baseUrl: `${loopback.transport.baseUrl}/prefix` } },
      request({ mode: 'classic', secret }),
      request({ mode: 'classic', secret }, 'qq'),
    ]
    for (const one of [...others, ...others]) await tokens.get(one, never)
    expect(loopback.received).toHaveLength(others.length)
  })

  test.each([
    ['stable', 7200, 7200 - 240],
    ['classic', 7200, 7200 - 300],
    ['stable', 345, 345 - 240],
    ['stable', 100, 50],
    ['classic', 300, 150],
  ] as const)('of the %s kind that lives for %i s is kept for %i s', async (mode, seconds, keptFor) => {
    const { tokens, clock } = setUp()
    loopback.answer = inTurn(granted('T1', seconds), granted('T2'))
    await tokens.get(request({ mode, secret }), never)
    clock.time += keptFor * 1000 - 1
    expect(tokenIn(await tokens.get(request({ mode, secret }), never)).value).toBe('T1')
    clock.time += 1
    expect(tokenIn(await tokens.get(request({ mode, secret }), never)).value).toBe('T2')
    expect(loopback.received).toHaveLength(2)
  })

  test('that cannot be renewed in time is used while it is good', async () => {
    const { tokens, clock } = setUp()
    loopback.answer = inTurn(granted('T1'), text('', 502))
    await tokens.get(request(), never)
    clock.time += (7200 - 200) * 1000
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
    clock.time += 200_000
    expect(await tokens.get(request(), never)).toMatchObject({ kind: 'failure', code: 'http_error' })
  })

  test('of another process on this machine, or of an earlier run, is used instead of fetching one', async () => {
    const { tokens, store } = setUp()
    loopback.answer = granted('T1')
    await tokens.get(request(), never)
    const other = setUp(store)
    expect(tokenIn(await other.tokens.get(request(), never)).value).toBe('T1')
    expect(loopback.received).toHaveLength(1)
    expect(other.redactor.redact('T1 is here')).toBe('*** is here')
  })

  test('from the store that has run out is not used', async () => {
    const { tokens, store, clock } = setUp()
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    await tokens.get(request(), never)
    const later = setUp(store)
    // Not yet expired, but due for renewal.
    later.clock.time = clock.time + 7_000_000
    expect(tokenIn(await later.tokens.get(request(), never)).value).toBe('T2')
  })

  test('is got without a store that can be read or written', async () => {
    const broken: TokenStore = {
      read: () => {
        throw new Error('disk')
      },
      write: () => {
        throw new Error('disk')
      },
      alone: (_key, _signal, action) => action(),
    }
    const tokens = createTokens({ clock: stillClock(), store: broken, redactor: createRedactor() })
    loopback.answer = granted('T1')
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
  })

  test('comes from QQ with either spelling of its life', async () => {
    const { tokens, clock } = setUp()
    loopback.answer = inTurn(json({ access_token: 'Q1', expire_in: '7200' }), granted('Q2'))
    const qq = request({ mode: 'classic', secret }, 'qq')
    expect(tokenIn(await tokens.get(qq, never)).value).toBe('Q1')
    clock.time += 6_899_999
    expect(tokenIn(await tokens.get(qq, never)).value).toBe('Q1')
  })

  test.each([
    ['no token', { errcode: 0, errmsg: 'ok' }],
    ['an empty token', { access_token: '', expires_in: 7200 }],
    ['a number for a token', { access_token: 7, expires_in: 7200 }],
    ['no life', { access_token: 'T1' }],
    ['no life left', { access_token: 'T1', expires_in: 0 }],
    ['a negative life', { access_token: 'T1', expires_in: -5 }],
  ])('is not made of a reply with %s', async (_what, reply) => {
    const { tokens } = setUp()
    loopback.answer = json(reply)
    expect(await tokens.get(request(), never)).toMatchObject({ kind: 'failure', code: 'malformed_reply' })
  })

  test('is not taken from a reply with an error code or an error status', async () => {
    const { tokens } = setUp()
    loopback.answer = json({ errcode: 40013, errmsg: 'invalid appid', access_token: 'T1', expires_in: 7200 })
    expect(await tokens.get(request(), never)).toMatchObject({ kind: 'failure', code: 'appid_rejected' })
    const other = setUp()
    loopback.answer = json({ access_token: 'T1', expires_in: 7200 }, 203)
    expect(await other.tokens.get(request(), never)).toMatchObject({ kind: 'failure', code: 'http_error' })
  })
})

describe('a token that a check was refused with', () => {
  test('is replaced by one fetch, however many checks were refused with it', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    const used = tokenIn(await tokens.get(request(), never))
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => tokens.rejected(request(), used, never)))
    expect(outcomes.map(outcome => tokenIn(outcome).value)).toEqual(Array(20).fill('T2'))
    expect(loopback.received).toHaveLength(2)
  })

  test('costs no fetch when it has been replaced already', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    const used = tokenIn(await tokens.get(request(), never))
    await tokens.rejected(request(), used, never)
    expect(tokenIn(await tokens.rejected(request(), used, never)).value).toBe('T2')
    expect(loopback.received).toHaveLength(2)
  })

  test('costs no fetch when another process on this machine has replaced it', async () => {
    const { tokens, store } = setUp()
    const classic = request({ mode: 'classic', secret })
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    const used = tokenIn(await tokens.get(classic, never))
    const other = setUp(store)
    const theirs = tokenIn(await other.tokens.get(classic, never))
    await other.tokens.rejected(classic, theirs, never)
    expect(tokenIn(await tokens.rejected(classic, used, never)).value).toBe('T2')
    expect(loopback.received).toHaveLength(2)
  })

  test('may be tried once more when the platform says that it is still the one, and then stops the asking', async () => {
    const { tokens, clock } = setUp()
    loopback.answer = granted('T1')
    const first = tokenIn(await tokens.get(request(), never))
    const second = tokenIn(await tokens.rejected(request(), first, never))
    expect(second.value).toBe('T1')
    // A straggler of before the second reading costs nothing and condemns nothing.
    expect(tokenIn(await tokens.rejected(request(), first, never))).toBe(second)
    const stopped = { kind: 'failure', class: 'TOKEN', code: 'token_rejected' }
    expect(await tokens.rejected(request(), second, never)).toMatchObject(stopped)
    for (let i = 0; i < 100; i += 1) expect(await tokens.get(request(), never)).toMatchObject(stopped)
    expect(loopback.received).toHaveLength(2)
    clock.time += 60_000
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
    expect(loopback.received).toHaveLength(3)
  })

  test('never leads to more than one fetch a minute, even if every new one is refused too', async () => {
    const { tokens, clock } = setUp()
    let issued = 0
    loopback.answer = (...given) => granted(`T${++issued}`)(...given)
    let outcome = await tokens.get(request({ mode: 'classic', secret }), never)
    for (let second = 0; second < 600; second += 1) {
      outcome =
        outcome.kind === 'token'
          ? await tokens.rejected(request({ mode: 'classic', secret }), outcome.token, never)
          : await tokens.get(request({ mode: 'classic', secret }), never)
      clock.time += 1000
    }
    expect(issued).toBeLessThanOrEqual(1 + 600 / 60)
  })

  test('never makes the client force a refresh', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    await tokens.rejected(request(), tokenIn(await tokens.get(request(), never)), never)
    const bodies = loopback.received.map(({ body }) => JSON.parse(body.toString()))
    expect(bodies.map(body => body.force_refresh)).toEqual([false, false])
  })

  test('is not handed out while its replacement cannot be had', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(granted('T1'), text('', 500))
    const used = tokenIn(await tokens.get(request(), never))
    expect(await tokens.rejected(request(), used, never)).toMatchObject({ kind: 'failure', code: 'http_error' })
    loopback.answer = granted('T2')
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T2')
  })
})

describe('a failure that a person must deal with', () => {
  test.each([
    [40001, 'CONFIG', 'secret_rejected'],
    [40125, 'CONFIG', 'secret_rejected'],
    [40013, 'CONFIG', 'appid_rejected'],
    [40243, 'CONFIG', 'secret_frozen'],
    [89503, 'CONFIG', 'admin_confirmation'],
    [89507, 'WAIT_H', 'admin_refused'],
    [40002, 'BUG', 'request_malformed'],
  ] as const)('(%i) is asked about once, until it is tried again on purpose', async (errcode, failureClass, code) => {
    const { tokens, clock } = setUp()
    loopback.answer = refused(errcode, 'invalid')
    for (let i = 0; i < 5; i += 1) {
      expect(await tokens.get(request(), never)).toMatchObject({ kind: 'failure', class: failureClass, code })
      clock.time += 3_600_000
    }
    expect(loopback.received).toHaveLength(1)
    loopback.answer = granted('T1')
    tokens.retry(request())
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
  })

  test('is forgotten when the secret changes', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(refused(40125), granted('T1'))
    await tokens.get(request({ mode: 'stable', secret: 'wrong-secret' }), never)
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
  })

  test('shows the address to allow-list', async () => {
    const { tokens } = setUp()
    loopback.answer = refused(40164, 'invalid ip 198.51.100.4 ipv6 ::ffff:198.51.100.4, not in whitelist rid: 6-3-7')
    expect(await tokens.get(request(), never)).toMatchObject({ code: 'ip_not_allowed', detail: '198.51.100.4' })
  })

  test.each([null, ''])('a secret that is not there (%j) is said without a call', async missing => {
    const { tokens } = setUp()
    for (const mode of ['stable', 'classic'] as const) {
      expect(await tokens.get(request({ mode, secret: missing }), never)).toMatchObject({ code: 'secret_missing' })
    }
    expect(loopback.received).toEqual([])
  })

  test('a kind of token that the platform does not have is said without a call', async () => {
    const { tokens } = setUp()
    expect(await tokens.get(request({ mode: 'stable', secret }, 'qq'), never)).toMatchObject({ class: 'CONFIG' })
    expect(loopback.received).toEqual([])
  })
})

describe('the state of a token', () => {
  test('is what is known without a call: nothing, good until its end, or why it cannot be had', async () => {
    const { tokens, clock } = setUp()
    loopback.answer = inTurn(granted('T1'), refused(40001, 'invalid secret'))
    expect(tokens.state(request())).toEqual({ state: 'none' })
    await tokens.get(request(), never)
    expect(tokens.state(request())).toEqual({ state: 'ok', expiresAt: clock.now() + 7_200_000 })
    clock.time += 7_200_000
    expect(tokens.state(request())).toEqual({ state: 'none' })
    await tokens.get(request(), never)
    expect(tokens.state(request())).toMatchObject({ state: 'refused', failure: { code: 'secret_rejected' } })
    expect(loopback.received).toHaveLength(2)
  })
})

describe('a failure that passes', () => {
  test('is tried three times, further and further apart', async () => {
    const { tokens, clock } = setUp()
    loopback.answer = refused(-1, 'system error')
    expect(await tokens.get(request(), never)).toMatchObject({ class: 'RETRY', code: 'platform_busy' })
    expect(loopback.received).toHaveLength(3)
    expect(clock.sleeps).toEqual([1000, 2000])
  })

  test('is not seen by the check when a later try works', async () => {
    const { tokens } = setUp()
    loopback.answer = inTurn(text('<html>', 502), refused(-1), granted('T1'))
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
  })

  test.each([
    [45011, 60_000],
    [45009, 600_000],
  ])('(%i) is not asked about again for %i ms', async (errcode, ms) => {
    const { tokens, clock } = setUp()
    loopback.answer = inTurn(refused(errcode), granted('T1'))
    await tokens.get(request(), never)
    clock.time += ms - 1
    expect(await tokens.get(request(), never)).toMatchObject({ kind: 'failure' })
    expect(loopback.received).toHaveLength(1)
    clock.time += 1
    expect(tokenIn(await tokens.get(request(), never)).value).toBe('T1')
  })
})

describe('a caller that gives up', () => {
  test('gets its own reason, and leaves the fetch to those who still wait', async () => {
    const { tokens } = setUp()
    const asked = Promise.withResolvers<() => void>()
    loopback.answer = (...given) => asked.resolve(() => granted('T1')(...given))
    const controller = new AbortController()
    const reason = new Error('cancelled')
    const leaver = tokens.get(request(), controller.signal)
    const stayer = tokens.get(request(), never)
    const answer = await asked.promise
    controller.abort(reason)
    await expect(leaver).rejects.toBe(reason)
    answer()
    expect(tokenIn(await stayer).value).toBe('T1')
    expect(loopback.received).toHaveLength(1)
  })

  test('stops the fetch when nobody else waits, without harm to the next', async () => {
    const { tokens } = setUp()
    const controller = new AbortController()
    const dropped = Promise.withResolvers<void>()
    loopback.answer = response => {
      response.once('close', () => dropped.resolve())
      controller.abort(new Error('cancelled'))
    }
    // The next one asks in the very moment in which the first has left.
    const next = tokens.get(request(), controller.signal).catch((error: unknown) => {
      expect(error).toBe(controller.signal.reason)
      loopback.answer = granted('T1')
      return tokens.get(request(), never)
    })
    expect(tokenIn(await next).value).toBe('T1')
    await dropped.promise
  })

  test('before it began sends nothing', async () => {
    const { tokens } = setUp()
    await expect(tokens.get(request(), AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled')
    expect(loopback.received).toEqual([])
  })
})

describe("a company's token broker", () => {
  const broker = (bearer: string | null = null): TokenRequest =>
    request({ mode: 'broker', url: `${loopback.transport.baseUrl}/token?app=1`, bearer })

  test('is read by GET, with the bearer secret in a header', async () => {
    const { tokens } = setUp()
    loopback.answer = granted('B1')
    expect(tokenIn(await tokens.get(broker('broker-secret'), never)).value).toBe('B1')
    const [received] = loopback.received
    expect(received).toMatchObject({ method: 'GET', url: '/token?app=1' })
    expect(received?.headers.get('authorization')).toBe('Bearer broker-secret')
  })

  test('is read again after a minute, because the token is its to renew, and nothing is stored', async () => {
    const { tokens, clock, store } = setUp()
    loopback.answer = inTurn(granted('B1'), granted('B2'))
    await tokens.get(broker(), never)
    clock.time += 59_999
    expect(tokenIn(await tokens.get(broker(), never)).value).toBe('B1')
    clock.time += 1
    expect(tokenIn(await tokens.get(broker(), never)).value).toBe('B2')
    expect(store.kept.size).toBe(0)
  })

  test('that refuses us is not asked again until a person has looked', async () => {
    const { tokens } = setUp()
    loopback.answer = text('who are you, broker-secret?', 401)
    for (let i = 0; i < 3; i += 1) {
      const outcome = await tokens.get(broker('broker-secret'), never)
      expect(outcome).toMatchObject({ kind: 'failure', class: 'CONFIG', code: 'broker_refused' })
      expect(JSON.stringify(outcome)).not.toContain('broker-secret')
    }
    expect(loopback.received).toHaveLength(1)
  })

  test('is not followed elsewhere', async () => {
    const { tokens } = setUp()
    loopback.answer = text('', 302, { location: 'http://127.0.0.1:1/' })
    expect(await tokens.get(broker('broker-secret'), never)).toMatchObject({ code: 'broker_refused' })
  })

  test.each(['file:///etc/passwd', 'ftp://broker', 'broker'])('at %s is refused', async url => {
    const { tokens } = setUp()
    const outcome = await tokens.get(request({ mode: 'broker', url, bearer: null }), never)
    expect(outcome).toMatchObject({ kind: 'failure', class: 'CONFIG', code: 'broker_refused' })
  })

  test.each<[string, Answer, string]>([
    ['a code about an AppSecret', json({ errcode: 40001, errmsg: 'invalid secret' }), 'broker_refused'],
    ['a code about an IP', json({ errcode: 40164, errmsg: 'invalid ip 203.0.113.7' }), 'broker_refused'],
    ['that it is busy', json({ errcode: -1, errmsg: 'system error' }), 'broker_unavailable'],
    ['that its quota is used up', json({ errcode: 45009 }), 'broker_unavailable'],
    ['an error of the server', text('', 502), 'broker_unavailable'],
    ['nothing', response => void response.destroy(), 'broker_unavailable'],
    ['a page', text('<html>'), 'broker_malformed'],
    ['a token without its life', json({ access_token: 'B1' }), 'broker_malformed'],
  ])('that answers %s is told as the broker, and not as the platform', async (_what, answer, code) => {
    const { tokens } = setUp()
    loopback.answer = answer
    expect(await tokens.get(broker(), never)).toMatchObject({ kind: 'failure', code })
  })
})

describe('a token that is refused although it is not at its end', () => {
  test.each([
    ['classic', 'token_superseded'],
    ['stable', 'token_rejected'],
  ] as const)('and refused again after it was fetched anew: %s is %s', async (mode, code) => {
    const { tokens } = setUp()
    const asked = request({ mode, secret })
    loopback.answer = inTurn(granted('T1'), granted('T2'))
    const first = tokenIn(await tokens.get(asked, never))
    const second = tokenIn(await tokens.rejected(asked, first, never))
    expect(await tokens.rejected(asked, second, never)).toMatchObject({ class: 'TOKEN', code })
    const fromPlatform = failure('TOKEN', 'token_rejected', '40001 invalid credential')
    expect(refusedAgain(asked, fromPlatform)).toEqual({ ...fromPlatform, code })
  })
})

test("the day's quota of the token's endpoint is not that of the checks", async () => {
  const { tokens } = setUp()
  loopback.answer = json({ errcode: 45009, errmsg: 'reach max api daily quota limit' })
  for (const mode of ['stable', 'classic'] as const) {
    expect(await tokens.get(request({ mode, secret }), never)).toMatchObject({ class: 'DAY', code: 'token_quota' })
  }
})

describe('a static token of cloud hosting', () => {
  const fixed = () => request({ mode: 'static', token: 'cloud-token' })

  test('is used under its own name, without any call', async () => {
    const { tokens } = setUp()
    expect(tokenIn(await tokens.get(fixed(), never))).toMatchObject({
      value: 'cloud-token',
      parameter: 'cloudbase_access_token',
    })
    expect(loopback.received).toEqual([])
  })

  test('that was refused is not used again until a person has looked', async () => {
    const { tokens } = setUp()
    const used = tokenIn(await tokens.get(fixed(), never))
    const stopped = { kind: 'failure', class: 'CONFIG', code: 'token_rejected' }
    expect(await tokens.rejected(fixed(), used, never)).toMatchObject(stopped)
    expect(await tokens.get(fixed(), never)).toMatchObject(stopped)
    tokens.retry(fixed())
    expect(tokenIn(await tokens.get(fixed(), never)).value).toBe('cloud-token')
  })

  test('that is not there is said', async () => {
    const { tokens } = setUp()
    expect(await tokens.get(request({ mode: 'static', token: null }), never)).toMatchObject({ code: 'secret_missing' })
  })
})

describe('secrets', () => {
  test.each<[string, Answer]>([
    [
      'an error that repeats it',
      (...given) => json({ errcode: 40125, errmsg: `${given[1].url} ${secret} secret=${secret}` })(...given),
    ],
    ['garbage that repeats it', text(`<b>${secret}</b>`)],
    ['a server error that repeats it', text(secret, 500)],
    ['a redirect that repeats it', text('', 302, { location: `https://elsewhere.example/${secret}` })],
    ['a token without its life', json({ access_token: 'NEW-TOKEN', note: 'NEW-TOKEN is yours' })],
  ])('are in no failure: %s', async (_what, answer) => {
    for (const mode of ['stable', 'classic'] as const) {
      const { tokens } = setUp()
      loopback.answer = answer
      const outcome = await tokens.get(request({ mode, secret }), never)
      expect(outcome.kind).toBe('failure')
      expect(JSON.stringify(outcome)).not.toContain(secret)
      expect(JSON.stringify(outcome)).not.toContain('-TOKEN')
    }
  })

  test('and every token that was seen are masked in logs from then on', async () => {
    const { tokens, redactor } = setUp()
    loopback.answer = granted('TOKEN-VALUE-1')
    await tokens.get(request(), never)
    expect(redactor.redact(`sent ${secret} got TOKEN-VALUE-1`)).toBe('sent *** got ***')
  })

  test('are not in the keys of the store', async () => {
    const { tokens, store } = setUp()
    loopback.answer = granted('T1')
    await tokens.get(request(), never)
    const [key] = store.kept.keys()
    expect(key).toMatch(/^wechat wx1 http:\/\/127\.0\.0\.1:\d+ stable [0-9a-f]{8}$/)
  })
})
