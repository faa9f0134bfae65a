import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CallResult, callNames } from '../../../shared/ipc.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import { type App, type AppOptions, startApp } from '../../e2e/support/app.ts'
import { setup as shareBrowser } from '../../e2e/support/browser.ts'
import { buildEchoProgram } from './support.ts'

/** The real main process, preload and bridge in the stand-in, around an engine that does nothing. */

let program: { folder: string; main: string }
let apps: App[] = []
let folders: string[] = []
/** For tests that leave no trace in the program. */
let common: App | null = null
let closeBrowser: () => Promise<void>

beforeAll(async () => {
  ;[program, closeBrowser] = await Promise.all([buildEchoProgram(), shareBrowser()])
})
afterAll(async () => {
  await common?.dispose()
  await closeBrowser()
  rmSync(program.folder, { recursive: true, force: true })
})
afterEach(async () => {
  await Promise.all(apps.map(app => app.dispose()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  apps = []
  folders = []
})

async function start(options: AppOptions = {}): Promise<App> {
  const app = await startApp({ main: program.main, language: 'en', ...options })
  apps.push(app)
  await app.page.waitForSelector('[data-ready]')
  return app
}

async function running(): Promise<App> {
  common ??= await startApp({ main: program.main, language: 'en' })
  await common.page.waitForSelector('[data-ready]')
  return common
}

/** Fails only when it does not come about at all, however busy the machine is. */
const eventually = <T>(look: () => T) => expect.poll(look)

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-test-'))
  folders.push(folder)
  return folder
}

const call = (app: App, name: string, input: unknown = {}): Promise<CallResult<unknown>> =>
  app.page.evaluate(
    ([callName, callInput]) => Reflect.get(globalThis, 'prescreen').invoke(callName as never, callInput as never),
    [name, input] as const,
  )

const received = (app: App, name: string): Promise<unknown[]> =>
  app.page.evaluate(
    wanted =>
      Reflect.get(globalThis, 'received')
        .filter((item: { name: string }) => item.name === wanted)
        .map((item: { event: unknown }) => item.event),
    name,
  )

describe('the bridge', () => {
  test('offers exactly invoke, on and pathOf, frozen', async () => {
    const { page } = await running()
    expect(await page.evaluate(() => Object.keys(Reflect.get(globalThis, 'prescreen')))).toEqual([
      'invoke',
      'on',
      'pathOf',
    ])
    expect(await page.evaluate(() => Object.isFrozen(Reflect.get(globalThis, 'prescreen')))).toBe(true)
    expect(
      await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')]),
    ).toEqual(['undefined', 'undefined'])
  })

  test('listens to the events of the contract and to no others', async () => {
    const { page } = await running()
    const listen = (name: string) =>
      page.evaluate(wanted => {
        try {
          return typeof Reflect.get(globalThis, 'prescreen').on(wanted as never, () => undefined)
        } catch (error) {
          return String(error)
        }
      }, name)
    expect(await listen('batch')).toBe('function')
    expect(await listen('toString')).toContain('No such event')
  })

  test('answers every call of the contract with a value or a problem, never with an exception', async () => {
    const app = await running()
    for (const name of callNames) {
      const result = await call(app, name, { nonsense: true })
      expect(result, name).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    }
    expect(await call(app, 'no.such.call')).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  })

  test('says internal of a bug, and neither stack nor secret leaves the main process', async () => {
    const app = await running()
    const result = await call(app, 'grid.rows', { assets: [1] })
    expect(result).toEqual({ ok: false, error: { code: 'internal', detail: 'grid.rows' } })
    expect(app.stderr()).toContain('call failed')
    expect(app.stderr()).not.toContain('hunter2')
  })

  test('changing one setting leaves the others as they were', async () => {
    const app = await running()
    await call(app, 'settings.set', { reviewer: 'Li' })
    const changed = await call(app, 'settings.set', { theme: 'dark' })
    expect(changed).toMatchObject({ ok: true, value: { theme: 'dark', reviewer: 'Li' } })
  })

  test('refuses a path that is not absolute', async () => {
    const app = await running()
    const { value: settings } = (await call(app, 'settings.get')) as { value: { reuseDays: number } }
    const result = await call(app, 'plan.create', {
      inputs: [{ kind: 'path', path: '../etc/passwd' }],
      profiles: ['practice'],
      options: { reuseDays: settings.reuseDays },
    })
    expect(result).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  })
})

describe('files', () => {
  test('dropped files and folders arrive with their paths, files made by the page with none', async () => {
    const app = await start()
    const folder = temporaryFolder()
    mkdirSync(join(folder, '海报'))
    writeFileSync(join(folder, '文案.txt'), 'hello')
    await app.drop([join(folder, '海报'), join(folder, '文案.txt')])
    await app.page.waitForSelector('[data-dropped]')
    expect(await app.page.evaluate(() => Reflect.get(globalThis, 'dropped'))).toEqual([
      join(folder, '海报'),
      join(folder, '文案.txt'),
    ])
    expect(
      await app.page.evaluate(() => Reflect.get(globalThis, 'prescreen').pathOf(new File(['x'], 'made.txt'))),
    ).toBe('')
  })

  test('named on the command line or by a second start are opened in the one window', async () => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir, files: ['posters'] })
    await eventually(() => received(app, 'opened')).toEqual([{ paths: [join(process.cwd(), 'posters')] }])
    await expect(
      startApp({ main: program.main, dataDir, files: ['/more'] }),
      'the second start ends by itself',
    ).rejects.toThrow('ended without a report')
    await eventually(() => received(app, 'opened')).toHaveLength(2)
    expect(await received(app, 'opened')).toContainEqual({ paths: ['/more'] })
  })

  test('are those of a second start alone, not the data folder it names or the program', async () => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir, files: ['--data-dir', dataDir] })
    const second = startApp({
      main: program.main,
      dataDir,
      files: ['--data-dir', dataDir, 'file:///posters/a%20b.png'],
    })
    await expect(second).rejects.toThrow('ended without a report')
    await eventually(() => received(app, 'opened')).toEqual([{ paths: ['/posters/a b.png'] }])
  })

  test('opened by the file manager one by one all arrive', async () => {
    const app = await start()
    const paths = Array.from({ length: 24 }, (_, at) => `/posters/${at}.png`)
    for (const path of paths) app.command({ kind: 'open-file', path })
    const opened = async () => ((await received(app, 'opened')) as { paths: string[] }[]).flatMap(event => event.paths)
    await eventually(opened).toEqual(paths)
  })

  test('chosen in a dialog come back as paths', async () => {
    const app = await running()
    app.answerDialog('open', ['/a/b.png'])
    expect(await call(app, 'dialog.open', { what: 'files' })).toEqual({ ok: true, value: ['/a/b.png'] })
    app.answerDialog('open', null)
    expect(await call(app, 'dialog.open', { what: 'folder' })).toEqual({ ok: true, value: [] })
  })
})

