import { Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconGauge, IconPlayerPause } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { locales } from '../../../shared/language.ts'
import { clockOf, momentOf } from '../../base/clock.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { useNow } from '../../base/use-now.ts'
import { dispatch, showView, useApp } from '../../state/app.ts'
import { type Meter, meterOf } from './figures.ts'
import classes from './queue.module.css'
import { words } from './words.ts'

/** The queue in one line for the title bar; a click opens the whole of it. */
export function QueueMeter(): ReactElement | null {
  const t = useWords('queue', words)
  const locale = locales[useLanguage()]
  const status = useApp(state => state.queue)
  const now = useNow(status !== null && !status.paused && status.finishAt !== null)
  if (status === null) return null

  const meter = meterOf(status, now)
  const text = textOf(meter)
  const eta = meter.kind === 'running' ? etaOf(meter) : null
  const tip = tipOf(meter)

  function textOf(of: Meter): string {
    switch (of.kind) {
      case 'idle':
        return t('idle')
      case 'paused':
        return t('paused')
      case 'held':
        return t('meterHeld', { class: t(`class.${of.held.class}`) })
      case 'running':
        return of.limit === null
          ? t('meterRunning', { rate: formatNumber(of.perMinute) })
          : t('meterRunningOf', { rate: formatNumber(of.perMinute), limit: formatNumber(of.limit) })
    }
  }
  function etaOf(of: Meter & { kind: 'running' }): string {
    return of.remainingMs === null ? t('meterEtaUnknown') : t('meterEta', { clock: clockOf(of.remainingMs, locale) })
  }
  function tipOf(of: Meter): string {
    switch (of.kind) {
      case 'idle':
        return t('tipIdle')
      case 'paused':
        return t('tipPaused')
      case 'held':
        return t('tipHeld', { count: formatNumber(of.count) })
      case 'running': {
        const rate = t('tipRunning', {
          rate: formatNumber(of.perMinute),
          inFlight: formatNumber(status?.inFlight ?? 0),
        })
        if (of.remainingMs === null) return rate
        return `${rate} ${t('tipFinish', { time: momentOf(now + of.remainingMs, now, locale) })}`
      }
    }
  }

  const Icon = meter.kind === 'held' ? IconAlertTriangle : meter.kind === 'paused' ? IconPlayerPause : IconGauge
  return (
    <Tooltip label={tip} multiline w={280}>
      <UnstyledButton className={classes.meter} data-kind={meter.kind} onClick={() => dispatch(showView, 'queue')}>
        <VisuallyHidden>{t('openQueue')}: </VisuallyHidden>
        <Icon size={15} aria-hidden />
        <span>{text}</span>
        {eta !== null && <span className={classes.eta}>{eta}</span>}
      </UnstyledButton>
    </Tooltip>
  )
}
