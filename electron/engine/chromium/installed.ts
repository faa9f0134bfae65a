/** An installed Chrome, Chromium or Edge, started without a window for as long as the program needs it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { handedDown } from '../base/child-process.ts'
import { onAbort } from '../base/concurrency/shared-abort-listener.ts'
import { isLocked, takeLock } from '../base/file-lock.ts'
import type { Chromium, DevToolsPage, Fields, PageSize } from './chromium.ts'
import { connectPipe, type PipeConnection } from './pipe.ts'

export interface InstalledOptions {
  /** The program file. */
  readonly path: string
  /** How long it may take to start, in milliseconds. */
  readonly startMs?: number
}

interface RunningBrowser {
  readonly connection: PipeConnection
  readonly process: ChildProcess
  readonly exited: Promise<void>
}

/** Starts it when the first page is opened, and anew after it has died. */
export function installedChromium({ path, startMs = 20_000 }: InstalledOptions): Chromium {
  let running: Promise<RunningBrowser> | null = null
  let isClosed = false
  const start = async (): Promise<RunningBrowser> => {
    const browser = startBrowser(path)
    void browser.exited.then(() => {
      running = null
    })
    const timer = setTimeout(() => browser.process.kill('SIGKILL'), startMs)
    try {
      await browser.connection.send('Browser.getVersion')
      return browser
    } catch (error) {
      browser.process.kill('SIGKILL')
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    open: async (size, signal) => {
      signal.throwIfAborted()
      if (isClosed) throw new Error('Chromium is closed')
      running ??= start()
      const starting = running
      const browser = await starting.catch(error => {
        if (running === starting) running = null
        throw error
      })
      return await openPage(browser.connection, size, signal)
    },
    close: async () => {
      isClosed = true
      const browser = await running?.catch(() => null)
      if (browser == null) return
      browser.connection.send('Browser.close').catch(() => undefined)
      const timer = setTimeout(() => browser.process.kill('SIGKILL'), endsWithinMs)
      await browser.exited.finally(() => clearTimeout(timer))
    },
  }
}

const endsWithinMs = 3_000
/** Nothing listens there. All that is not answered for the page goes through it, addresses of this machine too, and so goes nowhere. */
const nowhere = { proxyServer: 'http://127.0.0.1:1', proxyBypassList: '<-loopback>' }

/** https://peter.sh/experiments/chromium-command-line-switches/ */
const switches = [
  '--headless=new',
  // No port: whoever holds the other ends of the pipe drives it, and it ends with them.
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--no-pings',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-extensions-with-background-pages',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--mute-audio',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--disable-gpu',
  // Pages that nobody looks at are drawn all the same.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  `--proxy-server=${nowhere.proxyServer}`,
  `--proxy-bypass-list=${nowhere.proxyBypassList}`,
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,InterestFeedContentSuggestions,AutofillServerCommunication',
]

function startBrowser(path: string): RunningBrowser {
  const folder = makeProfileFolder()
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  const browser = spawn(
    path,
    [
      ...switches,
      `--user-data-dir=${folder.path}`,
      // Chromium refuses its sandbox to root, and only to root do we grant that.
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
    {
      // Under a locale without UTF-8 it loses names that are not ASCII.
      env: { ...handedDown(process.env), ...(process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {}) },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    },
  )
  const exited = new Promise<void>(resolve => {
    browser.once('exit', () => resolve())
    browser.once('error', () => resolve())
  }).then(folder.remove)
  const connection = connectPipe(browser.stdio[3] as Writable, browser.stdio[4] as Readable)
  return { connection, process: browser, exited }
}

const folderName = 'prescreen-browser-'
const lockName = 'prescreen.lock'
/** A program that is just beginning has its folder a moment before it has the lock. */
const beginsWithinMs = 60_000

/** A profile of its own in the system's folder for what is not kept; those of programs that were killed are removed. */
function makeProfileFolder(): { readonly path: string; readonly remove: () => void } {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(folderName)) continue
    const path = join(tmpdir(), name)
    try {
      const isNew = Date.now() - statSync(path).mtimeMs < beginsWithinMs
      if (!isNew && !isLocked(join(path, lockName))) rmSync(path, { recursive: true })
    } catch {
      // Somebody else's, or another program was faster.
    }
  }
  const path = mkdtempSync(join(tmpdir(), folderName))
  const lock = takeLock(join(path, lockName))
  return {
    path,
    remove: () => {
      if (typeof lock === 'object') lock.release()
      // Its last processes may be writing still.
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

const contextSchema = z.object({ browserContextId: z.string() })
const targetSchema = z.object({ targetId: z.string() })
const sessionSchema = z.object({ sessionId: z.string() })

async function openPage(browser: PipeConnection, size: PageSize, signal: AbortSignal): Promise<DevToolsPage> {
  const { browserContextId } = contextSchema.parse(
    await browser.send('Target.createBrowserContext', { disposeOnDetach: true, ...nowhere }),
  )
  const dispose = () =>
    browser.send('Target.disposeBrowserContext', { browserContextId }).then(
      () => undefined,
      () => undefined,
    )
  try {
    const target = { url: 'about:blank', browserContextId, ...size }
    const { targetId } = targetSchema.parse(await browser.send('Target.createTarget', target))
    const attached = await browser.send('Target.attachToTarget', { targetId, flatten: true })
    const page = pageOf(browser, sessionSchema.parse(attached).sessionId, targetId, dispose)
    const forget = onAbort(signal, () => void page.close())
    void page.gone.then(forget)
    signal.throwIfAborted()
    return page
  } catch (error) {
    await dispose()
    throw error
  }
}

function pageOf(browser: PipeConnection, session: string, target: string, dispose: () => Promise<void>): DevToolsPage {
  const gone = Promise.withResolvers<never>()
  // Nobody may be waiting when it goes.
  gone.promise.catch(() => undefined)
  const listeners = new Set<(method: string, params: Fields) => void>()
  const stop = browser.on(event => {
    if (event.session === session) for (const listener of listeners) listener(event.method, event.params)
    const isGone =
      (event.session === session && event.method === 'Inspector.targetCrashed') ||
      (/^Target\.(?:targetCrashed|targetDestroyed)$/.test(event.method) && event.params.targetId === target) ||
      (event.method === 'Target.detachedFromTarget' && event.params.sessionId === session)
    if (isGone) gone.reject(new Error('the page is gone'))
  })
  void browser.closed.then(() => gone.reject(new Error('Chromium has ended')))
  const send = (method: string, params?: Fields) => Promise.race([browser.send(method, params, session), gone.promise])
  return {
    send,
    gone: gone.promise.catch(stop),
    on: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    navigate: async url => {
      const { errorText } = await send('Page.navigate', { url })
      if (errorText !== undefined) throw new Error(String(errorText))
    },
    close: async () => {
      gone.reject(new Error('the page is closed'))
      await dispose()
    },
  }
}
