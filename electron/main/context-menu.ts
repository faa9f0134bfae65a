import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuChoice } from '../../shared/context-menu.ts'
import type { ContextEntry } from './policies/context-menu.ts'

/** Electron holds an open menu only weakly. */
const open = new Set<Menu>()

/** Shows a menu at a place of the page, or at the pointer; the line that was chosen, null for none of ours. */
export function popUpMenu(
  window: BrowserWindow,
  entries: readonly ContextEntry[],
  at: { readonly x: number; readonly y: number } | null,
): Promise<MenuChoice | null> {
  return new Promise(resolve => {
    const menu = Menu.buildFromTemplate(entries.map(entry => toItem(entry, resolve)))
    open.add(menu)
    // The page counts in its own pixels, the menu in those of the window.
    const scale = window.webContents.getZoomFactor()
    menu.popup({
      window,
      ...(at === null ? {} : { x: Math.round(at.x * scale), y: Math.round(at.y * scale) }),
      callback: () => {
        open.delete(menu)
        // A click may be told of after it.
        setImmediate(() => resolve(null))
      },
    })
  })
}

function toItem(entry: ContextEntry, choose: (choice: MenuChoice) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'role':
      return { role: entry.role, label: entry.label, enabled: entry.isEnabled }
    case 'submenu':
      return { label: entry.label, submenu: entry.entries.map(each => toItem(each, choose)) }
    case 'choice':
      return {
        label: entry.label,
        click: () => choose(entry.choice),
        ...(entry.accelerator === undefined ? {} : { accelerator: entry.accelerator, registerAccelerator: false }),
      }
  }
}
