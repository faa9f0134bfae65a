import type { AppInfo, MenuCommand } from '../../../shared/ipc.ts'
import type { Language } from './language.ts'

type Os = AppInfo['os']

export type MenuRole =
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'close'
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
  | { readonly kind: 'command'; readonly command: MenuCommand; readonly label: string; readonly accelerator?: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] }

const separator: MenuEntry = { kind: 'separator' }

/** As the settings have them: action → combination, '' for none; what is missing has its default. */
export type OwnKeys = Readonly<Record<string, string>>

/** The action of the window's keys that a command is, and its default combination (renderer/features/review/commands.ts). */
const actions: Readonly<Partial<Record<MenuCommand, { readonly id: string; readonly key: string }>>> = {
  'open-files': { id: 'openFiles', key: 'Mod+Shift+o' },
  'open-folder': { id: 'openFolder', key: 'Mod+o' },
  sample: { id: 'sample', key: '' },
  export: { id: 'export', key: 'Mod+e' },
  settings: { id: 'showSettings', key: 'Mod+,' },
  undo: { id: 'undo', key: 'Mod+z' },
  redo: { id: 'redo', key: 'Mod+Shift+z' },
  palette: { id: 'palette', key: 'Mod+k' },
  search: { id: 'search', key: 'Mod+f' },
}

/** The menu bar as data: what Electron knows is a role, the rest is a command for the window. */
export function menuTemplate(os: Os, language: Language, own: OwnKeys): readonly MenuEntry[] {
  const words = labels[language]
  const role = (name: MenuRole): MenuEntry => ({ kind: 'role', role: name, label: words[name] })
  const command = (name: MenuCommand): MenuEntry => {
    const accelerator = acceleratorOf(name, own)
    return { kind: 'command', command: name, label: words[name], ...(accelerator === null ? {} : { accelerator }) }
  }
  const submenu = (label: string, entries: readonly MenuEntry[]): MenuEntry => ({ kind: 'submenu', label, entries })
  const settings = command('settings')
  const file = [
    command('open-folder'),
    command('open-files'),
    command('sample'),
    separator,
    command('export'),
    separator,
  ]
  const edit = [
    command('undo'),
    command('redo'),
    separator,
    role('cut'),
    role('copy'),
    role('paste'),
    role('selectAll'),
  ]
  const view = [
    command('palette'),
    command('search'),
    separator,
    role('resetZoom'),
    role('zoomIn'),
    role('zoomOut'),
    separator,
    role('togglefullscreen'),
  ]
  const help: MenuEntry[] = [
    command('keys'),
    separator,
    { kind: 'link', url: 'https://developers.weixin.qq.com/miniprogram/dev/', label: words.wechatDocs },
    { kind: 'link', url: 'https://q.qq.com/wiki/', label: words.qqDocs },
  ]
  if (os === 'mac') {
    return [
      submenu('Prescreen', [
        command('about'),
        separator,
        settings,
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
    submenu(words.file, [...file, settings, separator, role('quit')]),
    submenu(words.edit, edit),
    submenu(words.view, view),
    submenu(words.help, [...help, separator, command('about')]),
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
function acceleratorOf(name: MenuCommand, own: OwnKeys): string | null {
  // Beside the window's own key for it; taken by nothing else.
  if (name === 'keys') return 'F1'
  const action = actions[name]
  const combination = action === undefined ? '' : (own[action.id] ?? action.key)
  const [, modifiers = '', key = ''] = /^((?:(?:Mod|Alt|Shift)\+)*)(.+)$/.exec(combination) ?? []
  const known = keyNames[key] ?? (/^[!-~]$/.test(key) ? key.toUpperCase() : null)
  if (known === null || !(/Mod|Alt/.test(modifiers) || /^F\d+$/.test(key))) return null
  return `${modifiers.replace('Mod', 'CmdOrCtrl')}${known}`
}

type Word = MenuRole | MenuCommand | 'file' | 'edit' | 'view' | 'window' | 'help' | 'wechatDocs' | 'qqDocs'

const labels: Readonly<Record<Language, Readonly<Record<Word, string>>>> = {
  zh: {
    file: '文件',
    edit: '编辑',
    view: '视图',
    window: '窗口',
    help: '帮助',
    'open-files': '打开文件…',
    'open-folder': '打开文件夹…',
    sample: '试用示例批次',
    export: '导出…',
    settings: '设置…',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    palette: '命令面板',
    search: '搜索',
    resetZoom: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    togglefullscreen: '全屏',
    keys: '快捷键',
    about: '关于预审台',
    wechatDocs: '微信开放文档',
    qqDocs: 'QQ 小程序文档',
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
    'open-files': 'Open files…',
    'open-folder': 'Open folder…',
    sample: 'Try the sample batch',
    export: 'Export…',
    settings: 'Settings…',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    palette: 'Command palette',
    search: 'Search',
    resetZoom: 'Actual size',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    togglefullscreen: 'Full screen',
    keys: 'Keyboard shortcuts',
    about: 'About Prescreen',
    wechatDocs: 'WeChat documentation',
    qqDocs: 'QQ documentation',
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
