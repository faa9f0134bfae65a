import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright'
import { findElectron } from '../../electron/launch/electron-binary.ts'

/**
 * The built program in real Electron: what the stand-in cannot show. Without a binary it says so and counts nothing.
 * Run with: node tests/electron/smoke.ts
 */
const root = resolve(import.meta.dirname, '../..')
const binary = process.env.PRESCREEN_ELECTRON ?? findElectron(root, process.env)

type Check = (page: Page, app: ElectronApplication, dataDir: string) => Promise<void>

const checks: Readonly<Record<string, Check>> = {
  'the window shows the program under app://': async page => {
    equal(page.url(), 'app://prescreen/')
    await page.getByRole('button').first().waitFor()
  },
  'the page has no Node and the bridge has three functions': async page => {
    const seen = await page.evaluate(() => [
      typeof Reflect.get(globalThis, 'require'),
      typeof Reflect.get(globalThis, 'process'),
      Object.keys(Reflect.get(globalThis, 'prescreen')).sort().join(),
    ])
    equal(seen, ['undefined', 'undefined', 'invoke,on,pathOf'])
  },
  'the policy is enforced and pages are served by id': async page => {
    const seen = await page.evaluate(async () => {
      const response = await fetch('/')
      const outsideFolder = await fetch('/..%2f..%2fpackage.json')
      const outside = await fetch('https://developers.weixin.qq.com/').then(
        () => 'reached',
        () => 'refused',
      )
      return [
        response.headers.get('content-security-policy')?.startsWith("default-src 'none'"),
        outsideFolder.status,
        outside,
      ]
    })
    equal(seen, [true, 400, 'refused'])
  },
  'it navigates nowhere and opens nothing': async (page, app) => {
    await page.evaluate(() => {
      location.href = 'https://example.com/'
    })
    equal(await page.evaluate(() => window.open('https://example.com/')), null)
    equal(page.url(), 'app://prescreen/')
    equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1)
  },
  'it grants nothing': async page => {
    const state = await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)
    equal(state, 'denied')
  },
  'secrets are kept by the keychain or said not to be': async (page, app) => {
    const info = await page.evaluate(() => Reflect.get(globalThis, 'prescreen').invoke('app.info', {}))
    const backend = await app.evaluate(({ safeStorage }) =>
      process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'keychain',
    )
    if (!info.ok) throw new Error(info.error.code)
    const { vault } = info.value
    equal(backend === 'basic_text' ? ['weak', 'none'].includes(vault) : ['keychain', 'none'].includes(vault), true)
  },
  'the sample batch is screened, pictures and all, in the utility process': async page => {
    const done = await page.evaluate(async () => {
      const bridge = Reflect.get(globalThis, 'prescreen')
      const ended = Promise.withResolvers<object>()
      bridge.on('batch', (batch: { state: string; tally: object }) => {
        if (batch.state === 'done') ended.resolve(batch.tally)
      })
      const started = await bridge.invoke('batches.sample', {})
      return started.ok ? ended.promise : started
    })
    if (!('pass' in done) || !(Number(done.pass) > 0)) throw new Error(`no asset passed: ${JSON.stringify(done)}`)
  },
  'a second start hands its files over': async (page, _app, dataDir) => {
    const opened = page.evaluate(
      () =>
        new Promise(resolvePaths => {
          Reflect.get(globalThis, 'prescreen').on('opened', ({ paths }) => resolvePaths(paths))
        }),
    )
    const file = join(dataDir, 'poster.txt')
    writeFileSync(file, 'hello')
    const second = await launch(dataDir, [file]).catch(() => null)
    await second?.close().catch(() => undefined)
    equal(await opened, [file])
  },
  'a page that crashes comes back': async (page, app) => {
    const crashed = page.waitForEvent('crash')
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
    await crashed
    await app.evaluate(
      ({ BrowserWindow }) =>
        new Promise<void>(done => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents
          if (contents === undefined || !contents.isCrashed()) done()
          else contents.once('did-finish-load', () => done())
        }),
    )
  },
}

function launch(dataDir: string, files: readonly string[] = []): Promise<ElectronApplication> {
  return electron.launch({
    executablePath: String(binary),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...files],
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...definedEnv(), PRESCREEN_DATA_DIR: dataDir },
  })
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function equal(seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) {
    throw new Error(`expected ${JSON.stringify(expected)}, saw ${JSON.stringify(seen)}`)
  }
}

async function runAll(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'prescreen-electron-'))
  const app = await launch(dataDir)
  let failures = 0
  try {
    const page = await app.firstWindow()
    for (const [name, check] of Object.entries(checks)) {
      try {
        await check(page, app, dataDir)
        process.stdout.write(`ok: ${name}\n`)
      } catch (error) {
        failures += 1
        process.stdout.write(`FAILED: ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
      }
    }
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
  return failures
}

if (binary === null || !existsSync(binary)) process.stdout.write('skipped: no Electron binary\n')
else process.exitCode = (await runAll()) === 0 ? 0 : 1
