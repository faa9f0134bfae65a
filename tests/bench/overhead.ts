/**
 * Checks per second, as ratios to bare undici `request` with the same concurrency to the same server with the same bodies, measured in
 * turns in one run. The server answers at once, in a process of its own; the limit is off. Three setups, each with what the one before
 * it has:
 *
 * - calls: a platform's client, from the text to the verdict table;
 * - checks: token, permit, the row that is durable before the call, the ledger's and the check's that are durable after it;
 * - batch: a table's rows as assets of one check each, walked, read, compared with what is known, and recorded with their results.
 *
 * Run alone: node tests/bench/overhead.ts
 */

import { fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Agent, request } from 'undici'
import type { HeadlessEngine } from '../../electron/engine/app/api.ts'
import { openEngine } from '../../electron/engine/app/engine.ts'
import { systemClock } from '../../electron/engine/base/clock.ts'
import { createKeyedSemaphore } from '../../electron/engine/base/concurrency/keyed-semaphore.ts'
import { createRedactor } from '../../electron/engine/base/redact.ts'
import type { Endpoint } from '../../electron/engine/checkers/platform.ts'
import { registry } from '../../electron/engine/checkers/registry.ts'
import { withRedaction } from '../../electron/engine/checkers/with-redaction.ts'
import { countPermits } from '../../electron/engine/pacer/count-permits.ts'
import { createPacer } from '../../electron/engine/pacer/pacer.ts'
import { interactiveRun, runCheck } from '../../electron/engine/screening/check.ts'
import { partHash } from '../../electron/engine/screening/content.ts'
import { type AccountLane, endpointOf } from '../../electron/engine/screening/lane.ts'
import { openDatabase } from '../../electron/engine/store/database.ts'
import type { SentCheck } from '../../electron/engine/store/records.ts'
import { createCommands } from '../../electron/engine/store/sqlite/commands.ts'
import { createTokenStore } from '../../electron/engine/tokens/token-store.ts'
import { createTokens } from '../../electron/engine/tokens/tokens.ts'
import type { TextPart } from '../../shared/domain.ts'
import { type Profile, profileDefaults } from '../../shared/profile.ts'
import { defaultOptions } from '../../shared/screening.ts'
import { laneFor } from '../fixtures/engine/lane.ts'

const setups = ['bare', 'calls', 'checks', 'batch'] as const
type Setup = (typeof setups)[number]

export interface OverheadResult {
  readonly checks: number
  readonly concurrency: number
  /** Checks a second, the median over the rounds. */
  readonly perSecond: Readonly<Record<Setup, number>>
  /** Median over the rounds of each setup by bare. */
  readonly ratio: Readonly<Record<Setup, number>>
}

/** As many assets as the engine works on at a time. */
const concurrency = 40
const rounds = 7

export async function benchOverhead(checks = 6_000): Promise<OverheadResult> {
  // The limit is off: in this process the platform has none.
  for (const endpoint of registry.platformOf('wechat').endpoints)
    Object.assign(endpoint, { limit: { perMinute: null, perDay: null } })
  const folder = await mkdtemp(path.join(tmpdir(), 'prescreen-bench-'))
  const server = fork(import.meta.filename, ['--server'])
  const url = await new Promise<string>(resolve => server.once('message', message => resolve(String(message))))
  const dispatcher = new Agent({ connections: 64, pipelining: 1 })
  try {
    const measured: Record<Setup, number>[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const texts = Array.from({ length: checks }, (_, index) => `第 ${round} 轮第 ${index} 条文案,新品上市,欢迎选购。`)
      const data = path.join(folder, `data-${round}`)
      const measure: Readonly<Record<Setup, () => Promise<number>>> = {
        bare: () => timed(texts, bareCall(url, dispatcher)),
        calls: () => timed(texts, platformCall(url, dispatcher)),
        checks: () => wholeChecks(url, dispatcher, path.join(data, 'checks'), texts),
        batch: () => wholeBatch(url, path.join(data, 'batch'), texts),
      }
      const now: Record<Setup, number> = { bare: 0, calls: 0, checks: 0, batch: 0 }
      // The last one runs on a warmer machine: they take turns.
      for (const setup of round % 2 === 0 ? setups : setups.toReversed()) now[setup] = await measure[setup]()
      // The first round warms up.
      if (round > 0) measured.push(now)
    }
    const medians = (of: (round: Record<Setup, number>, setup: Setup) => number): Record<Setup, number> => {
      const [bare = 0, calls = 0, checked = 0, batch = 0] = setups.map(setup =>
        median(measured.map(round => of(round, setup))),
      )
      return { bare, calls, checks: checked, batch }
    }
    return {
      checks,
      concurrency,
      perSecond: medians((round, setup) => round[setup]),
      ratio: medians((round, setup) => round[setup] / round.bare),
    }
  } finally {
    await dispatcher.close()
    server.kill()
    await rm(folder, { recursive: true })
  }
}

