import { describe, expect, test } from 'vitest'
import { createPlaces } from '../../../electron/engine/base/concurrency/keyed-semaphore.ts'
import type { Endpoint, Platform, Transport } from '../../../electron/engine/checkers/platform.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import type { Pacer, Permit } from '../../../electron/engine/pacer/contract.ts'
import { runCheck } from '../../../electron/engine/screening/check.ts'
import { type Conclusion, failure } from '../../../shared/conclusion.ts'
import { wechatProfile } from '../../fixtures/engine/harness.ts'
import { laneFor } from '../../fixtures/engine/lane.ts'

const wechat = registry.platformOf('wechat')
const endpoint = wechat.endpointFor('text', { hasUser: false }) as Endpoint
const part = {
  kind: 'text',
  name: 'whole',
  rect: null,
  frame: null,
  range: [0, 4],
  line: 1,
  column: 1,
  text: '新品上市',
} as const
const evidence = {
  httpStatus: 200,
  errcode: 0,
  errmsg: 'ok',
  label: null,
  score: null,
  rid: null,
  traceId: null,
  reply: '',
}
const passed: Conclusion = { kind: 'verdict', verdict: 'pass', evidence }

/** One check; what is asked of the platform is answered by `answers` in turn, the last again and again. */
async function check(
  answers: readonly Conclusion[],
  token = () => 'first',
  { sent = [], settled = [] }: { readonly sent?: string[]; readonly settled?: string[] } = {},
) {
  const platform: Platform = {
    ...wechat,
    check: async (_transport, request) => {
      sent.push(request.accessToken)
      return answers[Math.min(sent.length, answers.length) - 1] ?? passed
    },
  }
  const profile = wechatProfile('http://127.0.0.1:1')
  const transport = { baseUrl: 'http://127.0.0.1:1' } as Transport
  const lane = laneFor(profile, platform, transport)
  const permit: Permit = { kind: 'permit', settle: ({ said }) => void settled.push(said) }
  const { signal } = new AbortController()
  const outcome = await runCheck(
    {
      clock: { now: () => 0, sleep: async () => undefined },
      pacer: { acquire: async () => permit, hold: () => undefined } as unknown as Pacer,
      places: createPlaces(1),
      tokens: {
        get: async () => ({ kind: 'token', token: { value: token(), parameter: 'access_token', serial: 1 } }),
        rejected: async () => failure('TOKEN', 'token_rejected', ''),
        retry: () => undefined,
        state: () => ({ state: 'none' }),
      },
      random: () => 0.5,
    },
    lane,
    endpoint,
    part,
    {
      priority: 'batch',
      signal,
      abandon: signal,
      gate: { open: async () => undefined, signal: () => signal },
      line: null,
      waitForQuota: false,
      pendingTrace: () => null,
      onDeparture: async () => undefined,
    },
  )
  return { outcome, sent, settled }
}

describe('a check', () => {
  test('that waited for its permit leaves with the token of now, and gives the permit of before back', async () => {
    let asked = 0
    // The token has been renewed while the permit was waited for.
    const { sent, settled } = await check([passed], () => {
      asked += 1
      return asked === 1 ? 'of the evening' : 'of the morning'
    })
    expect(sent).toEqual(['of the morning'])
    expect(settled).toEqual(['not_sent', 'served'])
  })

  test('that is given up while the token of now is fetched gives its permit back', async () => {
    const settled: string[] = []
    const gone = new Error('the run is over')
    let asked = 0
    const token = () => {
      asked += 1
      if (asked > 1) throw gone
      return 'first'
    }
    await expect(check([passed], token, { settled })).rejects.toBe(gone)
    expect(settled).toEqual(['not_sent'])
  })

  test('is tried as often as ever after the quota of the day was refused to it', async () => {
    const dayGone = failure('DAY', 'quota_day', '')
    const busy = failure('RETRY', 'platform_busy', '')
    const { sent } = await check([dayGone, dayGone, dayGone, busy])
    expect(sent.length).toBe(3 + 5)
  })

  test('that fails for a passing reason is tried five times', async () => {
    const { outcome, sent } = await check([failure('RETRY', 'platform_busy', '')])
    expect(sent.length).toBe(5)
    expect(outcome).toMatchObject({ kind: 'ended', end: { attempts: 5, failure: { code: 'platform_busy' } } })
  })
})
