import { createServer, type Server } from 'node:http'
import fc from 'fast-check'
import sharp from 'sharp'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckRequest, Platform } from '../../../electron/engine/checkers/platform.ts'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import { throughCloud } from '../../../electron/engine/checkers/wechat/cloud-call.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import type { GatewayReply } from '../../../electron/engine/checkers/wechat/practice/cloud-sdk.ts'
import { wechat } from '../../../electron/engine/checkers/wechat/wechat.ts'
import type { FaultScript } from '../../../electron/engine/sandbox/fault-script.ts'
import type { Sandbox } from '../../../electron/engine/sandbox/start-sandbox.ts'
import type { Part } from '../../../shared/domain.ts'
import { type Argument, type DeployedFunction, deployFunction } from './function.ts'

const cloud = { env: 'practice-env', functionName: 'prescreen-check' }
const signal = new AbortController().signal
const openid = 'oPractice_always_visiting_01'
const place = { name: 'whole', rect: null, frame: null, range: null, line: null, column: null } as const

let sandbox: Sandbox
let agent: Agent
let deployed: DeployedFunction
/** Stands where WeChat's cloud would: runs the shipped function, whose SDK calls the sandbox. */
let host: Server
let hostUrl: string
let answer: ((body: string) => Promise<string> | string) | null = null
let accessToken: string

const transport = (baseUrl: string) => ({ dispatcher: agent, baseUrl, headersTimeoutMs: 5_000, bodyTimeoutMs: 5_000 })

beforeAll(async () => {
  agent = new Agent()
  sandbox = await startPractice()
  deployed = deployFunction()
  accessToken = await tokenOf(sandbox)
  deployed.edge.call = callSandbox
  host = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    response.end(answer === null ? await invoke(body) : await answer(body))
  })
  host.keepAliveTimeout = 0
  await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve))
  const address = host.address()
  hostUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
})
afterAll(async () => {
  deployed.remove()
  host.close()
  await agent.close()
  await sandbox.close()
})

async function tokenOf({ url }: Sandbox): Promise<string> {
  const token = await wechat.fetchToken?.(
    transport(url),
    { mode: 'stable', appid: wechatPracticeApp.appid, secret: wechatPracticeApp.secret },
    signal,
  )
  if (token?.kind !== 'token') throw new Error(token?.detail)
  return token.token.value
}

async function invoke(body: string): Promise<string> {
  const returned = await deployed.main(JSON.parse(body))
  return JSON.stringify({ errcode: 0, errmsg: 'ok', resp_data: JSON.stringify(returned) })
}

/** The SDK's network edge, over HTTP. */
async function callSandbox(api: string, args: Readonly<Record<string, Argument>>): Promise<GatewayReply> {
  const paths: Record<string, string> = {
    'security.msgSecCheck': '/wxa/msg_sec_check',
    'security.imgSecCheck': '/wxa/img_sec_check',
    'security.mediaCheckAsync': '/wxa/media_check_async',
  }
  const url = `${sandbox.url}${paths[api]}?access_token=${accessToken}`
  const { media } = args
  const init = media !== undefined && 'value' in media ? imageRequest(media) : jsonRequest(args)
  const reply = await fetch(url, { method: 'POST', ...init })
  return { contentType: reply.headers.get('content-type') ?? '', body: Buffer.from(await reply.arrayBuffer()) }
}

function jsonRequest(args: Readonly<Record<string, Argument>>): RequestInit {
  const pairs = Object.entries(args).map(([name, value]) => [name, 'json' in value ? value.json : null])
  return { body: JSON.stringify(Object.fromEntries(pairs)), headers: { 'content-type': 'application/json' } }
}

function imageRequest({ value, filename }: Extract<Argument, { filename: string }>): RequestInit {
  const head = `--b\r\nContent-Disposition: form-data; name="media"; filename="${filename}"\r\n\r\n`
  return {
    body: Buffer.concat([Buffer.from(head), value, Buffer.from('\r\n--b--\r\n')]),
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  }
}

