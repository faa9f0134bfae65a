import {
  IconArrowsSplit2,
  IconCheck,
  IconHistory,
  IconInfoCircle,
  IconLayoutGrid,
  IconMessage,
  IconRefresh,
  IconUserExclamation,
} from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { decisionIcons, findingIcons, outcomeIcons } from '../../base/verdict.tsx'

const icons = {
  ...outcomeIcons,
  ...decisionIcons,
  'finding-none': findingIcons.none,
  'finding-notice': findingIcons.notice,
  'finding-evidence': findingIcons.evidence,
  'finding-forbidden': findingIcons.forbidden,
  tick: IconCheck,
  'flag-split': IconArrowsSplit2,
  'flag-disagreement': IconUserExclamation,
  'flag-tiled': IconLayoutGrid,
  'flag-reused': IconRefresh,
  'flag-noted': IconMessage,
  'flag-readerNotes': IconInfoCircle,
  'flag-olderReading': IconHistory,
} as const

/** The icons of the cells, once in the page; cells refer to them by `#icon-…`. */
export function CellIcons(): ReactElement {
  return (
    <svg className="sprite" aria-hidden="true">
      {Object.entries(icons).map(([name, Icon]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 24 24">
          <Icon size={24} stroke={2} />
        </symbol>
      ))}
    </svg>
  )
}
