import { type CommandId, commandOf, commands, keyOf, listedCommands, type OwnKeys } from '../../shared/commands.ts'
import type { AppInfo } from '../../shared/ipc.ts'

/** What of a keyboard event decides what it means. */
export interface KeyPress {
  readonly key: string
  readonly keyCode: number
  readonly isComposing: boolean
  readonly repeat: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** Where the focus is when a key is pressed. */
export type Place =
  /** The grid, the loupe, or nothing in particular. */
  | 'work'
  /** Something that the arrows scroll: a text, a picture at 100 %. All other keys are those of the grid. */
  | 'scroller'
  /** A button: Enter and Space press it, the arrows are those of the grid. */
  | 'button'
  /** Something with more keys of its own: a list, a tab, a slider. */
  | 'control'
  /** Something that is typed into. */
  | 'field'
  /** A dialog, whose keys stay its own. */
  | 'dialog'
  /** What a dialog that was asked for and is not on screen yet is about to cover: the keys are the dialog's already. */
  | 'covered'

/** A step of the focus in the grid. */
export type Move = 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'pageUp' | 'pageDown'

export type KeyMeaning =
  | { readonly kind: 'command'; readonly id: CommandId }
  | { readonly kind: 'reason'; readonly reason: number }
  | { readonly kind: 'move'; readonly move: Move; readonly extend: boolean }
  /** The selection reaches to what has the focus. */
  | { readonly kind: 'extend' }
  /** A command acts once for each press. Its repeats are used up, or else the menu would take them. */
  | { readonly kind: 'held' }

const moves: Readonly<Record<string, Move>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
}

/**
 * What a key press asks for, null for nothing of ours. Chinese input must never decide anything: while a composition is
 * going on (`isComposing`, key code 229) no key has a meaning, and single letters have none in fields or on repeat.
 */
export function meaningOf(
  press: KeyPress,
  where: { readonly place: Place; readonly os: AppInfo['os']; readonly own: OwnKeys },
): KeyMeaning | null {
  if (press.isComposing || press.keyCode === 229) return null
  if (isInDialog(where.place)) return null
  const isOverAssets = where.place === 'work' || where.place === 'scroller'
  const pressed = combinationOf(press, where.os)
  const bare = !pressed.includes('Mod+') && !pressed.includes('Alt+')
  if (bare && (where.place === 'work' || where.place === 'button')) {
    const move = moves[press.key]
    if (move !== undefined) return { kind: 'move', move, extend: press.shiftKey }
  }
  const named = press.key.length > 1
  if (bare && where.place === 'field' && !/^F\d+$/.test(press.key)) return null
  const isPressed = where.place === 'button' || where.place === 'control'
  if (bare && isPressed && (named || press.key === ' ') && !/^F\d+$|^Escape$/.test(press.key)) return null
  if (bare && press.repeat) return null
  if (bare && !press.shiftKey && /^[1-9]$/.test(press.key)) return { kind: 'reason', reason: Number(press.key) }
  if (isOverAssets && !press.repeat && (pressed === 'Shift+Space' || pressed === 'Mod+Space')) return { kind: 'extend' }
  const fixed = commands.find(command => command.fixedKey === pressed)
  if (fixed !== undefined) return { kind: 'command', id: fixed.id }
  const found = listedCommands.find(command => keyOf(command, where.own) === pressed)
  if (found === undefined) return null
  if (where.place === 'field' && (found.when !== 'window' || found.yieldsToFields === true)) return null
  if (press.repeat) return { kind: 'held' }
  return { kind: 'command', id: found.id }
}

const isInDialog = (place: Place): boolean => place === 'dialog' || place === 'covered'

/** The character that a key writes; empty for one that writes none. */
export function writtenBy(press: KeyPress): string {
  if (press.isComposing || press.keyCode === 229 || press.ctrlKey || press.metaKey || press.altKey) return ''
  return [...press.key].length === 1 ? press.key : ''
}

/** What a key reads in the loupe, where Space turns the page too; null where it means something else. */
export function readingMove(press: KeyPress, place: Place, os: AppInfo['os']): Move | null {
  if (press.isComposing || press.keyCode === 229 || (place !== 'work' && place !== 'button')) return null
  const pressed = combinationOf(press, os)
  if (place === 'work' && (pressed === 'Space' || pressed === 'Shift+Space'))
    return press.shiftKey ? 'pageUp' : 'pageDown'
  return pressed === press.key ? (moves[press.key] ?? null) : null
}

/** `Mod+Shift+z`; Shift is left out where it only makes the character, as in `?`. */
export function combinationOf(press: KeyPress, os: AppInfo['os']): string {
  const isMod = os === 'mac' ? press.metaKey : press.ctrlKey
  const isOther = os === 'mac' ? press.ctrlKey : press.metaKey
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toLowerCase() : press.key
  const shifts = press.shiftKey && (key.length > 1 || /\p{Letter}/u.test(key))
  return [isMod ? 'Mod' : '', isOther ? 'Other' : '', press.altKey ? 'Alt' : '', shifts ? 'Shift' : '', key]
    .filter(part => part !== '')
    .join('+')
}

