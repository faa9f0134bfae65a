import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { usePlan } from '../../state/plan.ts'
import { connectPlanning, openDialog, startSample } from './planning.ts'

export const drop: Contribution = {
  id: 'drop',
  dialogs: [onDemand(async () => (await import('./plan-dialog.tsx')).PlanDialog)],
  asksDialog: () => usePlan.getState().inputs !== null,
  commands: {
    openFiles: () => void openDialog('files'),
    openFolder: () => void openDialog('folder'),
    sample: () => void startSample(),
  },
  connect: connectPlanning,
}