describe('the window', () => {
  test('stays on its page, opens nothing, and hands only documentation to the browser', async () => {
    const app = await running()
    const { page } = app
    const before = page.context().pages().length
    await page.click('#out')
    await page.evaluate(() => {
      location.href = 'https://example.com/'
    })
    expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull()
    await page.evaluate(() => window.open('https://developers.weixin.qq.com/doc'))
    await app.report('open-external', report => report.url === 'https://developers.weixin.qq.com/doc')
    expect(app.reports.filter(report => report.kind === 'open-external')).toHaveLength(1)
    expect(page.url()).toBe('https://prescreen.localhost/')
    await eventually(() => page.context().pages().length).toBe(before)
  })

  test('that cannot hand a link to any browser says so, and the program goes on', async () => {
    const app = await start({ env: { PRESCREEN_STANDIN_LINKS: 'refused' } })
    const link = 'https://developers.weixin.qq.com/doc'
    await app.page.evaluate(address => window.open(address), link)
    await eventually(() => received(app, 'problem')).toEqual([{ code: 'link_not_opened', detail: link }])
    app.command({ kind: 'menu', label: 'QQ documentation' })
    await eventually(() => received(app, 'problem')).toHaveLength(2)
    expect(app.reports.filter(report => report.kind === 'error-box')).toEqual([])
    expect(await call(app, 'batches.list')).toMatchObject({ ok: true })
  })

  test('loads its page again when the page asks for it, and loses nothing meanwhile', async () => {
    const app = await start()
    await app.page.evaluate(() => {
      document.body.dataset.old = 'true'
      location.reload()
    })
    expect(await app.page.evaluate(() => document.body.dataset.old)).toBe('true')
    // The answer goes with the page that asked.
    call(app, 'window.reload').catch(() => undefined)
    await app.page.waitForSelector('[data-ready]:not([data-old])')
    expect(await received(app, 'problem')).toEqual([])
    await call(app, 'batches.sample')
    await eventually(() => received(app, 'batch')).toHaveLength(2)
  })

  test('is served under the content security policy, and its pictures by id', async () => {
    const app = await running()
    const fetched = await app.page.evaluate(async () => {
      const get = async (path: string) => {
        const response = await fetch(path)
        return {
          status: response.status,
          type: response.headers.get('content-type'),
          csp: response.headers.get('content-security-policy'),
        }
      }
      return {
        page: await get('/'),
        thumbnail: await get('/thumbnail/1?size=176&blur=strong&grey=0'),
        unknown: await get('/thumbnail/2?size=176&blur=strong&grey=0'),
        escape: await get('/..%2f..%2fpackage.json'),
      }
    })
    expect(fetched.page.csp).toContain("default-src 'none'; script-src 'self'")
    expect(fetched.thumbnail).toMatchObject({ status: 200, type: 'image/svg+xml' })
    expect(fetched.unknown).toMatchObject({ status: 404, type: 'image/svg+xml' })
    expect(fetched.escape.status).toBe(400)
  })

  test('runs no inline script and reaches no other host', async () => {
    const { page } = await running()
    const outcome = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      const reached = await fetch('https://example.com/').then(
        () => true,
        () => false,
      )
      return { injected: 'injected' in window, reached }
    })
    expect(outcome).toEqual({ injected: false, reached: false })
  })

  test('grants a page nothing', async () => {
    const { page } = await running()
    const states = await page.evaluate(() =>
      Promise.all(
        (['notifications', 'geolocation', 'camera', 'midi'] as PermissionName[]).map(
          async name => (await navigator.permissions.query({ name })).state,
        ),
      ),
    )
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
  })

  test('has a second one that shows what it is told, does nothing else, and ends with the first', async () => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir })
    const look = { asset: 7, revision: 1, isUncovered: false, piece: null, part: -1, hit: null }
    expect(await call(app, 'loupe.show', look)).toEqual({ ok: true, value: { isOpen: false } })
    expect(await call(app, 'loupe.toggle')).toEqual({ ok: true, value: { isOpen: true } })
    const [first] = app.reports.flatMap(report => (report.kind === 'window' ? [report.window] : []))
    const { window: number } = await app.report('window', report => report.window !== first)
    const second = await app.currentPage(number)
    await second.waitForSelector('[data-ready]')
    const ask = (name: string, input: unknown = {}) =>
      second.evaluate(
        ([callName, callInput]) => Reflect.get(globalThis, 'prescreen').invoke(callName as never, callInput as never),
        [name, input] as const,
      )
    expect(await ask('loupe.look')).toMatchObject({ ok: true, value: { look, language: 'en' } })
    for (const name of callNames.filter(name => !['loupe.look', 'loupe.toggle', 'asset.detail'].includes(name)))
      expect(await ask(name), name).toMatchObject({ ok: false, error: { code: 'bad_sender' } })
    await second.evaluate(() => {
      location.href = 'https://example.com/'
    })
    expect(await second.evaluate(() => window.open('https://example.com/'))).toBeNull()
    expect(second.url()).toBe('https://prescreen.localhost/?loupe')
    // The keys of the menu are the first window's.
    await second.keyboard.press('Control+k')
    // The window may be gone before the answer is there.
    await ask('loupe.toggle').catch(() => undefined)
    await eventually(() => received(app, 'loupeClosed')).toEqual([{}])
    expect(await received(app, 'command')).toEqual([])

    await call(app, 'loupe.toggle')
    expect(await app.quit()).toBe(0)
    const { loupeWindow } = JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'))
    expect(loupeWindow).toMatchObject({ maximized: false })
  })

  test('that crashes comes back and says what happened', async () => {
    const app = await start()
    app.command({ kind: 'crash-window' })
    await eventually(async () => {
      const page = await app.currentPage().catch(() => null)
      return page?.evaluate(() => Reflect.get(globalThis, 'info')?.value.startProblems).catch(() => null)
    }).toMatchObject([{ code: 'internal', detail: expect.stringContaining('was reloaded') }])
  })

  test('opens where it was', async () => {
    const dataDir = temporaryFolder()
    writeFileSync(
      join(dataDir, 'settings.json'),
      JSON.stringify({ window: { x: 40, y: 30, width: 1000, height: 640, maximized: false } }),
    )
    const app = await start({ dataDir })
    expect(await app.page.evaluate(() => [outerWidth, outerHeight])).toEqual([1000, 640])
    await app.quit()
    const { window } = JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'))
    expect(window).toMatchObject({ width: 1000, height: 640, maximized: false })
  })
})

