import type { InLanguages } from './language.ts'

/**
 * The one table of what can be done in the window. The menu (electron/main), the keys, the palette, the key sheet, the settings' key
 * editor and the hints on buttons all read it; what a command does is said by the feature that provides it (renderer/features).
 */

/** Order of the key sheet and of the key editor. */
export const commandGroups = [
  { id: 'decide', name: { zh: '人工结论', en: 'Decide' } },
  { id: 'move', name: { zh: '移动', en: 'Move' } },
  { id: 'select', name: { zh: '选择', en: 'Select' } },
  { id: 'view', name: { zh: '查看', en: 'View' } },
  { id: 'batch', name: { zh: '批次', en: 'Batch' } },
  { id: 'window', name: { zh: '窗口', en: 'Window' } },
] as const satisfies readonly { readonly id: string; readonly name: InLanguages }[]
type CommandGroup = (typeof commandGroups)[number]['id']

export interface CommandRecord {
  /** Also the name in `Settings.keys`: it never changes. */
  readonly id: string
  /** Default combination: `a`, `Shift+t`, `Mod+k` (Ctrl, or ⌘ on a Mac), `Space`; the settings may say otherwise. Null for none. */
  readonly key: string | null
  /** A second key that no setting changes. */
  readonly fixedKey?: string
  /** Null for what only the menu offers. */
  readonly group: CommandGroup | null
  /** `grid`: only where the grid or the loupe is shown. `window`: anywhere, also in fields when a modifier is part of the key. */
  readonly when: 'grid' | 'window'
  readonly name: InLanguages
  /** The view that it shows; then no feature has to provide it. */
  readonly view?: string
  /** A field has a meaning of its own for it. */
  readonly yieldsToFields?: true
  /** Acts behind an open dialog too. */
  readonly overDialogs?: true
  readonly menu?: MenuPlace
}

/** Where in the menu bar it is; electron/main/policies/menu-template.ts has the sections. */
interface MenuPlace {
  readonly section: 'open' | 'export' | 'settings' | 'history' | 'find' | 'help' | 'about'
  /** Lowest first, within the section. */
  readonly order: number
  /** Where the menu says it otherwise than the rest of the window. */
  readonly name?: InLanguages
}

