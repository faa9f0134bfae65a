import { lazy } from 'react'
import { dispatch, showOverlay } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'

export const reports: Contribution = {
  id: 'reports',
  overlays: { export: lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog })) },
  commands: { export: () => dispatch(showOverlay, 'export') },
}
