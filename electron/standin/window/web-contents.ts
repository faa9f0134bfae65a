import type { Item, PrintToPDFOptions } from 'electron'
import { report } from '../control.ts'
import { emitterMethods } from '../events.ts'
import { fromBrowserUrl } from '../protocol.ts'
import { notImplemented, strict } from '../strict.ts'
import { createDebugger } from './debugger.ts'
import type { WindowState } from './state.ts'

/** The webContents of a window; `reload` loads its address again, in another page where this one has crashed. */
export function createWebContents(state: WindowState, reload: () => Promise<void>) {
  const { id, contentsEvents, mailbox } = state
  return strict('webContents', {
    ...emitterMethods(contentsEvents),
    id,
    debugger: createDebugger(() => state.page),
    isDestroyed: () => state.isDestroyed,
    // Its pages are zoomed by the browser, which tells nobody.
    getZoomFactor: () => 1,
    getURL: () => (state.page === null ? '' : fromBrowserUrl(state.page.url())),
    send: (channel: string, ...args: unknown[]) => mailbox.post(channel, args),
    setWindowOpenHandler(handler: WindowState['openHandler']) {
      state.openHandler = handler
    },
    reload(): void {
      reload().catch((error: unknown) => contentsEvents.emit('did-fail-load', {}, -2, String(error), state.address))
    },
    forcefullyCrashRenderer: () => crashPage(state),
    /** A browser lets a page drag no files; a test sees what would be dragged. */
    startDrag({ file, files = [file], icon }: Item): void {
      if (typeof icon === 'string' || icon.isEmpty()) throw new Error('Must specify non-empty icon option')
      report({ kind: 'drag', files, iconBytes: icon.toPNG().length })
    },
    async printToPDF(printing: PrintToPDFOptions): Promise<Buffer> {
      const { page } = state
      if (page === null) throw new Error('The window is closed')
      const { pageSize, printBackground, ...others } = printing
      for (const name of Object.keys(others)) throw notImplemented(`printToPDF option ${name}`)
      if (typeof pageSize === 'object') throw notImplemented('printToPDF with a page size in inches')
      return page.pdf({ format: pageSize ?? 'Letter', printBackground: printBackground ?? false })
    },
  })
}

export function crashPage({ page }: WindowState): void {
  page
    ?.context()
    .newCDPSession(page)
    .then(session => session.send('Page.crash'))
    .catch(() => undefined)
}
