import { onDemand } from '../../base/on-demand.tsx'
import { dispatch, showOverlay } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'

export const reports: Contribution = {
  id: 'reports',
  overlays: { export: onDemand(async () => (await import('./export-dialog.tsx')).ExportDialog) },
  commands: { export: () => dispatch(showOverlay, 'export') },
}
