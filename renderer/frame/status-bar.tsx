import { Button, Modal } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'
import { memo, type ReactElement, useState } from 'react'
import { controlSentence, worstControl } from '../../shared/controls.ts'
import type { QueueStatus } from '../../shared/queue.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import { invoke } from '../base/bridge.ts'
import { formatNumber, formatPercent, useLanguage, useWords } from '../base/i18n/index.ts'
import { readingProgressText } from '../base/reading-progress.ts'
import { dayShareOf } from '../features/queue/figures.ts'
import { useApp, useBatch } from '../state/app.ts'
import classes from './frame.module.css'
import { words } from './words.ts'

export function StatusBar(): ReactElement {
  const batch = useBatch()
  const queue = useApp(state => state.queue)
  return (
    <footer data-pane className={classes.statusBar}>
      {/* Of another batch nothing is asked any more. */}
      {batch !== null && <Progress key={batch.id} batch={batch} />}
      <span className="grow" />
      {queue !== null && <Account queue={queue} />}
    </footer>
  )
}

function Progress(props: { readonly batch: BatchSummary }): ReactElement {
  const { batch } = props
  const t = useWords('shell', words)
  const [isAsking, setAsking] = useState(false)
  const document = useApp(state => readingProgressText(state.queue?.reading ?? []))
  const { tally } = batch
  const left = tally.pending + tally.awaiting
  const done = tally.assets - left
  const can = { pause: batch.state === 'running', resume: batch.state === 'paused' || batch.state === 'interrupted' }
  const control = worstControl(batch.controls.map(({ state }) => state))
  // Whoever is asked whether to stop it has nothing to answer once it has ended.
  if (isAsking && !can.pause && !can.resume) setAsking(false)
  const isClean =
    batch.state === 'done' &&
    left === 0 &&
    tally.unchecked + tally.rules_only === 0 &&
    tally.risky === 0 &&
    tally.review === 0
  return (
    <>
      <span className={classes.statusState} data-state={batch.state}>
        {t(`state.${batch.state}`)}
      </span>
      <Bar batch={batch} />
      <span className="figures">{t('progress', { done: formatNumber(done), total: formatNumber(tally.assets) })}</span>
      {document !== null && can.pause ? (
        <span className={`dim ${classes.statusReading}`} data-testid="status-reading">
          {document}
        </span>
      ) : (
        !batch.walked && <span className="dim">{t('readingFolders')}</span>
      )}
      {tally.awaiting > 0 && <span className="dim">{t('awaitingTail', { count: formatNumber(tally.awaiting) })}</span>}
      {tally.unchecked > 0 && (
        <span className={classes.statusUnchecked} data-testid="status-unchecked">
          {t('uncheckedTail', { count: formatNumber(tally.unchecked) })}
        </span>
      )}
      {tally.rules_only > 0 && (
        <span className={classes.statusRulesOnly} data-testid="status-rules-only" title={t('rulesOnlyHint')}>
          {t('rulesOnlyTail', { count: formatNumber(tally.rules_only) })}
        </span>
      )}
      {isClean && tally.assets > 0 && control !== 'clean' && control !== 'unknown' && (
        <span className={classes.statusClean}>{t('clean')}</span>
      )}
      <Backing batch={batch} />
      <span className="dim">{t('decided', { count: formatNumber(batch.decided) })}</span>
      {can.pause && (
        <button type="button" className="quiet" onClick={() => void invoke('batches.pause', { batch: batch.id })}>
          <IconPlayerPause size={13} aria-hidden /> {t('pause')}
        </button>
      )}
      {can.resume && (
        <button type="button" className="quiet" onClick={() => void invoke('batches.resume', { batch: batch.id })}>
          <IconPlayerPlay size={13} aria-hidden /> {t('resume')}
        </button>
      )}
      {(can.pause || can.resume) && (
        <button type="button" className="quiet" onClick={() => setAsking(true)}>
          <IconX size={13} aria-hidden /> {t('stopBatch')}
        </button>
      )}
      {/* Drawn anew with every figure only while it is open. */}
      <StopDialog batch={batch.id} name={batch.name} left={isAsking ? left : 0} isOpen={isAsking} setOpen={setAsking} />
    </>
  )
}

