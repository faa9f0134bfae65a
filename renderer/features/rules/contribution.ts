import { IconBook2 } from '@tabler/icons-react'
import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { connectDrafts } from './keep-drafts.ts'

export const rules: Contribution = {
  id: 'rules',
  view: {
    id: 'rules',
    command: 'showRules',
    Icon: IconBook2,
    Content: onDemand(async () => (await import('./rules-view.tsx')).RulesView),
  },
  connect: connectDrafts,
}
