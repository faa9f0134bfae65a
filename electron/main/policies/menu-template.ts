import { type Command, type CommandId, commands, keyOf, type OwnKeys } from '../../../shared/commands.ts'
import type { AppInfo } from '../../../shared/ipc.ts'
import type { Language } from '../../../shared/language.ts'
import { registry } from '../../engine/checkers/registry.ts'

type Os = AppInfo['os']
type MenuSection = NonNullable<Command['menu']>['section']

export type MenuRole =
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'close'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'
  | 'minimize'
  | 'zoom'
  | 'front'

export type MenuEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'role'; readonly role: MenuRole; readonly label: string }
  | { readonly kind: 'command'; readonly command: CommandId; readonly label: string; readonly accelerator?: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'licences'; readonly label: string }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] }

const separator: MenuEntry = { kind: 'separator' }

/** The menu bar as data: what Electron knows is a role, the rest is a command for the window, from the table of commands. */
export function menuTemplate(os: Os, language: Language, own: OwnKeys): readonly MenuEntry[] {
  const words = labels[language]
  const role = (name: Exclude<MenuRole, 'undo' | 'redo'>): MenuEntry => ({
    kind: 'role',
    role: name,
    label: words[name],
  })
  const section = (name: MenuSection): readonly MenuEntry[] =>
    commands
      .flatMap(command => (command.menu?.section === name ? [{ command, place: command.menu }] : []))
      .toSorted((a, b) => a.place.order - b.place.order)
      .map(({ command, place }) => {
        const accelerator = acceleratorOf(command, own)
        const label = (place.name ?? command.name)[language]
        return { kind: 'command', command: command.id, label, ...(accelerator === null ? {} : { accelerator }) }
      })
  const submenu = (label: string, entries: readonly MenuEntry[]): MenuEntry => ({ kind: 'submenu', label, entries })
  const file = [...section('open'), separator, ...section('export'), separator]
  const edit = [...section('history'), separator, role('cut'), role('copy'), role('paste'), role('selectAll')]
  const view = [
    ...section('find'),
    separator,
    role('resetZoom'),
    role('zoomIn'),
    role('zoomOut'),
    separator,
    role('togglefullscreen'),
  ]
  const help: readonly MenuEntry[] = [
    ...section('help'),
    separator,
    ...registry.platforms.map(
      ({ links }): MenuEntry => ({ kind: 'link', url: links.docs, label: links.docsName[language] }),
    ),
    separator,
    { kind: 'licences', label: words.licences },
  ]
  if (os === 'mac') {
    return [
      submenu('Prescreen', [
        ...section('about'),
        separator,
        ...section('settings'),
        separator,
        role('services'),
        separator,
        role('hide'),
        role('hideOthers'),
        role('unhide'),
        separator,
        role('quit'),
      ]),
      submenu(words.file, [...file, role('close')]),
      submenu(words.edit, edit),
      submenu(words.view, view),
      submenu(words.window, [role('minimize'), role('zoom'), separator, role('front')]),
      submenu(words.help, help),
    ]
  }
  return [
    submenu(words.file, [...file, ...section('settings'), separator, role('quit')]),
    submenu(words.edit, edit),
    submenu(words.view, view),
    submenu(words.help, [...help, ...section('about')]),
  ]
}

/** Names that Electron has for keys which a combination calls otherwise (docs: Accelerator). */
const keyNames: Readonly<Record<string, string>> = {
  '+': 'Plus',
  Space: 'Space',
  Enter: 'Return',
  Insert: 'Insert',
  ...Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`F${at + 1}`, `F${at + 1}`])),
}

/**
 * What the menu shows and answers to, null for nothing: without a modifier a key would act while somebody types, and of a
 * key that Electron does not know the whole menu would fail. Those are the window's alone.
 */
function acceleratorOf(command: Command, own: OwnKeys): string | null {
  // Beside the window's own key for it; taken by nothing else.
  const combination = command.fixedKey ?? keyOf(command, own) ?? ''
  return /Mod|Alt|^(?:Shift\+)?F\d+$/.test(combination) ? acceleratorText(combination) : null
}

/** A combination in Electron's words; null for one that it does not know. */
export function acceleratorText(combination: string): string | null {
  const [, modifiers = '', key = ''] = /^((?:(?:Mod|Alt|Shift)\+)*)(.+)$/.exec(combination) ?? []
  const known = keyNames[key] ?? (/^[!-~]$/.test(key) ? key.toUpperCase() : null)
  return known === null ? null : `${modifiers.replace('Mod', 'CmdOrCtrl')}${known}`
}

type Word = Exclude<MenuRole, 'undo' | 'redo'> | 'file' | 'edit' | 'view' | 'window' | 'help' | 'licences'

const labels: Readonly<Record<Language, Readonly<Record<Word, string>>>> = {
  zh: {
    file: '文件',
    edit: '编辑',
    view: '查看',
    window: '窗口',
    help: '帮助',
    licences: '第三方许可',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    resetZoom: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    togglefullscreen: '全屏',
    services: '服务',
    hide: '隐藏预审台',
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    quit: '退出预审台',
    close: '关闭窗口',
    minimize: '最小化',
    zoom: '缩放',
    front: '前置全部窗口',
  },
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    licences: 'Third-party licences',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    resetZoom: 'Actual size',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    togglefullscreen: 'Full screen',
    services: 'Services',
    hide: 'Hide Prescreen',
    hideOthers: 'Hide others',
    unhide: 'Show all',
    quit: 'Quit Prescreen',
    close: 'Close window',
    minimize: 'Minimise',
    zoom: 'Zoom',
    front: 'Bring all to front',
  },
}
