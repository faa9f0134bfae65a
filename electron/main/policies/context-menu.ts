import { type CommandId, commandOf, keyOf, type OwnKeys } from '../../../shared/commands.ts'
import type { BatchAct, MenuChoice, MenuSubject } from '../../../shared/context-menu.ts'
import type { InLanguages, Language } from '../../../shared/language.ts'
import { acceleratorText, type MenuRole } from './menu-template.ts'

/** One line of a context menu. */
export type ContextEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'role'; readonly role: MenuRole; readonly label: string; readonly isEnabled: boolean }
  /** `accelerator` is shown and registered nowhere: the window's own keys do the same. */
  | { readonly kind: 'choice'; readonly choice: MenuChoice; readonly label: string; readonly accelerator?: string }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly ContextEntry[] }

export interface MenuTaste {
  readonly language: Language
  readonly own: OwnKeys
  /** Texts of the reasons 1–9; '' leaves a number out. */
  readonly reasons: readonly string[]
}

const separator: ContextEntry = { kind: 'separator' }

/** A context menu as data. Lines that could do nothing are not there, so that none has to be tried. */
export function contextMenu(subject: MenuSubject, taste: MenuTaste): readonly ContextEntry[] {
  switch (subject.of) {
    case 'assets':
      return tidied(assetEntries(subject, taste))
    case 'batch':
      return tidied(batchEntries(subject, taste.language))
    case 'text':
      return tidied(textEntries(subject, taste.language))
  }
}

type Of<Kind extends MenuSubject['of']> = Extract<MenuSubject, { readonly of: Kind }>

function assetEntries(
  { count, kind, isDecided, waits, isUndecoded, isSelection }: Of<'assets'>,
  taste: MenuTaste,
): readonly ContextEntry[] {
  const { language } = taste
  const command = (id: CommandId, name: InLanguages = commandOf(id).name) => commandEntry(id, name[language], taste)
  const one = (...entries: readonly ContextEntry[]) => (count === 1 ? entries : [])
  const reasons = taste.reasons.flatMap((text, at): readonly ContextEntry[] =>
    text === ''
      ? []
      : [
          {
            kind: 'choice',
            choice: { choice: 'reason', reason: at + 1 },
            label: asLabel(text),
            accelerator: String(at + 1),
          },
        ],
  )
  return [
    ...(['approve', 'reject', 'escalate', 'defer'] as const).map(id => command(id)),
    ...(isDecided ? [command('clear')] : []),
    ...(reasons.length === 0 ? [] : [submenu(words.reason[language], reasons)]),
    command('note', words.note),
    separator,
    ...one(command('open'), command('loupeWindow')),
    separator,
    submenu(words.copy[language], [
      command('copyName', words.name),
      command('copyPath', words.path),
      ...(kind === 'image' || kind === 'document' ? one(command('copyPicture', words.picture)) : []),
      ...one(command('copyEvidence', words.evidence)),
    ]),
    ...one(command('showInFolder'), command('openFile')),
    separator,
    ...one(
      submenu(words.same.all[language], [
        command('selectSameFolder', words.same.folder),
        command('selectSameLabel', words.same.label),
        command('selectSameRule', words.same.rule),
        command('selectSameVerdict', words.same.verdict),
      ]),
    ),
    ...(kind === 'image' ? one(command('looksLike')) : []),
    ...(waits ? [command('allowCalls')] : []),
    ...(isUndecoded ? [command('stateEncoding')] : []),
    command('recheckThese'),
    ...(isSelection && count > 1 ? [command('export', words.exportThese)] : []),
  ]
}

function batchEntries({ state, unchecked, isOpen }: Of<'batch'>, language: Language): readonly ContextEntry[] {
  const line = (act: BatchAct): ContextEntry => ({
    kind: 'choice',
    choice: { choice: 'batch', act },
    label: words.batch[act][language],
  })
  const isAtWork = state === 'running' || state === 'paused'
  return [
    ...(isOpen ? [] : [line('open')]),
    separator,
    ...(state === 'running' ? [line('pause')] : []),
    ...(state === 'paused' || state === 'interrupted' ? [line('resume')] : []),
    ...(unchecked > 0 && !isAtWork ? [line('recheck')] : []),
    separator,
    line('export'),
    line('copyName'),
  ]
}

function textEntries({ canEdit, hasSelection }: Of<'text'>, language: Language): readonly ContextEntry[] {
  const role = (name: keyof typeof words.roles, isEnabled = true): ContextEntry => ({
    kind: 'role',
    role: name,
    label: words.roles[name][language],
    isEnabled,
  })
  return [
    ...(canEdit ? [role('undo'), role('redo'), separator, role('cut', hasSelection)] : []),
    role('copy', hasSelection),
    ...(canEdit ? [role('paste')] : []),
    separator,
    role('selectAll'),
  ]
}

function commandEntry(id: CommandId, label: string, { own }: MenuTaste): ContextEntry {
  const accelerator = acceleratorText(keyOf(commandOf(id), own) ?? '')
  const entry = { kind: 'choice', choice: { choice: 'command', command: id }, label } as const
  return accelerator === null ? entry : { ...entry, accelerator }
}

const submenu = (label: string, entries: readonly ContextEntry[]): ContextEntry => ({ kind: 'submenu', label, entries })

/** `&` underlines the next letter on Windows and Linux; a reason is somebody's own words. */
const asLabel = (text: string): string => text.replaceAll('&', '&&')

/** Without separators that separate nothing. */
function tidied(entries: readonly ContextEntry[]): readonly ContextEntry[] {
  return entries.filter(
    (entry, at) =>
      entry.kind !== 'separator' ||
      (entries.slice(0, at).some(isLine) && entries[at + 1]?.kind !== 'separator' && entries.slice(at).some(isLine)),
  )
}

const isLine = ({ kind }: ContextEntry): boolean => kind !== 'separator'

const words = {
  reason: { zh: '原因', en: 'Reason' },
  note: { zh: '备注…', en: 'Note…' },
  copy: { zh: '复制', en: 'Copy' },
  name: { zh: '名称', en: 'Name' },
  path: { zh: '路径', en: 'Path' },
  picture: { zh: '图片', en: 'Image' },
  evidence: { zh: '证据', en: 'Evidence' },
  same: {
    all: { zh: '选择相同的', en: 'Select the same' },
    folder: { zh: '文件夹', en: 'Folder' },
    label: { zh: '标签', en: 'Label' },
    rule: { zh: '规则', en: 'Rule' },
    verdict: { zh: '机审结论', en: 'Verdict' },
  },
  exportThese: { zh: '导出所选…', en: 'Export selection…' },
  batch: {
    open: { zh: '打开', en: 'Open' },
    pause: { zh: '暂停', en: 'Pause' },
    resume: { zh: '继续检查', en: 'Resume' },
    recheck: { zh: '重新检查未检素材', en: 'Check unchecked assets again' },
    export: { zh: '导出…', en: 'Export…' },
    copyName: { zh: '复制名称', en: 'Copy name' },
  },
  roles: {
    undo: { zh: '撤销', en: 'Undo' },
    redo: { zh: '重做', en: 'Redo' },
    cut: { zh: '剪切', en: 'Cut' },
    copy: { zh: '复制', en: 'Copy' },
    paste: { zh: '粘贴', en: 'Paste' },
    selectAll: { zh: '全选', en: 'Select all' },
  },
} as const
