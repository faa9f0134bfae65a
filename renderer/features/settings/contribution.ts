import { IconAdjustments } from '@tabler/icons-react'
import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'

export const settings: Contribution = {
  id: 'settings',
  view: {
    id: 'settings',
    command: 'showSettings',
    Icon: IconAdjustments,
    Content: onDemand(async () => (await import('./settings-view.tsx')).SettingsView),
    needsNoData: true,
  },
}