const table = [
  { id: 'approve', key: 'a', group: 'decide', when: 'grid', name: { zh: '通过', en: 'Approve' } },
  { id: 'reject', key: 'x', group: 'decide', when: 'grid', name: { zh: '拒绝', en: 'Reject' } },
  { id: 'escalate', key: 'e', group: 'decide', when: 'grid', name: { zh: '上报', en: 'Escalate' } },
  { id: 'defer', key: 's', group: 'decide', when: 'grid', name: { zh: '暂缓', en: 'Defer' } },
  { id: 'clear', key: 'u', group: 'decide', when: 'grid', name: { zh: '清除人工结论', en: 'Clear decision' } },
  { id: 'note', key: 'n', group: 'decide', when: 'grid', name: { zh: '备注', en: 'Note' } },
  {
    id: 'undo',
    key: 'Mod+z',
    group: 'decide',
    when: 'window',
    name: { zh: '撤销', en: 'Undo' },
    yieldsToFields: true,
    menu: { section: 'history', order: 1 },
  },
  {
    id: 'redo',
    key: 'Mod+Shift+z',
    group: 'decide',
    when: 'window',
    name: { zh: '重做', en: 'Redo' },
    yieldsToFields: true,
    menu: { section: 'history', order: 2 },
  },
  { id: 'next', key: 'j', group: 'move', when: 'grid', name: { zh: '下一个未决', en: 'Next undecided' } },
  { id: 'previous', key: 'k', group: 'move', when: 'grid', name: { zh: '上一个未决', en: 'Previous undecided' } },
  { id: 'open', key: 'Enter', group: 'view', when: 'grid', name: { zh: '放大查看', en: 'Open full size' } },
  { id: 'close', key: 'Escape', group: 'view', when: 'grid', name: { zh: '关闭', en: 'Close' } },
  {
    id: 'loupeWindow',
    key: 'Mod+Enter',
    group: 'view',
    when: 'grid',
    name: { zh: '在第二个窗口查看', en: 'Second window' },
    menu: { section: 'find', order: 4 },
  },
  { id: 'reviewMode', key: 'r', group: 'view', when: 'grid', name: { zh: '连续审核', en: 'Review mode' } },
  { id: 'compare', key: 'c', group: 'view', when: 'grid', name: { zh: '并排对比', en: 'Compare side by side' } },
  { id: 'zoom', key: 'z', group: 'view', when: 'grid', name: { zh: '原始大小 / 适应窗口', en: 'Actual size / fit' } },
  { id: 'zoomIn', key: '=', fixedKey: '+', group: 'view', when: 'grid', name: { zh: '放大', en: 'Zoom in' } },
  { id: 'zoomOut', key: '-', group: 'view', when: 'grid', name: { zh: '缩小', en: 'Zoom out' } },
  { id: 'zoomFit', key: '0', group: 'view', when: 'grid', name: { zh: '显示全图', en: 'Whole image' } },
  {
    id: 'nextPage',
    key: 'p',
    group: 'view',
    when: 'grid',
    name: { zh: '文档的下一页或下一图', en: 'Next page or image' },
  },
  {
    id: 'previousPage',
    key: 'Shift+p',
    group: 'view',
    when: 'grid',
    name: { zh: '文档的上一页或上一图', en: 'Previous page or image' },
  },
  {
    id: 'nextPart',
    key: 't',
    group: 'view',
    when: 'grid',
    name: { zh: '下一个分片或片段', en: 'Next part or span' },
  },
  {
    id: 'previousPart',
    key: 'Shift+t',
    group: 'view',
    when: 'grid',
    name: { zh: '上一个分片或片段', en: 'Previous part or span' },
  },
  {
    id: 'nextHit',
    key: 'h',
    group: 'view',
    when: 'grid',
    name: { zh: '下一处规则命中', en: 'Next rule hit' },
  },
  {
    id: 'previousHit',
    key: 'Shift+h',
    group: 'view',
    when: 'grid',
    name: { zh: '上一处规则命中', en: 'Previous rule hit' },
  },
  { id: 'fineHere', key: 'f', group: 'decide', when: 'grid', name: { zh: '这里没问题…', en: 'Fine here…' } },
  { id: 'reveal', key: 'b', group: 'view', when: 'grid', name: { zh: '按住显示', en: 'Hold to reveal' } },
  {
    id: 'blurAll',
    key: 'Shift+b',
    group: 'view',
    when: 'grid',
    name: { zh: '切换全部模糊', en: 'Blur all on or off' },
  },
  {
    id: 'stacks',
    key: null,
    group: 'view',
    when: 'grid',
    name: { zh: '相同素材叠放 / 平铺', en: 'Stack what is the same, or not' },
  },
  {
    id: 'toggleStack',
    key: 'd',
    group: 'view',
    when: 'grid',
    name: { zh: '展开 / 收起叠放', en: 'Lay the stack out / fold it' },
  },
  { id: 'listView', key: 'l', group: 'view', when: 'grid', name: { zh: '列表 / 网格', en: 'List or grid' } },
  { id: 'grey', key: 'g', group: 'view', when: 'grid', name: { zh: '切换灰度', en: 'Grey on or off' } },
  {
    id: 'copyEvidence',
    key: 'Mod+Shift+c',
    group: 'view',
    when: 'grid',
    name: { zh: '复制证据', en: 'Copy evidence' },
    yieldsToFields: true,
  },
  { id: 'copyName', key: null, group: 'view', when: 'grid', name: { zh: '复制名称', en: 'Copy name' } },
  { id: 'copyPath', key: null, group: 'view', when: 'grid', name: { zh: '复制路径', en: 'Copy path' } },
  { id: 'copyPicture', key: null, group: 'view', when: 'grid', name: { zh: '复制图片', en: 'Copy image' } },
  { id: 'showInFolder', key: null, group: 'view', when: 'grid', name: { zh: '在文件夹中显示', en: 'Show in folder' } },
  {
    id: 'openFile',
    key: null,
    group: 'view',
    when: 'grid',
    name: { zh: '用其他程序打开', en: 'Open in another program' },
  },
  { id: 'select', key: 'Space', group: 'select', when: 'grid', name: { zh: '选择', en: 'Select' } },
  {
    id: 'selectAll',
    key: 'Mod+a',
    group: 'select',
    when: 'grid',
    name: { zh: '全选筛选结果', en: 'Select all in the filter' },
    yieldsToFields: true,
  },
  {
    id: 'selectSameFolder',
    key: null,
    group: 'select',
    when: 'grid',
    name: { zh: '选择同一文件夹的素材', en: 'Select the same folder' },
  },
  {
    id: 'selectSameLabel',
    key: null,
    group: 'select',
    when: 'grid',
    name: { zh: '选择同一标签的素材', en: 'Select the same label' },
  },
  {
    id: 'selectSameRule',
    key: null,
    group: 'select',
    when: 'grid',
    name: { zh: '选择命中同一规则的素材', en: 'Select the same rule' },
  },
  {
    id: 'selectSameVerdict',
    key: null,
    group: 'select',
    when: 'grid',
    name: { zh: '选择同一机审结论的素材', en: 'Select the same verdict' },
  },
  {
    id: 'looksLike',
    key: null,
    group: 'view',
    when: 'grid',
    name: { zh: '查看相似的画面', en: 'Show what looks like this' },
  },
  {
    id: 'openFiles',
    key: 'Mod+Shift+o',
    group: 'batch',
    when: 'window',
    name: { zh: '打开文件…', en: 'Open files…' },
    overDialogs: true,
    menu: { section: 'open', order: 2 },
  },
  {
    id: 'openFolder',
    key: 'Mod+o',
    group: 'batch',
    when: 'window',
    name: { zh: '打开文件夹…', en: 'Open folder…' },
    overDialogs: true,
    menu: { section: 'open', order: 1 },
  },
  {
    id: 'sample',
    key: null,
    group: 'batch',
    when: 'window',
    name: { zh: '试用示例批次', en: 'Try the sample batch' },
    menu: { section: 'open', order: 3 },
  },
  {
    id: 'export',
    key: 'Mod+e',
    group: 'batch',
    when: 'window',
    name: { zh: '导出…', en: 'Export…' },
    menu: { section: 'export', order: 1 },
  },
  {
    id: 'recheck',
    key: null,
    group: 'batch',
    when: 'window',
    name: { zh: '重新检查未检素材', en: 'Check unchecked assets again' },
  },
  {
    id: 'allowCalls',
    key: null,
    group: 'batch',
    when: 'grid',
    name: { zh: '允许更多调用并继续', en: 'Allow the calls and go on' },
  },
  {
    id: 'stateEncoding',
    key: null,
    group: 'batch',
    when: 'grid',
    name: { zh: '选择编码并重新检查…', en: 'Choose an encoding and check again…' },
  },
  { id: 'recheckThese', key: null, group: 'batch', when: 'grid', name: { zh: '重新检查', en: 'Check again' } },
  {
    id: 'putFirst',
    key: 'Mod+Shift+f',
    group: 'batch',
    when: 'window',
    name: { zh: '把此批次排到最前', en: 'Put this batch first' },
  },
  {
    id: 'contextMenu',
    key: 'Shift+F10',
    group: 'window',
    when: 'window',
    name: { zh: '快捷菜单', en: 'Context menu' },
    yieldsToFields: true,
  },
  {
    id: 'palette',
    key: 'Mod+k',
    group: 'window',
    when: 'window',
    name: { zh: '命令面板', en: 'Command palette' },
    menu: { section: 'find', order: 1 },
  },
  {
    id: 'search',
    key: 'Mod+f',
    group: 'window',
    when: 'window',
    name: { zh: '搜索素材', en: 'Search assets' },
    menu: { section: 'find', order: 2, name: { zh: '搜索', en: 'Search' } },
  },
  {
    id: 'searchAll',
    key: 'Mod+Shift+l',
    group: 'window',
    when: 'window',
    name: { zh: '搜索全部批次', en: 'Search all batches' },
    menu: { section: 'find', order: 3 },
  },
  {
    id: 'keys',
    key: '?',
    fixedKey: 'F1',
    group: 'window',
    when: 'window',
    name: { zh: '快捷键', en: 'Keys' },
    menu: { section: 'help', order: 1, name: { zh: '快捷键', en: 'Keyboard shortcuts' } },
  },
  {
    id: 'nextPane',
    key: 'F6',
    group: 'window',
    when: 'window',
    name: { zh: '下一个窗格', en: 'Next pane' },
  },
  {
    id: 'previousPane',
    key: 'Shift+F6',
    group: 'window',
    when: 'window',
    name: { zh: '上一个窗格', en: 'Previous pane' },
  },
  {
    id: 'toggleSideBar',
    key: 'Mod+b',
    group: 'window',
    when: 'window',
    name: { zh: '显示或收起侧栏', en: 'Show or hide the side bar' },
    yieldsToFields: true,
  },
  {
    id: 'toggleInspector',
    key: 'Mod+i',
    group: 'window',
    when: 'grid',
    name: { zh: '显示或收起详情', en: 'Show or hide the inspector' },
    yieldsToFields: true,
  },
  { id: 'showGrid', key: null, group: 'window', when: 'window', name: { zh: '素材', en: 'Assets' }, view: 'grid' },
  {
    id: 'showHistory',
    key: null,
    group: 'window',
    when: 'window',
    name: { zh: '历史', en: 'History' },
    view: 'history',
  },
  { id: 'showRules', key: null, group: 'window', when: 'window', name: { zh: '规则', en: 'Rules' }, view: 'rules' },
  { id: 'showQueue', key: null, group: 'window', when: 'window', name: { zh: '队列', en: 'Queue' }, view: 'queue' },
  {
    id: 'showProfiles',
    key: null,
    group: 'window',
    when: 'window',
    name: { zh: '应用档案', en: 'Profiles' },
    view: 'profiles',
  },
  {
    id: 'showSettings',
    key: 'Mod+,',
    group: 'window',
    when: 'window',
    name: { zh: '设置', en: 'Settings' },
    view: 'settings',
    menu: { section: 'settings', order: 1, name: { zh: '设置…', en: 'Settings…' } },
  },
  {
    id: 'about',
    key: null,
    group: null,
    when: 'window',
    name: { zh: '关于预审台', en: 'About Prescreen' },
    menu: { section: 'about', order: 1 },
  },
] as const satisfies readonly CommandRecord[]

export type CommandId = (typeof table)[number]['id']
export type ViewId = Extract<(typeof table)[number], { readonly view: string }>['view']

export interface Command extends CommandRecord {
  readonly id: CommandId
  readonly view?: ViewId
}

export const commands: readonly Command[] = table

/** Every command that the window lists, in the order of the table; what only the menu has is not among them. */
export const listedCommands: readonly Command[] = commands.filter(({ group }) => group !== null)

export function commandOf(id: CommandId): Command {
  const found = commands.find(command => command.id === id)
  // Every id comes from the table.
  if (found === undefined) throw new Error(`no command ${id}`)
  return found
}

/** Combinations that a person has chosen, by command; '' for none, and what is missing has its default (`Settings.keys`). */
export type OwnKeys = Readonly<Record<string, string>>

/** The combination in force, or null when the command has none. */
export function keyOf({ id, key }: Pick<CommandRecord, 'id' | 'key'>, own: OwnKeys): string | null {
  const chosen = own[id] ?? key
  return chosen === '' ? null : chosen
}
