import { IconIdBadge2 } from '@tabler/icons-react'
import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { ProfileSwitcher } from './profile-switcher.tsx'

export const profiles: Contribution = {
  id: 'profiles',
  view: {
    id: 'profiles',
    command: 'showProfiles',
    Icon: IconIdBadge2,
    Content: onDemand(async () => (await import('./profiles-view.tsx')).ProfilesView),
  },
  titleBar: { place: 'start', Content: ProfileSwitcher },
}
