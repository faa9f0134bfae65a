import { lazy } from 'react'
import { dispatch, showOverlay } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'
import { paletteActions, paletteStore } from './store.ts'

export const palette: Contribution = {
  id: 'palette',
  overlays: { keys: lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp })) },
  dialogs: [lazy(async () => ({ default: (await import('./palette.tsx')).CommandPalette }))],
  asksDialog: () => paletteStore.getState().opened,
  commands: {
    palette: () => paletteActions.open(),
    keys: () => dispatch(showOverlay, 'keys'),
  },
}
