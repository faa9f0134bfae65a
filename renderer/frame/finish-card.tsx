import { ActionIcon, Button } from '@mantine/core'
import { IconCircleCheck, IconPlayerStop, IconX } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { formatDuration, formatNumber, useWords } from '../base/i18n/index.ts'
import { outcomeIcons } from '../base/verdict.tsx'
import { useApp, useBatch } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { nextBatch, putAway, useFinished } from '../state/finished.ts'
import { everything } from '../state/grid/filter.ts'
import { goToBatch, goToView } from '../state/landing.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

const counted = ['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const

/** The end of a batch: what it came to, and where to go from here. */
export function FinishCard(): ReactElement | null {
  const t = useWords('shell', words)
  const batch = useBatch()
  const isFinished = useFinished(state => batch !== null && state.batches.has(batch.id))
  const batches = useApp(state => state.batches)
  if (batch === null || !isFinished) return null
  const { id, state, tally, createdAt, endedAt } = batch
  const next = nextBatch(batches, id)
  const Icon = state === 'done' ? IconCircleCheck : IconPlayerStop
  return (
    <section className={classes.finish} data-testid="finish-card" aria-label={t('finish')}>
      <Icon size={18} aria-hidden className={classes.finishIcon} />
      <div className={classes.finishText} role="status">
        <strong>{t(state === 'done' ? 'finish.done' : 'finish.cancelled')}</strong>{' '}
        <span className="dim">
          {t('assets', { count: formatNumber(tally.assets) })}
          {endedAt !== null && ` · ${t('finish.took', { time: formatDuration(endedAt - createdAt) })}`}
        </span>
      </div>
      <div className={classes.finishCounts}>
        {counted
          .filter(outcome => tally[outcome] > 0)
          .map(outcome => {
            const Mark = outcomeIcons[outcome]
            return (
              <button
                type="button"
                key={outcome}
                className={classes.finishCount}
                data-outcome={outcome}
                onClick={() => goToView({ ...everything, outcome: [outcome] })}
              >
                <Mark size={14} stroke={2} aria-hidden /> {t(`outcome.${outcome}`)}{' '}
                <b className="figures">{formatNumber(tally[outcome])}</b>
              </button>
            )
          })}
      </div>
      <span className="grow" />
      <Button variant="default" onClick={() => runCommand('export')}>
        {t('finish.export')}
      </Button>
      <Button variant="light" onClick={() => (next === null ? runCommand('openFiles') : goToBatch(next.id))}>
        <span className={classes.finishNext} title={next?.name}>
          {next === null ? t('finish.more') : t('finish.next', { name: next.name })}
        </span>
      </Button>
      <ActionIcon variant="subtle" color="gray" aria-label={t('banner.hide')} onClick={() => putAway(id)}>
        <IconX size={15} />
      </ActionIcon>
    </section>
  )
}
