import { readFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'
import type { BrowserContext, Page } from 'playwright'
import { afterLastWindow } from './app.ts'
import { type BrowserOptions, debuggingEndpoint } from './browser.ts'
import { onCommand, report } from './control.ts'
import { emitterMethods, preventable } from './events.ts'
import { lifecycle, onlyAfterReady } from './lifecycle.ts'
import { onMenuChange, providePopups } from './menu.ts'
import { getPath } from './paths.ts'
import { toBrowserUrl } from './protocol.ts'
import { applyPermissions } from './session.ts'
import { notImplemented, strict } from './strict.ts'
import { targetOf } from './target.ts'
import { attachPage, type PageOptions } from './window/attach-page.ts'
import { refreshBounds, setWindowState } from './window/geometry.ts'
import { answerPageMessage } from './window/page-messages.ts'
import { createWindowState, sendAccelerators, setFocused, tellPage, type WindowState } from './window/state.ts'
import { crashPage, createWebContents } from './window/web-contents.ts'
import { addWindow, openPage, removeWindow, type WindowHandle } from './windows.ts'

let nextId = 1
/** The windows that people see, for `focus` and other commands of a test. */
const shown = new Set<WindowState>()

/** One window: a page of the browser, with the events, the bridge and the refusals of Electron. */
function createWindow(options: BrowserWindowConstructorOptions) {
  const preferences: WebPreferences = options.webPreferences ?? {}
  refuseWeakPreferences(preferences)
  const preload = preferences.preload === undefined ? null : readFileSync(preferences.preload, 'utf8')
  const state = createWindowState(nextId, options)
  const handle: WindowHandle = { close: () => close(state, handle), page: () => state.page }
  const webContents = createWebContents(state, async () => {
    if (state.isCrashed) await replaceCrashedPage(state, await opened, pageOptions)
    await loadURL(state.address)
  })
  const pageOptions: PageOptions = {
    preload,
    isBridged: state.partition === null,
    isScriptEnabled: preferences.javascript !== false,
    onMessage: (frame, text) => answerPageMessage(state, webContents, frame, text),
    onClose: () => afterClose(state, handle),
  }
  const { width, height } = state.normalBounds
  const browserOptions: BrowserOptions = {
    userDataDir: getPath('sessionData', ''),
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    bounds: { x: options.x ?? null, y: options.y ?? null, width, height },
  }
  const opened = open(state, browserOptions, pageOptions)
  const loadURL = async (url: string): Promise<void> => {
    await opened
    await load(state, url, browserOptions.userDataDir)
  }
  const changeState = (windowState: 'normal' | 'maximized'): void => {
    opened
      .then(() => (state.page === null ? undefined : setWindowState(state.page, windowState)))
      .catch(() => undefined)
  }
  const window = strict('BrowserWindow', {
    ...emitterMethods(state.windowEvents),
    id: state.id,
    webContents,
    loadURL,
    close: handle.close,
    destroy: () => destroy(state, handle),
    isDestroyed: () => state.isDestroyed,
    isFocused: () => state.isFocused,
    isVisible: () => !state.isDestroyed && state.isVisibleAtStart,
    isMinimized: () => false,
    isMaximized: () => state.isMaximized,
    maximize: () => changeState('maximized'),
    restore: () => changeState('normal'),
    show: () => undefined,
    focus: () => void state.page?.bringToFront().catch(() => undefined),
    getNormalBounds: () => state.normalBounds,
    removeMenu: () => {
      state.hasMenu = false
      sendAccelerators(state)
    },
  })
  nextId += 1
  addWindow(handle)
  if (state.isVisibleAtStart) shown.add(state)
  lifecycle.emitter.emit('web-contents-created', {}, webContents)
  return window
}

/** The browser's context, when the window's page is ready for its first address. */
function open(state: WindowState, browserOptions: BrowserOptions, pageOptions: PageOptions): Promise<BrowserContext> {
  const opened = openPage(browserOptions, state.partition).then(async ({ context, page }) => {
    await applyPermissions(context, null as never, state.partition)
    await attachPage(state, page, pageOptions)
    context.on('close', pageOptions.onClose)
    return context
  })
  opened.catch((error: unknown) => {
    // A window that is closed before its page was there misses nothing, and who opened a hidden one is told.
    if (state.isDestroyed || state.partition !== null) return
    // Without a browser there is no window to say so in.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  })
  return opened
}

async function load(state: WindowState, url: string, userDataDir: string): Promise<void> {
  const { page } = state
  if (page === null) throw new Error('The window is closed')
  state.address = url
  state.isLoadingByMain = true
  const response = await page.goto(toBrowserUrl(url), { waitUntil: 'load' })
  state.isLoadingByMain = false
  // What a debugger answers is no response to the driver of the browser.
  const isAnswered = response !== null || page.url() === url
  if (!isAnswered && !url.startsWith('about:')) throw new Error(`ERR_FAILED loading '${url}'`)
  await refreshBounds(state, page).catch(() => undefined)
  const endpoint = debuggingEndpoint(userDataDir)
  if (endpoint !== null && state.isVisibleAtStart)
    report({ kind: 'window', window: state.id, endpoint, target: await targetOf(page) })
}

/** A browser does not revive a crashed page: another takes its place. */
async function replaceCrashedPage(state: WindowState, context: BrowserContext, options: PageOptions): Promise<void> {
  const crashed = state.page
  await attachPage(state, await context.newPage(), options)
  crashed?.close().catch(() => undefined)
}

function close(state: WindowState, handle: WindowHandle): void {
  if (state.isDestroyed) return
  const event = preventable({})
  state.windowEvents.emit('close', event)
  if (!event.defaultPrevented) destroy(state, handle)
}

function destroy(state: WindowState, handle: WindowHandle): void {
  const { page } = state
  afterClose(state, handle)
  page?.close().catch(() => undefined)
}

function afterClose(state: WindowState, handle: WindowHandle): void {
  if (state.isDestroyed) return
  state.isDestroyed = true
  state.page = null
  shown.delete(state)
  const left = removeWindow(handle)
  state.contentsEvents.emit('destroyed')
  state.windowEvents.emit('closed')
  if (left === 0) afterLastWindow()
}

/** What would weaken a window is not merely missing here: it must not be asked for. */
function refuseWeakPreferences(preferences: WebPreferences): void {
  const weak: [keyof WebPreferences, unknown][] = [
    ['nodeIntegration', true],
    ['contextIsolation', false],
    ['sandbox', false],
    ['webSecurity', false],
    ['allowRunningInsecureContent', true],
    ['webviewTag', true],
    ['nodeIntegrationInSubFrames', true],
  ]
  for (const [name, value] of weak) if (preferences[name] === value) throw notImplemented(`webPreferences.${name}`)
}

export class BrowserWindow {
  constructor(options: BrowserWindowConstructorOptions = {}) {
    onlyAfterReady('BrowserWindow')
    // biome-ignore lint/correctness/noConstructorReturn: Electron's windows are made with `new`.
    return createWindow(options) as unknown as BrowserWindow
  }
}

export function firstPage(): Page | null {
  for (const { page } of shown) if (page !== null) return page
  return null
}

const stateOf = (id: number): WindowState | undefined => [...shown].find(state => state.id === id)

providePopups(
  (id, popup) =>
    new Promise(resolve => {
      const state = stateOf(id)
      if (state === undefined) return resolve(null)
      state.answerPopup?.(null)
      state.answerPopup = chosen => {
        state.answerPopup = null
        resolve(chosen)
      }
      tellPage(state.mailbox, { kind: 'popup', popup })
    }),
  (id, role) => {
    const page = stateOf(id)?.page
    if (page != null) editPage(page, role).catch(() => undefined)
  },
)

/** Editing commands of the browser's own, such as `copy`, as the keys of a field would do them. */
async function editPage(page: Page, role: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  try {
    // A key that writes nothing carries them.
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', commands: [role] })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp' })
  } finally {
    await session.detach().catch(() => undefined)
  }
}

onMenuChange(() => {
  for (const state of shown) sendAccelerators(state)
})
onCommand('focus', ({ focused }) => {
  for (const state of shown) setFocused(state, focused)
})
onCommand('crash-window', () => {
  for (const state of shown) crashPage(state)
})
