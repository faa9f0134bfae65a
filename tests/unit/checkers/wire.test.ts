import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CheckRequest } from '../../../electron/engine/checkers/platform.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { json, type Loopback, type Received, startLoopback } from './loopback.ts'
import { appid, imagePart, mediaPart, openid, requestNames, requests, textPart, token } from './requests.ts'

const never = new AbortController().signal
let loopback: Loopback
beforeAll(async () => {
  loopback = await startLoopback(json({ errcode: 0, errmsg: 'ok' }))
})
beforeEach(() => {
  loopback.received.length = 0
})
afterAll(async () => {
  await loopback[Symbol.asyncDispose]()
})

async function send(request: CheckRequest, baseUrl = loopback.transport.baseUrl): Promise<Received> {
  const platform = registry.platformOf(request.endpoint.startsWith('qq.') ? 'qq' : 'wechat')
  const outcome = await platform.check({ ...loopback.transport, baseUrl }, request, never)
  const [received] = loopback.received.splice(0)
  if (received === undefined) throw new Error(`nothing was sent: ${JSON.stringify(outcome)}`)
  return received
}

function bodyOf(received: Received): unknown {
  return JSON.parse(received.body.toString('utf8'))
}

describe('every check', () => {
  test.each(requestNames)('%s states its length, is not chunked, and has the token in the query only', async name => {
    const received = await send(requests[name])
    expect(received.method).toBe('POST')
    expect(received.headers.get('content-length')).toBe(String(received.body.length))
    expect(received.headers.has('transfer-encoding')).toBe(false)
    expect(received.query.get('access_token')).toBe(token)
    expect(received.body.includes(token)).toBe(false)
    expect([...received.headers.values()].some(value => value.includes(token))).toBe(false)
  })

  test.each(requestNames)('%s keeps the path prefix of the host, with or without a slash at its end', async name => {
    const plain = await send(requests[name])
    for (const prefix of ['/proxy/tencent', '/proxy/tencent/']) {
      const received = await send(requests[name], loopback.transport.baseUrl + prefix)
      expect(received.path).toBe(`/proxy/tencent${plain.path}`)
    }
  })

  test('escapes a token that is not URL-safe', async () => {
    const received = await send({ ...requests.wechatTextV1, accessToken: 'a+b/c=&d e' })
    expect(received.query.get('access_token')).toBe('a+b/c=&d e')
  })

  test('names the token of cloud hosting as such', async () => {
    const received = await send({ ...requests.wechatTextV1, tokenParameter: 'cloudbase_access_token' })
    expect([...received.query.keys()]).toEqual(['cloudbase_access_token'])
  })
})

describe('text', () => {
  test('is sent to WeChat v1 as content alone', async () => {
    const received = await send(requests.wechatTextV1)
    expect(received.path).toBe('/wxa/msg_sec_check')
    expect(received.body.toString('utf8')).toBe('{"content":"限时优惠"}')
  })

  test('is sent to WeChat v2 with version, scene, openid and what else is known', async () => {
    const text = { openids: [openid], scene: 1, title: '标题', nickname: '', signature: '签名' } as const
    expect(bodyOf(await send({ ...requests.wechatTextV2, text }))).toEqual({
      content: '限时优惠',
      version: 2,
      scene: 1,
      openid,
      title: '标题',
      signature: '签名',
    })
  })

  test('is sent to QQ with the appid in query and body', async () => {
    const received = await send(requests.qqText)
    expect(received.path).toBe('/api/json/security/MsgSecCheck')
    expect(received.query.get('appid')).toBe(appid)
    expect(bodyOf(received)).toEqual({ appid, content: '限时优惠' })
  })

  test('crosses the wire as raw UTF-8 without one \\u escape, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), fc.boolean(), async (content, toQq) => {
        const base = toQq ? requests.qqText : requests.wechatTextV2
        const received = await send({ ...base, part: textPart(content) })
        const decoded = new TextDecoder('utf-8', { fatal: true }).decode(received.body)
        // A backslash of the content itself is written as two.
        expect(decoded.replaceAll('\\\\', '')).not.toContain('\\u')
        const sent = JSON.parse(decoded).content
        expect(sent).toBe(content.toWellFormed().replace(/[\u0000-\u0007\u000b\u000e-\u001f]/g, ' '))
        expect(sent).toHaveLength(content.length)
      }),
      { numRuns: 200 },
    )
  })

  test('keeps its place when a lone surrogate has to be replaced', async () => {
    const received = await send({ ...requests.wechatTextV1, part: textPart('特\ud800价\udc00 "<&>"\n\u2028😀') })
    expect(received.body.toString('utf8')).toBe('{"content":"特\ufffd价\ufffd \\"<&>\\"\\n\u2028😀"}')
  })
})

