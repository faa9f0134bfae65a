import { IconAlertTriangle, IconBook2, IconFlask, IconHelpOctagon, IconKey, IconPlayerPause } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, useState } from 'react'
import { controlSentence } from '../../shared/controls.ts'
import { failureText } from '../../shared/failures.ts'
import { problemText } from '../../shared/problems.ts'
import type { TokenStatus } from '../../shared/queue.ts'
import { detailText } from '../../shared/remarks/index.ts'
import { rulesProfile } from '../../shared/rules.ts'
import { invoke } from '../base/bridge.ts'
import { formatMoment, formatNumber, useLanguage, useWords } from '../base/i18n/index.ts'
import { firstSentence } from '../features/grid/cell-words.ts'
import { useApp, useBatch } from '../state/app.ts'
import { runCommand } from '../state/commands.ts'
import { everything } from '../state/grid/filter.ts'
import { useGrid } from '../state/grid/grid.ts'
import { loadBatch } from '../state/grid/live.ts'
import { goToView } from '../state/landing.ts'
import { FinishCard } from './finish-card.tsx'
import classes from './frame.module.css'
import { words } from './words.ts'

/** What concerns the whole batch or account: one line for each cause, however many assets it touches. */
export function Banners(): ReactElement {
  const hasBatch = useApp(state => state.batches.some(batch => batch.id === state.batch))
  const isPractice = useApp(state => state.batches.some(batch => batch.id === state.batch && batch.practice))
  const isRulesOnly = useApp(state =>
    state.batches.some(({ id, profiles }) => id === state.batch && profiles.every(each => each.id === rulesProfile)),
  )
  const view = useApp(state => state.view)
  const ready = useApp(state => state.ready)
  return (
    <div className={classes.banners}>
      {view === 'grid' && isPractice && <Practice />}
      {view === 'grid' && isRulesOnly && <RulesOnly />}
      <Paused />
      <Tokens />
      {ready && view === 'grid' && hasBatch && (
        <>
          <Failed />
          <Notice />
          <Unbacked />
          <Unchecked />
          <FinishCard />
        </>
      )}
    </div>
  )
}

function Banner(props: {
  readonly tone: 'practice' | 'rules' | 'warning' | 'danger' | 'unchecked'
  readonly icon: ReactNode
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly buttons?: readonly (readonly [word: string, run: () => void])[]
}): ReactElement {
  return (
    <div
      className={classes.banner}
      data-testid="banner"
      data-tone={props.tone}
      role={props.tone === 'danger' ? 'alert' : 'status'}
    >
      <span className={classes.bannerIcon} aria-hidden>
        {props.icon}
      </span>
      <div className={classes.bannerText}>
        <strong>{props.title}</strong> {props.children}
      </div>
      {props.buttons?.map(([word, run]) => (
        <button type="button" key={word} className={classes.bannerButton} onClick={run}>
          {word}
        </button>
      ))}
    </div>
  )
}

function Practice(): ReactElement {
  const t = useWords('shell', words)
  const isAlone = useApp(state => state.profiles.every(profile => profile.practice || profile.id === rulesProfile))
  return (
    <Banner
      tone="practice"
      icon={<IconFlask size={15} />}
      title={t('banner.practice')}
      buttons={isAlone ? [[t('addProfile'), () => runCommand('showProfiles')]] : []}
    >
      {t('banner.practiceText')}
    </Banner>
  )
}

/** No platform was asked: whatever the batch came to is what rules say. */
function RulesOnly(): ReactElement {
  const t = useWords('shell', words)
  return (
    <Banner tone="rules" icon={<IconBook2 size={15} />} title={t('banner.rulesOnly')}>
      {t('banner.rulesOnlyText', { words: t('notLegalAdvice') })}
    </Banner>
  )
}

function Paused(): ReactElement | null {
  const t = useWords('shell', words)
  const isPaused = useApp(state => state.queue?.paused ?? false)
  if (!isPaused) return null
  return (
    <Banner
      tone="warning"
      icon={<IconPlayerPause size={15} />}
      title={t('banner.queuePaused')}
      buttons={[[t('resume'), () => void invoke('queue.pause', { paused: false })]]}
    >
      {t('banner.queuePausedText')}
    </Banner>
  )
}

