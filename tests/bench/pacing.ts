/**
 * Pacing as the server counts it: two worker processes share one pacer file and call one small server as fast as they are let,
 * at two rates at once. Prints for each rate the most calls in any 60 s and how much of the limit was used.
 *
 *     node tests/bench/pacing.ts [--seconds 130] [--latency-ms 20]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { systemClock } from '../../electron/engine/base/clock.ts'
import { createPacer } from '../../electron/engine/pacer/pacer.ts'

const minuteMs = 60_000
const workers = 2
const callsAtOnce = 48

export interface PacingResult {
  readonly perMinute: number
  /** The most calls that arrived within any 60 s. */
  readonly most: number
  /** Mean number of calls in the 60 s before a moment, over all moments after the first minute, as a part of the limit. */
  readonly used: number
  /** How many calls each of the processes made. */
  readonly byWorker: readonly number[]
}

/** Runs for `seconds` of real time, more than 60; the server answers after `latencyMs`. */
export async function benchPacing({
  seconds = 130,
  latencyMs = 20,
  rates = [300, 2000],
}: {
  readonly seconds?: number
  readonly latencyMs?: number
  readonly rates?: readonly number[]
} = {}): Promise<PacingResult[]> {
  const arrivals = new Map(rates.map(rate => [`/${rate}`, { times: [] as number[], byWorker: [0, 0] }]))
  const server = createServer((request, response) => {
    const seen = arrivals.get(request.url ?? '')
    if (seen !== undefined) {
      seen.times.push(performance.now())
      const worker = Number(request.headers['x-worker'])
      seen.byWorker[worker] = (seen.byWorker[worker] ?? 0) + 1
    }
    setTimeout(() => response.end('{"errcode":0}'), latencyMs)
  })
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-pacing-'))
  try {
    const children = Array.from({ length: workers }, (_, worker) =>
      spawn(
        process.execPath,
        [
          fileURLToPath(import.meta.url),
          ...['--worker', String(worker), '--file', join(folder, 'pacer.sqlite')],
          ...['--port', String(port), '--rates', rates.join(','), '--seconds', String(seconds)],
        ],
        { stdio: ['ignore', 'inherit', 'inherit'] },
      ),
    )
    await Promise.all(children.map(ended))
  } finally {
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
  return rates.map(perMinute => {
    const { times, byWorker } = arrivals.get(`/${perMinute}`) ?? { times: [], byWorker: [] }
    return { perMinute, ...countSpans(times, perMinute, seconds), byWorker }
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))))
  })
}

/** Every arrival opens a span that ends 60 s later; the mean goes over the time from the first minute's end to the work's end. */
function countSpans(times: readonly number[], perMinute: number, seconds: number): { most: number; used: number } {
  let most = 0
  let oldest = 0
  times.forEach((time, index) => {
    while (time - (times[oldest] ?? time) >= minuteMs) oldest += 1
    most = Math.max(most, index - oldest + 1)
  })
  const start = times[0] ?? 0
  const from = start + minuteMs
  const to = start + seconds * 1000
  // Each call is in the span of the moments from its arrival to 60 s later.
  const presence = times.reduce(
    (sum, time) => sum + Math.max(0, Math.min(to, time + minuteMs) - Math.max(from, time)),
    0,
  )
  return { most, used: presence / (to - from) / perMinute }
}

async function work(options: { file: string; port: number; worker: string; rates: number[]; seconds: number }) {
  const pacer = createPacer({ file: options.file, clock: systemClock, maxCallMs: 30_000 })
  const pool = new Pool(`http://127.0.0.1:${options.port}`, { connections: callsAtOnce * options.rates.length })
  const signal = AbortSignal.timeout(options.seconds * 1000)
  await Promise.all(options.rates.flatMap(rate => Array.from({ length: callsAtOnce }, () => callUntil(signal, rate))))
  pacer.close()
  await pool.close()

  async function callUntil(until: AbortSignal, rate: number): Promise<void> {
    const limit = { perMinute: rate, perDay: null, sharePercent: 100 }
    const key = { appid: 'wx0000000000000000', endpoint: `bench.${rate}` }
    while (!until.aborted) {
      const permit = await pacer.acquire(key, limit, { priority: 'batch', signal: until }).catch(() => null)
      if (permit === null) return
      if (permit.kind === 'stop') throw new Error(permit.detail)
      const reply = await pool.request({ method: 'GET', path: `/${rate}`, headers: { 'x-worker': options.worker } })
      await reply.body.dump()
      permit.settle({ said: 'served' })
    }
  }
}

export function describePacing(result: PacingResult): string {
  const used = (result.used * 100).toFixed(1)
  return `pacing ${result.perMinute}/min: max in 60 s ${result.most}, used ${used} % (processes: ${result.byWorker.join(' + ')})`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '130' },
      'latency-ms': { type: 'string', default: '20' },
      rates: { type: 'string', default: '300,2000' },
      worker: { type: 'string' },
      file: { type: 'string', default: '' },
      port: { type: 'string', default: '0' },
    },
  })
  const seconds = Number(values.seconds)
  const rates = values.rates.split(',').map(Number)
  if (values.worker !== undefined) {
    await work({ file: values.file, port: Number(values.port), worker: values.worker, rates, seconds })
  } else {
    for (const result of await benchPacing({ seconds, latencyMs: Number(values['latency-ms']), rates }))
      process.stdout.write(`${describePacing(result)}\n`)
  }
}
