import { randomBytes, randomUUID } from 'node:crypto'
import { type Dispatcher, request } from 'undici'
import type { Clock } from '../base/clock.ts'
import { encryptPush, signatureOf } from '../checkers/wechat/push/cipher.ts'
import type { RelayApp } from './config.ts'
import type { SelfTest, SelfTestStep } from './protocol.ts'
import { type Receiver, secretsOf, selfTestEvent } from './receive.ts'

/** One request as the platform would send it, and what came back. */
export type Send = (sent: {
  readonly method: 'GET' | 'POST'
  /** Path and query, without a base. */
  readonly path: string
  readonly body: string | null
}) => Promise<{ readonly status: number; readonly body: string }>

/**
 * The relay does to itself what the platform does: the console's check of the address, then a push, signed and encrypted with
 * the app's own secrets, by the public address if it can be reached from here.
 */
export async function runSelfTest(options: {
  readonly app: RelayApp
  readonly receiver: Receiver
  readonly clock: Clock
  readonly sendPublic: Send
  readonly sendLocal: Send
}): Promise<SelfTest> {
  const { app, receiver, clock } = options
  const id = `self-test-${randomUUID()}`
  const way = await reach(options.sendPublic, options.sendLocal)
  const steps: SelfTestStep[] = []
  const test = receiver.expectTest(id)
  try {
    if (app.platform === 'wechat') steps.push(await verification(app, way.send, clock))
    steps.push(await testPush(app, id, way.send, clock))
    const seq = test.seq()
    const isStored = seq !== null
    steps.push({ step: 'event', state: isStored ? 'ok' : 'failed', detail: '' })
    return { id, reachedBy: way.reachedBy, reachDetail: way.detail, seq, steps }
  } finally {
    test.end()
  }
}

/** Some networks do not let a machine reach its own public address; that says nothing about the platforms. */
async function reach(sendPublic: Send, sendLocal: Send) {
  const probe = { method: 'GET', path: '/healthz', body: null } as const
  const detail = await sendPublic(probe).then(
    reply => (reply.status === 200 && reply.body.includes('prescreen-relay') ? '' : `HTTP ${reply.status}`),
    nameOf,
  )
  return detail === ''
    ? ({ reachedBy: 'public', send: sendPublic, detail } as const)
    : ({ reachedBy: 'local', send: sendLocal, detail } as const)
}

type WechatApp = RelayApp & { readonly platform: 'wechat' }

async function verification(app: WechatApp, send: Send, clock: Clock): Promise<SelfTestStep> {
  const echostr = randomBytes(8).readBigUInt64BE().toString()
  const path = `/push/wechat/${app.path}?${signed(app, clock)}&echostr=${echostr}`
  return step('verification', send({ method: 'GET', path, body: null }), echostr)
}

async function testPush(app: RelayApp, id: string, send: Send, clock: Clock): Promise<SelfTestStep> {
  const createTime = Math.floor(clock.now() / 1000)
  const common = { CreateTime: createTime, MsgType: 'event', Event: selfTestEvent, appid: app.appid, trace_id: id }
  const message = JSON.stringify(common)
  if (app.platform === 'qq') {
    return step('push', send({ method: 'POST', path: `/push/qq/${app.path}`, body: message }), 'success')
  }
  const { aesKey } = secretsOf(app)
  const encrypted = aesKey === null ? null : encryptPush(message, { key: aesKey, appid: app.appid })
  const body = encrypted === null ? message : JSON.stringify({ ToUserName: 'gh_0', Encrypt: encrypted })
  const path = `/push/wechat/${app.path}?${signed(app, clock, encrypted)}`
  return step('push', send({ method: 'POST', path, body }), 'success')
}

async function step(name: SelfTestStep['step'], sent: ReturnType<Send>, expected: string): Promise<SelfTestStep> {
  try {
    const { status, body } = await sent
    if (status === 200 && body === expected) return { step: name, state: 'ok', detail: '' }
    const answer = /^[a-z_]{1,40}$/.test(body) ? ` ${body}` : ''
    return { step: name, state: 'failed', detail: `HTTP ${status}${answer}` }
  } catch (error) {
    return { step: name, state: 'failed', detail: nameOf(error) }
  }
}

/** The system's code: read in two languages, and without what a library's message may repeat of an address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.name) : typeof error
}

function signed(app: WechatApp, clock: Clock, encrypted: string | null = null): URLSearchParams {
  const timestamp = String(Math.floor(clock.now() / 1000))
  const nonce = String(randomBytes(4).readUInt32BE())
  const query = new URLSearchParams({ signature: signatureOf([app.token, timestamp, nonce]), timestamp, nonce })
  if (encrypted !== null) {
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', signatureOf([app.token, timestamp, nonce, encrypted]))
  }
  return query
}

/** By the network, within the time that the platform gives (spec §5.6). */
export function sendTo(baseUrl: string, timeoutMs: number, dispatcher?: Dispatcher): Send {
  const base = baseUrl.replace(/\/+$/, '')
  return async ({ method, path, body }) => {
    const response = await request(base + path, {
      ...(dispatcher === undefined ? {} : { dispatcher }),
      method,
      body,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.statusCode, body: (await response.body.text()).slice(0, 1000) }
  }
}