function Tokens(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const tokens = useApp(state => state.queue?.tokens)
  const profiles = useApp(state => state.profiles)
  const refused = tokens?.find(isRefused)
  if (refused === undefined) return null
  const name = profiles.find(profile => profile.id === refused.profile)?.name ?? refused.profile
  return (
    <Banner
      tone="danger"
      icon={<IconKey size={15} />}
      title={`${t('banner.token')} · ${name}`}
      buttons={[[t('banner.openProfiles'), () => runCommand('showProfiles')]]}
    >
      {refused.code === null ? null : failureText(refused.code, language)} <Detail text={refused.detail} />
    </Banner>
  )
}

const isRefused = (token: TokenStatus): boolean => token.state === 'refused'

function Notice(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const batch = useBatch()
  const refused = useApp(state => state.queue?.tokens.find(isRefused))
  const notice = batch?.notice ?? null
  if (batch === null || notice === null) return null
  // The same sentence, with the profile's name, stands in the line above.
  if (refused?.code === notice.code && batch.profiles.some(({ id }) => id === refused.profile)) return null
  return (
    <Banner
      tone="warning"
      icon={<IconAlertTriangle size={15} />}
      title={failureText(notice.code, language)}
      buttons={[[t('banner.openQueue'), () => runCommand('showQueue')]]}
    >
      {notice.untilMs === null ? null : t('banner.until', { time: formatMoment(notice.untilMs) })}{' '}
      <Detail text={notice.detail} />
    </Banner>
  )
}

function Failed(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const problem = useGrid(state => state.problem)
  const batch = useApp(state => state.batch)
  if (problem === null || batch === null) return null
  return (
    <Banner
      tone="danger"
      icon={<IconAlertTriangle size={15} />}
      title={t('banner.failed')}
      buttons={[[t('retry'), () => void loadBatch(batch)]]}
    >
      {problemText(problem.code, language)} <Detail text={problem.detail} />{' '}
      <span className={classes.bannerDetail}>{t('problem', { code: problem.code })}</span>
    </Banner>
  )
}

/** The platform let pass what it is known to flag, or could not be asked: its no-hits say nothing. */
function Unbacked(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const batch = useBatch()
  const [hidden, setHidden] = useState('')
  const doubtful = batch?.controls.filter(({ state }) => state === 'clean' || state === 'unknown') ?? []
  const sentences = [...new Set(doubtful.map(view => controlSentence(view, language)))]
  const own = [batch?.id, ...doubtful.map(({ endpoint, state }) => `${endpoint} ${state}`)].join(' ')
  if (batch === null || batch.tally.pass === 0 || sentences.length === 0 || hidden === own) return null
  return (
    <Banner
      tone="unchecked"
      icon={<IconHelpOctagon size={15} />}
      title={t('banner.unbacked')}
      buttons={[
        [t('banner.openProfiles'), () => runCommand('showProfiles')],
        [t('banner.hide'), () => setHidden(own)],
      ]}
    >
      <span className={classes.bannerSentence}>{sentences.join(' ')}</span>
    </Banner>
  )
}

const reasonsShown = 3

function Unchecked(): ReactElement | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const facets = useGrid(state => state.facets)
  const batch = useApp(state => state.batch)
  // Hidden for these reasons of this batch: a new reason shows it again.
  const [hidden, setHidden] = useState('')
  const count = facets?.outcome.unchecked ?? 0
  const reasons = [...(facets?.reason ?? [])]
  const own = [batch, ...reasons.map(([code]) => code).sort()].join(' ')
  if (count === 0 || hidden === own) return null
  return (
    <Banner
      tone="unchecked"
      icon={<IconHelpOctagon size={15} />}
      title={t('banner.unchecked', { count, shown: formatNumber(count) })}
      buttons={[
        [t('banner.showThem'), () => goToView({ ...everything, outcome: ['unchecked'] })],
        [t('checkAgain'), () => runCommand('recheck')],
        [t('banner.hide'), () => setHidden(own)],
      ]}
    >
      {reasons.slice(0, reasonsShown).map(([code, number]) => (
        <button
          type="button"
          key={code}
          className={classes.bannerReason}
          onClick={() => goToView({ ...everything, reason: [code] })}
          title={`${failureText(code, language)} (${code})`}
        >
          <b>{formatNumber(number)}</b> {firstSentence(failureText(code, language))}
        </button>
      ))}
      {reasons.length > reasonsShown &&
        t('banner.more', { count: reasons.length - reasonsShown, shown: formatNumber(reasons.length - reasonsShown) })}
    </Banner>
  )
}

function Detail(props: { readonly text: string | null }): ReactElement | null {
  const language = useLanguage()
  return props.text === null || props.text === '' ? null : (
    <code className={`${classes.bannerDetail} selectable`}>{detailText(props.text, language)}</code>
  )
}