describe('an image', () => {
  const bytes = Buffer.from('\r\n--boundary\r\n\0\xff\xd8', 'latin1')

  test.each([
    ['image/jpeg', 'image.jpg'],
    ['image/png', 'image.png'],
    ['image/gif', 'image.gif'],
  ] as const)('of type %s is sent to WeChat as the exact multipart body of the reference', async (mime, filename) => {
    const received = await send({ ...requests.wechatImage, part: imagePart(bytes, mime) })
    expect(received.path).toBe('/wxa/img_sec_check')
    const boundary = /^multipart\/form-data; boundary=([^";]+)$/.exec(received.headers.get('content-type') ?? '')?.[1]
    const head =
      `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="${filename}"\r\n` +
      `Content-Type: ${mime}\r\n\r\n`
    const expected = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
    expect(received.body.equals(expected)).toBe(true)
  })

  test('is sent to QQ behind a field with the appid', async () => {
    const received = await send({ ...requests.qqImage, part: imagePart(bytes, 'image/png') })
    expect(received.path).toBe('/api/json/security/ImgSecCheck')
    expect(received.query.get('appid')).toBe(appid)
    const boundary = /boundary=(.+)$/.exec(received.headers.get('content-type') ?? '')?.[1]
    const head =
      `--${boundary}\r\nContent-Disposition: form-data; name="appid"\r\n\r\n${appid}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="image.png"\r\nContent-Type: image/png\r\n\r\n`
    const expected = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)])
    expect(received.body.equals(expected)).toBe(true)
  })

  test('that is a window on a larger buffer is sent without its surroundings', async () => {
    const view = new Uint8Array(Buffer.from('before|IMAGE|after')).subarray(7, 12)
    const received = await send({ ...requests.wechatImage, part: imagePart(view) })
    expect(received.body.includes('IMAGE')).toBe(true)
    expect(received.body.includes('before')).toBe(false)
    expect(received.body.includes('after')).toBe(false)
  })
})

describe('a media address', () => {
  test('is sent to WeChat v1 with its true type as a number', async () => {
    const received = await send(requests.wechatMediaV1)
    expect(received.path).toBe('/wxa/media_check_async')
    expect(bodyOf(received)).toEqual({ media_url: 'https://cdn.example/图.jpg', media_type: 2 })
  })

  test('is sent to WeChat v2 with version, openid and scene', async () => {
    expect(bodyOf(await send(requests.wechatMediaV2))).toEqual({
      media_url: 'https://cdn.example/图.jpg',
      media_type: 1,
      version: 2,
      openid,
      scene: 4,
    })
  })

  test("is sent to QQ with its type as the table's string, or as the sample's number where the profile says so", async () => {
    const audio = { ...requests.qqMedia, part: mediaPart('audio') }
    expect(bodyOf(await send(audio))).toEqual({ appid, media_url: 'https://cdn.example/图.jpg', media_type: '1' })
    expect(bodyOf(await send({ ...audio, mediaTypeAs: 'number' }))).toMatchObject({ media_type: 1 })
  })
})

describe('a part that no reply could be trusted about', () => {
  test.each<[string, CheckRequest, string]>([
    ['an empty text', { ...requests.wechatTextV1, part: textPart('') }, 'empty'],
    ['an empty image', { ...requests.wechatImage, part: imagePart(new Uint8Array()) }, 'empty'],
    ['a v2 text over 2500 units', { ...requests.wechatTextV2, part: textPart('字'.repeat(2501)) }, 'content_too_long'],
    ['a v1 text over 500 KB', { ...requests.wechatTextV1, part: textPart('字'.repeat(166_667)) }, 'content_too_long'],
    ['a QQ text over 500 KB', { ...requests.qqText, part: textPart('字'.repeat(166_667)) }, 'content_too_long'],
    ['an image over 1 MB', { ...requests.qqImage, part: imagePart(Buffer.alloc(1_000_001)) }, 'media_size_refused'],
    ['a part of another kind', { ...requests.qqImage, part: textPart('x') }, 'internal_error'],
  ])('%s is refused without a call', async (_what, request, code) => {
    const platform = registry.platformOf(request.endpoint.startsWith('qq.') ? 'qq' : 'wechat')
    expect(await platform.check(loopback.transport, request, never)).toMatchObject({ kind: 'failure', code })
    expect(loopback.received).toEqual([])
  })

  test('the largest parts that are allowed are sent', async () => {
    await send({ ...requests.wechatTextV2, part: textPart('字'.repeat(2500)) })
    await send({ ...requests.wechatTextV1, part: textPart('a'.repeat(500_000)) })
    await send({ ...requests.qqImage, part: imagePart(Buffer.alloc(1_000_000)) })
  })
})

describe('token requests', () => {
  const secret = 'S3CRET+/ value'

  test('read the stable token by POST and never force a refresh', async () => {
    await registry.platformOf('wechat').fetchToken?.(loopback.transport, { mode: 'stable', appid, secret }, never)
    const [received] = loopback.received
    expect(received).toMatchObject({ method: 'POST', url: '/cgi-bin/stable_token' })
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual({
      grant_type: 'client_credential',
      appid,
      secret,
      force_refresh: false,
    })
  })

  test.each([
    ['wechat', '/cgi-bin/token'],
    ['qq', '/api/getToken'],
  ] as const)('of %s fetch a classic token by GET', async (id, path) => {
    await registry.platformOf(id).fetchToken?.(loopback.transport, { mode: 'classic', appid, secret }, never)
    const [received] = loopback.received
    expect(received).toMatchObject({ method: 'GET', path })
    expect(Object.fromEntries(received?.query ?? [])).toEqual({ grant_type: 'client_credential', appid, secret })
  })

  test('for a stable token are never sent to QQ, which has none', async () => {
    const outcome = await registry
      .platformOf('qq')
      .fetchToken?.(loopback.transport, { mode: 'stable', appid, secret }, never)
    expect(outcome).toMatchObject({ kind: 'failure', code: 'internal_error' })
    expect(loopback.received).toEqual([])
  })
})
