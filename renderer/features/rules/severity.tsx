import { IconBan, IconFileCertificate, IconInfoSquare } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { RuleSeverity } from '../../../shared/rules.ts'
import { useWords } from '../../base/i18n/index.ts'
import { words } from './words.ts'

const icons = { notice: IconInfoSquare, evidence: IconFileCertificate, forbidden: IconBan } as const

/** A rule's severity as colour, icon and word together. */
export function SeverityMark({ severity }: { readonly severity: RuleSeverity }): ReactElement {
  const t = useWords('rules', words)
  const Icon = icons[severity]
  return (
    <span className="mark" data-finding={severity}>
      <Icon size={14} stroke={2} aria-hidden />
      {t(`severity.${severity}`)}
    </span>
  )
}
