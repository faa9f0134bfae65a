import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { EngineOptions, HeadlessEngine } from '../../../electron/engine/app/api.ts'
import { type EngineExtras, openEngine } from '../../../electron/engine/app/engine.ts'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import type { Chromium } from '../../../electron/engine/chromium/chromium.ts'
import { type RelayConfig, relayConfigSchema } from '../../../electron/engine/relay/config.ts'
import { newRelayKey } from '../../../electron/engine/relay/keys.ts'
import { type Relay, startRelay } from '../../../electron/engine/relay/start-relay.ts'
import type { FaultScript } from '../../../electron/engine/sandbox/fault-script.ts'
import type { PushConsole } from '../../../electron/engine/sandbox/practice.ts'
import { type SandboxPushes, type SandboxPushOptions, startPushes } from '../../../electron/engine/sandbox/pushes.ts'
import type { Sandbox } from '../../../electron/engine/sandbox/start-sandbox.ts'
import { type Profile, profileDefaults, profileSchema } from '../../../shared/profile.ts'
import type { AssetRow } from '../../../shared/screening.ts'
import { defaultOptions } from '../../../shared/screening.ts'

export const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
export const pushPath = 'unguessable_path_0123456789'
const token = 'practice_token'

/** Platform, relay and workstation on one machine. */
export interface World {
  readonly dir: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
  readonly sandbox: Sandbox
  readonly relay: Relay
  readonly pushes: SandboxPushes
  readonly engine: HeadlessEngine
  readonly options: typeof defaultOptions
  readonly wechat: Profile
  readonly qq: Profile
  file(path: string, bytes: Uint8Array | string): string
  screen(
    paths: readonly string[],
    profiles: readonly Profile[],
    options?: Partial<typeof defaultOptions>,
  ): ReturnType<HeadlessEngine['screen']>
  rows(batch: string): Promise<readonly AssetRow[]>
  /** Another program on the same data, after the first was closed. */
  reopen(): Promise<HeadlessEngine>
  restartRelay(): Promise<void>
  stopRelay(): Promise<void>
  close(): Promise<void>
}

export interface WorldOptions extends Pick<EngineExtras, 'aroundStore'> {
  readonly clock?: Clock
  /** What decodes films; it is closed with the engine. */
  readonly chromium?: Chromium
  readonly console?: Partial<PushConsole>
  readonly pushes?: Pick<SandboxPushOptions, 'delayMs' | 'script' | 'clock'>
  readonly profile?: Partial<Profile>
  /** QQ's and WeChat's v1 carry no openid. */
  readonly openids?: readonly string[]
  /** Faults of the calls themselves. */
  readonly script?: FaultScript
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-async-'))
  const clock = options.clock
  const { key, sha256 } = relayKey()
  const console = { mode: 'secure', format: 'json', numbers: 'number', ...options.console } as const
  let port = 0
  const openRelay = async () => {
    const relay = await startRelay(
      relayConfigOf(join(dir, 'relay'), port, console.mode === 'plain' ? null : aesKey, sha256),
      {
        log: () => undefined,
        ...(clock === undefined ? {} : { clock }),
      },
    )
    port = relay.port
    return relay
  }
  let relay = await openRelay()
  const sandbox = await startPractice({
    ...(clock === undefined ? {} : { clock }),
    ...(options.script === undefined ? {} : { script: options.script }),
  })
  const common = { token, encodingAesKey: aesKey, ...console }
  const pushes = startPushes(sandbox, {
    ...(clock === undefined ? {} : { clock }),
    ...options.pushes,
    consoles: [
      { ...common, appid: wechatPracticeApp.appid, url: `${relay.url}/push/wechat/${pushPath}` },
      { ...common, appid: qqPracticeApp.appid, url: `${relay.url}/push/qq/${pushPath}_qq` },
    ],
  })

