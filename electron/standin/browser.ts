import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { type BrowserContext, chromium } from 'playwright'
import { findBrowser, hasDisplay, isExecutable } from '../engine/chromium/find-browser.ts'
import { isControlled } from './control.ts'

export interface BrowserOptions {
  readonly userDataDir: string
  readonly locale: string
  readonly bounds: {
    readonly x: number | null
    readonly y: number | null
    readonly width: number
    readonly height: number
  }
}

export const isHeadless = process.env.PRESCREEN_HEADLESS === '1' || !hasDisplay(process.platform, process.env)

/** A browser that tests share between many programs; each program has its own context in it. */
const sharedEndpoint = isControlled ? process.env.PRESCREEN_STANDIN_BROWSER : undefined

/** However busy the machine is, Electron waits until its window is there and shows what it loads. */
const noLimit = { timeout: 0 } as const

/** The window of a program, in the browser that tests share or in one of its own. */
export async function openBrowser(options: BrowserOptions): Promise<BrowserContext> {
  if (sharedEndpoint === undefined) return launchBrowser(options, isControlled ? 'debugged' : 'alone')
  const { x, y, width, height } = options.bounds
  const browser = await chromium.connectOverCDP(sharedEndpoint, noLimit)
  // Goes with the connection, also when the program is killed.
  const context = await browser.newContext({
    // Its windows have a tool bar, which would take its height from the page.
    viewport: { width, height },
    locale: options.locale,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    acceptDownloads: false,
  })
  const session = await context.newCDPSession(await context.newPage())
  const { windowId } = await session.send('Browser.getWindowForTarget')
  const position = x === null || y === null ? {} : { left: x, top: y }
  await session.send('Browser.setWindowBounds', { windowId, bounds: { ...position, width, height } })
  await session.detach()
  return context
}

/** Starts the installed browser with one window without address bar, on a profile of its own. */
export async function launchBrowser(options: BrowserOptions, use: 'alone' | 'debugged'): Promise<BrowserContext> {
  const browser = findBrowser({ platform: process.platform, env: process.env, isExecutable })
  if (browser.kind === 'bad-override') throw new Error(`PRESCREEN_BROWSER: ${browser.path} cannot be run`)
  if (browser.kind === 'none')
    throw new Error('No Chrome, Chromium or Edge is installed; PRESCREEN_BROWSER can name one')
  mkdirSync(options.userDataDir, { recursive: true })
  rmSync(portFile(options.userDataDir), { force: true })
  const { x, y, width, height } = options.bounds
  return chromium.launchPersistentContext(options.userDataDir, {
    ...noLimit,
    executablePath: browser.path,
    env: browserEnv(),
    headless: isHeadless,
    // Chrome refuses its sandbox to root, and only to root do we grant that.
    chromiumSandbox: process.getuid?.() !== 0,
    viewport: null,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    acceptDownloads: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // A window as people have it: no banner, no blank tab, visible scroll bars.
    ignoreDefaultArgs: ['about:blank', '--enable-automation', '--hide-scrollbars'],
    args: [
      '--app=data:text/html,',
      `--window-size=${width},${height}`,
      ...(x === null || y === null ? [] : [`--window-position=${x},${y}`]),
      `--lang=${options.locale}`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--disable-translate',
      '--metrics-recording-only',
      '--no-default-browser-check',
      '--no-first-run',
      '--no-pings',
      // Nobody looks at what a test draws: composed without an imitated graphics card it takes less of the processor.
      ...(use === 'debugged' ? ['--remote-debugging-port=0', '--disable-gpu'] : []),
    ],
  })
}

/** Under a locale without UTF-8, or one that is not installed, Chromium loses files whose names are not ASCII. */
function browserEnv(): Record<string, string> {
  const env = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return process.platform === 'linux' ? { ...Object.fromEntries(env), LC_ALL: 'C.UTF-8' } : Object.fromEntries(env)
}

/** Where a test can drive the browser that is already being driven; null where it was not started for that. */
export function debuggingEndpoint(userDataDir: string): string | null {
  if (sharedEndpoint !== undefined) return sharedEndpoint
  const file = portFile(userDataDir)
  if (!existsSync(file)) return null
  const [port] = readFileSync(file, 'utf8').split('\n')
  return `http://127.0.0.1:${port}`
}

const portFile = (userDataDir: string): string => join(userDataDir, 'DevToolsActivePort')
