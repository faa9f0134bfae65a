import { actions } from './actions.ts'
import type { words } from './words.ts'

/** The one list from which keys, menus, the palette, hints on buttons and the help derive. */
export interface Command {
  readonly id: CommandId
  /** Key of the name in `review/words.ts`. */
  readonly label: `command.${CommandId}` & keyof (typeof words)['zh']
  /** Default combination: `a`, `Shift+t`, `Mod+k` (Ctrl, or ⌘ on a Mac), `Space`, `F1`; the settings may say otherwise. */
  readonly key: string | null
  readonly group: 'move' | 'decide' | 'select' | 'look' | 'batch' | 'window'
  /** `grid`: only where the grid or the loupe is shown. `window`: anywhere, also in fields when a modifier is part of it. */
  readonly scope: 'grid' | 'window'
  readonly run: () => void
}

const list = [
  ['approve', 'a', 'decide', 'grid'],
  ['reject', 'x', 'decide', 'grid'],
  ['escalate', 'e', 'decide', 'grid'],
  ['defer', 's', 'decide', 'grid'],
  ['clear', 'u', 'decide', 'grid'],
  ['note', 'n', 'decide', 'grid'],
  ['undo', 'Mod+z', 'decide', 'window'],
  ['redo', 'Mod+Shift+z', 'decide', 'window'],
  ['next', 'j', 'move', 'grid'],
  ['previous', 'k', 'move', 'grid'],
  ['open', 'Enter', 'look', 'grid'],
  ['close', 'Escape', 'look', 'grid'],
  ['zoom', 'z', 'look', 'grid'],
  ['nextPart', 't', 'look', 'grid'],
  ['previousPart', 'Shift+t', 'look', 'grid'],
  ['reveal', 'b', 'look', 'grid'],
  ['blurAll', 'Shift+b', 'look', 'grid'],
  ['grey', 'g', 'look', 'grid'],
  ['copyEvidence', 'Mod+Shift+c', 'look', 'grid'],
  ['select', 'Space', 'select', 'grid'],
  ['selectAll', 'Mod+a', 'select', 'grid'],
  ['openFiles', 'Mod+Shift+o', 'batch', 'window'],
  ['openFolder', 'Mod+o', 'batch', 'window'],
  ['sample', null, 'batch', 'window'],
  ['export', 'Mod+e', 'batch', 'window'],
  ['recheck', null, 'batch', 'window'],
  ['palette', 'Mod+k', 'window', 'window'],
  ['search', 'Mod+f', 'window', 'window'],
  ['keys', '?', 'window', 'window'],
  ['showGrid', null, 'window', 'window'],
  ['showHistory', null, 'window', 'window'],
  ['showQueue', null, 'window', 'window'],
  ['showProfiles', null, 'window', 'window'],
  ['showSettings', 'Mod+,', 'window', 'window'],
] as const

export type CommandId = (typeof list)[number][0]

export const commands: readonly Command[] = list.map(([id, key, group, scope]) => ({
  id,
  label: `command.${id}`,
  key,
  group,
  scope,
  run: actions[id],
}))

/** The combination in force, or null when the command has none. */
export function keyOf(id: CommandId, own: Readonly<Record<string, string>>): string | null {
  const key = own[id]
  if (key !== undefined) return key === '' ? null : key
  return commands.find(command => command.id === id)?.key ?? null
}

/** For people: `⌘K`, `Ctrl+K`, `A`. */
export function keyName(combination: string, os: 'windows' | 'mac' | 'linux'): string {
  const names: Readonly<Record<string, string>> =
    os === 'mac'
      ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'Esc', Space: 'Space' }
      : { Mod: 'Ctrl', Escape: 'Esc' }
  const parts = combination === '+' ? ['+'] : combination.split('+')
  return parts.map(part => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(os === 'mac' ? '' : '+')
}
