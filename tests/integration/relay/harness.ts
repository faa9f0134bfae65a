import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { createRelayClient, type RelayClient, type RelayClientOptions } from '../../../electron/engine/relay/client.ts'
import { type RelayConfig, relayConfigSchema } from '../../../electron/engine/relay/config.ts'
import { newRelayKey } from '../../../electron/engine/relay/keys.ts'
import type { RelayLogEntry } from '../../../electron/engine/relay/log.ts'
import type { RelayRecord } from '../../../electron/engine/relay/protocol.ts'
import { type Relay, startRelay } from '../../../electron/engine/relay/start-relay.ts'
import { nowMs, secrets } from '../../unit/checkers/push/pushes.ts'

/** A relay on loopback with one app per mode and platform, its own folder, and a clock that stands still. */

export const encodingAesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
export const paths = {
  secure: '/push/wechat/secure_path_of_practice_app',
  plain: '/push/wechat/plain_path_of_practice_app__',
  qq: '/push/qq/path_of_the_practice_app_of_qq',
} as const
export const plainAppid = 'wx_practice0000002'
export const keys = { design: newRelayKey(), legal: newRelayKey(), server: newRelayKey() } as const

type Input = Parameters<typeof relayConfigSchema.parse>[0] & object

export function configFor(dataDir: string, changes: Input = {}): RelayConfig {
  return relayConfigSchema.parse({
    listen: { port: 0 },
    dataDir,
    apps: [
      {
        platform: 'wechat',
        appid: secrets.appid,
        path: paths.secure.split('/').at(-1),
        token: secrets.token,
        encodingAesKey,
      },
      { platform: 'wechat', appid: plainAppid, path: paths.plain.split('/').at(-1), token: secrets.token },
      { platform: 'qq', appid: '0000000001', path: paths.qq.split('/').at(-1) },
    ],
    workstations: [
      { name: 'design', keys: [keys.design.hash] },
      { name: 'legal', keys: [keys.legal.hash] },
    ],
    forwarders: [{ name: 'server', keys: [keys.server.hash] }],
    ...changes,
  })
}

export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>
}

/** Stands still until it is advanced; who sleeps wakes then, or by its signal. */
export function createFakeClock(start = nowMs): FakeClock {
  let now = start
  const sleepers = new Set<{ readonly until: number; wake(): void }>()
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
        return undefined
      }),
    advance: async ms => {
      now += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await new Promise(resolve => setImmediate(resolve))
    },
  }
}

/** Never waits longer than one turn, so that a reconnecting client takes no real time. */
export const impatientClock: Clock = {
  now: () => nowMs,
  sleep: (_ms, signal) =>
    new Promise((resolve, reject) => setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()))),
}

export interface TestRelay extends AsyncDisposable {
  readonly relay: Relay
  readonly clock: FakeClock
  readonly dispatcher: Agent
  readonly dataDir: string
  readonly log: RelayLogEntry[]
  send(path: string, sent?: Sent): Promise<Answer>
  client(options?: Partial<RelayClientOptions>): RelayClient
  /** Everything that is stored. */
  stored(): Promise<readonly RelayRecord[]>
  /** Stops and starts it on the same folder, with other settings if given. */
  restart(changes?: Input): Promise<void>
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'DELETE'
  readonly query?: URLSearchParams
  readonly body?: Uint8Array | string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export async function startTestRelay(changes: Input = {}): Promise<TestRelay> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-relay-'))
  const clock = createFakeClock()
  const dispatcher = new Agent()
  const log: RelayLogEntry[] = []
  const start = (given: Input) => startRelay(configFor(dataDir, given), { clock, log: entry => log.push(entry) })
  let relay = await start(changes)

  const send = async (path: string, sent: Sent = {}): Promise<Answer> => {
    const { method = sent.body === undefined ? 'GET' : 'POST', query, body = null, key } = sent
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const url = `http://127.0.0.1:${relay.port}${path}${query === undefined ? '' : `?${query}`}`
    const headers = { ...authorization, ...sent.headers }
    const response = await request(url, { dispatcher, method, body, headers })
    return { status: response.statusCode, text: await response.body.text(), headers: response.headers }
  }
  return {
    get relay() {
      return relay
    },
    clock,
    dispatcher,
    dataDir,
    log,
    send,
    client: (options = {}) =>
      createRelayClient({
        url: relay.url,
        key: keys.design.key,
        dispatcher,
        clock: impatientClock,
        ...options,
      }),
    stored: async () => JSON.parse((await send('/events', { key: keys.design.key })).text).events,
    restart: async given => {
      await relay.close()
      relay = await start({ listen: { port: relay.port }, ...(given ?? changes) })
    },
    [Symbol.asyncDispose]: async () => {
      await relay.close()
      await dispatcher.destroy()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
