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
  const server = await startServer()
  try {
    const measured = []
    for (const count of [smallFiles, files]) {
      const material = path.join(folder, `files-${count}`)
      await makeFiles(material, count)
      const { said, ...peaks } = await screenAll(server, material, path.join(folder, `data-${count}`))
      if (!said.includes(`"pass":${count}`)) throw new Error(`the batch failed: ${said.slice(0, 500)}`)
      measured.push(peaks)
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
    server.end()
    await rm(folder, { recursive: true })
  }
}

/** A platform that answers at once, in a process of its own. */
export interface Server {
  readonly url: string
  /** Of the next check call. */
  firstCall(): Promise<unknown>
  end(): void
}

export async function startServer(): Promise<Server> {
  const child = fork(import.meta.filename, ['--server'])
  const url = String(await heard(child, 'listening'))
  return {
    url,
    firstCall: () => {
      const called = heard(child, 'first')
      child.send('reset')
      return called
    },
    end: () => child.kill(),
  }
}

export interface Screened {
  /** Of the engine's process. */
  readonly peakMb: number
  /** Of all of the program's processes at one moment; what they share is counted for each. */
  readonly togetherMb: number
  readonly firstCallMs: number
  /** What the program printed. */
  readonly said: string
}

/** The built command line over what is at `material`, in a process of its own, to its end or no farther than the first call. */
export async function screenAll(
  server: Server,
  material: string,
  dataDir: string,
  isFirstCallAll = false,
): Promise<Screened> {
  const firstCall = server.firstCall()
  const started = performance.now()
  const flags = [
    '--platform',
    'wechat',
    '--appid',
    'wx_bench',
    '--secret-env',
    'BENCH_SECRET',
    '--base-url',
    server.url,
  ]
  const run = spawn(
    process.execPath,
    [cli, 'screen', material, ...flags, '--per-minute', '100000000', '--quiet', '--json', '--data-dir', dataDir],
    { env: { ...process.env, BENCH_SECRET: 'not a secret' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let peakMb = 0
  let togetherMb = 0
  const watch = setInterval(() => {
    void peakOf(run.pid).then(mb => {
      peakMb = Math.max(peakMb, mb)
    })
    void residentOf(run.pid).then(mb => {
      togetherMb = Math.max(togetherMb, mb)
    })
  }, 50)
  let said = ''
  for (const stream of [run.stdout, run.stderr]) stream.on('data', data => (said += String(data)))
  const ended = new Promise<number | null>(resolve => run.once('close', resolve))
  await Promise.race([firstCall, ended])
  const firstCallMs = performance.now() - started
  if (isFirstCallAll) run.kill('SIGKILL')
  await ended
  clearInterval(watch)
  return { peakMb, togetherMb, firstCallMs, said }
}

/** What a process and all those that it has started hold at this moment. */
async function residentOf(pid: number | undefined): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
  ])
  const own = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map(child => residentOf(Number(child))),
  )
  return own + below.reduce((sum, mb) => sum + mb, 0)
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
