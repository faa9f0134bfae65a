import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

export interface Invocation {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly additionalData: unknown
}

/**
 * True when this process is the first on the data folder. The first listens on a socket, which the system takes away
 * however it dies; a later one hands over its arguments. Electron's call is synchronous, hence the child that connects.
 */
export function takeInstanceLock(
  folder: string,
  invocation: Invocation,
  onSecond: (invocation: Invocation) => void,
): { server: Server; file: string } | null {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'SingletonLock.json')
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const address = socketAddress(folder)
    try {
      writeFileSync(file, JSON.stringify({ address }), { flag: 'wx' })
      return { server: listen(address, onSecond), file }
    } catch {
      if (handOver(file, invocation)) return null
      // Left behind by a process that was killed.
      rmSync(file, { force: true })
    }
  }
  return null
}

/** The command line as Chromium tells it to the first process: options before all else, one of its own among them. */
export function asHandedOver([program = '', ...rest]: readonly string[]): readonly string[] {
  const isOption = (argument: string) => argument.startsWith('-')
  return [
    program,
    ...rest.filter(isOption),
    '--allow-file-access-from-files',
    ...rest.filter(argument => !isOption(argument)),
  ]
}

export function releaseInstanceLock(lock: { server: Server; file: string }): void {
  lock.server.close()
  rmSync(lock.file, { force: true })
}

function socketAddress(folder: string): string {
  const name = `prescreen-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}-${process.pid}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
}

function listen(address: string, onSecond: (invocation: Invocation) => void): Server {
  if (process.platform !== 'win32') rmSync(address, { force: true })
  const server = createServer({ allowHalfOpen: true }, socket => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('end', () => {
      socket.end('heard')
      onSecond(JSON.parse(text))
    })
    socket.on('error', () => undefined)
  })
  server.listen(address)
  server.unref()
  return server
}

const messenger = `
const net = require('node:net'), { address, text, until } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const attempt = () => {
  const socket = net.connect(address)
  let heard = ''
  socket.on('connect', () => socket.end(text))
  socket.on('data', chunk => { heard += chunk })
  socket.on('close', () => { if (heard === 'heard') process.exit(0) })
  socket.on('error', () => { if (Date.now() > until) process.exit(1); setTimeout(attempt, 25) })
}
attempt()`

/** Whether a living process took the arguments. One that has just made its lock may not listen yet. */
function handOver(file: string, invocation: Invocation): boolean {
  let address: unknown
  try {
    address = JSON.parse(readFileSync(file, 'utf8')).address
  } catch {
    return false
  }
  const input = JSON.stringify({ address, text: JSON.stringify(invocation), until: Date.now() + 300 })
  return spawnSync(process.execPath, ['-e', messenger], { input, timeout: 120_000 }).status === 0
}
