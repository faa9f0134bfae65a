import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowUp,
  IconBan,
  IconBook2,
  IconBookOff,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconCloudDown,
  IconFileCertificate,
  IconHelpOctagon,
  IconInfoSquare,
  IconPlayerSkipForward,
  IconX,
} from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { GridDecision, GridFinding, GridOutcome } from '../../shared/grid.ts'
import { useWords } from './i18n/index.ts'
import { words } from './i18n/words.ts'

/** Verdicts and decisions as colour, icon and word together; never as colour alone. */

export const outcomeIcons = {
  pending: IconCircleDashed,
  awaiting: IconCloudDown,
  pass: IconCircleCheck,
  // A book and no tick: rules found nothing, which is nobody's pass.
  rules_only: IconBook2,
  unchecked: IconHelpOctagon,
  review: IconAlertTriangle,
  risky: IconAlertOctagon,
} as const satisfies Record<GridOutcome, unknown>

export const decisionIcons = {
  approve: IconCheck,
  reject: IconX,
  escalate: IconArrowUp,
  defer: IconPlayerSkipForward,
} as const satisfies Record<Exclude<GridDecision, 'undecided'>, unknown>

/** What rules found has shapes of its own, so that it is never taken for what a platform said. */
export const findingIcons = {
  unknown: IconBookOff,
  none: IconBook2,
  notice: IconInfoSquare,
  evidence: IconFileCertificate,
  forbidden: IconBan,
} as const satisfies Record<GridFinding, unknown>

export function OutcomeMark(props: { readonly outcome: GridOutcome; readonly plain?: boolean }): ReactElement {
  const t = useWords('common', words)
  const Icon = outcomeIcons[props.outcome]
  return (
    <span className={props.plain ? 'mark' : 'mark mark-filled'} data-outcome={props.outcome}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`outcome.${props.outcome}`)}
    </span>
  )
}

/** The worst that rules found: severity as colour, icon and word. */
export function FindingMark(props: { readonly finding: GridFinding; readonly plain?: boolean }): ReactElement {
  const t = useWords('common', words)
  const Icon = findingIcons[props.finding]
  return (
    <span className={props.plain ? 'mark' : 'mark mark-filled'} data-finding={props.finding}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`finding.${props.finding}`)}
    </span>
  )
}

export function DecisionMark(props: { readonly decision: GridDecision }): ReactElement {
  const t = useWords('common', words)
  const Icon = props.decision === 'undecided' ? IconCircleDashed : decisionIcons[props.decision]
  return (
    <span className="mark" data-decision={props.decision}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`decision.${props.decision}`)}
    </span>
  )
}

export function PracticeMark(): ReactElement {
  const t = useWords('common', words)
  return <span className="mark mark-practice">{t('practice')}</span>
}
