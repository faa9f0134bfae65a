import type { MenuCommand } from '../../shared/ipc.ts'
import { bridge } from '../bridge.ts'
import { gridLayout } from '../grid/current.ts'
import { movedIndex } from '../grid/layout.ts'
import { act, showOverlay, useApp } from '../stores/app.ts'
import { actGrid, extendTo, focusOn, useGrid } from '../stores/grid.ts'
import { actLook, armReason, hold } from '../stores/look.ts'
import { actions } from './actions.ts'
import { commands, keyOf } from './commands.ts'
import { combinationOf, type KeyMeaning, meaningOf, placeOf } from './keys.ts'

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

export function connectKeys(): void {
  bridge.on('command', ({ command }) => menu[command]())
  window.addEventListener('keydown', pressed)
  window.addEventListener('keyup', released)
  // A key that is let go of outside of the window is never heard of.
  window.addEventListener('blur', () => actLook(hold, false))
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const { settings, info, view } = useApp.getState()
  const meaning = meaningOf(event, {
    place: placeOf(document.activeElement),
    os: info?.os ?? 'linux',
    own: settings.keys,
  })
  if (meaning === null) return
  const scope = meaning.kind === 'command' ? commands.find(command => command.id === meaning.id)?.scope : 'grid'
  if (scope === 'grid' && view !== 'grid') return
  event.preventDefault()
  follow(meaning)
}

function follow(meaning: KeyMeaning): void {
  switch (meaning.kind) {
    case 'command':
      if (meaning.id === 'reveal') actLook(hold, true)
      else actions[meaning.id]()
      break
    case 'reason':
      if (meaning.reason <= useApp.getState().settings.reasons.length) actLook(armReason, meaning.reason)
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
  const { settings, info } = useApp.getState()
  const key = keyOf('reveal', settings.keys)
  if (key === combinationOf(event, info?.os ?? 'linux') || event.key.toLowerCase() === key) actLook(hold, false)
}
