import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Clipboard, NotificationConstructorOptions, PowerSaveBlocker, Screen, Shell } from 'electron'
import { firstPage } from './browser-window.ts'
import { isControlled, onCommand, report } from './control.ts'
import { createEmitter, emitterMethods } from './events.ts'
import { onlyAfterReady } from './lifecycle.ts'
import { strict } from './strict.ts'

/** The smaller modules: what surrounds a window. */

export const clipboard = strict('clipboard', {
  async writeText(text) {
    report({ kind: 'clipboard', text })
    const page = firstPage()
    if (page === null) throw new Error('The stand-in has a clipboard only while a window is open')
    const session = await page.context().newCDPSession(page)
    try {
      // The page itself has no permission to write; a gesture of the user has.
      await session.send('Runtime.evaluate', {
        expression: `addEventListener('copy', event => {
          event.clipboardData.setData('text/plain', ${JSON.stringify(text)})
          event.preventDefault()
          event.stopImmediatePropagation()
        }, { once: true, capture: true }); document.execCommand('copy')`,
        userGesture: true,
      })
    } finally {
      await session.detach().catch(() => undefined)
    }
  },
} satisfies Pick<Clipboard, 'writeText'>)

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
