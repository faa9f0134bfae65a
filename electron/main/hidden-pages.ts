import { BrowserWindow, type Session, session } from 'electron'
import { onAbort } from '../engine/base/concurrency/shared-abort-listener.ts'
import type { Chromium, DevToolsPage, Fields } from '../engine/chromium/chromium.ts'
import { isOwnAddress } from '../engine/chromium/hidden-page.ts'
import { lockDownSession } from './lockdown.ts'

/**
 * The window's own Chromium for the engine: each page is a window that nobody sees, without preload and Node, in a partition that is
 * held in memory and that no other page has at the same time. A partition lives as long as the program, so they are used again.
 */
export function createHiddenPages(): Chromium {
  const free: Session[] = []
  const open = new Set<DevToolsPage>()
  let partitions = 0
  const takePartition = async (): Promise<Session> => {
    const known = free.pop()
    if (known !== undefined) return known
    partitions += 1
    // Without `persist:` nothing of it reaches the disk.
    const made = session.fromPartition(`hidden-${partitions}`)
    lockDownSession(made)
    made.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isHeldByPage(url) && !isOwnAddress(url) }))
    // Nothing listens there, for what asks nobody, such as connections that are made ahead.
    await made.setProxy({ mode: 'fixed_servers', proxyRules: 'http://127.0.0.1:1', proxyBypassRules: '<-loopback>' })
    return made
  }
  return {
    open: async ({ width, height }, signal) => {
      const partition = await takePartition()
      const window = new BrowserWindow({
        show: false,
        width,
        height,
        useContentSize: true,
        webPreferences: { offscreen: true, sandbox: true, session: partition, spellcheck: false },
      })
      const page = pageOf(window, async () => {
        open.delete(page)
        await partition.clearStorageData()
        free.push(partition)
      })
      open.add(page)
      try {
        const forget = onAbort(signal, () => void page.close())
        void page.gone.then(forget)
        signal.throwIfAborted()
        await window.loadURL('about:blank')
        window.webContents.debugger.attach('1.3')
        return page
      } catch (error) {
        await page.close()
        throw error
      }
    },
    close: async () => {
      await Promise.all([...open].map(page => page.close()))
    },
  }
}

/** Addresses that hold what they name. */
function isHeldByPage(url: string): boolean {
  return /^(?:about|data|blob):/.test(url)
}

function pageOf(window: BrowserWindow, onClosed: () => Promise<void>): DevToolsPage {
  const { webContents } = window
  const contents = webContents.debugger
  const gone = Promise.withResolvers<never>()
  gone.promise.catch(() => undefined)
  const leave = () => gone.reject(new Error('the page is gone'))
  const listeners = new Set<(method: string, params: Fields) => void>()
  contents.on('message', (_event, method, params, sessionId) => {
    // Of the page itself: what belongs to it and has a process of its own is not let go on.
    if (sessionId === '' || sessionId === undefined) for (const listener of listeners) listener(method, params)
  })
  contents.on('detach', leave)
  webContents.on('render-process-gone', leave)
  window.on('closed', leave)
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
  const closed = gone.promise.catch(async () => {
    if (!window.isDestroyed()) window.destroy()
    await onClosed()
  })
  closed.catch(() => undefined)
  return {
    gone: gone.promise.catch(() => undefined),
    on: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    send: async (method, params) => await Promise.race([contents.sendCommand(method, params), gone.promise]),
    navigate: async url => await Promise.race([window.loadURL(url), gone.promise]),
    close: async () => {
      leave()
      await closed.catch(() => undefined)
    },
  }
}
