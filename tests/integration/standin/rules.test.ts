import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The rules of Electron that the stand-in must keep, each shown by a small program that follows or breaks it. */

const run = resolve(import.meta.dirname, '../../../electron/standin/run.ts')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'prescreen-rules-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

let count = 0
async function runMain(
  source: string,
  files: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  count += 1
  const name = join(folder, `main-${count}.mjs`)
  writeFileSync(name, source)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const child = spawn(process.execPath, [run, name], {
    env: { ...process.env, PRESCREEN_HEADLESS: '1', HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

describe('the start', () => {
  test('ready comes after the entry module has been evaluated', async () => {
    const { stdout } = await runMain(`
      import { app } from 'electron'
      app.whenReady().then(() => { console.log('ready'); app.exit(0) })
      await new Promise(resolve => setImmediate(resolve))
      console.log('evaluated', app.isReady())`)
    expect(stdout).toBe('evaluated false\nready\n')
  })

  test('waiting for ready at the top level is a deadlock, and is called one', async () => {
    const { code, stderr } = await runMain(`
      import { app } from 'electron'
      await app.whenReady()`)
    expect(code).not.toBe(0)
    expect(stderr).toContain('Electron would hang here')
  })

  test.each([
    ['schemes', `protocol.registerSchemesAsPrivileged([])`],
    ['paths', `app.setPath('userData', '/nowhere')`],
    ['the lock', `app.requestSingleInstanceLock()`],
    ['the sandbox', `app.enableSandbox()`],
  ])('%s are settled before ready only', async (_what, statement) => {
    const { stdout } = await runMain(`
      import { app, protocol } from 'electron'
      app.whenReady().then(() => {
        try { ${statement} } catch (error) { console.log(error.message) }
        app.exit(0)
      })`)
    expect(stdout).toContain('must be called before the app is ready')
  })

  test.each([
    ['a window', `new BrowserWindow()`],
    ['the session', `session.defaultSession`],
    ['a handler of a scheme', `protocol.handle('app', () => new Response(''))`],
    ['a child', `utilityProcess.fork('x.js')`],
  ])('%s is to be had after ready only', async (_what, statement) => {
    const { stdout } = await runMain(`
      import { app, BrowserWindow, protocol, session, utilityProcess } from 'electron'
      try { ${statement} } catch (error) { console.log(error.message) }
      app.exit(0)`)
    expect(stdout).toContain('only be used after the app is ready')
  })

  test('secrets are to be had after ready only, and the keychain is unknown before', async () => {
    const { stdout } = await runMain(`
      import { app, safeStorage } from 'electron'
      console.log(safeStorage.getSelectedStorageBackend())
      await safeStorage.encryptStringAsync('x').catch(error => console.log(error.message))
      app.whenReady().then(async () => {
        console.log(safeStorage.getSelectedStorageBackend())
        const sealed = await safeStorage.encryptStringAsync('s3cret')
        console.log(sealed.includes('s3cret'), (await safeStorage.decryptStringAsync(sealed)).result)
        app.exit(0)
      })`)
    expect(stdout.split('\n')).toEqual([
      'unknown',
      expect.stringContaining('only be used after the app is ready'),
      'basic_text',
      'false s3cret',
      '',
    ])
  })
})

describe('what is not there', () => {
  test('fails by name when it is imported', async () => {
    const { code, stderr } = await runMain(`import { Tray } from 'electron'\nnew Tray()`)
    expect(code).not.toBe(0)
    expect(stderr).toContain("'Tray'")
  })

  test('fails by name when it is used', async () => {
    const { stdout } = await runMain(`
      import electron, { app } from 'electron'
      for (const use of [() => app.setBadgeCount(1), () => electron.Tray, () => app.dock]) {
        try { use() } catch (error) { console.log(error.message) }
      }
      app.exit(0)`)
    for (const name of ['app.setBadgeCount', 'electron.Tray', 'app.dock']) {
      expect(stdout).toContain(`${name} is not implemented in the stand-in`)
    }
  })

  test('fails by name when a window is made weaker', async () => {
    const { stdout } = await runMain(`
      import { app, BrowserWindow } from 'electron'
      app.whenReady().then(() => {
        for (const webPreferences of [{ nodeIntegration: true }, { contextIsolation: false }, { sandbox: false }, { webSecurity: false }]) {
          try { new BrowserWindow({ webPreferences }) } catch (error) { console.log(error.message) }
        }
        app.exit(0)
      })`)
    expect(stdout.trim().split('\n')).toHaveLength(4)
    expect(stdout).toContain('webPreferences.contextIsolation')
  })
})

test('a utility process speaks by its parentPort', async () => {
  const { stdout } = await runMain(
    `
    import { app, utilityProcess } from 'electron'
    import { join } from 'node:path'
    app.whenReady().then(() => {
      const child = utilityProcess.fork(join(import.meta.dirname, 'child.mjs'), [], { env: {} })
      child.on('message', message => { console.log(message instanceof Map, message.get('echo')); child.kill() })
      child.on('exit', () => app.exit(0))
      child.postMessage(new Uint8Array([1, 2, 3]))
    })`,
    {
      'child.mjs': `process.parentPort.on('message', ({ data }) => process.parentPort.postMessage(new Map([['echo', data.length]])))`,
    },
  )
  expect(stdout).toBe('true 3\n')
})

test('a utility process has no pid before it has spawned, and cannot be ended before', async () => {
  const { stdout } = await runMain(
    `
    import { app, utilityProcess } from 'electron'
    import { join } from 'node:path'
    app.whenReady().then(() => {
      const child = utilityProcess.fork(join(import.meta.dirname, 'idle.mjs'), [], { env: {} })
      console.log(child.pid, child.kill())
      child.on('spawn', () => console.log(typeof child.pid, child.kill()))
      child.on('exit', () => { console.log(child.pid); app.exit(0) })
    })`,
    { 'idle.mjs': `process.parentPort.on('message', () => undefined)` },
  )
  expect(stdout).toBe('undefined false\nnumber true\nundefined\n')
})

test('a second start hands over its options first, and what it adds itself as it stands', async () => {
  const { stdout } = await runMain(`
    import { spawn } from 'node:child_process'
    import { app } from 'electron'
    const isFirst = app.requestSingleInstanceLock({ files: ['/a b'] })
    if (!isFirst) app.quit()
    else {
      app.on('second-instance', (_event, argv, _cwd, data) => {
        console.log(JSON.stringify([argv.slice(1, 4), argv.slice(5), data]))
        app.exit(0)
      })
      app.whenReady().then(() => spawn(process.execPath, [${JSON.stringify(run)}, process.argv[1], '--folder', 'D', '--x', '/a b']))
    }`)
  expect(JSON.parse(stdout)).toEqual([
    ['--folder', '--x', '--allow-file-access-from-files'],
    ['D', '/a b'],
    { files: ['/a b'] },
  ])
})

test('a program that is to start again does so after its end, as often as it asked', async () => {
  const { stdout } = await runMain(`
    import { app } from 'electron'
    app.whenReady().then(() => {
      console.log(process.argv.slice(2).join())
      if (process.argv.length === 2) app.relaunch({ args: [process.argv[1], 'again', '/a b'] })
      app.exit(0)
    })`)
  expect(stdout).toBe('\nagain,/a b\n')
})

test('undo in a field is the field’s own with Ctrl, and the menu’s with ⌘, as Chromium has it', async () => {
  const { stdout } = await runMain(
    `
    import { app, BrowserWindow, ipcMain, Menu, protocol } from 'electron'
    import { join } from 'node:path'
    protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
    app.whenReady().then(() => {
      const page = '<input id="field" autofocus><script src="/page.js"></script>'
      protocol.handle('app', request => new URL(request.url).pathname === '/page.js'
        ? new Response('run()', { headers: { 'content-type': 'text/javascript' } })
        : new Response(page, { headers: { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" } }))
      const item = (accelerator, click) => ({ label: accelerator, accelerator, click })
      Menu.setApplicationMenu(Menu.buildFromTemplate([
        { label: 'Edit', submenu: [
          item('Control+Z', () => console.log('ctrl')),
          item('Command+Z', () => { console.log('command'); app.exit(0) }),
        ] },
      ]))
      const window = new BrowserWindow({ webPreferences: { preload: join(import.meta.dirname, 'keys-preload.cjs') } })
      window.loadURL('app://host/')
    })`,
    {
      'keys-preload.cjs': `
        globalThis.run = () => {
          const field = document.getElementById('field')
          field.focus()
          const press = modifier => field.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'z', [modifier]: true, bubbles: true, cancelable: true }))
          // Until the page has heard of the menu nothing comes of it.
          setInterval(() => { press('ctrlKey'); press('metaKey') }, 50)
        }`,
    },
  )
  expect(stdout.split('\n')[0]).toBe('command')
})

describe('between page and main process', () => {
  /** One window; what its page and preload came to see. */
  let seen: Record<string, unknown>
  let output: Outcome

  beforeAll(async () => {
    output = await runMain(
      `
      import { app, BrowserWindow, ipcMain, protocol, session } from 'electron'
      import { join } from 'node:path'
      protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
      const navigations = []
      app.on('web-contents-created', (_event, contents) => {
        contents.on('will-navigate', (event, url) => {
          navigations.push(url)
          if (url.endsWith('/forbidden')) event.preventDefault()
        })
        contents.on('will-redirect', (event, url) => {
          navigations.push('redirect ' + url)
          event.preventDefault()
        })
        contents.setWindowOpenHandler(() => ({ action: 'deny' }))
      })
      const seen = {}
      app.whenReady().then(async () => {
        protocol.handle('app', request => {
          const { pathname } = new URL(request.url)
          if (pathname === '/old') return new Response(null, { status: 302, headers: { location: '/second' } })
          const html = pathname === '/second' ? '<title>second</title>' : '<title>first</title>' +
            '<script src="/page.js"></script>'
          return pathname === '/page.js'
            ? new Response('run()', { headers: { 'content-type': 'text/javascript' } })
            : new Response(html, { headers: { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" } })
        })
        ipcMain.handle('echo', (event, value) => {
          seen.sender = { url: event.senderFrame.url, parent: event.senderFrame.parent, origin: event.senderFrame.origin }
          seen.types = [value.map instanceof Map, value.date instanceof Date, value.bytes instanceof Uint8Array, value.self === value]
          return value
        })
        ipcMain.handle('fail', () => { throw Object.assign(new TypeError('the message'), { code: 'E_CODE' }) })
        ipcMain.handle('function', () => () => 1)
        ipcMain.handle('heard', async (_event, what) => {
          while (!navigations.some(url => url.includes(what))) await new Promise(setImmediate)
        })
        ipcMain.handle('done', (_event, result) => {
          Object.assign(seen, result)
          window.webContents.on('did-finish-load', () => {
            seen.navigations = navigations
            seen.url = window.webContents.getURL()
            if (!seen.url.endsWith('/second')) return
            console.log(JSON.stringify(seen))
            app.exit(0)
          })
        })
        try { ipcMain.handle('done', () => undefined) } catch (error) { seen.secondHandler = error.message }
        const stranger = new BrowserWindow({ show: false })
        await stranger.loadURL('other://host/').catch(error => { seen.unregistered = error.message })
        const window = new BrowserWindow({ webPreferences: { preload: join(import.meta.dirname, 'preload.cjs') } })
        window.loadURL('app://host/')
      })`,
      {
        'preload.cjs': `
          const { contextBridge, ipcRenderer, webUtils } = require('electron')
          const failure = action => { try { action(); return 'none' } catch (error) { return error.message } }
          const message = promise => promise.then(() => 'none', error => error.message + ' ' + error.code)
          class Point { constructor() { this.x = 1 } norm() { return 1 } }
          let received
          contextBridge.exposeInMainWorld('api', { point: new Point(), double: x => x * 2, fails: () => { throw Object.assign(new Error('m'), { code: 1 }) }, list: [1, { two: 2 }], later: async () => new Map([[1, 2]]), same: file => file })
          globalThis.run = async () => {
            const value = { map: new Map([[1, 2]]), date: new Date(5), bytes: new Uint8Array([1, 2]), nan: NaN, none: undefined }
            value.self = value
            const back = await ipcRenderer.invoke('echo', value)
            const file = new File(['x'], 'x.txt')
            const result = {
              requireFs: failure(() => require('node:fs')),
              requireZod: failure(() => require('zod')),
              clipboard: failure(() => require('electron').clipboard),
              sendSync: failure(() => ipcRenderer.sendSync('x')),
              back: [back.map.get(1), back.date.getTime(), back.bytes.length, Number.isNaN(back.nan), 'none' in back, back.self === back],
              error: await message(ipcRenderer.invoke('fail')),
              unclonable: await message(ipcRenderer.invoke('echo', () => 1)),
              unclonableAnswer: await message(ipcRenderer.invoke('function')),
              noHandler: await message(ipcRenderer.invoke('nobody')),
              bridge: [typeof api.point.norm, api.point.x, api.double(2), Object.isFrozen(api.list[1]), (await api.later()).get(1), api.same(file) === file],
              bridgeError: failure(() => api.fails()),
              again: failure(() => contextBridge.exposeInMainWorld('api', {})),
              path: webUtils.getPathForFile(file),
              noFile: failure(() => webUtils.getPathForFile({ name: 'x' })),
              opened: window.open('https://example.com/'),
              notifications: (await navigator.permissions.query({ name: 'geolocation' })).state,
            }
            location.href = '/forbidden'
            await ipcRenderer.invoke('heard', '/forbidden')
            result.stayed = document.title
            location.href = '/old'
            await ipcRenderer.invoke('heard', 'redirect ')
            await ipcRenderer.invoke('done', result)
            location.href = '/second'
          }`,
      },
    )
    seen = JSON.parse(output.stdout || '{}')
  })

  test('a preload may require electron and nothing else', () => {
    expect(seen.requireFs, output.stderr).toContain('module not found: node:fs')
    expect(seen.requireZod).toContain('module not found: zod')
  })

  test('a preload has no clipboard and nothing synchronous', () => {
    expect(seen.clipboard).toContain('electron.clipboard is not implemented')
    expect(seen.sendSync).toContain('ipcRenderer.sendSync is not implemented')
  })

  test('invoke clones structurally, there and back', () => {
    expect(seen.types).toEqual([true, true, true, true])
    expect(seen.back).toEqual([2, 5, 2, true, true, true])
    expect(seen.unclonable).toContain('could not be cloned')
    expect(seen.unclonableAnswer).toContain('could not be cloned')
  })

  test('of an error only the message survives', () => {
    expect(seen.error).toBe("Error invoking remote method 'fail': TypeError: the message undefined")
    expect(seen.noHandler).toContain("No handler registered for 'nobody'")
    expect(seen.secondHandler).toContain("second handler for 'done'")
  })

  test('the bridge copies values, proxies functions, leaves prototypes behind and is there once', () => {
    expect(seen.bridge).toEqual(['undefined', 1, 4, true, 2, true])
    expect(seen.bridgeError).toBe('m')
    expect(seen.again).toContain('Cannot bind an API')
  })

  test('the sender is named by the address of the program, not of the browser', () => {
    expect(seen.sender).toEqual({ url: 'app://host/', parent: null, origin: 'app://host' })
  })

  test('a file that the page made has no path, and what is no file is refused', () => {
    expect(seen.path).toBe('')
    expect(seen.noFile).toContain('needs a File')
  })

  test('navigation is asked about, and goes on unless it is prevented', () => {
    expect(seen.navigations).toEqual([
      'app://host/forbidden',
      'app://host/old',
      'redirect app://host/second',
      'app://host/second',
    ])
    expect(seen.stayed).toBe('first')
    expect(seen.url).toBe('app://host/second')
    expect(seen.opened).toBeNull()
  })

  test('without handlers a page is permitted everything, as in Electron', () => {
    expect(seen.notifications).toBe('granted')
  })

  test('an address of a scheme that was not registered is not loaded', () => {
    expect(seen.unregistered).toContain('not registered as standard and secure')
  })
})
