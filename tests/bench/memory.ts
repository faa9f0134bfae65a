/**
 * Peak resident set of the engine's process on a batch of 100 000 files, as a ratio to a batch of 1 000, and how soon the first call
 * leaves. Each batch runs in a process of its own against a server in another. Run alone, after a build: node tests/bench/memory.ts [files]
 */

import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

export interface MemoryResult {
  readonly files: number
  readonly smallFiles: number
  readonly peakMb: number
  readonly smallPeakMb: number
  /** Peak of the large batch by that of the small one. */
  readonly ratio: number
  /** From the start of the process, which takes its share, to the first check call. */
  readonly firstCallMs: number
  readonly smallFirstCallMs: number
}

const smallFiles = 1_000
const cli = path.join(import.meta.dirname, '../../out/main/cli.js')

export async function benchMemory(files = 100_000): Promise<MemoryResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'prescreen-bench-'))
  const server = fork(import.meta.filename, ['--server'])
  try {
    const url = String(await heard(server, 'listening'))
    const measured = []
    for (const count of [smallFiles, files]) {
      const material = path.join(folder, `files-${count}`)
      await makeFiles(material, count)
      measured.push(await measure(server, url, material, path.join(folder, `data-${count}`), count))
    }
    const [small, large] = measured
    if (small === undefined || large === undefined) throw new Error('nothing was measured')
    return {
      files,
      smallFiles,
      peakMb: large.peakMb,
      smallPeakMb: small.peakMb,
      ratio: large.peakMb / small.peakMb,
      firstCallMs: large.firstCallMs,
      smallFirstCallMs: small.firstCallMs,
    }
  } finally {
    server.kill()
    await rm(folder, { recursive: true })
  }
}

async function measure(server: ChildProcess, url: string, material: string, dataDir: string, count: number) {
  const firstCall = heard(server, 'first')
  server.send('reset')
  const started = performance.now()
  const flags = ['--platform', 'wechat', '--appid', 'wx_bench', '--secret-env', 'BENCH_SECRET', '--base-url', url]
  const run = spawn(
    process.execPath,
    [cli, 'screen', material, ...flags, '--per-minute', '100000000', '--quiet', '--json', '--data-dir', dataDir],
    { env: { ...process.env, BENCH_SECRET: 'not a secret' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let peakMb = 0
  const watch = setInterval(() => {
    void peakOf(run.pid).then(mb => {
      peakMb = Math.max(peakMb, mb)
    })
  }, 50)
  let said = ''
  for (const stream of [run.stdout, run.stderr]) stream.on('data', data => (said += String(data)))
  void firstCall.then(() => undefined)
  const ended = new Promise<number | null>(resolve => run.once('close', resolve))
  await firstCall
  const firstCallMs = performance.now() - started
  const status = await ended
  clearInterval(watch)
  if (status !== 0 || !said.includes(`"pass":${count}`)) throw new Error(`the batch failed: ${said.slice(0, 500)}`)
  return { peakMb, firstCallMs }
}

/** The kernel's own record of the largest resident set so far; 0 when the process has just gone. */
async function peakOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

async function makeFiles(folder: string, count: number): Promise<void> {
  const perFolder = 1_000
  for (let start = 0; start < count; start += perFolder) {
    const below = path.join(folder, String(start))
    await mkdir(below, { recursive: true })
    const names = Array.from({ length: Math.min(perFolder, count - start) }, (_, index) => start + index)
    await Promise.all(names.map(n => writeFile(path.join(below, `${n}.txt`), `第 ${n} 条文案,新品上市,欢迎选购。`)))
  }
}

function heard(server: ChildProcess, event: string): Promise<unknown> {
  return new Promise(resolve => {
    const listener = (message: unknown) => {
      if (!Array.isArray(message) || message[0] !== event) return
      server.off('message', listener)
      resolve(message[1])
    }
    server.on('message', listener)
  })
}

function serve(): void {
  let isFirst = true
  process.on('message', () => {
    isFirst = true
  })
  const server = createServer((incoming, response) => {
    const isToken = incoming.url?.startsWith('/cgi-bin/stable_token') ?? false
    const isCheck = incoming.url?.startsWith('/wxa/') ?? false
    if (isCheck && isFirst) {
      isFirst = false
      process.send?.(['first'])
    }
    const body = isToken ? '{"access_token":"token","expires_in":7200}' : '{"errcode":0,"errmsg":"ok"}'
    incoming.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
    })
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address !== null && typeof address === 'object')
      process.send?.(['listening', `http://127.0.0.1:${address.port}`])
  })
  process.on('disconnect', () => process.exit())
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--server')) serve()
  else {
    const result = await benchMemory(Number(process.argv[2] ?? 100_000))
    process.stdout.write(
      `memory: peak ${result.peakMb.toFixed(0)} MB for ${result.files} files, ${result.smallPeakMb.toFixed(0)} MB for ${result.smallFiles}, ` +
        `ratio ${result.ratio.toFixed(2)}; first call after ${result.firstCallMs.toFixed(0)} ms (${result.smallFirstCallMs.toFixed(0)} ms)\n`,
    )
  }
}