describe('starting', () => {
  test('an engine that cannot be opened leaves a window that says why', async () => {
    const app = await start({ env: { TEST_ENGINE_FAILS: '1' } })
    expect(await call(app, 'app.info')).toMatchObject({
      ok: true,
      value: { startProblems: [{ code: 'database_newer', detail: 'version 99' }] },
    })
    expect(await call(app, 'batches.list')).toMatchObject({ ok: false, error: { code: 'database_newer' } })
    expect(await call(app, 'settings.get')).toMatchObject({ ok: true, value: { theme: 'system' } })
    expect(await app.quit()).toBe(0)
  })

  test('a damaged settings file is kept as a backup and spoken of', async () => {
    const dataDir = temporaryFolder()
    writeFileSync(join(dataDir, 'settings.json'), '{"settings": {"reviewer": "Li')
    const app = await start({ dataDir })
    const { value } = await app.page.evaluate(() => Reflect.get(globalThis, 'info'))
    expect(value.startProblems).toMatchObject([{ code: 'settings_corrupt' }])
    expect(readFileSync(join(dataDir, value.startProblems[0].detail), 'utf8')).toContain('"Li')
  })

  test('goes on when nobody reads its log any more', async () => {
    const app = await start({ stderr: 'closed' })
    expect(await call(app, 'grid.rows', { assets: [1] })).toMatchObject({ error: { code: 'internal' } })
    expect(await call(app, 'grid.rows', { assets: [1] })).toMatchObject({ error: { code: 'internal' } })
    expect(app.reports.filter(report => report.kind === 'error-box')).toEqual([])
    expect(await app.quit()).toBe(0)
  })

  // Nobody can write there, not even root; Electron would take the missing lock for a second start.
  test.skipIf(process.platform !== 'linux')('a data folder that cannot be written is spoken of', async () => {
    const app = await start({ dataDir: '/sys' })
    const { value } = await app.page.evaluate(() => Reflect.get(globalThis, 'info'))
    expect(value.startProblems).toEqual([{ code: 'not_writable', detail: '/sys' }])
  })

  test('a data folder that is a file is spoken of', async () => {
    const dataDir = join(temporaryFolder(), 'data')
    writeFileSync(dataDir, '')
    const app = await start({ dataDir })
    const { value } = await app.page.evaluate(() => Reflect.get(globalThis, 'info'))
    expect(value.startProblems).toEqual([{ code: 'not_writable', detail: dataDir }])
  })

  test('speaks the language of the system until a setting says otherwise', async () => {
    const app = await start({ language: 'zh' })
    expect(await call(app, 'app.info')).toMatchObject({ value: { language: 'zh' } })
    await call(app, 'settings.set', { language: 'en' })
    expect(await call(app, 'app.info')).toMatchObject({ value: { language: 'en' } })
    app.command({ kind: 'menu', label: 'Command palette' })
    await eventually(() => received(app, 'command')).toEqual([{ command: 'palette' }])
  })
})

