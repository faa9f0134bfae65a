import { Menu, type MenuItemConstructorOptions, shell } from 'electron'
import type { CommandId, OwnKeys } from '../../shared/commands.ts'
import type { AppInfo } from '../../shared/ipc.ts'
import type { Language } from '../../shared/language.ts'
import { openExternal } from './lockdown.ts'
import { type MenuEntry, menuTemplate } from './policies/menu-template.ts'

export function showMenu(
  os: AppInfo['os'],
  language: Language,
  own: OwnKeys,
  does: { readonly onCommand: (command: CommandId) => void; readonly licences: string },
): void {
  const toItem = (entry: MenuEntry): MenuItemConstructorOptions => {
    switch (entry.kind) {
      case 'separator':
        return { type: 'separator' }
      case 'role':
        return { role: entry.role, label: entry.label }
      case 'link':
        return { label: entry.label, click: () => openExternal(entry.url) }
      case 'licences':
        return { label: entry.label, click: () => void shell.openPath(does.licences) }
      case 'command':
        return {
          label: entry.label,
          click: () => does.onCommand(entry.command),
          ...(entry.accelerator === undefined ? {} : { accelerator: entry.accelerator }),
        }
      case 'submenu':
        return { label: entry.label, submenu: entry.entries.map(toItem) }
    }
  }
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(os, language, own).map(toItem)))
}
