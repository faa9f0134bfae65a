import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { SettingsStore } from '../engine/base/settings-store.ts'
import { keepPage, type PageEvents } from './keep-page.ts'
import { log } from './log.ts'
import { windowUrl } from './policies/address.ts'
import { restoreWindowState, smallestWindow } from './policies/window-state.ts'

export interface WindowEvents extends PageEvents {
  onClosed(): void
}

/** Opens the one window where it was last, and keeps a page in it. */
export function openWindow(preload: string, store: SettingsStore, events: WindowEvents): BrowserWindow {
  const state = restoreWindowState(
    readState(store),
    screen.getAllDisplays().map(display => display.workArea),
  )
  const window = new BrowserWindow({
    ...(state.position ?? {}),
    width: state.width,
    height: state.height,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: '预审台 Prescreen',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    // Context isolation and the sandbox are Electron's defaults and stay so. The spell checker would fetch its
    // dictionaries from the internet.
    webPreferences: { preload, spellcheck: false },
  })
  if (state.maximized) window.maximize()
  window.on('close', () => rememberState(window, store))
  window.on('closed', () => events.onClosed())
  keepPage(window, events)
  loadWindow(window)
  return window
}

function loadWindow(window: BrowserWindow): void {
  window.loadURL(windowUrl).catch((error: unknown) => log('window not loaded', { error: String(error) }))
}

const stateKey = 'window'

function readState(store: SettingsStore): unknown {
  try {
    return store.get(stateKey)
  } catch {
    return null
  }
}

function rememberState(window: BrowserWindow, store: SettingsStore): void {
  try {
    store.set(stateKey, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (error) {
    // A full disk must not keep the window from closing; it opens in its usual place next time.
    log('window place not remembered', { error: String(error) })
  }
}
