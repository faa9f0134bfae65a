import { IconChartBar } from '@tabler/icons-react'
import { lazy } from 'react'
import type { Contribution } from '../../state/contribution.ts'

export const history: Contribution = {
  id: 'history',
  view: {
    id: 'history',
    command: 'showHistory',
    Icon: IconChartBar,
    Content: lazy(async () => ({ default: (await import('./history-view.tsx')).HistoryView })),
  },
}
