import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { findBrowser, hasDisplay, isExecutable } from '../engine/chromium/find-browser.ts'
import { buildIfStale } from './build-if-stale.ts'
import { chooseRoute, type Route } from './choose-route.ts'
import { obtainElectron } from './electron-binary.ts'

/** `npm start`: the window in Electron, else in an installed browser, else the sample batch in the terminal. */
const root = resolve(import.meta.dirname, '../..')
const args = process.argv.slice(2)
process.exitCode = await start()

async function start(): Promise<number> {
  const isShown = hasDisplay(process.platform, process.env)
  const browser = findBrowser({ platform: process.platform, env: process.env, isExecutable })
  if (browser.kind === 'bad-override') return fail(`PRESCREEN_BROWSER names ${browser.path}, which cannot be run.`)
  const route = chooseRoute({
    hasDisplay: isShown,
    hasBrowser: browser.kind === 'found',
    electron: isShown ? await obtainElectron(root, process.env) : null,
  })
  if (route.kind !== 'electron') process.stdout.write(`${route.said[language()]}\n`)
  if (route.kind !== 'terminal' && !buildIfStale(root)) return fail('The program could not be built; see above.')
  return run(route)
}

/** As the command line has it, which speaks next where there is no window. */
function language(): 'zh' | 'en' {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const system = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(system) ? 'zh' : 'en'
}

async function run(route: Route): Promise<number> {
  switch (route.kind) {
    case 'electron': {
      // Chromium refuses its sandbox to root, and only to root is that granted.
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
      return child(route.program, [...sandbox, root, ...args])
    }
    case 'standin':
      return child(process.execPath, [join(root, 'electron/standin/run.ts'), join(root, 'out/main/index.js'), ...args])
    case 'terminal': {
      const code = await child(process.execPath, [
        join(root, 'electron/cli/index.ts'),
        'screen',
        join(root, 'resources/samples'),
        join(root, 'resources/campaign'),
        '--text-column',
        '文案',
      ])
      // The sample batch is meant to be found risky (2) and partly unchecked (3): shown is what was asked for.
      return code === 2 || code === 3 ? 0 : code
    }
  }
}

async function child(program: string, programArgs: readonly string[]): Promise<number> {
  const started = spawn(program, programArgs, { cwd: process.cwd(), stdio: 'inherit' })
  // Ctrl+C reaches the child by itself; it decides how to end.
  const wait = () => undefined
  process.on('SIGINT', wait)
  process.on('SIGTERM', () => started.kill('SIGTERM'))
  const [code, signal]: [number | null, NodeJS.Signals | null] = await once(started, 'exit').then(
    ([exitCode, exitSignal]) => [exitCode, exitSignal],
  )
  if (code !== null) return code
  return signal === 'SIGINT' ? 130 : 1
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