async function check(platform: Platform, baseUrl: string, part: Part, given: string | null, api = endpointOf(part)) {
  const request: CheckRequest = {
    endpoint: `wechat.${api}`,
    part,
    appid: wechatPracticeApp.appid,
    accessToken,
    openid: given,
    text: { openids: [], scene: 2 },
  }
  const conclusion = await platform.check(transport(baseUrl), request, signal)
  return conclusion.kind === 'verdict'
    ? [conclusion.verdict, conclusion.evidence.label]
    : conclusion.kind === 'accepted'
      ? ['accepted', typeof conclusion.traceId]
      : [conclusion.class, conclusion.code]
}

const endpointOf = ({ kind }: Part) =>
  kind === 'text' ? 'msg_sec_check' : kind === 'image' ? 'img_sec_check' : 'media_check_async'

/** What the SDK makes of a reply that it does not understand, behind a function that hands it on. */
const carried = (more: object) => ({
  errcode: 0,
  errmsg: 'ok',
  resp_data: JSON.stringify({ ...more, errMsg: 'openapi.security.msgSecCheck:ok', errCode: 0 }),
})

const text = (content: string): Part => ({ kind: 'text', ...place, text: content })
const media: Part = { kind: 'media-url', ...place, url: 'http://127.0.0.1:1/a.wav', mediaType: 'audio' }

describe('a check through the cloud function says what the direct one says', () => {
  const cases: readonly (readonly [string, Part, string | null])[] = [
    ['calm text, v2', text('你好，世界'), openid],
    ['risky text, v2', text('红灯果'), openid],
    ['text to review, v2', text('grumblefig'), openid],
    ['risky text, v1', text('zibblefrond "quoted"\n'), null],
    ['an openid of another app', text('a'), 'oPractice_of_the_other_app_1'],
    ['a user who has gone', text('a'), 'oPractice_gone_long_ago_0001'],
    ['media, v2', media, openid],
    ['media, v1', media, null],
  ]
  test.each(cases)('%s', async (_name, part, given) => {
    const direct = await check(wechat, sandbox.url, part, given)
    expect(await check(throughCloud(wechat, cloud), sandbox.url, part, given)).toEqual(direct)
    expect(await check(throughCloud(wechat, cloud), hostUrl, part, given)).toEqual(direct)
  })

  test('an image', async () => {
    const bytes = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    const part: Part = { kind: 'image', ...place, bytes, mime: 'image/png', width: 20, height: 20, transform: 't' }
    expect(await check(throughCloud(wechat, cloud), sandbox.url, part, null)).toEqual(['pass', null])
    expect(await check(throughCloud(wechat, cloud), hostUrl, part, null)).toEqual(['pass', null])
    const broken = { ...part, bytes: Buffer.from('not an image') }
    expect(await check(throughCloud(wechat, cloud), hostUrl, broken, null)).toEqual(['INPUT', 'media_format_refused'])
  })
})

