import { type CommandId, commandOf } from '../../shared/commands.ts'
import { bridge } from '../base/bridge.ts'
import { focusAssets } from '../base/focus.ts'
import {
  endsHold,
  type Held,
  heldBy,
  isField,
  isTyping,
  type KeyMeaning,
  type Move,
  meaningOf,
  menuMeaning,
  type Place,
  placeOf,
  readingMove,
  type TypingCommand,
  typingUndo,
  writtenBy,
} from '../base/keys.ts'
import { gridLayout } from '../features/grid/current.ts'
import { movedIndex } from '../features/grid/layout.ts'
import { readOn, scrollStage } from '../features/inspector/reading.ts'
import { disarmReason, toggleReason } from '../features/review/decide.ts'
import { useApp } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { isComparing, stepPane } from '../state/comparing.ts'
import { isDialogAsked } from '../state/dialogs.ts'
import { dispatchGrid, extendTo, extendToFocus, focusOn, stay, useGrid } from '../state/grid/grid.ts'
import { dispatchViewState, hold, useViewState } from '../state/view-state.ts'

/** Where the focus was when the key went down. A listener that runs before ours may close the field or dialog it was in. */
let focused: { readonly place: Place; readonly inField: boolean } = { place: 'work', inField: false }
/** What holds the picture uncovered. */
let held: Held | null = null
/** Written while a dialog was on its way, for the field that it begins with. */
let written = ''

/** Listens to the keys and to the menu. */
export function connectKeyboard(): void {
  bridge.on('command', ({ command }) => obey(command))
  window.addEventListener(
    'keydown',
    () => {
      focused = focusNow()
      if (focused.place !== 'covered') written = ''
    },
    { capture: true },
  )
  window.addEventListener('keydown', pressed)
  window.addEventListener('keyup', released)
  window.addEventListener('focusin', giveWritten)
  // A key that is released outside the window sends no keyup.
  window.addEventListener('blur', letGo)
}

const focusNow = () => ({
  place: placeOf(document.activeElement, isDialogAsked() ? 'dialog' : 'nothing'),
  inField: isField(document.activeElement),
})

function obey(command: CommandId): void {
  switch (menuMeaning(command, focusNow())) {
    case 'run':
      runCommand(command)
      break
    case 'type':
      if (isTyping(command)) undoTyping(command)
      break
    case 'ignore':
      break
  }
}

/** Deprecated, and the one way to the undo of a field. */
function undoTyping(command: TypingCommand): void {
  document.execCommand(command)
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const { settings, info, view } = useApp.getState()
  const os = info?.os ?? 'linux'
  if (focused.place === 'covered') {
    keepWritten(event)
    return
  }
  const typing = typingUndo(event, { inField: focused.inField, os })
  if (typing !== null) {
    event.preventDefault()
    undoTyping(typing)
    return
  }
  const reading = useViewState.getState().loupe && view === 'grid' ? readingMove(event, focused.place, os) : null
  if (reading !== null) {
    event.preventDefault()
    readOn(reading, { isHeld: event.repeat })
    if (focused.place === 'button') focusAssets()
    return
  }
  const meaning = meaningOf(event, { place: focused.place, os, own: settings.keys })
  if (meaning === null) return
  const when = meaning.kind === 'command' ? commandOf(meaning.id).when : 'grid'
  if (when === 'grid' && view !== 'grid') return
  event.preventDefault()
  if (when === 'grid' && !useGrid.getState().isPlaced) dispatchGrid(stay, null)
  if (meaning.kind === 'command' && meaning.id === 'reveal') {
    held = heldBy(event)
    dispatchViewState(hold, true)
  } else follow(meaning)
}

/** Who types on after the key that opens a dialog means the dialog: no asset is decided by it, nor by Enter or Space. */
function keepWritten(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  written += writtenBy(event)
}

function giveWritten({ target }: FocusEvent): void {
  if (written === '' || !(target instanceof Element) || placeOf(target, 'nothing') !== 'dialog') return
  const text = written
  written = ''
  // Deprecated, and the one way in which a field hears of it as of a key.
  if (isField(target)) document.execCommand('insertText', false, text)
}

function follow(meaning: KeyMeaning): void {
  switch (meaning.kind) {
    case 'command':
      if (meaning.id !== 'close' || !disarmReason()) runCommand(meaning.id)
      break
    case 'reason':
      toggleReason(meaning.reason)
      break
    case 'extend':
      if (isComparing()) break
      dispatchGrid(extendToFocus, null)
      break
    case 'held':
      break
    case 'move': {
      if (isComparing()) {
        moveCompared(meaning.move)
        break
      }
      const { order, focus } = useGrid.getState()
      const index = movedIndex(gridLayout(), order.length, order.indexOf(focus), meaning.move)
      const position = order[index]
      if (position !== undefined) dispatchGrid(meaning.extend ? extendTo : focusOn, position)
      // A button that goes on having the focus would have the next Enter.
      if (focused.place === 'button') focusAssets()
      break
    }
  }
}

/** From pane to pane, or over what all of them show. */
function moveCompared(move: Move): void {
  if (move === 'left' || move === 'right') stepPane(move === 'left' ? -1 : 1)
  else scrollStage(move)
}

function released(event: KeyboardEvent): void {
  if (held !== null && endsHold(held, event)) letGo()
}

function letGo(): void {
  held = null
  dispatchViewState(hold, false)
}
