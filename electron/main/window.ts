import { BrowserWindow, nativeTheme, type Rectangle, type Screen, screen } from 'electron'
import type { SettingsStore } from '../engine/base/settings-store.ts'
import { keepPage, type PageEvents } from './keep-page.ts'
import { log } from './log.ts'
import { windowUrl } from './policies/address.ts'
import { mainSizes, restoreWindowState, smallestWindow, type WindowSizes } from './policies/window-state.ts'

export interface WindowEvents extends PageEvents {
  onClosed(): void
}

/** Opens the one window where it was last, and keeps a page in it. */
export function openWindow(preload: string, store: SettingsStore, events: WindowEvents): BrowserWindow {
  const { isMaximized, bounds } = placeWindow(store, stateKey, screen, mainSizes)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: '预审台 Prescreen',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    // Context isolation and the sandbox are Electron's defaults and stay so. The spell checker would fetch its
    // dictionaries from the internet.
    webPreferences: { preload, spellcheck: false },
  })
  if (isMaximized) window.maximize()
  window.on('close', () => rememberPlace(window, store, stateKey))
  window.on('closed', () => events.onClosed())
  keepPage(window, events)
  loadWindow(window)
  return window
}

function loadWindow(window: BrowserWindow): void {
  window.loadURL(windowUrl).catch((error: unknown) => log('window not loaded', { error: String(error) }))
}

const stateKey = 'window'

/** Where a window was, as far as it can be there again. */
export function placeWindow(
  store: SettingsStore,
  key: string,
  displays: Pick<Screen, 'getAllDisplays'>,
  sizes: WindowSizes,
): { readonly isMaximized: boolean; readonly bounds: Partial<Rectangle> } {
  const workAreas = displays.getAllDisplays().map(display => display.workArea)
  const { position, width, height, maximized } = restoreWindowState(readPlace(store, key), workAreas, sizes)
  return { isMaximized: maximized, bounds: { ...(position ?? {}), width, height } }
}

function readPlace(store: SettingsStore, key: string): unknown {
  try {
    return store.get(key)
  } catch {
    return null
  }
}

export function rememberPlace(window: BrowserWindow, store: SettingsStore, key: string): void {
  try {
    store.set(key, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (error) {
    // A full disk must not keep the window from closing; it opens in its usual place next time.
    log('window place not remembered', { error: String(error) })
  }
}
