import type { Frame, Page } from 'playwright'
import { answerFilePaths } from '../file-paths.ts'
import { nativeThemeScheme } from '../native-theme.ts'
import { preloadScript } from '../page/script.ts'
import { answerRequest, askToOpen } from './navigation.ts'
import type { WindowState } from './state.ts'

export interface PageOptions {
  /** The preload's text; null where there is none. */
  readonly preload: string | null
  /** Whether it is one of the program's own pages, which knows its window. */
  readonly isBridged: boolean
  readonly isScriptEnabled: boolean
  readonly onMessage: (frame: Frame, text: string) => Promise<string>
  readonly onClose: () => void
}

/** Makes `page` the window's: with its bridge and preload, and its events reported as those of Electron. */
export async function attachPage(state: WindowState, page: Page, options: PageOptions): Promise<void> {
  const { contentsEvents } = state
  const { preload, isScriptEnabled, onMessage, onClose } = options
  state.page = page
  state.isCrashed = false
  if (options.isBridged) {
    const binding = `__electron_${crypto.randomUUID().replaceAll('-', '')}`
    await page.emulateMedia({ colorScheme: nativeThemeScheme() })
    await page.exposeBinding(binding, ({ frame }, text: string) => onMessage(frame, text))
    await page.addInitScript(preloadScript(binding, preload))
  }
  await page.route('**/*', route => answerRequest(state, route))
  const session = await page.context().newCDPSession(page)
  if (preload !== null) await answerFilePaths(session)
  if (!isScriptEnabled) await session.send('Emulation.setScriptExecutionDisabled', { value: true })
  page.on('popup', popup => {
    askToOpen(state, { url: popup.url(), frameName: '', features: '' })
    popup.close().catch(() => undefined)
  })
  page.on('crash', () => {
    if (state.page !== page) return
    state.isCrashed = true
    contentsEvents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
  })
  page.on('close', () => {
    if (state.page === page) onClose()
  })
  page.on('domcontentloaded', () => contentsEvents.emit('dom-ready', {}))
  page.on('load', () => contentsEvents.emit('did-finish-load', {}))
}