  const env = { RELAY_KEY: key, WECHAT: wechatPracticeApp.secret, QQ: qqPracticeApp.secret }
  const store = new Map<string, unknown>()
  const engineOptions: EngineOptions = {
    dataDir: join(dir, 'data'),
    store: {
      get: name => store.get(name),
      set: (name, value) => void store.set(name, value),
      delete: name => void store.delete(name),
    },
    vault: { strength: 'none', encrypt: async () => new Uint8Array(), decrypt: async () => '' },
    env,
    samplesDir: dir,
    rulesDir: dir,
    chromium: options.chromium ?? null,
  }
  const { aroundStore } = options
  const open = () =>
    openEngine(engineOptions, {
      controls: false,
      ...(clock === undefined ? {} : { clock }),
      ...(aroundStore === undefined ? {} : { aroundStore }),
    })
  let engine = await open()
  const profileOf = (platform: 'wechat' | 'qq', appid: string, more: Partial<Profile>): Profile =>
    profileSchema.parse({
      ...profileDefaults,
      id: `p_${platform}`,
      name: platform,
      platform,
      appid,
      secret: { from: 'env', variable: platform.toUpperCase() },
      tokenMode: platform === 'wechat' ? 'stable' : 'classic',
      baseUrl: sandbox.url,
      scene: 2,
      relay: { url: relay.url, key: { from: 'env', variable: 'RELAY_KEY' } },
      practice: false,
      ...more,
    })
  const openids = options.openids ?? ['oPractice_always_visiting_01']
  return {
    dir,
    dataDir: join(dir, 'data'),
    env,
    sandbox,
    get relay() {
      return relay
    },
    pushes,
    options: defaultOptions,
    get engine() {
      return engine
    },
    wechat: profileOf('wechat', wechatPracticeApp.appid, { openids: [...openids], ...options.profile }),
    qq: profileOf('qq', qqPracticeApp.appid, { ...options.profile }),
    file: (path, bytes) => {
      const file = join(dir, 'in', path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      return file
    },
    screen: (paths, profiles, more = {}) =>
      engine.screen({ inputs: paths, profiles, options: { ...defaultOptions, ...more }, name: null }),
    rows: async batch => engine.grid.rows([...(await engine.grid.columns(batch)).id]),
    reopen: async () => {
      await engine.close()
      engine = await open()
      return engine
    },
    restartRelay: async () => {
      relay = await openRelay()
    },
    stopRelay: () => relay.close(),
    close: async () => {
      await engine.close()
      await pushes.close()
      await sandbox.close()
      await relay.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A relay for both practice apps, and one workstation. */
function relayConfigOf(dataDir: string, port: number, encodingAesKey: string | null, keyHash: string): RelayConfig {
  return relayConfigSchema.parse({
    listen: { port },
    dataDir,
    apps: [
      { platform: 'wechat', appid: wechatPracticeApp.appid, path: pushPath, token, encodingAesKey },
      { platform: 'qq', appid: qqPracticeApp.appid, path: `${pushPath}_qq` },
    ],
    workstations: [{ name: 'test', keys: [keyHash] }],
  })
}

function relayKey(): { key: string; sha256: string } {
  const { key, hash } = newRelayKey()
  return { key, sha256: hash }
}

/** A recording as content makes it one; the sandbox judges it by the words in its title. */
export function wav(title: string, seconds = 1): Buffer {
  const samples = Buffer.alloc(8_000 * seconds, 0x80)
  const name = Buffer.from(title, 'utf8')
  const chunk = (id: string, body: Buffer) => {
    const padded = body.byteLength % 2 === 0 ? body : Buffer.concat([body, Buffer.alloc(1)])
    const head = Buffer.alloc(8)
    head.write(id, 'latin1')
    head.writeUInt32LE(body.byteLength, 4)
    return Buffer.concat([head, padded])
  }
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0)
  format.writeUInt16LE(1, 2)
  format.writeUInt32LE(8_000, 4)
  format.writeUInt32LE(8_000, 8)
  format.writeUInt16LE(1, 12)
  format.writeUInt16LE(8, 14)
  const list = Buffer.concat([Buffer.from('INFO'), chunk('INAM', name)])
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('data', samples), chunk('LIST', list)])
  return chunk('RIFF', body)
}

/** Time that stands still until `advance`, which wakes the sleepers whose time has passed. */
export interface StillClock extends Clock {
  advance(ms: number): void
  readonly sleepers: number
}

export function createStillClock(startMs = Date.UTC(2026, 0, 2, 4)): StillClock {
  let nowMs = startMs
  const sleepers = new Set<{ until: number; wake(): void }>()
  return {
    now: () => nowMs,
    get sleepers() {
      return sleepers.size
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const onAbort = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper = {
          until: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        sleepers.add(sleeper)
      }),
    advance: ms => {
      nowMs += ms
      for (const sleeper of [...sleepers]) if (sleeper.until <= nowMs) sleeper.wake()
    },
  }
}
