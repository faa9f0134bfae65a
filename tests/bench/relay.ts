/**
 * The relay under load: encrypted pushes from a sender with a process of its own, at a steady rate and then as fast as they are
 * taken. A push counts when it was verified, decrypted, stored on disk and answered `success`; its latency runs from the moment
 * at which it was due, so that a stall is seen by every push that it held up.
 *
 *     node tests/bench/relay.ts [--rate 1000] [--seconds 10]
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { encryptPush, readAesKey, signatureOf } from '../../electron/engine/checkers/wechat/push/cipher.ts'
import { createRelayClient } from '../../electron/engine/relay/client.ts'
import { relayConfigSchema } from '../../electron/engine/relay/config.ts'
import { newRelayKey } from '../../electron/engine/relay/keys.ts'

const app = {
  platform: 'wechat',
  appid: 'wx_practice0000001',
  path: 'path_of_the_practice_app',
  token: 'practice_token',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
} as const
const aesKey = readAesKey(app.encodingAesKey) ?? Buffer.alloc(0)
const connections = 64

export interface RelayLoad {
  /** Null: as fast as they are taken. */
  readonly askedPerSecond: number | null
  readonly accepted: number
  readonly refused: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export interface RelayResult {
  readonly steady: RelayLoad
  readonly flood: RelayLoad
  /** How many of the accepted ones a workstation then finds in the stream, and how fast it read them. */
  readonly delivered: number
  readonly deliveredPerSecond: number
}

export async function benchRelay({
  rate = 1000,
  seconds = 10,
}: {
  readonly rate?: number
  readonly seconds?: number
} = {}): Promise<RelayResult> {
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-relay-bench-'))
  const key = newRelayKey()
  const many = 100_000_000
  const settings = relayConfigSchema.parse({
    listen: { port: 0 },
    dataDir: join(folder, 'data'),
    apps: [app],
    workstations: [{ name: 'bench', keys: [key.hash] }],
    limits: { pushesPerMinute: many, requestsPerMinute: many },
  })
  const file = join(folder, 'relay.json')
  writeFileSync(file, JSON.stringify(settings))
  const process = fork(fileURLToPath(new URL('../integration/relay/relay-process.ts', import.meta.url)), [file])
  try {
    const port = await new Promise<number>((resolve, reject) => {
      process.once('message', (message: { readonly port: number }) => resolve(message.port))
      process.once('exit', code => reject(new Error(`The relay ended with ${code}.`)))
    })
    const url = `http://127.0.0.1:${port}`
    const pool = new Pool(url, { connections })
    const steadyPushes = preparePushes('steady', rate * seconds)
    const floodPushes = preparePushes('flood', rate * seconds)
    await sendAll(pool, preparePushes('warm', rate), null)
    const steady = await sendAll(pool, steadyPushes, rate)
    const flood = await sendAll(pool, floodPushes, null)
    const start = performance.now()
    const delivered = await countStream(url, key.key, pool, rate + steady.accepted + flood.accepted)
    const deliveredPerSecond = delivered / ((performance.now() - start) / 1000)
    await pool.close()
    return { steady, flood, delivered, deliveredPerSecond }
  } finally {
    process.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Push {
  readonly path: string
  readonly body: string
}

function preparePushes(name: string, count: number): Push[] {
  return Array.from({ length: count }, (_, index) => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const nonce = String(randomBytes(4).readUInt32BE())
    const result = { suggest: 'pass', label: 100 }
    const message = JSON.stringify({
      ToUserName: 'gh_0',
      FromUserName: 'oPractice_always_visiting_01',
      CreateTime: Number(timestamp),
      MsgType: 'event',
      Event: 'wxa_media_check',
      appid: app.appid,
      trace_id: `${name}-${index}`,
      version: 2,
      detail: [{ strategy: 'content_model', errcode: 0, ...result, prob: 90 }],
      errcode: 0,
      errmsg: 'ok',
      result,
    })
    const encrypted = encryptPush(message, { key: aesKey, appid: app.appid })
    const query = new URLSearchParams({
      signature: signatureOf([app.token, timestamp, nonce]),
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: signatureOf([app.token, timestamp, nonce, encrypted]),
    })
    return {
      path: `/push/wechat/${app.path}?${query}`,
      body: JSON.stringify({ ToUserName: 'gh_0', Encrypt: encrypted }),
    }
  })
}

async function sendAll(pool: Pool, pushes: readonly Push[], perSecond: number | null): Promise<RelayLoad> {
  const latencies: number[] = []
  let refused = 0
  const start = performance.now()
  const send = async (push: Push, due: number) => {
    const response = await pool.request({ method: 'POST', ...push })
    const text = await response.body.text()
    latencies.push(performance.now() - due)
    if (text !== 'success') refused += 1
  }
  if (perSecond === null) {
    let next = 0
    const lane = async () => {
      for (let push = pushes[next++]; push !== undefined; push = pushes[next++]) await send(push, performance.now())
    }
    await Promise.all(Array.from({ length: connections }, lane))
  } else {
    const sending: Promise<void>[] = []
    while (sending.length < pushes.length) {
      const due = Math.min(pushes.length, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1)
      for (const push of pushes.slice(sending.length, due)) {
        sending.push(send(push, start + (sending.length / perSecond) * 1000))
      }
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    await Promise.all(sending)
  }
  const elapsedSeconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  const at = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0
  const accepted = latencies.length - refused
  return {
    askedPerSecond: perSecond,
    accepted,
    refused,
    perSecond: accepted / elapsedSeconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  }
}

async function countStream(url: string, key: string, dispatcher: Pool, expected: number): Promise<number> {
  const stop = new AbortController()
  const seen = new Set<string>()
  for await (const { event } of createRelayClient({ url, key, dispatcher }).events(0, stop.signal)) {
    if (event.kind === 'push') seen.add(event.push.traceId)
    if (seen.size === expected) break
  }
  stop.abort()
  return seen.size
}

export function describeRelay({ steady, flood, delivered, deliveredPerSecond }: RelayResult): string[] {
  const line = (load: RelayLoad) => {
    const asked = load.askedPerSecond === null ? 'as fast as taken' : `${load.askedPerSecond}/s asked`
    const latency = `p50 ${load.p50Ms.toFixed(1)} ms, p99 ${load.p99Ms.toFixed(1)} ms`
    return `relay, ${asked}: ${load.perSecond.toFixed(0)} pushes/s stored, ${latency}, ${load.refused} refused`
  }
  return [line(steady), line(flood), `relay, stream: ${delivered} events delivered, ${deliveredPerSecond.toFixed(0)}/s`]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { rate: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '10' } },
  })
  const result = await benchRelay({ rate: Number(values.rate), seconds: Number(values.seconds) })
  for (const line of describeRelay(result)) process.stdout.write(`${line}\n`)
}
