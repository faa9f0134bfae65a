import { describe, expect, test } from 'vitest'
import { createKeyedSemaphore } from '../../../electron/engine/base/concurrency/keyed-semaphore.ts'
import { createOutageDetector } from '../../../electron/engine/base/concurrency/outage-detector.ts'
import type { Endpoint, Platform, Transport } from '../../../electron/engine/checkers/platform.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import type { Pacer, Permit, PermitResult } from '../../../electron/engine/pacer/contract.ts'
import { type CheckResult, runCheck } from '../../../electron/engine/screening/check.ts'
import { OutageError } from '../../../electron/engine/screening/outage.ts'
import type { Tokens } from '../../../electron/engine/tokens/tokens.ts'
import { type Conclusion, failure } from '../../../shared/conclusion.ts'
import { wechatProfile } from '../../fixtures/engine/harness.ts'
import { laneFor } from '../../fixtures/engine/lane.ts'
import { startLoopback } from '../checkers/loopback.ts'
import { createFakeTime } from '../pacer/fake-time.ts'

/** The network goes away under a batch at work: how long until it is left for later, and what a short outage costs. */

const passed: Conclusion = {
  kind: 'verdict',
  verdict: 'pass',
  evidence: {
    httpStatus: 200,
    errcode: 0,
    errmsg: 'ok',
    rid: null,
    traceId: null,
    label: null,
    score: null,
    reply: null,
  },
}
const text = {
  kind: 'text',
  name: 'whole',
  rect: null,
  frame: null,
  range: [0, 2],
  line: 1,
  column: 1,
  text: '你好',
} as const
const wechat = registry.platformOf('wechat')
const found = wechat.endpointFor('text', { hasUser: false })
if (found === null) throw new Error('WeChat checks texts')
const endpoint: Endpoint = found

/** What becomes of a call that leaves now: an answer, or how long until which failure. */
type Network = (
  nowMs: number,
) => 'answered' | { readonly afterMs: number; readonly code: 'no_network' | 'timeout' | 'unreachable' }

/** Runs `count` checks at once over the network, as a batch does; minutes pass in no time. */
async function screen(
  count: number,
  network: Network,
  options: { readonly detector: 'shared' | 'none' } = { detector: 'shared' },
) {
  const time = createFakeTime(0)
  const settled: PermitResult['said'][] = []
  const cutting = new AbortController()
  const pacer = {
    acquire: async (): Promise<Permit> => ({ kind: 'permit', settle: ({ said }) => void settled.push(said) }),
    hold: () => undefined,
  } satisfies Pick<Pacer, 'acquire' | 'hold'>
  const tokens: Tokens = {
    get: async () => ({ kind: 'token', token: { value: 't', parameter: 'access_token', serial: 1 } }),
    rejected: async () => failure('TOKEN', 'token_rejected', ''),
    retry: () => undefined,
    state: () => ({ state: 'none' }),
  }
  const platform: Platform = {
    ...wechat,
    check: async (_transport, _request, signal) => {
      const fate = network(time.clock.now())
      if (fate === 'answered') return passed
      await time.clock.sleep(fate.afterMs, signal)
      return failure('RETRY', fate.code, 'nothing')
    },
  }
  await using loopback = await startLoopback()
  const transport: Transport = loopback.transport
  const profile = wechatProfile(transport.baseUrl)
  const lane = laneFor(profile, platform, transport)
  const outageDetector = options.detector === 'shared' ? createOutageDetector(time.clock) : null
  const ends: { readonly outcome: CheckResult; readonly atMs: number }[] = []
  const callSlots = createKeyedSemaphore(count)
  const services = { clock: time.clock, pacer: { ...unused, ...pacer }, callSlots, tokens, random: () => 0.5 }
  const work = Promise.all(
    Array.from({ length: count }, async () => {
      const outcome = await runCheck(services, lane, endpoint, text, {
        priority: 'batch',
        signal: cutting.signal,
        abandon: cutting.signal,
        gate: { whenOpen: async () => undefined, signal: () => cutting.signal },
        outageDetector,
        waitForQuota: false,
        pendingTrace: async () => null,
        onDeparture: async () => undefined,
      })
      const { stop } = outcome
      if (stop !== null) cutting.abort(new OutageError(stop))
      ends.push({ outcome, atMs: time.clock.now() })
    }),
  )
  await time.run(600_000)
  await work
  return { ends, settled, lastMs: Math.max(...ends.map(({ atMs }) => atMs)) }
}

const refuse = (): never => {
  throw new Error('not asked in this test')
}
const unused: Pacer = {
  rebuilt: false,
  acquire: refuse,
  hold: refuse,
  release: refuse,
  reading: refuse,
  status: refuse,
  pause: refuse,
  resume: refuse,
  close: refuse,
}

describe('a network that swallows everything', () => {
  test.each([
    ['no connection comes about', { afterMs: 10_000, code: 'no_network' }],
    ['there is no route at all', { afterMs: 1, code: 'no_network' }],
    ['calls leave and no reply ever comes', { afterMs: 30_000, code: 'timeout' }],
  ] as const)('%s: the profile stops within about a minute, with the reason', async (_name, fate) => {
    const { ends, lastMs } = await screen(40, () => fate)
    expect(ends).toHaveLength(40)
    for (const { outcome } of ends)
      expect(outcome).toMatchObject({ conclusion: {}, stop: { class: 'RETRY', code: fate.code } })
    expect(lastMs).toBeGreaterThanOrEqual(40_000)
    expect(lastMs).toBeLessThanOrEqual(65_000)
  })

  test('calls that never left cost no quota', async () => {
    const { settled } = await screen(40, () => ({ afterMs: 10_000, code: 'no_network' }))
    expect(new Set(settled.slice(0, 40))).toEqual(new Set(['not_sent']))
  })
})

describe('a change of network', () => {
  test.each([
    ['without a route', { afterMs: 1, code: 'no_network' }],
    ['in which connections do not come about', { afterMs: 10_000, code: 'no_network' }],
    ['in which what was sent is lost', { afterMs: 30_000, code: 'timeout' }],
  ] as const)('of twenty seconds %s costs no check its verdict', async (_name, fate) => {
    const { ends, lastMs } = await screen(40, nowMs => (nowMs < 20_000 ? fate : 'answered'))
    for (const { outcome } of ends) expect(outcome).toMatchObject({ conclusion: { verdict: 'pass' }, stop: null })
    expect(lastMs).toBeLessThanOrEqual(40_000)
  })
})

describe('what is no outage', () => {
  test('one text that alone is never answered ends unchecked, and the profile goes on', async () => {
    const { ends } = await screen(1, () => ({ afterMs: 30_000, code: 'timeout' }))
    expect(ends[0]?.outcome).toMatchObject({ conclusion: { kind: 'failure', code: 'timeout' }, stop: null })
  })

  test('a host that refuses is there: five attempts, and seconds', async () => {
    const { ends, lastMs } = await screen(3, () => ({ afterMs: 1, code: 'unreachable' }))
    for (const { outcome } of ends) expect(outcome).toMatchObject({ conclusion: {}, attempts: 5, stop: null })
    expect(lastMs).toBeLessThan(10_000)
  })

  test('a test of a profile does not wait for an outage to pass', async () => {
    const { ends, lastMs } = await screen(1, () => ({ afterMs: 1, code: 'no_network' }), { detector: 'none' })
    expect(ends[0]?.outcome).toMatchObject({ conclusion: { kind: 'failure', code: 'no_network' }, attempts: 5 })
    expect(lastMs).toBeLessThan(10_000)
  })
})