describe('secrets', () => {
  const draft = {
    name: 'Brand A',
    platform: 'wechat',
    appid: 'wx0123456789abcdef',
    tokenMode: 'stable',
    brokerUrl: null,
    baseUrl: null,
    openids: [],
    scene: 1,
    sharePercent: 100,
    perMinute: null,
    perDay: null,
    imageMode: 'auto',
    id: null,
    secretEnv: null,
  }

  test('are not stored under weak protection until the user has chosen it', async () => {
    const app = await start()
    expect(await call(app, 'profiles.save', { draft, secret: 's3cret' })).toMatchObject({
      ok: false,
      error: { code: 'vault_weak' },
    })
    await call(app, 'settings.set', { weakVaultAccepted: true })
    expect(await call(app, 'profiles.save', { draft, secret: 's3cret' })).toMatchObject({
      error: { code: 'not_found' },
    })
    expect(await call(app, 'profiles.test', { id: 'x' })).toMatchObject({
      error: { detail: 'unsealed 6 characters' },
    })
  })

  test.each([
    ['changed', { PRESCREEN_STANDIN_KEYCHAIN: 'kwallet6' }, 'gnome_libsecret ≠ kwallet6'],
    ['locked', { PRESCREEN_STANDIN_KEYCHAIN: 'failing' }, 'keychain_failed'],
    ['lost', { PRESCREEN_STANDIN_KEYCHAIN: 'unavailable' }, 'no_keychain'],
  ])('kept by a keychain that is %s are asked for again', async (_what, env, detail) => {
    const dataDir = temporaryFolder()
    const first = await start({ dataDir, env: { PRESCREEN_STANDIN_KEYCHAIN: 'gnome_libsecret' } })
    await call(first, 'profiles.save', { draft, secret: 's3cret' })
    await first.quit()
    const second = await start({ dataDir, env })
    expect(await call(second, 'profiles.test', { id: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'vault_unavailable', detail: expect.stringContaining(detail) },
    })
  })
})

