import type { MenuCommand } from '../../../shared/ipc.ts'
import { bridge } from '../../base/bridge.ts'
import { act, showOverlay, useApp } from '../../state/app.ts'
import { actGrid, extendTo, extendToFocus, focusOn, useGrid } from '../../state/grid/grid.ts'
import { actLook, hold } from '../../state/look.ts'
import { gridLayout } from '../grid/current.ts'
import { movedIndex } from '../grid/layout.ts'
import { actions } from './actions.ts'
import { commands } from './commands.ts'
import { toggleReason } from './decide.ts'
import {
  endsHold,
  type Held,
  heldBy,
  isField,
  type KeyMeaning,
  meaningOf,
  menuMeaning,
  type Place,
  placeOf,
  typingUndo,
} from './keys.ts'

const menu: Readonly<Record<MenuCommand, () => void>> = {
  'open-files': actions.openFiles,
  'open-folder': actions.openFolder,
  export: actions.export,
  undo: actions.undo,
  redo: actions.redo,
  palette: actions.palette,
  search: actions.search,
  keys: actions.keys,
  settings: actions.showSettings,
  sample: actions.sample,
  about: () => act(showOverlay, 'about'),
}

/** Where the focus was when the key went down. What hears the key before us may close the field or dialog it was in. */
let focused: { readonly place: Place; readonly inField: boolean } = { place: 'work', inField: false }
/** What holds the picture uncovered. */
let held: Held | null = null

export function connectKeys(): void {
  bridge.on('command', ({ command }) => obey(command))
  window.addEventListener(
    'keydown',
    () => {
      focused = focusNow()
    },
    { capture: true },
  )
  window.addEventListener('keydown', pressed)
  window.addEventListener('keyup', released)
  // A key that is let go of outside of the window is never heard of.
  window.addEventListener('blur', letGo)
}

const focusNow = () => ({ place: placeOf(document.activeElement), inField: isField(document.activeElement) })

function obey(command: MenuCommand): void {
  switch (menuMeaning(command, focusNow())) {
    case 'run':
      menu[command]()
      break
    case 'type':
      undoTyping(command)
      break
    case 'ignore':
      break
  }
}

/** Deprecated, and the one way to the undo of a field. */
function undoTyping(command: MenuCommand): void {
  document.execCommand(command)
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const { settings, info, view } = useApp.getState()
  const os = info?.os ?? 'linux'
  const typing = typingUndo(event, { inField: focused.inField, os })
  if (typing !== null) {
    event.preventDefault()
    undoTyping(typing)
    return
  }
  const meaning = meaningOf(event, { place: focused.place, os, own: settings.keys })
  if (meaning === null) return
  const scope = meaning.kind === 'command' ? commands.find(command => command.id === meaning.id)?.scope : 'grid'
  if (scope === 'grid' && view !== 'grid') return
  event.preventDefault()
  if (meaning.kind === 'command' && meaning.id === 'reveal') {
    held = heldBy(event)
    actLook(hold, true)
  } else follow(meaning)
}

function follow(meaning: KeyMeaning): void {
  switch (meaning.kind) {
    case 'command':
      actions[meaning.id]()
      break
    case 'reason':
      toggleReason(meaning.reason)
      break
    case 'extend':
      actGrid(extendToFocus, null)
      break
    case 'held':
      break
    case 'move': {
      const { order, focus } = useGrid.getState()
      const index = movedIndex(gridLayout(), order.length, order.indexOf(focus), meaning.move)
      const position = order[index]
      if (position !== undefined) actGrid(meaning.extend ? extendTo : focusOn, position)
      break
    }
  }
}

function released(event: KeyboardEvent): void {
  if (held !== null && endsHold(held, event)) letGo()
}

function letGo(): void {
  held = null
  actLook(hold, false)
}
