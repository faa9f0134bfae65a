import { spotlight } from '@mantine/spotlight'
import { lazy } from 'react'
import { dispatch, showOverlay } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'

export const palette: Contribution = {
  id: 'palette',
  overlays: { keys: lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp })) },
  dialogs: [lazy(async () => ({ default: (await import('./palette.tsx')).CommandPalette }))],
  commands: {
    palette: () => spotlight.open(),
    keys: () => dispatch(showOverlay, 'keys'),
  },
}
