import { Loader } from '@mantine/core'
import {
  IconAlertTriangle,
  IconClock,
  IconFileText,
  IconMovie,
  IconPhoto,
  IconScissors,
  IconTable,
  IconTypography,
  IconVolume,
} from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import { causesText } from '../../../shared/call-causes.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { routeText } from '../../../shared/routes.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { Plan } from '../../../shared/screening.ts'
import {
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
  useLanguage,
  useWords,
} from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { planShown, profilesAsked, usePlan } from '../../state/plan.ts'
import classes from './drop.module.css'
import { useReadingText } from './reading-text.ts'
import { words } from './words.ts'

/** What the batch would be, and cost; why not, where it cannot be planned. */
export function Costs(): ReactElement {
  const t = useWords('drop', words)
  const language = useLanguage()
  const plan = usePlan(planShown)
  const problem = usePlan(state => state.problem)
  const reading = useReadingText(usePlan(state => state.arriving))
  const isAsked = usePlan(state => profilesAsked(state).length > 0)
  if (problem !== null) {
    return (
      <div className={classes.planProblem} role="alert">
        <IconAlertTriangle size={16} aria-hidden />
        <span>
          {problemText(problem.code, language)} <code>{detailText(problem.detail, language)}</code>
        </span>
      </div>
    )
  }
  // Without a profile nothing is being worked out.
  if (plan === null && !isAsked) return <div className={classes.planWaiting} />
  if (plan === null) {
    return (
      <div className={classes.planWaiting} role="status">
        <Loader size={16} /> {reading}
      </div>
    )
  }
  const rows = plan.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0)
  const all = [
    { kind: 'image', Icon: IconPhoto, value: plan.assets.image, word: t('images', { count: plan.assets.image }) },
    { kind: 'text', Icon: IconTypography, value: plan.assets.text, word: t('texts', { count: plan.assets.text }) },
    { kind: 'audio', Icon: IconVolume, value: plan.assets.audio, word: t('audios', { count: plan.assets.audio }) },
    {
      kind: 'document',
      Icon: IconFileText,
      value: plan.assets.document,
      word: t('documents', { count: plan.assets.document }),
    },
    { kind: 'video', Icon: IconMovie, value: plan.assets.video, word: t('videos', { count: plan.assets.video }) },
    { kind: 'rows', Icon: IconTable, value: rows, word: t('rows', { count: rows, tables: plan.tables.length }) },
  ] as const
  // A nought says something only where there is nothing else to say.
  const figures = all.some(({ value }) => value > 0) ? all.filter(({ value }) => value > 0) : all.slice(0, 2)
  return (
    <section className={classes.planCosts} data-testid="plan-costs" aria-live="off">
      <div className={classes.planFigures} data-testid="plan-figures">
        {figures.map(({ kind, Icon, value, word }) => (
          <Figure key={kind} icon={<Icon size={15} />} value={value} word={word} />
        ))}
        <div className={classes.planFigure}>
          <b>{formatBytes(plan.bytes)}</b> {t('size')}
        </div>
        <div className={`${classes.planFigure} ${classes.planTime}`}>
          <IconClock size={15} aria-hidden />
          {plan.durationMs === null ? (
            <b className={classes.planWarning}>{t('finishNever')}</b>
          ) : (
            <>
              {plan.durationMs < 60_000 ? (
                <b>{t('finishSoon')}</b>
              ) : (
                <>
                  {t('finish')} <b>{formatDuration(plan.durationMs)}</b>
                </>
              )}
              <span className="dim">{t('finishAt', { time: formatMoment(Date.now() + plan.durationMs) })}</span>
            </>
          )}
        </div>
      </div>
      {(plan.tiledImages > 0 || plan.reused > 0 || plan.controls > 0) && (
        <p className={`${classes.planNotes} dim`}>
          {plan.tiledImages > 0 && (
            <span>
              <IconScissors size={13} aria-hidden /> {t('tiled', { count: formatNumber(plan.tiledImages) })}
            </span>
          )}
          {plan.controls > 0 && <span>{t('controls', { count: formatNumber(plan.controls) })}</span>}
          {plan.reused > 0 && <span>{t('reused', { count: formatNumber(plan.reused) })}</span>}
        </p>
      )}
      <Calls calls={plan.calls} />
      <Causes causes={plan.causes} />
      <Ways ways={plan.ways} />
    </section>
  )
}

/** Calls by endpoint. What rules look at is no call, and costs nothing of any quota. */
function Calls(props: { readonly calls: Plan['calls'] }): ReactElement | null {
  const t = useWords('drop', words)
  const profiles = useApp(state => state.profiles)
  const calls = props.calls.filter(({ profile }) => profile !== rulesProfile)
  if (calls.length === 0) return null
  const nameOf = (id: string) => profiles.find(profile => profile.id === id)?.name ?? id
  return (
    <table className={classes.planCalls}>
      <thead>
        <tr>
          <th>{t('profiles')}</th>
          <th>{t('calls.endpoint')}</th>
          <th>{t('calls.parts')}</th>
          <th>{t('calls.perMinute')}</th>
          <th>{t('calls.quota')}</th>
        </tr>
      </thead>
      <tbody>
        {calls.map(call => (
          <tr key={`${call.profile} ${call.endpoint}`}>
            <td>{nameOf(call.profile)}</td>
            <td>
              <code>{call.endpoint}</code>
            </td>
            <td className="figures">{formatNumber(call.parts)}</td>
            <td className="figures">{call.perMinute === null ? t('unlimited') : formatNumber(call.perMinute)}</td>
            <td className="figures">
              {call.quotaLeft === null ? (
                t('unknown')
              ) : call.quotaLeft < call.parts ? (
                <span className={classes.planWarning}>
                  {t('calls.short', { count: formatNumber(call.parts - call.quotaLeft) })}
                </span>
              ) : (
                formatNumber(call.quotaLeft)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What the calls are for, where that is more than one thing. */
function Causes({ causes }: Pick<Plan, 'causes'>): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  if (Object.values(causes).filter(count => count > 0).length < 2) return null
  return (
    <p className={`${classes.planNotes} dim`} data-testid="plan-causes">
      <span>{t('causes', { causes: causesText(causes, language) })}</span>
    </p>
  )
}

const plural = { image: 'images', text: 'texts', audio: 'audios', document: 'documents', video: 'videos' } as const

/** Which way the assets take, where there was a choice. */
function Ways(props: { readonly ways: Plan['ways'] }): ReactElement | null {
  const t = useWords('drop', words)
  const language = useLanguage()
  const profiles = useApp(state => state.profiles)
  const chosen = props.ways.filter(way => way.why !== 'only_way')
  if (chosen.length === 0) return null
  return (
    <ul className={classes.planWays}>
      {chosen.map(way => (
        <li key={`${way.profile} ${way.kind} ${way.way} ${way.why}`}>
          <b className="figures">{formatNumber(way.assets)}</b> {t(plural[way.kind], { count: way.assets })} ·{' '}
          {t(`way.${way.way}`)}{' '}
          <span className="dim">
            {`${profiles.find(profile => profile.id === way.profile)?.name ?? way.profile} · ${routeText(way.why, language)}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Figure(props: { readonly icon: ReactNode; readonly value: number; readonly word: string }): ReactElement {
  return (
    <div className={classes.planFigure}>
      <span aria-hidden>{props.icon}</span>
      <b className="figures">{formatNumber(props.value)}</b> {props.word}
    </div>
  )
}