/** Whether the platform was seen to detect anything, where a batch has no-hits that rest on it. */
function Backing(props: { readonly batch: BatchSummary }): ReactElement | null {
  const { controls, tally } = props.batch
  const t = useWords('shell', words)
  const language = useLanguage()
  const doubtful = controls.filter(({ state }) => state !== 'flagged')
  if (tally.pass === 0 || doubtful.length === 0) return null
  const isUnbacked = doubtful.some(({ state }) => state !== 'impossible')
  return (
    <span
      data-testid={isUnbacked ? 'status-unchecked' : undefined}
      className={isUnbacked ? classes.statusUnchecked : 'dim'}
      title={doubtful.map(view => controlSentence(view, language)).join('\n')}
    >
      {t(isUnbacked ? 'unbacked' : 'uncontrolled')}
    </span>
  )
}

const StopDialog = memo(function StopDialog(props: {
  readonly batch: string
  readonly name: string
  readonly left: number
  readonly isOpen: boolean
  readonly setOpen: (isOpen: boolean) => void
}): ReactElement {
  const { batch, name, left, isOpen, setOpen } = props
  const t = useWords('shell', words)
  return (
    <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('stopTitle', { name })} size="sm" lockScroll={false}>
      <p>{t('stopText', { count: left, shown: formatNumber(left) })}</p>
      <div className="row row-end">
        <Button variant="default" onClick={() => setOpen(false)} data-autofocus>
          {t('goOn')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            setOpen(false)
            void invoke('batches.cancel', { batch })
          }}
        >
          {t('stopRest')}
        </Button>
      </div>
    </Modal>
  )
})

const segments = ['risky', 'review', 'unchecked', 'rules_only', 'pass'] as const

/** Progress and verdicts in one bar: what is coloured is done. */
function Bar(props: { readonly batch: BatchSummary }): ReactElement {
  const t = useWords('shell', words)
  const { tally } = props.batch
  const total = Math.max(1, tally.assets)
  const done = tally.assets - tally.pending - tally.awaiting
  return (
    <svg
      className={classes.bar}
      viewBox="0 0 1000 8"
      preserveAspectRatio="none"
      role="progressbar"
      aria-label={t('progressLabel')}
      aria-valuemin={0}
      aria-valuemax={tally.assets}
      aria-valuenow={done}
    >
      {segments.map((outcome, at) => {
        const before = segments.slice(0, at).reduce((sum, other) => sum + tally[other], 0)
        return (
          <rect
            key={outcome}
            data-outcome={outcome}
            x={(before / total) * 1000}
            width={tally[outcome] === 0 ? 0 : Math.max(3, (tally[outcome] / total) * 1000)}
            height={8}
          />
        )
      })}
    </svg>
  )
}

function Account(props: { readonly queue: QueueStatus }): ReactElement {
  const t = useWords('shell', words)
  const { endpoints, tokens } = props.queue
  const share = dayShareOf(endpoints, Date.now())
  const refused = tokens.some(token => token.state === 'refused')
  const ok = tokens.some(token => token.state === 'ok')
  return (
    <>
      {share !== null && (
        <span
          data-testid={share >= 0.95 ? 'status-unchecked' : undefined}
          className={share >= 0.95 ? classes.statusUnchecked : 'dim'}
        >
          {share === 1 ? t('quotaUsedUp') : t('quotaToday', { share: formatPercent(Math.min(share, 0.99)) })}
        </span>
      )}
      {(refused || ok) && (
        <span className={refused ? classes.statusRefused : `dim ${classes.statusQuiet}`}>
          {t(refused ? 'tokenRefused' : 'tokenOk')}
        </span>
      )}
    </>
  )
}