/** For people: `⌘K`, `Ctrl+K`, `A`. */
export function keyName(combination: string, os: AppInfo['os']): string {
  const names: Readonly<Record<string, string>> =
    os === 'mac'
      ? { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'Esc', Space: 'Space' }
      : { Mod: 'Ctrl', Escape: 'Esc' }
  const parts = combination === '+' ? ['+'] : combination.split('+')
  return parts.map(part => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(os === 'mac' ? '' : '+')
}

/** What a press needs to be let go of: the key, and the modifiers that were down with it. */
export interface Held {
  readonly code: string
  readonly modifiers: readonly string[]
}

type Modifiers = Pick<KeyPress, 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

export function heldBy(press: Modifiers & { readonly code: string }): Held {
  const down = { Control: press.ctrlKey, Meta: press.metaKey, Shift: press.shiftKey, Alt: press.altKey }
  return { code: press.code, modifiers: Object.entries(down).flatMap(([name, isDown]) => (isDown ? [name] : [])) }
}

/**
 * Whether it ends what was held. Whichever goes up first ends it: without its modifier a key has another name (`/` for `?`),
 * and of a key that goes up while ⌘ is down a Mac says nothing.
 */
export function endsHold(held: Held, released: { readonly code: string; readonly key: string }): boolean {
  return released.code === held.code || held.modifiers.includes(released.key)
}

/**
 * What a menu item, or its accelerator, is to do where the focus is. `type`: undo in a field is that of the typing, which
 * macOS leaves to the menu. Behind a dialog nothing acts but what adds to the drop.
 */
export function menuMeaning(
  command: CommandId,
  where: { readonly place: Place; readonly inField: boolean },
): 'run' | 'type' | 'ignore' {
  if (where.inField && isTyping(command)) return 'type'
  return isInDialog(where.place) && commandOf(command).overDialogs !== true ? 'ignore' : 'run'
}

/** What the browser can do to the typing in a field, by the same names. */
export type TypingCommand = 'undo' | 'redo'
export const isTyping = (command: CommandId): command is TypingCommand => command === 'undo' || command === 'redo'

/**
 * Undo of what is typed, where the system has none: macOS leaves it to the menu, whose undo may have another key or none.
 */
export function typingUndo(
  press: KeyPress,
  where: { readonly inField: boolean; readonly os: AppInfo['os'] },
): TypingCommand | null {
  if (!where.inField || where.os !== 'mac' || press.isComposing || press.keyCode === 229) return null
  const pressed = combinationOf(press, where.os)
  return pressed === 'Mod+z' ? 'undo' : pressed === 'Mod+Shift+z' ? 'redo' : null
}

const fields =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=button]), textarea, select, [contenteditable=""], [contenteditable=true], [role=textbox], [role=combobox], [role=searchbox]'
const controls =
  'button, a[href], summary, input, [role=button], [role=menuitem], [role=tab], [role=option], [role=slider], [role=separator], [role=radio], [role=checkbox], [role=switch], [role=listbox], [role=tree]'
/** Those that open a menu open it by the arrows too. */
const buttons =
  ':is(button, [role=button]):not([role]:not([role=button]), [aria-haspopup=menu], [aria-haspopup=listbox]), a[href]:not([role])'
/** Marked by who draws them. */
const scrollers = '[data-scroller]'
/** The body stands for nothing in particular. What opens from within a dialog, as a list of choices, lies outside both. */
const coverable = 'body, [data-window] *, [data-loupe], [data-loupe] *'

/** Also in a dialog, where `placeOf` says no more than that it is one. */
export const isField = (element: Element | null): boolean => element?.matches(fields) === true

/** `asked`: a dialog was asked for, be it on screen yet or not. */
export function placeOf(active: Element | null, asked: 'dialog' | 'nothing'): Place {
  if (active === null) return asked === 'dialog' ? 'covered' : 'work'
  if (active.closest('[role=dialog]:not([data-loupe]), [role=alertdialog], [role=menu]') !== null) return 'dialog'
  // A click beside an open dialog takes the focus from it, and gives it to nothing.
  if (active.matches('body') && active.querySelector('[role=dialog][aria-modal=true]:not([data-loupe])') !== null)
    return 'dialog'
  if (asked === 'dialog' && active.matches(coverable)) return 'covered'
  if (isField(active)) return 'field'
  // In the loupe the keys scroll whatever has the focus, and go on at its end.
  if (active.matches(scrollers)) return active.closest('[data-loupe]') === null ? 'scroller' : 'work'
  if (active.matches(buttons)) return 'button'
  if (active.matches(controls)) return 'control'
  return 'work'
}
