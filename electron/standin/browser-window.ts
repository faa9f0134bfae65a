import { readFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions, PrintToPDFOptions, Rectangle, WebPreferences } from 'electron'
import type { BrowserContext, CDPSession, Frame, Page, Route } from 'playwright'
import { afterLastWindow } from './app.ts'
import { debuggingEndpoint } from './browser.ts'
import { codec } from './codec.ts'
import { onCommand, report } from './control.ts'
import { createEmitter, emitterMethods, preventable } from './events.ts'
import { answerFilePaths } from './file-paths.ts'
import { type InvokeEvent, invoke, type SenderFrame } from './ipc.ts'
import { lifecycle, onlyAfterReady } from './lifecycle.ts'
import { accelerators, onMenuChange } from './menu.ts'
import { nativeThemeScheme } from './native-theme.ts'
import { preloadScript } from './page/script.ts'
import { getPath } from './paths.ts'
import { answerRoute, fromBrowserUrl, toBrowserUrl } from './protocol.ts'
import { applyPermissions } from './session.ts'
import { notImplemented, strict } from './strict.ts'
import { targetOf } from './target.ts'
import { addWindow, openPage, removeWindow } from './windows.ts'

type PageMessage =
  | { kind: 'invoke'; channel: string; args: unknown[] }
  | { kind: 'receive'; documentId: string }
  | { kind: 'document'; documentId: string }
  | { kind: 'accelerator'; name: string }
  | { kind: 'open'; url: string; frameName: string; features: string }
  | { kind: 'window'; event: 'focus' | 'blur' | 'resize' }

let nextId = 1
/** The windows that people see, for `focus` and other commands of a test. */
const shown = new Set<StandInWindow>()

type StandInWindow = ReturnType<typeof createWindow>