/** Items a second, at a given concurrency. */
async function timed(
  texts: readonly string[],
  one: (text: string, index: number) => Promise<unknown>,
): Promise<number> {
  const rest = texts.entries()
  const started = performance.now()
  const lane = async () => {
    for (const [index, text] of rest) await one(text, index)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return texts.length / ((performance.now() - started) / 1000)
}

function bareCall(url: string, dispatcher: Agent) {
  return async (content: string) => {
    const { body } = await request(`${url}/wxa/msg_sec_check?access_token=token`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ content })),
    })
    return JSON.parse(await body.text())
  }
}

const never = new AbortController().signal

function platformCall(url: string, dispatcher: Agent) {
  const lane = laneTo(url, dispatcher)
  const endpoint = textEndpoint(lane)
  const { appid } = lane.profile
  return async (text: string) => {
    const request = { endpoint: endpoint.id, appid, accessToken: 'token', openid: null, text: lane.text }
    const conclusion = await lane.platform.check(lane.transport, { ...request, part: wholeText(text) }, never)
    if (conclusion.kind !== 'verdict') throw new Error(`a call ended as ${conclusion.kind}`)
  }
}

/** What the engine does with each part, with the engine's own parts; fifty parts to an asset. */
async function wholeChecks(url: string, dispatcher: Agent, dataDir: string, texts: readonly string[]): Promise<number> {
  await mkdir(dataDir, { recursive: true })
  const database = openDatabase(path.join(dataDir, 'prescreen.sqlite'))
  const commands = createCommands(database, systemClock, () => undefined)
  const redactor = createRedactor()
  const pacer = createPacer({ file: path.join(dataDir, 'pacer.sqlite'), clock: systemClock })
  const lane = laneTo(url, dispatcher, redactor.redact)
  const endpoint = textEndpoint(lane)
  const services = {
    clock: systemClock,
    pacer: countPermits(pacer),
    callSlots: createKeyedSemaphore(64),
    tokens: createTokens({ clock: systemClock, redactor, store: createTokenStore({ dataDir, clock: systemClock }) }),
    random: Math.random,
  }
  await database.commit(() => {
    const batch = { id: 'b', name: 'b', profiles: [], inputs: [], options: defaultOptions, practice: false, owner: '' }
    commands.createBatch(batch)
    const assets = Array.from({ length: Math.ceil(texts.length / 50) }, (_, index) => `asset ${index}`)
    const facts = { kind: 'text', bytes: 0, excerpt: null, failure: null } as const
    commands.addAssets(
      'b',
      1,
      assets.map(name => ({ ...facts, path: name, source: name })),
    )
  })
  const { id: profile, platform, appid } = lane.profile
  const perSecond = await timed(texts, async (text, index) => {
    const place = { ...wholeText(text), name: `part ${index}` }
    const asset = 1 + Math.floor(index / 50)
    let sent: SentCheck | null = null
    const { conclusion, attempts, ms } = await runCheck(services, lane, endpoint, place, {
      ...interactiveRun(never),
      priority: 'batch',
      onDeparture: async () => {
        const at = systemClock.now()
        const { id, version } = endpoint
        const check = {
          asset,
          profile: 0,
          place,
          endpoint: id,
          version,
          partHash: partHash(place),
          transform: null,
          at,
        }
        sent = { ...check, id: await database.commit(() => commands.beginCheck(check)) }
      },
    })
    const check = sent as SentCheck | null
    if (conclusion === null || conclusion.kind === 'accepted' || check === null)
      throw new Error(`a check ended as ${conclusion?.kind}`)
    const context = { profile, platform, appid, practice: false }
    await database.commit(() => commands.endCheck(check, { conclusion, attempts, ms }, context))
  })
  pacer.close()
  await database.close()
  return perSecond
}

