import { IconAdjustments } from '@tabler/icons-react'
import { lazy } from 'react'
import type { Contribution } from '../../state/contribution.ts'

export const settings: Contribution = {
  id: 'settings',
  view: {
    id: 'settings',
    command: 'showSettings',
    Icon: IconAdjustments,
    Content: lazy(async () => ({ default: (await import('./settings-view.tsx')).SettingsView })),
    needsNoData: true,
  },
}
