import { Button, Modal } from '@mantine/core'
import type { ReactElement } from 'react'
import { gridOutcomes } from '../../../shared/grid.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, useWords } from '../../base/i18n/index.ts'
import { OutcomeMark } from '../../base/verdict.tsx'
import { useReasonTexts } from '../../state/reasons.ts'
import { answerQuestion, useQuestion } from './decide.ts'
import classes from './review.module.css'
import { words } from './words.ts'

/** Before a decision about many: how many of each verdict it touches. */
export function ConfirmDecision(): ReactElement {
  const t = useWords('review', words)
  const commandName = useCommandNames()
  const question = useQuestion(state => state.question)
  const reasons = useReasonTexts()
  const count = question?.assets.length ?? 0
  const name = commandName(question?.decision ?? 'clear')
  return (
    <Modal
      opened={question !== null}
      onClose={() => answerQuestion('no')}
      title={t('ask.title', { decision: name, count, shown: formatNumber(count) })}
      size="sm"
      lockScroll={false}
    >
      {question !== null && (
        <>
          <p className="dim">{t('ask.touches')}</p>
          <ul className={classes.askCounts}>
            {gridOutcomes
              .toReversed()
              .filter(outcome => question.counts[outcome] > 0)
              .map(outcome => (
                <li key={outcome}>
                  <OutcomeMark outcome={outcome} /> <b className="figures">{formatNumber(question.counts[outcome])}</b>
                </li>
              ))}
          </ul>
          {question.reason !== null && (
            <p>{t('reasonArmed', { reason: reasons[question.reason - 1] ?? String(question.reason) })}</p>
          )}
          <p className="dim">{t('ask.undo')}</p>
          <div className="row row-end">
            <Button variant="default" onClick={() => answerQuestion('no')}>
              {t('cancel')}
            </Button>
            <Button onClick={() => answerQuestion('yes')} data-autofocus>
              {`${name} ${formatNumber(count)}`}
            </Button>
          </div>
        </>
      )}
    </Modal>
  )
}
