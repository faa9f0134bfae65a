import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import { loupeQuery } from '../../shared/channels.ts'
import { type LoupeLook, type LoupeView, nothingInLoupe } from '../../shared/loupe.ts'
import type { SettingsStore } from '../engine/base/settings-store.ts'
import { sendTo } from './ipc.ts'
import { keepPage } from './keep-page.ts'
import { log } from './log.ts'
import { windowUrl } from './policies/address.ts'
import { loupeSizes } from './policies/window-state.ts'
import { placeWindow, rememberPlace } from './window.ts'

/** The second window, for another screen: shows what has the focus in the first. */
export interface LoupeWindow {
  isOpen(): boolean
  isFocused(): boolean
  /** Whether a page is that of this window. */
  owns(contents: WebContents): boolean
  toggle(): void
  close(): void
  show(look: LoupeLook): void
  /** Something of the settings has changed. */
  refresh(): void
  view(): LoupeView
}

const stateKey = 'loupeWindow'

export function createLoupeWindow(options: {
  readonly preload: string
  readonly store: SettingsStore
  taste(): Omit<LoupeView, 'look'>
  onClosed(): void
}): LoupeWindow {
  const { preload, store } = options
  let window: BrowserWindow | null = null
  let look = nothingInLoupe
  const view = (): LoupeView => ({ ...options.taste(), look })
  const refresh = () => {
    if (window !== null) sendTo(window.webContents, { name: 'loupeView', event: view() })
  }
  const open = () => {
    const { isMaximized, bounds } = placeWindow(store, stateKey, screen, loupeSizes)
    const opened = new BrowserWindow({
      ...bounds,
      minWidth: loupeSizes.smallest.width,
      minHeight: loupeSizes.smallest.height,
      title: '预审台 Prescreen',
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
      webPreferences: { preload, spellcheck: false },
    })
    window = opened
    // Its keys would be those of the first window, which is not the one that is looked at.
    opened.removeMenu()
    if (isMaximized) opened.maximize()
    opened.on('close', () => rememberPlace(opened, store, stateKey))
    opened.on('closed', () => {
      window = null
      options.onClosed()
    })
    keepPage(opened, { onReload: () => undefined, onGivenUp: () => opened.destroy() })
    opened
      .loadURL(`${windowUrl}${loupeQuery}`)
      .catch((error: unknown) => log('second window not loaded', { error: String(error) }))
  }
  return {
    isOpen: () => window !== null,
    isFocused: () => window?.isFocused() === true,
    owns: contents => window?.webContents === contents,
    toggle: () => (window === null ? open() : window.close()),
    close: () => window?.close(),
    show(next) {
      look = next
      refresh()
    },
    refresh,
    view,
  }
}
