import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { ClipboardItem, clipboard, Notification, powerSaveBlocker, screen, shell } from './desktop.ts'
import { dialog } from './dialog.ts'
import { ipcMain } from './ipc.ts'
import { Menu } from './menu.ts'
import { nativeImage } from './native-image.ts'
import { nativeTheme } from './native-theme.ts'
import { protocol } from './protocol.ts'
import { safeStorage } from './safe-storage.ts'
import { session } from './session.ts'
import { strict } from './strict.ts'
import { utilityProcess } from './utility-process.ts'

/**
 * The module `electron` where there is no Electron. An import of a name that is not here fails by that name; so does
 * everything else that is not implemented.
 */
export {
  app,
  BrowserWindow,
  ClipboardItem,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
}

const electron = strict('electron', {
  app,
  BrowserWindow,
  ClipboardItem,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
})
// biome-ignore lint/style/noDefaultExport: Electron has one, and packages import it.
export default electron