describe('the desktop', () => {
  test('is notified of a batch that ends while nobody looks, and only then', async () => {
    const app = await start()
    app.command({ kind: 'focus', focused: true })
    await call(app, 'batches.sample')
    await eventually(() => received(app, 'batch')).toHaveLength(2)
    expect(app.reports.filter(report => report.kind === 'notification')).toEqual([])
    app.command({ kind: 'focus', focused: false })
    await call(app, 'batches.sample')
    expect(await app.report('notification')).toMatchObject({
      title: 'Batch finished',
      body: '1 risky, 0 to review, 1 not checked',
    })
    app.command({ kind: 'click-notification' })
    await eventually(() => received(app, 'goTo')).toEqual([{ to: 'batch', batch: 'b_0000000000' }])
  })

  test('stays awake while calls leave', async () => {
    const app = await start()
    await call(app, 'batches.sample')
    await app.report('awake', report => !report.awake)
    expect(app.reports.filter(report => report.kind === 'awake').map(report => report.awake)).toEqual([true, false])
  })

  test('gets the evidence on its clipboard', async () => {
    const app = await start()
    expect(await call(app, 'asset.copyEvidence', { asset: 4, check: 2 })).toEqual({ ok: true, value: null })
    expect(await app.report('clipboard')).toMatchObject({ text: 'evidence of 4/2' })
    await app.page.focus('#field')
    await app.page.keyboard.press('Control+V')
    await eventually(() => app.page.locator('#field').inputValue()).toBe('evidence of 4/2')
  })

  test('gets a picture with its path, names as lines, and evidence as a table too', async () => {
    const app = await start()
    await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    expect(await call(app, 'asset.copyPicture', { asset: 3, piece: null })).toEqual({ ok: true, value: null })
    const picture = await app.report('clipboard')
    expect(picture).toMatchObject({ text: join(app.dataDir, '3.png') })
    expect(picture.pngBytes).toBeGreaterThan(0)
    expect(await call(app, 'assets.copyLines', { assets: [5, 6], what: 'names' })).toMatchObject({
      value: { copied: 2 },
    })
    await app.report('clipboard', ({ text }) => text === '5.png\n6.png')
    await call(app, 'asset.copyEvidence', { asset: 4, check: null })
    expect((await app.report('clipboard', ({ html }) => html !== undefined)).html).toContain('<td')
  })

  test('drags the files of assets, under a sign that shows nothing of them unless it may', async () => {
    const app = await start()
    writeFileSync(join(app.dataDir, 'poster.png'), '')
    expect(await call(app, 'assets.dragOut', { assets: [3, 4, 3, 12], isBare: true })).toEqual({
      ok: true,
      value: { dragged: 2, ofNone: 1, gone: 0, changed: 0, most: 500 },
    })
    const several = await app.report('drag')
    expect(several.files).toEqual([join(app.dataDir, '3.png'), join(app.dataDir, '4.png')])
    expect(several.iconBytes).toBeGreaterThan(100)
    await call(app, 'assets.dragOut', { assets: [12], isBare: true })
    expect(app.reports.filter(({ kind }) => kind === 'drag')).toHaveLength(1)
  })

  test('draws a context menu, which keeps the keys to itself and answers with what was chosen', async () => {
    const app = await start()
    const { page } = app
    const at = { x: 40, y: 30 }
    const batch = { of: 'batch', state: 'done', unchecked: 0, isOpen: false }
    const ask = (subject: unknown) => call(app, 'window.contextMenu', { subject, at })
    const clicked = ask(batch)
    await page.getByRole('menuitem', { name: 'Copy name' }).click()
    expect(await clicked).toEqual({ ok: true, value: { choice: 'batch', act: 'copyName' } })
    const byKey = ask(batch)
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Enter')
    expect(await byKey).toEqual({ ok: true, value: { choice: 'batch', act: 'open' } })
    expect(await received(app, 'command')).toEqual([])
    const dismissed = ask(batch)
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    expect(await dismissed).toEqual({ ok: true, value: null })

    await page.focus('#field')
    await page.keyboard.type('tea')
    await page.keyboard.press('Control+a')
    const cut = ask({ of: 'text', canEdit: true, hasSelection: true })
    await page.getByRole('menuitem', { name: 'Cut' }).click()
    expect(await cut).toEqual({ ok: true, value: null })
    await eventually(() => page.inputValue('#field')).toBe('')
  })

  test('shows the file of an asset, and exported files only', async () => {
    const app = await running()
    const file = join(app.dataDir, 'poster.png')
    const gone = encodeRemarks([remark('file_moved', { name: file })])
    expect(await call(app, 'asset.reveal', { asset: 1 })).toEqual({
      ok: false,
      error: { code: 'not_found', detail: gone },
    })
    writeFileSync(file, '')
    expect(await call(app, 'asset.reveal', { asset: 1 })).toEqual({ ok: true, value: { did: 'shown', why: null } })
    expect(await app.report('show-item')).toMatchObject({ path: file })
    expect(await call(app, 'asset.open', { asset: 1 })).toEqual({ ok: true, value: { did: 'opened', why: null } })
    expect(await app.report('open-path')).toMatchObject({ path: file })
    expect(await call(app, 'asset.reveal', { asset: 2 })).toMatchObject({ error: { code: 'not_found' } })
    expect(await call(app, 'reports.reveal', { file: '/etc/passwd' })).toMatchObject({ error: { code: 'not_found' } })
  })

  test('gets reports where the dialog says, PDF among them', async () => {
    const app = await start()
    const folder = temporaryFolder()
    const ask = (format: string) =>
      call(app, 'reports.export', { scope: { of: 'batch', batch: 'b_0000000000' }, format, language: 'en' })
    const csv = join(folder, 'r.csv')
    app.answerDialog('save', [csv])
    expect(await ask('csv')).toEqual({ ok: true, value: { file: csv, rows: 3 } })
    await eventually(() => received(app, 'exportProgress')).toEqual([{ file: csv, rows: 3, total: 3 }])
    const pdf = join(folder, 'r.pdf')
    app.answerDialog('save', [pdf])
    expect(await ask('pdf')).toEqual({ ok: true, value: { file: pdf, rows: 3 } })
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await call(app, 'reports.reveal', { file: pdf })).toEqual({ ok: true, value: null })
    expect(await call(app, 'reports.open', { file: pdf })).toEqual({ ok: true, value: null })
    expect(await app.report('open-path')).toMatchObject({ path: pdf })
    expect(await call(app, 'reports.open', { file: '/etc/passwd' })).toMatchObject({ error: { code: 'not_found' } })
    rmSync(pdf)
    expect(await call(app, 'reports.reveal', { file: pdf })).toMatchObject({
      error: { code: 'not_found', detail: pdf },
    })
    app.answerDialog('save', null)
    expect(await ask('html')).toEqual({ ok: true, value: null })
  })

  test('reaches the window by the accelerators of the menu, but not from a key that writes', async () => {
    const app = await start()
    await app.page.keyboard.press('Control+k')
    await eventually(() => received(app, 'command')).toEqual([{ command: 'palette' }])
    await app.page.focus('#field')
    await app.page.keyboard.press('Control+z')
    await app.page.keyboard.press('Control+f')
    await eventually(() => received(app, 'command')).toEqual([{ command: 'palette' }, { command: 'search' }])
  })
})

