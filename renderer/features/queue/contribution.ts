import { IconGauge } from '@tabler/icons-react'
import { onDemand } from '../../base/on-demand.tsx'
import type { Contribution } from '../../state/contribution.ts'
import { putThisFirst } from './put-first.ts'
import { QueueMeter } from './queue-meter.tsx'

export const queue: Contribution = {
  id: 'queue',
  view: {
    id: 'queue',
    command: 'showQueue',
    Icon: IconGauge,
    Content: onDemand(async () => (await import('./queue-view.tsx')).QueueView),
  },
  commands: { putFirst: putThisFirst },
  titleBar: { place: 'end', Content: QueueMeter },
}
