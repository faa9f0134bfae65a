import { describe, expect, test } from 'vitest'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { json, startLoopback } from './loopback.ts'
import { token } from './requests.ts'

const never = new AbortController().signal

async function readQuota(reply: unknown) {
  await using loopback = await startLoopback(json(reply))
  const { readQuota } = registry.platformOf('wechat')
  if (readQuota === null) throw new Error('WeChat offers a quota query')
  const request = { quotaPath: '/wxa/msg_sec_check', accessToken: token }
  return { outcome: await readQuota(loopback.transport, request, never), received: loopback.received[0] }
}

describe("the platform's own count", () => {
  test('is read from WeChat, with the rate per minute where it is given', async () => {
    const { outcome, received } = await readQuota({
      errcode: 0,
      errmsg: 'ok',
      quota: { daily_limit: 2_000_000, used: 1, remain: 1_999_999 },
      rate_limit: { call_count: 2000, refresh_second: 30 },
    })
    expect(outcome).toEqual({
      kind: 'quota',
      quota: { dailyLimit: 2_000_000, used: 1, remain: 1_999_999, perMinute: 4000 },
    })
    expect(received?.url).toBe(`/cgi-bin/openapi/quota/get?access_token=${token}`)
    expect(received?.body.toString()).toBe('{"cgi_path":"/wxa/msg_sec_check"}')
  })

  test('does without the rate', async () => {
    const { outcome } = await readQuota({ errcode: 0, quota: { daily_limit: '100', used: '40', remain: '60' } })
    expect(outcome).toEqual({ kind: 'quota', quota: { dailyLimit: 100, used: 40, remain: 60, perMinute: null } })
  })

  test('of 0 of 0 is none: the account is not counted, and has not used up anything', async () => {
    const { outcome } = await readQuota({ errcode: 0, quota: { daily_limit: 0, used: 0, remain: 0 } })
    expect(outcome).toEqual({ kind: 'not_counted' })
  })

  test.each([
    [{ errcode: 0 }, 'malformed_reply'],
    [{ errcode: 0, quota: { daily_limit: 100, used: null, remain: 60 } }, 'malformed_reply'],
    [{ quota: { daily_limit: 100, used: 40, remain: 60 } }, 'malformed_reply'],
    [{ errcode: 40001, errmsg: 'invalid credential' }, 'token_rejected'],
    [{ errcode: 76021, errmsg: 'cgi_path not found' }, 'request_malformed'],
    [{ errcode: 87014 }, 'unknown_code'],
  ])('is never guessed: %j', async (reply, code) => {
    expect((await readQuota(reply)).outcome).toMatchObject({ kind: 'failure', code })
  })
})

describe('the registry', () => {
  test('has an endpoint for every kind of part, listed with its limits', () => {
    for (const platform of registry.platforms) {
      for (const kind of ['text', 'image', 'media-url'] as const) {
        for (const hasUser of [true, false]) {
          const endpoint = platform.endpointFor(kind, { hasUser })
          expect(endpoint?.takes).toBe(kind)
          expect(platform.endpoints).toContain(endpoint)
          expect(endpoint?.limit.perMinute).toBe(kind === 'text' ? 4000 : 2000)
          expect(endpoint?.limit.perDay).toBe(kind === 'text' ? 2_000_000 : 200_000)
        }
      }
    }
  })

  test('gives both formats of one API one name, because they share its limit', () => {
    const { endpointFor } = registry.platformOf('wechat')
    const [v2, v1] = [true, false].map(hasUser => endpointFor('text', { hasUser }))
    expect(v2?.id).toBe(v1?.id)
    expect([v2?.version, v1?.version]).toEqual(['v2', 'v1'])
    expect(v2?.textLimit).toEqual({ unit: 'utf16', max: 2500 })
    expect(v1?.textLimit).toEqual({ unit: 'utf8', max: 500_000 })
  })

  test('offers a quota query for WeChat only', () => {
    expect(registry.platformOf('qq').readQuota).toBeNull()
    expect(registry.platformOf('qq').endpoints.map(endpoint => endpoint.quotaPath)).toEqual([null, null, null])
  })
})
