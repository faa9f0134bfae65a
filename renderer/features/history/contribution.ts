import { IconChartBar } from '@tabler/icons-react'
import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'

export const history: Contribution = {
  id: 'history',
  view: {
    id: 'history',
    command: 'showHistory',
    Icon: IconChartBar,
    Content: onDemand(async () => (await import('./history-view.tsx')).HistoryView),
  },
}
