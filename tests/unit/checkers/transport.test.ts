import { once } from 'node:events'
import { createServer } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { detailOf } from '../../../electron/engine/base/detail.ts'
import type { Transport } from '../../../electron/engine/checkers/platform.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { json, startLoopback, text } from './loopback.ts'
import { requests, token } from './requests.ts'

const never = new AbortController().signal
const request = requests.wechatTextV1

function check(transport: Transport, signal = never) {
  return registry.platformOf('wechat').check(transport, request, signal)
}

describe('a platform that', () => {
  test('never answers is a timeout', async () => {
    await using loopback = await startLoopback(() => {}, { headersTimeoutMs: 50 })
    expect(await check(loopback.transport)).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'timeout' })
  })

  test('starts an answer and never ends it is a timeout, even when it drips on', async () => {
    await using loopback = await startLoopback(
      response => {
        response.writeHead(200)
        const drip = setInterval(() => response.write(' '), 5)
        response.once('close', () => clearInterval(drip))
      },
      { bodyTimeoutMs: 60 },
    )
    expect(await check(loopback.transport)).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'timeout' })
  })

  test('resets the connection is unreachable', async () => {
    await using loopback = await startLoopback((_response, _received, incoming) => {
      incoming.socket.resetAndDestroy()
    })
    expect(await check(loopback.transport)).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'unreachable' })
  })

  test('breaks off in the middle of a pass gives no pass', async () => {
    await using loopback = await startLoopback(response => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"errcode":0,"errmsg":"ok"}', () => response.destroy())
    })
    expect(await check(loopback.transport)).toMatchObject({
      kind: 'failure',
      class: 'RETRY',
      detail: detailOf('broke_off', { name: 'UND_ERR_SOCKET' }),
    })
  })

  test('closes the connection without a reply says that it broke off', async () => {
    await using loopback = await startLoopback(response => response.destroy())
    expect(await check(loopback.transport)).toMatchObject({
      kind: 'failure',
      class: 'RETRY',
      code: 'unreachable',
      detail: detailOf('broke_off', { name: 'UND_ERR_SOCKET' }),
    })
  })

  test('is a cache that answers "not modified" is no redirect and no verdict', async () => {
    await using loopback = await startLoopback(text('', 304))
    expect(await check(loopback.transport)).toMatchObject({
      kind: 'failure',
      class: 'RETRY',
      code: 'http_error',
      detail: detailOf('cache_answered'),
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['BR', brotliCompressSync],
  ])('packs its reply with %s is read all the same', async (encoding, pack) => {
    const risky = pack(Buffer.from('{"errcode":87014,"errmsg":"risky content"}'))
    await using loopback = await startLoopback(text(risky, 200, { 'content-encoding': encoding }))
    expect(await check(loopback.transport)).toMatchObject({
      verdict: 'risky',
      evidence: { reply: '{"errcode":87014,"errmsg":"risky content"}' },
    })
  })

  test.each([
    ['gzip', Buffer.from('{"errcode":0,"errmsg":"ok"}')],
    ['gzip', gzipSync(Buffer.alloc(20_000_000))],
    ['zebra', Buffer.from('{"errcode":0,"errmsg":"ok"}')],
  ])('says %s and sends something else, or too much, gives a malformed reply', async (encoding, body) => {
    await using loopback = await startLoopback(text(body, 200, { 'content-encoding': encoding }))
    expect(await check(loopback.transport)).toMatchObject({
      class: 'RETRY',
      code: 'malformed_reply',
      detail: detailOf('compression_damaged', { name: encoding }),
    })
  })

  test('speaks something other than HTTP gives a malformed reply', async () => {
    const server = createServer(socket => {
      socket.once('data', () => socket.end('{"errcode":0}\r\n\r\n'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const dispatcher = new Agent()
    const timeouts = { headersTimeoutMs: 10_000, bodyTimeoutMs: 10_000 }
    const outcome = await check({ dispatcher, baseUrl: `http://127.0.0.1:${address.port}`, ...timeouts })
    expect(outcome).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'malformed_reply' })
    await dispatcher.destroy()
    server.close()
  })

  test('is not there is unreachable', async () => {
    await using loopback = await startLoopback()
    await using gone = await startLoopback()
    const { baseUrl } = gone.transport
    await gone[Symbol.asyncDispose]()
    const outcome = await check({ ...loopback.transport, baseUrl })
    expect(outcome).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'unreachable' })
    expect(outcome).toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') })
  })

  test.each([
    ['ENOTFOUND', 'getaddrinfo', 'no_network'],
    ['ENETUNREACH', 'connect', 'no_network'],
    ['UND_ERR_CONNECT_TIMEOUT', null, 'no_network'],
    // The connection was there: something may have arrived.
    ['EHOSTUNREACH', 'read', 'unreachable'],
    ['ETIMEDOUT', 'read', 'timeout'],
  ] as const)('cannot be reached for %s (%s) is %s', async (code, syscall, expected) => {
    await using loopback = await startLoopback()
    const error = Object.assign(new Error(code), { code, ...(syscall === null ? {} : { syscall }) })
    const dispatcher = new Agent().compose(() => (_options, handler) => {
      handler.onResponseError?.({} as never, error)
      return true
    })
    expect(await check({ ...loopback.transport, dispatcher })).toMatchObject({ class: 'RETRY', code: expected })
  })

  test('answers with a megabyte is cut off', async () => {
    await using loopback = await startLoopback(text(`{"errcode":0,"errmsg":"${'x'.repeat(1_000_000)}"}`))
    expect(await check(loopback.transport)).toMatchObject({ kind: 'failure', class: 'RETRY', code: 'malformed_reply' })
  })

  test('declares any type and charset is read as UTF-8 JSON all the same', async () => {
    const type = { 'content-type': 'text/plain; charset=gbk; encoding=utf-8' }
    await using loopback = await startLoopback(text('{"errcode":40013,"errmsg":"无效"}', 200, type))
    expect(await check(loopback.transport)).toMatchObject({ code: 'appid_rejected', detail: '40013 无效' })
  })
})

