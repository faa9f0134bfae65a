import { IconAlertTriangle, IconFileText } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { callsText, foundText, leftOutText } from '../../../shared/planned-documents.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { VirtualList } from '../../base/virtual-list.tsx'
import { planShown, usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { words } from './words.ts'

const rowHeight = 44

/** What was found in each document, what it costs, and what of it would not be sent. */
export function Documents(): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const [isOpen, setOpen] = useState(true)
  if (plan === null || plan.documentCount === 0) return null
  const { documents, documentCount } = plan
  const title = t('inDocuments', { count: documentCount, shown: formatNumber(documentCount) })
  return (
    <details
      className={classes.planDocuments}
      data-testid="plan-documents"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <IconFileText size={14} aria-hidden /> {title}
        {documentCount > documents.length && (
          <span className="dim"> · {t('problemsFirst', { count: formatNumber(documents.length) })}</span>
        )}
      </summary>
      <VirtualList
        count={documents.length}
        rowHeight={rowHeight}
        height={Math.min(4 * rowHeight, documents.length * rowHeight)}
        label={title}
        row={index => {
          const document = documents[index]
          if (document === undefined) return null
          const found = foundText(document.found, language)
          const leftOut = leftOutText(document, language)
          return (
            <div
              className={classes.planDocument}
              data-testid="plan-document"
              title={[document.path, found, leftOut].filter(line => line !== '').join('\n')}
            >
              <span>{document.path}</span>
              <span className="dim figures">{callsText(document, language)}</span>
              <span className={classes.planDocumentFound}>
                {found}
                {leftOut !== '' && (
                  <span className={classes.planLeftOut}>
                    <IconAlertTriangle size={12} aria-hidden /> {leftOut}
                  </span>
                )}
              </span>
            </div>
          )
        }}
      />
    </details>
  )
}
