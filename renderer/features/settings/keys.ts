import { type CommandId, commandOf, commands, keyOf, listedCommands, type OwnKeys } from '../../../shared/commands.ts'
import type { AppInfo } from '../../../shared/ipc.ts'
import { combinationOf, type KeyPress } from '../../base/keys.ts'

type Os = AppInfo['os']

const modifiers = ['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock', 'Fn', 'NumLock', 'OS']
/** No key of its own: an input method or a dead key is at work, and what comes out is not known yet. */
const undecided = ['Process', 'Dead', 'Unidentified', 'Compose']

/** The combination that was pressed, or null while only modifiers are down, an input method composes, or it cannot be used. */
export function recordedCombination(press: KeyPress, os: Os): string | null {
  if (press.isComposing || press.keyCode === 229) return null
  if (modifiers.includes(press.key) || undecided.includes(press.key)) return null
  const combination = combinationOf(press, os)
  return combination.includes('Other+') ? null : combination
}

/** Taken by the grid (movement, reasons, selection), by fields or by the system. */
const reserved = new Set([
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Tab'].flatMap(key => [
    key,
    `Shift+${key}`,
    `Mod+${key}`,
  ]),
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  ...['Mod+c', 'Mod+v', 'Mod+x', 'Mod+q', 'Mod+w', 'Mod+h', 'Mod+m', 'Mod+r'],
  ...['Shift+Space', 'Mod+Space', 'Alt+F4', 'F5', 'F12', 'Backspace', 'Delete'],
  ...commands.flatMap(({ fixedKey }) => fixedKey ?? []),
])

/** The command that answers to a combination now. */
export function holderOf(combination: string, own: OwnKeys): CommandId | null {
  return listedCommands.find(command => keyOf(command, own) === combination)?.id ?? null
}

export type Assigned =
  | { readonly kind: 'assigned'; readonly keys: Record<string, string> }
  | { readonly kind: 'reserved' }
  | { readonly kind: 'conflict'; readonly holder: CommandId }

/** The settings with a command's key changed; '' leaves it without one. Two commands never share a key. */
export function assign(id: CommandId, combination: string, own: OwnKeys): Assigned {
  if (combination !== '') {
    const holder = holderOf(combination, own)
    if (holder !== null && holder !== id) return { kind: 'conflict', holder }
    if (reserved.has(combination) && commandOf(id).key !== combination) return { kind: 'reserved' }
  }
  return { kind: 'assigned', keys: withKey(id, combination, own) }
}

/** Gives a command a key that another one has; that one is left without. */
export function takeOver(id: CommandId, combination: string, own: OwnKeys): Record<string, string> {
  const holder = holderOf(combination, own)
  const freed = holder === null || holder === id ? own : withKey(holder, '', own)
  return withKey(id, combination, freed)
}

/** Commands whose key is not the default. */
export function changedKeys(own: OwnKeys): readonly CommandId[] {
  return listedCommands.filter(command => keyOf(command, own) !== command.key).map(({ id }) => id)
}

function withKey(id: CommandId, combination: string, own: OwnKeys): Record<string, string> {
  const { [id]: _, ...rest } = own
  return combination === (commandOf(id).key ?? '') ? rest : { ...rest, [id]: combination }
}