describe('quitting', () => {
  test('closes the engine and asks nothing', async () => {
    const app = await start({ dataDir: temporaryFolder() })
    expect(await app.quit()).toBe(0)
    expect(existsSync(join(app.dataDir, 'closed'))).toBe(true)
  })

  test('happens when the window is closed', async () => {
    const app = await start({ dataDir: temporaryFolder() })
    await app.page.close()
    await eventually(() => existsSync(join(app.dataDir, 'closed'))).toBe(true)
  })

  test('does not wait for ever for an engine that hangs', async () => {
    const app = await start({ env: { TEST_ENGINE_HANGS: '1' } })
    expect(await app.quit()).toBe(0)
    expect(app.stderr()).toContain('engine not closed in time')
  })

  test('while it goes on, a start is remembered with its files and made good', async () => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir, files: ['--data-dir', dataDir, '/first'], env: { TEST_ENGINE_HANGS: '1' } })
    const ending = app.quit()
    await eventually(() => existsSync(join(dataDir, 'closed'))).toBe(true)
    // What a second program does before it ends by itself, without the time that it needs for that.
    const { address } = JSON.parse(readFileSync(join(dataDir, 'SingletonLock.json'), 'utf8'))
    for (const files of [[], ['/more', '/posters']]) {
      const socket = connect(address)
      socket.end(JSON.stringify({ argv: ['program'], cwd: '/', additionalData: { files } }))
      await once(socket.resume(), 'close')
    }
    expect(await ending).toBe(0)
    expect(app.reports.filter(report => report.kind === 'relaunch')).toEqual([
      { kind: 'relaunch', args: [program.main, `--data-dir=${dataDir}`, '/more', '/posters'] },
    ])
  })

  const filesBelow = (folder: string) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter(name => !name.startsWith('browser'))

  test.each(['quit', 'kill'] as const)('by %s leaves no report that was becoming a PDF', async how => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir, env: { TEST_EXPORT_HANGS: '1' } })
    app.answerDialog('save', [join(temporaryFolder(), 'r.pdf')])
    const scope = { of: 'batch', batch: 'b_0000000000' }
    call(app, 'reports.export', { scope, format: 'pdf', language: 'en' }).catch(() => undefined)
    await eventually(() => filesBelow(dataDir).join()).toContain('report.html')
    await app[how]()
    if (how === 'kill') await start({ dataDir })
    expect(filesBelow(dataDir).join()).not.toContain('report')
  })

  test('takes away the part of an export that is not finished', async () => {
    const app = await start({ dataDir: temporaryFolder(), env: { TEST_EXPORT_HANGS: '1' } })
    const folder = temporaryFolder()
    app.answerDialog('save', [join(folder, 'r.csv')])
    const scope = { of: 'batch', batch: 'b_0000000000' }
    call(app, 'reports.export', { scope, format: 'csv', language: 'en' }).catch(() => undefined)
    await eventually(() => filesBelow(folder)).toHaveLength(1)
    expect(await app.quit()).toBe(0)
    expect(filesBelow(folder)).toEqual([])
    expect(existsSync(join(app.dataDir, 'closed'))).toBe(true)
    expect(app.stderr()).not.toContain('not closed in time')
  })

  test('by kill -9 leaves nothing in the way of the next start', async () => {
    const dataDir = temporaryFolder()
    const app = await start({ dataDir })
    await app.kill()
    const next = await start({ dataDir })
    expect(await call(next, 'batches.list')).toMatchObject({ ok: true })
  })
})