describe('on the way', () => {
  test('a function or an environment that is not there is a failure', async () => {
    const other = throughCloud(wechat, { ...cloud, functionName: 'another' })
    expect(await check(other, sandbox.url, text('a'), null)).toEqual(['CONFIG', 'cloud_function'])
  })

  test.each([
    [{ errcode: 40001, errmsg: 'invalid credential' }, ['TOKEN', 'token_rejected']],
    [{ errcode: 45009, errmsg: 'reach max api daily quota limit' }, ['DAY', 'quota_day']],
    [{ errcode: 85088, errmsg: 'no cloud base' }, ['CONFIG', 'api_not_authorised']],
    [{ errcode: 0, errmsg: 'ok' }, ['RETRY', 'malformed_reply']],
    [{ errcode: 0, errmsg: 'ok', resp_data: '' }, ['RETRY', 'malformed_reply']],
    [{ errcode: 0, errmsg: 'ok', resp_data: { errCode: 0 } }, ['RETRY', 'malformed_reply']],
    [{ errcode: 0, errmsg: 'ok', resp_data: '{"errMsg":"ok"}' }, ['RETRY', 'malformed_reply']],
    [{ errcode: 0, errmsg: 'ok', resp_data: '{"errCode":-604101,"errMsg":"x"}' }, ['CONFIG', 'cloud_permission']],
    [{ errcode: 0, errmsg: 'ok', resp_data: '{"errCode":-604102,"errMsg":"x"}' }, ['RETRY', 'timeout']],
    [{ errcode: 87014, errmsg: 'x', resp_data: '{"errCode":0}' }, ['INPUT', 'unknown_code']],
    [{ resp_data: '{"errCode":0,"errMsg":"ok"}' }, ['RETRY', 'malformed_reply']],
    // Handed on by a function that was deployed before it refused them.
    [carried({ contentType: 'text/html', buffer: { type: 'Buffer', data: [60] } }), ['RETRY', 'malformed_reply']],
    [carried({ contentType: '', buffer: { type: 'Buffer', data: [] } }), ['RETRY', 'malformed_reply']],
    [carried({ result: '' }), ['RETRY', 'malformed_reply']],
    [carried({ 0: '{' }), ['RETRY', 'malformed_reply']],
    [carried({ traceId: 'T' }), ['pass', null]],
  ])('%j', async (reply, expected) => {
    answer = () => JSON.stringify(reply)
    const found = await check(throughCloud(wechat, cloud), hostUrl, text('a'), null)
    answer = null
    expect(found).toEqual(expected)
  })

  test('nothing but two codes of 0 and the word pass is a pass', async () => {
    const code = fc.oneof(fc.constantFrom(0, '0', 87014, -1, null, true, [], {}), fc.integer(), fc.string())
    const word = fc.oneof(fc.constantFrom('pass', 'risky', 'review', '', null), fc.string())
    await fc.assert(
      fc.asyncProperty(code, code, word, async (outer, inner, suggest) => {
        answer = () =>
          JSON.stringify({
            errcode: outer,
            resp_data: JSON.stringify({ errCode: inner, errMsg: 'ok', result: { suggest } }),
          })
        const [verdict] = await check(throughCloud(wechat, cloud), hostUrl, text('a'), openid)
        answer = null
        const isZero = (value: unknown) => value === 0 || (typeof value === 'string' && /^-?0{1,15}$/.test(value))
        expect(verdict === 'pass').toBe(isZero(outer) && isZero(inner) && suggest === 'pass')
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is no answer behind the function is no pass', () => {
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  const image: Part = { kind: 'image', ...place, bytes: png, mime: 'image/png', width: 1, height: 1, transform: 't' }
  const inner = ['wechat.msg_sec_check', 'wechat.img_sec_check', 'wechat.media_check_async'] as const
  const faults: FaultScript['rules'][number]['then'][] = [
    ...(['text', 'html', 'empty', 'binary', 'truncated'] as const).map(garbage => ({ garbage })),
    { http: 502 },
    { raw: '[1]' },
    { raw: '{"code":0}' },
    'reset',
  ]
  test.each(faults.map(then => [JSON.stringify(then), then] as const))('%s', async (_name, then) => {
    const rules = inner.map(endpoint => ({ endpoint, when: { always: true as const }, then }))
    const broken = await startPractice({ script: { seed: 1, rules }, imageVerdicts: 'all_pass' })
    try {
      accessToken = await tokenOf(broken)
      for (const [part, given] of [
        [text('a'), null],
        [text('a'), openid],
        [image, null],
        [media, openid],
      ] as const) {
        const [found] = await check(throughCloud(wechat, cloud), broken.url, part, given)
        expect(['pass', 'accepted']).not.toContain(found)
      }
    } finally {
      await broken.close()
    }
  })
})
