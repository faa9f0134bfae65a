import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Clipboard, NotificationConstructorOptions, PowerSaveBlocker, Screen, Shell } from 'electron'
import type { Page } from 'playwright'
import { firstPage } from './browser-window.ts'
import { isControlled, onCommand, report } from './control.ts'
import { createEmitter, emitterMethods } from './events.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { applyPermissions } from './session.ts'
import { notImplemented, strict } from './strict.ts'

/** The smaller modules: what surrounds a window. */

/** What is written at once, by media type; ours are complete when they are made. */
export class ClipboardItem {
  readonly #items: Readonly<Record<string, string | Blob>>
  constructor(items: Readonly<Record<string, string | Blob>>) {
    for (const type of Object.keys(items)) {
      if (!knownTypes.has(type)) throw notImplemented(`a ClipboardItem of ${type}`)
    }
    this.#items = items
  }
  get types(): string[] {
    return Object.keys(this.#items)
  }
  async getType(type: string): Promise<Blob> {
    const item = this.#items[type]
    if (item === undefined) throw new Error(`The type '${type}' was not found`)
    return typeof item === 'string' ? new Blob([item], { type }) : item
  }
}

const knownTypes: ReadonlySet<string> = new Set(['text/plain', 'text/html', 'image/png'])

export const clipboard = strict('clipboard', {
  async write(items: readonly ClipboardItem[]) {
    const [item] = items
    if (item === undefined || items.length > 1) throw notImplemented('clipboard.write of other than one item')
    const textOf = async (type: string) => (item.types.includes(type) ? (await item.getType(type)).text() : undefined)
    const text = (await textOf('text/plain')) ?? ''
    const html = await textOf('text/html')
    const png = item.types.includes('image/png')
      ? Buffer.from(await (await item.getType('image/png')).arrayBuffer())
      : null
    report({
      kind: 'clipboard',
      text,
      ...(html === undefined ? {} : { html }),
      ...(png === null ? {} : { pngBytes: png.length }),
    })
    const page = firstPage()
    if (page === null) throw new Error('The stand-in has a clipboard only while a window is open')
    await (png === null ? writeTexts(page, text, html) : writePicture(page, text, png))
  },
} satisfies { write: (items: readonly ClipboardItem[]) => ReturnType<Clipboard['write']> })

/** The page itself has no permission to write; a gesture of the user has. */
async function writeTexts(page: Page, text: string, html: string | undefined): Promise<void> {
  await evaluate(
    page,
    `addEventListener('copy', event => {
      event.clipboardData.setData('text/plain', ${JSON.stringify(text)})
      ${html === undefined ? '' : `event.clipboardData.setData('text/html', ${JSON.stringify(html)})`}
      event.preventDefault()
      event.stopImmediatePropagation()
    }, { once: true, capture: true }); document.execCommand('copy')`,
  )
}

/** A gesture carries no pictures: for the moment of writing the page is permitted to, and for nothing longer. */
async function writePicture(page: Page, text: string, png: Buffer): Promise<void> {
  const context = page.context()
  await context.grantPermissions(['clipboard-write'])
  try {
    await evaluate(
      page,
      `navigator.clipboard.write([new ClipboardItem({
        'text/plain': ${JSON.stringify(text)},
        'image/png': new Blob([Uint8Array.from(atob('${png.toString('base64')}'), c => c.charCodeAt(0))], { type: 'image/png' }),
      })])`,
    )
  } finally {
    await context.clearPermissions()
    await applyPermissions(context, null as never)
  }
}

async function evaluate(page: Page, expression: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  try {
    const { exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      userGesture: true,
      awaitPromise: true,
    })
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  } finally {
    await session.detach().catch(() => undefined)
  }
}

export const shell = strict('shell', {
  async openExternal(url) {
    // Lets a test act out a system without a browser.
    if (process.env.PRESCREEN_STANDIN_LINKS === 'refused') throw new Error('Failed to open URL')
    report({ kind: 'open-external', url })
    if (!isControlled) open(url)
  },
  showItemInFolder(path) {
    report({ kind: 'show-item', path })
    if (isControlled) return
    if (process.platform === 'win32') launch('explorer.exe', [`/select,${path}`])
    else if (process.platform === 'darwin') launch('open', ['-R', path])
    else open(dirname(path))
  },
  async openPath(path) {
    // Lets a test act out a system without a program for the file.
    if (process.env.PRESCREEN_STANDIN_PROGRAMS === 'none') return 'No application is associated with the file'
    report({ kind: 'open-path', path })
    if (!isControlled) open(path)
    return ''
  },
} satisfies Pick<Shell, 'openExternal' | 'showItemInFolder' | 'openPath'>)

function open(target: string): void {
  if (process.platform === 'win32') launch('rundll32.exe', ['url.dll,FileProtocolHandler', target])
  else launch(process.platform === 'darwin' ? 'open' : 'xdg-open', [target])
}

function launch(command: string, args: readonly string[]): void {
  spawn(command, args, { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref()
}

let lastNotification: { click: () => void } | null = null
onCommand('click-notification', () => lastNotification?.click())

/** A browser shows notifications only for pages that may ask; so here only a test sees them. */
export class Notification {
  static isSupported(): boolean {
    return isControlled
  }
  constructor(options: NotificationConstructorOptions) {
    onlyAfterReady('Notification')
    const emitter = createEmitter()
    const notification = strict('Notification', {
      ...emitterMethods(emitter),
      show(): void {
        lastNotification = { click: () => emitter.emit('click', {}) }
        report({ kind: 'notification', title: options.title ?? '', body: options.body ?? '' })
      },
    })
    // biome-ignore lint/correctness/noConstructorReturn: Electron's notifications are made with `new`.
    return notification as unknown as Notification
  }
}

const blockers = new Set<number>()
let nextBlocker = 1

export const powerSaveBlocker = strict('powerSaveBlocker', {
  start() {
    onlyAfterReady('powerSaveBlocker.start')
    const id = nextBlocker
    nextBlocker += 1
    blockers.add(id)
    report({ kind: 'awake', awake: true })
    return id
  },
  stop(id) {
    const isKnown = blockers.delete(id)
    if (blockers.size === 0) report({ kind: 'awake', awake: false })
    return isKnown
  },
  isStarted: id => blockers.has(id),
} satisfies Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>)

/** Only the browser knows the displays, and it is not running yet when a window asks where it may be. */
export const screen = strict('screen', {
  getAllDisplays() {
    onlyAfterReady('screen.getAllDisplays')
    const area = { x: 0, y: 0, width: 1920, height: 1080 }
    return [{ id: 1, bounds: area, workArea: area }]
  },
} satisfies { getAllDisplays: () => Partial<ReturnType<Screen['getAllDisplays']>[number]>[] })
