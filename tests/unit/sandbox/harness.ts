import { request } from 'node:http'
import { connect } from 'node:net'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import type { PracticeApp } from '../../../electron/engine/sandbox/practice.ts'
import type { Sandbox, SandboxOptions } from '../../../electron/engine/sandbox/start-sandbox.ts'

/** A clock that stands still until told, and whose sleeps end at once and are remembered. */
export interface TestClock extends Clock {
  advance(ms: number): void
  readonly sleeps: number[]
}

/** Noon in China on 2 January 2026. */
export const noonInChina = Date.UTC(2026, 0, 2, 4)

export function createTestClock(startMs = noonInChina): TestClock {
  let nowMs = startMs
  const sleeps: number[] = []
  return {
    now: () => nowMs,
    sleep: async ms => {
      sleeps.push(ms)
    },
    advance: ms => {
      nowMs += ms
    },
    sleeps,
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of many shapes
  readonly json: any
}

/** One HTTP exchange with nothing added: no default content type, no encoding of the body. */
export function exchange(
  url: string,
  options: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string | Buffer
  } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const body = options.body === undefined ? null : Buffer.from(options.body)
    const outgoing = request(url, {
      method: options.method ?? (body === null ? 'GET' : 'POST'),
      headers: { ...(body === null ? {} : { 'Content-Length': String(body.length) }), ...options.headers },
      agent: false,
    })
    outgoing.on('error', reject)
    outgoing.on('response', response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) })
      })
    })
    outgoing.end(body ?? undefined)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sends bytes as they are and returns all that came back until the connection ended. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let received = ''
    socket.on('data', chunk => {
      received += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}

export interface Bench {
  readonly sandbox: Sandbox
  readonly clock: TestClock
  readonly wechatToken: string
  readonly qqToken: string
  /** Posts JSON, or a string as it is, to a path with the token of its platform. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** Posts a multipart body to an image check. */
  postImage(path: string, form: Buffer, contentType?: string): Promise<Reply>
}

export async function startBench(options: SandboxOptions = {}): Promise<Bench> {
  const clock = createTestClock()
  const sandbox = await startPractice({ clock, ...options })
  const wechatToken = await classicToken(sandbox, wechatPracticeApp)
  const qqToken = await classicToken(sandbox, qqPracticeApp)
  const addressOf = (path: string) =>
    `${sandbox.url}${path}${path.includes('?') ? '&' : '?'}access_token=${path.startsWith('/api/') ? qqToken : wechatToken}`
  return {
    sandbox,
    clock,
    wechatToken,
    qqToken,
    post: (path, body, headers = {}) =>
      exchange(addressOf(path), { body: typeof body === 'string' ? body : JSON.stringify(body), headers }),
    postImage: (path, form, contentType = 'multipart/form-data; boundary=b1') =>
      exchange(addressOf(path), { body: form, headers: { 'Content-Type': contentType } }),
  }
}

export function classicTokenUrl(sandbox: Sandbox, app: PracticeApp, secret = app.secret): string {
  const path = app.platform === 'qq' ? '/api/getToken' : '/cgi-bin/token'
  return `${sandbox.url}${path}?grant_type=client_credential&appid=${app.appid}&secret=${secret}`
}

async function classicToken(sandbox: Sandbox, app: PracticeApp): Promise<string> {
  const reply = await exchange(classicTokenUrl(sandbox, app))
  return String(reply.json?.access_token)
}

export function formOf(
  bytes: Buffer,
  disposition = 'form-data; name="media"; filename="image.jpg"',
  more = '',
): Buffer {
  return Buffer.concat([
    Buffer.from(`${more}--b1\r\nContent-Disposition: ${disposition}\r\nContent-Type: image/jpeg\r\n\r\n`),
    bytes,
    Buffer.from('\r\n--b1--\r\n'),
  ])
}

export const ridShape = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/
