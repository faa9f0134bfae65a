import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer } from 'node:net'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { resolveConfig } from 'electron-vite'
import { build, createServer, type InlineConfig, mergeConfig, type Rolldown } from 'vite'
import { findBrowser, hasDisplay, isExecutable } from '../engine/chromium/find-browser.ts'
import { chooseRoute } from './choose-route.ts'
import { obtainElectron } from './electron-binary.ts'
import { windowUpdates } from './window-updates.ts'

/**
 * `npm run dev`: the window with what is saved, in Electron, else in an installed browser. A change of the window is seen at once; one
 * of main, engine or shared starts the program again, one of the preload as well. Its data is its own, in out/dev/data.
 */
const root = resolve(import.meta.dirname, '../..')
const out = join(root, 'out/dev')
const args = process.argv.slice(2)
const host = '127.0.0.1'
await develop()

async function develop(): Promise<void> {
  const isShown = hasDisplay(process.platform, process.env) || process.env.PRESCREEN_HEADLESS === '1'
  const browser = findBrowser({ platform: process.platform, env: process.env, isExecutable })
  const route = chooseRoute({
    hasDisplay: isShown,
    hasBrowser: browser.kind === 'found',
    electron: isShown ? await obtainElectron(root, process.env) : null,
  })
  if (route.kind === 'terminal') {
    process.stderr.write('There is no window here to develop in. "npm run harness" serves every view to any browser.\n')
    process.exitCode = 1
    return
  }
  if (route.kind === 'standin') process.stdout.write(`${route.said.en}\n`)

  const { config } = await resolveConfig({ root }, 'serve', 'development')
  if (config?.main === undefined || config.preload === undefined)
    throw new Error('electron.vite.config.ts has no main process')
  const port = await freePort()
  const windowServer = await createServer(
    mergeConfig<InlineConfig, InlineConfig>(config.renderer ?? {}, {
      configFile: false,
      plugins: [windowUpdates()],
      server: { host, port, strictPort: true },
    }),
  )
  await windowServer.listen()
  writeManifest()
  const program = createProgram(
    route.kind === 'electron' ? route.program : process.execPath,
    route.kind === 'electron'
      ? [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), out]
      : [join(root, 'electron/standin/run.ts'), join(out, 'main/index.js')],
    {
      ...process.env,
      PRESCREEN_DATA_DIR: process.env.PRESCREEN_DATA_DIR || join(out, 'data'),
      PRESCREEN_DEV_SERVER: `http://${host}:${port}`,
    },
  )
  await watch(config.preload, () => void program.restart())
  await watch(config.main, () => void program.restart())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => program.end(signal))
  process.exit(await program.run())
}

/** Resolves after the first build; later ones call `onBuilt`; a build that fails is reported, and the next one is awaited. */
async function watch(config: InlineConfig, onBuilt: () => void): Promise<void> {
  const watcher = await build(
    mergeConfig<InlineConfig, InlineConfig>(config, { configFile: false, logLevel: 'warn', build: { watch: {} } }),
  )
  if (!('on' in watcher)) throw new Error('Vite did not watch')
  const first = Promise.withResolvers<void>()
  let isFirst = true
  watcher.on('event', (event: Rolldown.RolldownWatcherEvent) => {
    if (event.code === 'BUNDLE_END') {
      void event.result.close()
      if (!isFirst) onBuilt()
      isFirst = false
      first.resolve()
    } else if (event.code === 'ERROR') {
      process.stderr.write(`${event.error.message}\n`)
    }
  })
  return first.promise
}

interface Program {
  /** Its exit code when it ends by itself. */
  run(): Promise<number>
  /** Starts it again when the one before has ended: two cannot have the same data. */
  restart(): Promise<void>
  end(signal: NodeJS.Signals): void
}

function createProgram(command: string, commandArgs: readonly string[], env: NodeJS.ProcessEnv): Program {
  const ended = Promise.withResolvers<number>()
  let child: ChildProcess | null = null
  let isRestarting = false
  const start = () => {
    const started = spawn(command, [...commandArgs, ...args], { cwd: root, stdio: 'inherit', env })
    child = started
    started.on('exit', (code, signal) => {
      if (!isRestarting) ended.resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  }
  return {
    run: () => {
      start()
      return ended.promise
    },
    async restart() {
      if (child === null || isRestarting) return
      isRestarting = true
      process.stdout.write('Changed: starting again …\n')
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      isRestarting = false
      start()
    },
    end: signal => {
      // Ctrl+C reaches the child by itself; it decides how to end.
      if (signal !== 'SIGINT') child?.kill(signal)
    },
  }
}

/** Electron takes a folder with a package.json for an application. */
function writeManifest(): void {
  const { name, productName, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(out, { recursive: true })
  writeFileSync(
    join(out, 'package.json'),
    JSON.stringify({ name, productName, version, type: 'module', main: 'main/index.js' }),
  )
}

async function freePort(): Promise<number> {
  const server = createTcpServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port on loopback')
  return address.port
}