async function wholeBatch(url: string, dataDir: string, texts: readonly string[]): Promise<number> {
  const engine = await openBenchEngine(dataDir)
  const table = path.join(dataDir, 'texts.csv')
  await writeFile(table, `text\n${texts.map(text => `"${text}"\n`).join('')}`)
  const started = performance.now()
  const run = await engine.screen({
    inputs: [table],
    profiles: [unlimited(url)],
    options: { ...defaultOptions, textColumn: 'text' },
    name: null,
  })
  const { tally } = await run.done
  const seconds = (performance.now() - started) / 1000
  if (tally.pass !== texts.length) throw new Error(`${tally.pass} of ${texts.length} passed`)
  await engine.close()
  return texts.length / seconds
}

function wholeText(text: string): TextPart {
  return { kind: 'text', name: 'whole', text, range: [0, text.length], line: 1, column: 1, rect: null, frame: null }
}

function laneTo(baseUrl: string, dispatcher: Agent, redact: (text: string) => string = text => text): AccountLane {
  const profile = unlimited(baseUrl)
  const platform = withRedaction(registry.platformOf('wechat'), redact)
  const transport = { dispatcher, baseUrl, headersTimeoutMs: 30_000, bodyTimeoutMs: 30_000 }
  return laneFor(profile, platform, transport)
}

function textEndpoint(lane: AccountLane): Endpoint {
  const endpoint = endpointOf(lane, 'text')
  if (endpoint === null) throw new Error('no endpoint takes text')
  return endpoint
}

export function openBenchEngine(dataDir: string): Promise<HeadlessEngine> {
  const values = new Map<string, unknown>()
  const none = async () => {
    throw new Error('there is no vault')
  }
  return openEngine({
    dataDir,
    store: {
      get: key => values.get(key),
      set: (key, value) => void values.set(key, value),
      delete: key => void values.delete(key),
    },
    vault: { strength: 'none', encrypt: none, decrypt: none },
    env: { BENCH_SECRET: 'not a secret' },
    samplesDir: dataDir,
    rulesDir: dataDir,
  })
}

export function unlimited(baseUrl: string): Profile {
  return {
    ...profileDefaults,
    id: 'bench',
    name: 'Bench',
    platform: 'wechat',
    appid: 'wx_bench',
    secret: { from: 'env', variable: 'BENCH_SECRET' },
    tokenMode: 'stable',
    baseUrl,
    practice: false,
    relay: null,
  }
}

function serve(): void {
  const server = createServer((incoming, response) => {
    const isToken = incoming.url?.startsWith('/cgi-bin/stable_token') ?? false
    const body = isToken ? '{"access_token":"token","expires_in":7200}' : '{"errcode":0,"errmsg":"ok"}'
    incoming.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object') process.send?.(`http://127.0.0.1:${address.port}`)
  })
  process.on('disconnect', () => process.exit())
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--server')) serve()
  else {
    const result = await benchOverhead()
    const { ratio, perSecond } = result
    const of = (setup: Setup) => `${setup} ${perSecond[setup].toFixed(0)}/s, ${ratio[setup].toFixed(2)} of bare`
    process.stdout.write(
      `overhead: bare undici ${perSecond.bare.toFixed(0)}/s; ${of('calls')}; ${of('checks')} (durable rows before and after each call); ` +
        `${of('batch')} (assets of one check each); ${result.checks} checks a round, ${result.concurrency} at a time\n`,
    )
  }
}