describe('a redirect', () => {
  test('is not followed, so that no other host sees the token; its target is named without it', async () => {
    await using elsewhere = await startLoopback(json({ errcode: 0 }))
    const target = `${elsewhere.transport.baseUrl}/steal?access_token=${token}`
    await using loopback = await startLoopback(text('{"errcode":0}', 302, { location: target }))
    expect(await check(loopback.transport)).toMatchObject({
      kind: 'failure',
      class: 'CONFIG',
      code: 'redirect_refused',
      detail: `HTTP 302 → ${elsewhere.transport.baseUrl}`,
    })
    expect(elsewhere.received).toEqual([])
  })

  test('within the host is not followed either', async () => {
    await using loopback = await startLoopback(text('', 307, { location: '/wxa/msg_sec_check2' }))
    expect(await check(loopback.transport)).toMatchObject({ code: 'redirect_refused', detail: 'HTTP 307' })
    expect(loopback.received).toHaveLength(1)
  })
})

describe('an address that is no http(s) address', () => {
  test.each(['', 'api.weixin.qq.com', 'ftp://api.weixin.qq.com', 'file:///etc/passwd', 'javascript:0'])(
    '%s is refused as a setting to correct',
    async baseUrl => {
      await using loopback = await startLoopback()
      const transport = { ...loopback.transport, baseUrl }
      expect(await check(transport)).toMatchObject({ kind: 'failure', class: 'CONFIG', code: 'unreachable' })
      for (const id of ['wechat', 'qq'] as const) {
        const credentials = { mode: 'classic', appid: 'wx1', secret: 's3cret-value' } as const
        expect(await registry.platformOf(id).fetchToken?.(transport, credentials, never)).toMatchObject({
          code: 'unreachable',
        })
      }
    },
  )
})

describe('an abort by the caller', () => {
  test('before the call throws its reason and sends nothing', async () => {
    await using loopback = await startLoopback(json({ errcode: 0 }))
    const reason = new Error('cancelled')
    await expect(check(loopback.transport, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(loopback.received).toEqual([])
  })

  test('while waiting for the reply throws its reason at once', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    await using loopback = await startLoopback(() => controller.abort(reason))
    await expect(check(loopback.transport, controller.signal)).rejects.toBe(reason)
  })

  test('in the middle of the reply throws its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('cancelled')
    await using loopback = await startLoopback(response => {
      response.writeHead(200)
      response.write('{"errcode":', () => setImmediate(() => controller.abort(reason)))
    })
    await expect(check(loopback.transport, controller.signal)).rejects.toBe(reason)
  })
})
