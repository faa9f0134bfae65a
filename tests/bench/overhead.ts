/**
 * Checks per second through the whole engine (walk, durable row before and after each call, verdict, ledger), as a ratio to bare
 * undici `request` with the same concurrency to the same server with the same bodies, measured in turns in one run. The server
 * answers at once, in a process of its own; the limit is off. Run alone: node tests/bench/overhead.ts
 */

import { fork } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Agent, request } from 'undici'
import { defaultOptions, type HeadlessEngine, openEngine } from '../../electron/engine/engine.ts'
import { platformOf } from '../../electron/engine/platforms/registry.ts'
import { type Profile, profileDefaults } from '../../shared/profile.ts'

export interface OverheadResult {
  readonly checks: number
  readonly concurrency: number
  readonly bareChecksPerSecond: number
  readonly checksPerSecond: number
  /** Median over the rounds of ours by bare. */
  readonly ratio: number
}

/** As many assets as the engine works on at a time. */
const concurrency = 40
const rounds = 5

export async function benchOverhead(checks = 6_000): Promise<OverheadResult> {
  // The limit is off: in this process the platform has none.
  for (const endpoint of platformOf('wechat').endpoints)
    Object.assign(endpoint, { limit: { perMinute: null, perDay: null } })
  const folder = await mkdtemp(path.join(tmpdir(), 'prescreen-bench-'))
  const server = fork(import.meta.filename, ['--server'])
  const url = await new Promise<string>(resolve => server.once('message', message => resolve(String(message))))
  try {
    const measured: { bare: number; ours: number }[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const texts = Array.from({ length: checks }, (_, index) => `第 ${round} 轮第 ${index} 条文案,新品上市,欢迎选购。`)
      const table = path.join(folder, `texts-${round}.csv`)
      await writeFile(table, `text\n${texts.map(text => `"${text}"\n`).join('')}`)
      const engine = await open(path.join(folder, `data-${round}`))
      // Whoever goes second finds a warmer machine: they take turns.
      const bareFirst = round % 2 === 0 ? await bare(url, texts) : null
      const ours = await screen(engine, url, table, checks)
      const now = { bare: bareFirst ?? (await bare(url, texts)), ours }
      // The first round warms up.
      if (round > 0) measured.push(now)
      await engine.close()
    }
    return {
      checks,
      concurrency,
      bareChecksPerSecond: median(measured.map(each => each.bare)),
      checksPerSecond: median(measured.map(each => each.ours)),
      ratio: median(measured.map(each => each.ours / each.bare)),
    }
  } finally {
    server.kill()
    await rm(folder, { recursive: true })
  }
}

async function bare(url: string, texts: readonly string[]): Promise<number> {
  const dispatcher = new Agent({ connections: 64, pipelining: 1 })
  const rest = texts.values()
  const started = performance.now()
  const lane = async () => {
    for (const content of rest) {
      const { body } = await request(`${url}/wxa/msg_sec_check?access_token=token`, {
        dispatcher,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify({ content })),
      })
      JSON.parse(await body.text())
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const perSecond = texts.length / ((performance.now() - started) / 1000)
  await dispatcher.close()
  return perSecond
}

async function screen(engine: HeadlessEngine, url: string, table: string, checks: number): Promise<number> {
  const started = performance.now()
  const run = await engine.screen({
    inputs: [table],
    profiles: [unlimited(url)],
    options: { ...defaultOptions, textColumn: 'text' },
    name: null,
  })
  const { tally } = await run.done
  const seconds = (performance.now() - started) / 1000
  if (tally.pass !== checks) throw new Error(`${tally.pass} of ${checks} passed`)
  return checks / seconds
}

function open(dataDir: string): Promise<HeadlessEngine> {
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
  })
}

function unlimited(baseUrl: string): Profile {
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
    process.stdout.write(
      `overhead: ${result.checksPerSecond.toFixed(0)} checks/s with durable rows, bare undici ${result.bareChecksPerSecond.toFixed(0)}/s, ` +
        `ratio ${result.ratio.toFixed(2)} (${result.checks} checks a round, ${result.concurrency} at a time)\n`,
    )
  }
}
