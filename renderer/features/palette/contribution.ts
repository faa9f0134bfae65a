import { onDemand } from '../../base/on-demand.tsx'
import { dispatch, showOverlay } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'
import { paletteActions, paletteStore } from './store.ts'

export const palette: Contribution = {
  id: 'palette',
  overlays: { keys: onDemand(async () => (await import('./keys-help.tsx')).KeysHelp) },
  dialogs: [onDemand(async () => (await import('./palette.tsx')).CommandPalette)],
  asksDialog: () => paletteStore.getState().opened,
  commands: {
    palette: () => paletteActions.open(),
    keys: () => dispatch(showOverlay, 'keys'),
  },
}