/** One window: a page of the browser, with the events, the bridge and the refusals of Electron. */
function createWindow(options: BrowserWindowConstructorOptions) {
  const preferences: WebPreferences = options.webPreferences ?? {}
  refuseWeakPreferences(preferences)
  const preload = preferences.preload === undefined ? null : readFileSync(preferences.preload, 'utf8')
  const windowEvents = createEmitter()
  const contentsEvents = createEmitter()
  const isVisibleAtStart = options.show !== false
  const binding = `__electron_${crypto.randomUUID().replaceAll('-', '')}`

  let page: Page | null = null
  let isDestroyed = false
  let isFocused = false
  let isMaximized = false
  let isCrashed = false
  let address = ''
  let isLoadingByMain = false
  let openHandler: ((details: { url: string; frameName: string; features: string }) => { action: string }) | null = null
  let bounds: Rectangle = {
    x: options.x ?? 0,
    y: options.y ?? 0,
    width: options.width ?? 800,
    height: options.height ?? 600,
  }

  // ---- messages to the page wait until it asks for them; those to a document that has gone are dropped
  let queue: { channel: string; args: readonly unknown[] }[] = []
  let documentId = ''
  let deliver: ((text: string) => void) | null = null
  const flush = () => {
    if (deliver === null || queue.length === 0) return
    const text = codec.encode(queue)
    queue = []
    deliver(text)
    deliver = null
  }
  const enqueue = (channel: string, args: readonly unknown[]) => {
    queue.push({ channel, args: args.map(item => codec.decode(codec.encode(item))) })
    // What is sent in one turn travels together: each way to the page costs more than what it carries.
    if (queue.length === 1) setImmediate(flush)
  }
  const sendAccelerators = () => {
    queue.push({ channel: '', args: [...accelerators().keys()] })
    flush()
  }

  const onPageMessage = async (frame: Frame, text: string): Promise<string> => {
    const message = codec.decode(text) as PageMessage
    switch (message.kind) {
      case 'invoke': {
        const event: InvokeEvent = { sender: webContents, senderFrame: senderFrame(frame) }
        const answer = await invoke(event, message.channel, message.args)
        try {
          return codec.encode(answer)
        } catch (error) {
          return codec.encode({ kind: 'error', message: String(error) })
        }
      }
      case 'document':
        documentId = message.documentId
        deliver = null
        queue = []
        sendAccelerators()
        return codec.encode(null)
      case 'receive':
        if (message.documentId !== documentId) return new Promise(() => undefined)
        return new Promise(resolve => {
          deliver = resolve
          flush()
        })
      case 'accelerator':
        accelerators().get(message.name)?.()
        return codec.encode(null)
      case 'open':
        askToOpen(message)
        return codec.encode(null)
      case 'window':
        onWindowEvent(message.event)
        return codec.encode(null)
    }
  }

  const onWindowEvent = (name: 'focus' | 'blur' | 'resize') => {
    if (name === 'resize' && page !== null) {
      refreshBounds(page).then(
        () => windowEvents.emit('resize'),
        () => undefined,
      )
    }
    if (name !== 'resize') setFocused(name === 'focus')
  }
  const setFocused = (focused: boolean) => {
    if (isFocused === focused) return
    isFocused = focused
    windowEvents.emit(focused ? 'focus' : 'blur')
  }
  const refreshBounds = async (of: Page) => {
    const session = await of.context().newCDPSession(of)
    try {
      const { bounds: found } = await session.send('Browser.getWindowForTarget')
      isMaximized = found.windowState === 'maximized'
      if (found.windowState === 'normal') {
        const { left = bounds.x, top = bounds.y, width = bounds.width, height = bounds.height } = found
        bounds = { x: left, y: top, width, height }
      }
    } finally {
      await session.detach().catch(() => undefined)
    }
  }
  const setWindowState = async (windowState: 'normal' | 'minimized' | 'maximized') => {
    const { page: shownPage } = await opened
    const session = await shownPage.context().newCDPSession(shownPage)
    try {
      const { windowId } = await session.send('Browser.getWindowForTarget')
      await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } })
    } finally {
      await session.detach().catch(() => undefined)
    }
  }

  const askToOpen = (details: { url: string; frameName: string; features: string }) => {
    const { action } = openHandler?.({ ...details, url: fromBrowserUrl(details.url) }) ?? { action: 'allow' }
    if (action !== 'deny') throw notImplemented('a window that a page opens')
  }

  // ---- requests: navigation is asked about first, custom addresses are answered by their handler
  const onRoute = async (route: Route) => {
    const request = route.request()
    const url = fromBrowserUrl(request.url())
    if (request.isNavigationRequest() && !(await mayNavigate(request.frame(), url))) return route.abort('aborted')
    const isAnswered = await answerRoute(route, target => {
      const event = preventable({ url: target, isSameDocument: false, isMainFrame: true })
      contentsEvents.emit('will-redirect', event, target)
      return !event.defaultPrevented
    })
    if (!isAnswered) await route.continue()
  }
  const mayNavigate = async (frame: Frame, url: string): Promise<boolean> => {
    if (frame.parentFrame() !== null) return true
    if (isLoadingByMain) {
      isLoadingByMain = false
      return true
    }
    const event = preventable({ url, isSameDocument: false, isMainFrame: true })
    contentsEvents.emit('will-navigate', event, url)
    return !event.defaultPrevented
  }

  const attach = async (context: BrowserContext, next: Page): Promise<void> => {
    page = next
    isCrashed = false
    await next.emulateMedia({ colorScheme: nativeThemeScheme() })
    await next.exposeBinding(binding, ({ frame }, text: string) => onPageMessage(frame, text))
    await next.addInitScript(preloadScript(binding, preload))
    await next.route('**/*', onRoute)
    const session: CDPSession = await context.newCDPSession(next)
    if (preload !== null) await answerFilePaths(session)
    if (preferences.javascript === false) await session.send('Emulation.setScriptExecutionDisabled', { value: true })
    next.on('popup', popup => {
      askToOpen({ url: popup.url(), frameName: '', features: '' })
      popup.close().catch(() => undefined)
    })
    next.on('crash', () => {
      if (page !== next) return
      isCrashed = true
      contentsEvents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    })
    next.on('close', () => {
      if (page === next) afterClose()
    })
    next.on('domcontentloaded', () => contentsEvents.emit('dom-ready', {}))
    next.on('load', () => contentsEvents.emit('did-finish-load', {}))
  }

  const afterClose = () => {
    if (isDestroyed) return
    isDestroyed = true
    page = null
    shown.delete(self)
    const left = removeWindow(handle)
    contentsEvents.emit('destroyed')
    windowEvents.emit('closed')
    if (left === 0) afterLastWindow()
  }

  const close = () => {
    if (isDestroyed) return
    const event = preventable({})
    windowEvents.emit('close', event)
    if (event.defaultPrevented) return
    destroy()
  }
  const destroy = () => {
    const closing = page
    afterClose()
    closing?.close().catch(() => undefined)
  }

  const browserOptions = {
    userDataDir: getPath('sessionData', ''),
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    bounds: { x: options.x ?? null, y: options.y ?? null, width: bounds.width, height: bounds.height },
  }
  const opened = openPage(browserOptions).then(async ({ context, page: first }) => {
    await applyPermissions(context, null as never)
    await attach(context, first)
    context.on('close', () => afterClose())
    return { context, page: first }
  })
  opened.catch((error: unknown) => {
    // Without a browser there is no window to say so in.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  })

  const goto = async (url: string): Promise<void> => {
    await opened
    if (page === null) throw new Error('The window is closed')
    address = url
    isLoadingByMain = true
    const response = await page.goto(toBrowserUrl(url), { waitUntil: 'load' })
    isLoadingByMain = false
    if (response === null && !url.startsWith('about:')) throw new Error(`ERR_FAILED loading '${url}'`)
    await refreshBounds(page).catch(() => undefined)
    const endpoint = debuggingEndpoint(browserOptions.userDataDir)
    if (endpoint !== null && isVisibleAtStart) report({ kind: 'window', endpoint, target: await targetOf(page) })
  }

  /** A browser does not revive a crashed page: another takes its place. */
  const replaceCrashed = async (): Promise<void> => {
    const { context } = await opened
    const dead = page
    const next = await context.newPage()
    await attach(context, next)
    dead?.close().catch(() => undefined)
  }

  const webContents = strict('webContents', {
    ...emitterMethods(contentsEvents),
    id: nextId,
    isDestroyed: () => isDestroyed,
    getURL: () => (page === null ? '' : fromBrowserUrl(page.url())),
    send: (channel: string, ...args: unknown[]) => enqueue(channel, args),
    setWindowOpenHandler(handler: typeof openHandler) {
      openHandler = handler
    },
    reload(): void {
      const reloading = isCrashed ? replaceCrashed().then(() => goto(address)) : goto(address)
      reloading.catch((error: unknown) => contentsEvents.emit('did-fail-load', {}, -2, String(error), address))
    },
    forcefullyCrashRenderer(): void {
      page
        ?.context()
        .newCDPSession(page)
        .then(session => session.send('Page.crash'))
        .catch(() => undefined)
    },
    async printToPDF(printing: PrintToPDFOptions): Promise<Buffer> {
      if (page === null) throw new Error('The window is closed')
      const { pageSize, printBackground, ...others } = printing
      for (const name of Object.keys(others)) throw notImplemented(`printToPDF option ${name}`)
      if (typeof pageSize === 'object') throw notImplemented('printToPDF with a page size in inches')
      return page.pdf({ format: pageSize ?? 'Letter', printBackground: printBackground ?? false })
    },
  })

  const self = strict('BrowserWindow', {
    ...emitterMethods(windowEvents),
    id: nextId,
    webContents,
    loadURL: goto,
    close,
    destroy,
    isDestroyed: () => isDestroyed,
    isFocused: () => isFocused,
    isVisible: () => !isDestroyed && isVisibleAtStart,
    isMinimized: () => false,
    isMaximized: () => isMaximized,
    maximize: () => void setWindowState('maximized').catch(() => undefined),
    restore: () => void setWindowState('normal').catch(() => undefined),
    show: () => undefined,
    focus: () => void page?.bringToFront().catch(() => undefined),
    getNormalBounds: () => bounds,
    /** For the stand-in's own dialogs and clipboard. */
    _page: () => page,
    _setFocused: setFocused,
    _sendAccelerators: sendAccelerators,
  })
  const handle = { close, page: () => page }
  nextId += 1
  addWindow(handle)
  if (isVisibleAtStart) shown.add(self)
  lifecycle.emitter.emit('web-contents-created', {}, webContents)
  return self
}

function senderFrame(frame: Frame): SenderFrame | null {
  if (frame.isDetached()) return null
  const url = fromBrowserUrl(frame.url())
  const parent = frame.parentFrame()
  const { protocol, host } = new URL(url)
  return { url, origin: `${protocol}//${host}`, parent: parent === null ? null : senderFrame(parent) }
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
  for (const window of shown) {
    const page = window._page()
    if (page !== null) return page
  }
  return null
}

onMenuChange(() => {
  for (const window of shown) window._sendAccelerators()
})
onCommand('focus', ({ focused }) => {
  for (const window of shown) window._setFocused(focused)
})
onCommand('crash-window', () => {
  for (const window of shown) window.webContents.forcefullyCrashRenderer()
})
