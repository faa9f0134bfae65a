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
  'a context menu is shown by the system, and its answer comes back': async (page, app) => {
    const batch = { of: 'batch', state: 'done', unchecked: 0, isOpen: false }
    const ask = () => call(page, 'window.contextMenu', { subject: batch, at: { x: 20, y: 20 } })
    await app.evaluate(({ Menu }) => {
      const { popup } = Menu.prototype
      // Once really, and closed again; a menu that is open cannot be clicked from here.
      Menu.prototype.popup = function (options) {
        Menu.prototype.popup = ({ callback } = {}) => {
          this.items.at(-1)?.click()
          callback?.()
          Menu.prototype.popup = popup
        }
        popup.call(this, options)
        setTimeout(() => this.closePopup(), 200)
      }
    })
    equal(await ask(), { ok: true, value: null })
    equal(await ask(), { ok: true, value: { choice: 'batch', act: 'copyName' } })
  },
  'files are dragged with a picture that the system takes': async (page, app) => {
    const [asset] = await assetsOf(page, 1)
    await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      if (contents === undefined) return
      contents.startDrag = ({ file, icon }) =>
        Reflect.set(globalThis, 'smokeDrag', [file, typeof icon === 'string' || icon.isEmpty()])
    })
    const answer = await call(page, 'assets.dragOut', { assets: [asset], isBare: true })
    equal(Reflect.get(Object(answer), 'ok'), true)
    const [file, isEmpty] = await app.evaluate(() => Reflect.get(globalThis, 'smokeDrag'))
    equal([existsSync(file), isEmpty], [true, false])
  },
  'the clipboard has a picture with its path, and evidence in both forms': async (page, app) => {
    const [asset] = await assetsOf(page, 1)
    const types = () => app.evaluate(async ({ clipboard }) => (await clipboard.read()).flatMap(item => item.types))
    await call(page, 'asset.copyPicture', { asset })
    const picture = await types()
    equal([picture.includes('image/png'), picture.includes('text/plain')], [true, true])
    await call(page, 'asset.copyEvidence', { asset, check: null })
    const evidence = await types()
    equal([evidence.includes('text/html'), evidence.includes('text/plain')], [true, true])
  },
  'the second window is locked down as the first, and goes by itself': async (page, app) => {
    const opening = app.waitForEvent('window')
    await call(page, 'loupe.toggle', {})
    const second = await opening
    await second.waitForLoadState()
    equal(second.url(), 'app://prescreen/?loupe')
    equal(
      await second.evaluate(() => [
        typeof Reflect.get(globalThis, 'require'),
        Object.keys(Reflect.get(globalThis, 'prescreen')).sort().join(),
      ]),
      ['undefined', 'invoke,on,pathOf'],
    )
    const refused = await call(second, 'batches.sample', {})
    equal(refused, { ok: false, error: { code: 'bad_sender', detail: 'batches.sample' } })
    await second.evaluate(() => {
      location.href = 'https://example.com/'
    })
    equal(second.url(), 'app://prescreen/?loupe')
    const closed = second.waitForEvent('close')
    await call(page, 'loupe.toggle', {})
    await closed
    equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1)
  },
  'the end of a batch is told where the window is not in front, without a name': async (page, app) => {
    const isSupported = await app.evaluate(({ BrowserWindow, Notification }) => {
      Notification.prototype.show = function () {
        Reflect.set(globalThis, 'smokeNotice', `${this.title} ${this.body}`)
      }
      BrowserWindow.getAllWindows()[0]?.blur()
      return Notification.isSupported()
    })
    if (!isSupported) return
    const ended = page.evaluate(
      () =>
        new Promise<void>(done => {
          Reflect.get(globalThis, 'prescreen').on('batch', ({ state }: { state: string }) => {
            if (state === 'done') done()
          })
        }),
    )
    const sample = await call(page, 'batches.sample', {})
    await ended
    const notice = await app.evaluate(() => String(Reflect.get(globalThis, 'smokeNotice')))
    const { name } = Reflect.get(Object(sample), 'value')
    equal([/\d/.test(notice), notice.includes(name)], [true, false])
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

/** A call of the contract from a page. */
function call(page: Page, name: string, input: unknown): Promise<unknown> {
  return page.evaluate(
    ([callName, callInput]) => Reflect.get(globalThis, 'prescreen').invoke(callName as never, callInput as never),
    [name, input] as const,
  )
}

/** Assets of a kind of the newest batch. */
async function assetsOf(page: Page, kind: number): Promise<readonly number[]> {
  return page.evaluate(async wanted => {
    const bridge = Reflect.get(globalThis, 'prescreen')
    const batches = await bridge.invoke('batches.list', {})
    const [batch] = batches.ok ? batches.value : []
    const columns = batch === undefined ? null : await bridge.invoke('grid.columns', { batch: batch.id, stacks: false })
    if (columns === null || !columns.ok) throw new Error('no batch')
    return Array.from(columns.value.id).filter((_, at) => columns.value.kind[at] === wanted)
  }, kind)
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
