import {
  IconAlertTriangle,
  IconBook2,
  IconChevronDown,
  IconChevronUp,
  IconFlask,
  IconHelpOctagon,
  IconKey,
  IconPlayerPause,
} from '@tabler/icons-react'
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

/** One cause for the whole batch or account, however many assets it touches. */
interface Line {
  readonly id: string
  readonly tone: 'practice' | 'rules' | 'warning' | 'danger' | 'unchecked'
  readonly icon: ReactNode
  readonly title: string
  readonly text?: ReactNode
  readonly buttons?: readonly (readonly [word: string, run: () => void])[]
}

/** The worst in full, in one line with the names of the others; all of them in full when the list is opened. */
export function Banners(): ReactElement {
  const t = useWords('shell', words)
  const lines = useLines()
  const [isOpen, setOpen] = useState(false)
  const isWork = useApp(
    state => state.ready && state.view === 'grid' && state.batches.some(({ id }) => id === state.batch),
  )
  const [first, ...others] = lines
  const isList = isOpen && others.length > 0
  return (
    <div className={classes.banners}>
      {first !== undefined && (
        <Banner line={first} isFolded={others.length > 0 && !isList}>
          {!isList && others.map(line => <Folded key={line.id} line={line} open={() => setOpen(true)} />)}
          {others.length > 0 && (
            <button
              type="button"
              className={classes.bannerMore}
              aria-expanded={isList}
              onClick={() => setOpen(!isOpen)}
            >
              {isList ? t('banner.fold') : t('banner.all', { count: formatNumber(lines.length) })}
              {isList ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
            </button>
          )}
        </Banner>
      )}
      {isList && others.map(line => <Banner key={line.id} line={line} isFolded={false} />)}
      {isWork && <FinishCard />}
    </div>
  )
}

/** Worst first. */
function useLines(): readonly Line[] {
  const isWork = useApp(state => state.view === 'grid')
  const hasBatch = useApp(state => state.ready && state.batches.some(({ id }) => id === state.batch))
  const everywhere = [useTokens(), usePaused()]
  const ofBatch = [useFailed(), useNotice(), useUnbacked(), useUnchecked()]
  const ofView = [useRulesOnly(), usePractice()]
  const lines = [...everywhere, ...(isWork && hasBatch ? ofBatch : []), ...(isWork ? ofView : [])]
  return lines
    .filter(line => line !== null)
    .toSorted((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'))
}

function Banner(props: {
  readonly line: Line
  readonly isFolded: boolean
  readonly children?: ReactNode
}): ReactElement {
  const { tone, icon, title, text, buttons } = props.line
  return (
    <div className={classes.banner} data-tone={tone} data-folded={props.isFolded}>
      <div
        className={classes.bannerCause}
        data-testid="banner"
        data-tone={tone}
        role={tone === 'danger' ? 'alert' : 'status'}
      >
        <span className={classes.bannerIcon} aria-hidden>
          {icon}
        </span>
        <div className={classes.bannerText}>
          <strong>{title}</strong> {text}
        </div>
        {buttons?.map(([word, run]) => (
          <button type="button" key={word} className={classes.bannerButton} onClick={run}>
            {word}
          </button>
        ))}
      </div>
      {props.children}
    </div>
  )
}

/** By its name, beside one that is worse. */
function Folded(props: { readonly line: Line; readonly open: () => void }): ReactElement {
  const { tone, icon, title } = props.line
  return (
    <div className={classes.folded} data-testid="banner" data-tone={tone} role={tone === 'danger' ? 'alert' : 'status'}>
      <button type="button" title={title} onClick={props.open}>
        <span className={classes.bannerIcon} aria-hidden>
          {icon}
        </span>
        <strong>{title}</strong>
      </button>
    </div>
  )
}

function usePractice(): Line | null {
  const t = useWords('shell', words)
  const isPractice = useApp(state => state.batches.some(batch => batch.id === state.batch && batch.practice))
  const isAlone = useApp(state => state.profiles.every(profile => profile.practice || profile.id === rulesProfile))
  if (!isPractice) return null
  return {
    id: 'practice',
    tone: 'practice',
    icon: <IconFlask size={15} />,
    title: t('banner.practice'),
    text: t('banner.practiceText'),
    buttons: isAlone ? [[t('addProfile'), () => runCommand('showProfiles')]] : [],
  }
}

/** No platform was asked: whatever the batch came to is what rules say. */
function useRulesOnly(): Line | null {
  const t = useWords('shell', words)
  const isRulesOnly = useApp(state =>
    state.batches.some(({ id, profiles }) => id === state.batch && profiles.every(each => each.id === rulesProfile)),
  )
  if (!isRulesOnly) return null
  return {
    id: 'rules',
    tone: 'rules',
    icon: <IconBook2 size={15} />,
    title: t('banner.rulesOnly'),
    text: t('banner.rulesOnlyText', { words: t('notLegalAdvice') }),
  }
}

function usePaused(): Line | null {
  const t = useWords('shell', words)
  const isPaused = useApp(state => state.queue?.paused ?? false)
  if (!isPaused) return null
  return {
    id: 'paused',
    tone: 'warning',
    icon: <IconPlayerPause size={15} />,
    title: t('banner.queuePaused'),
    text: t('banner.queuePausedText'),
    buttons: [[t('resume'), () => void invoke('queue.pause', { paused: false })]],
  }
}

function useTokens(): Line | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const tokens = useApp(state => state.queue?.tokens)
  const profiles = useApp(state => state.profiles)
  const refused = tokens?.find(isRefused)
  if (refused === undefined) return null
  const name = profiles.find(profile => profile.id === refused.profile)?.name ?? refused.profile
  return {
    id: 'token',
    tone: 'danger',
    icon: <IconKey size={15} />,
    title: `${t('banner.token')} · ${name}`,
    text: (
      <>
        {refused.code === null ? null : failureText(refused.code, language)} <Detail text={refused.detail} />
      </>
    ),
    buttons: [[t('banner.openProfiles'), () => runCommand('showProfiles')]],
  }
}

const isRefused = (token: TokenStatus): boolean => token.state === 'refused'

function useNotice(): Line | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const batch = useBatch()
  const refused = useApp(state => state.queue?.tokens.find(isRefused))
  const notice = batch?.notice ?? null
  if (batch === null || notice === null) return null
  // The same sentence, with the profile's name, stands in the line above.
  if (refused?.code === notice.code && batch.profiles.some(({ id }) => id === refused.profile)) return null
  return {
    id: 'notice',
    tone: 'warning',
    icon: <IconAlertTriangle size={15} />,
    title: failureText(notice.code, language),
    text: (
      <>
        {notice.untilMs === null ? null : t('banner.until', { time: formatMoment(notice.untilMs) })}{' '}
        <Detail text={notice.detail} />
      </>
    ),
    buttons: [[t('banner.openQueue'), () => runCommand('showQueue')]],
  }
}

function useFailed(): Line | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const problem = useGrid(state => state.problem)
  const batch = useApp(state => state.batch)
  if (problem === null || batch === null) return null
  return {
    id: 'failed',
    tone: 'danger',
    icon: <IconAlertTriangle size={15} />,
    title: t('banner.failed'),
    text: (
      <>
        {problemText(problem.code, language)} <Detail text={problem.detail} />{' '}
        <span className={classes.bannerDetail}>{t('problem', { code: problem.code })}</span>
      </>
    ),
    buttons: [[t('retry'), () => void loadBatch(batch)]],
  }
}

/** The platform let pass what it is known to flag, or could not be asked: its no-hits say nothing. */
function useUnbacked(): Line | null {
  const t = useWords('shell', words)
  const language = useLanguage()
  const batch = useBatch()
  const [hidden, setHidden] = useState('')
  const doubtful = batch?.controls.filter(({ state }) => state === 'clean' || state === 'unknown') ?? []
  const sentences = [...new Set(doubtful.map(view => controlSentence(view, language)))]
  const own = [batch?.id, ...doubtful.map(({ endpoint, state }) => `${endpoint} ${state}`)].join(' ')
  if (batch === null || batch.tally.pass === 0 || sentences.length === 0 || hidden === own) return null
  return {
    id: 'unbacked',
    tone: 'unchecked',
    icon: <IconHelpOctagon size={15} />,
    title: t('banner.unbacked'),
    text: <span className={classes.bannerSentence}>{sentences.join(' ')}</span>,
    buttons: [
      [t('banner.openProfiles'), () => runCommand('showProfiles')],
      [t('banner.hide'), () => setHidden(own)],
    ],
  }
}

const reasonsShown = 3

function useUnchecked(): Line | null {
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
  return {
    id: 'unchecked',
    tone: 'unchecked',
    icon: <IconHelpOctagon size={15} />,
    title: t('banner.unchecked', { count, shown: formatNumber(count) }),
    text: (
      <>
        {reasons.slice(0, reasonsShown).map(([code, number]) => (
          <button
            type="button"
            key={code}
            className={classes.bannerReason}
            onClick={() => goToView({ ...everything, reason: [code] })}
            title={`${formatNumber(number)} ${failureText(code, language)} (${code})`}
          >
            <b>{formatNumber(number)}</b> {firstSentence(failureText(code, language))}
          </button>
        ))}
        {reasons.length > reasonsShown && (
          <span className={classes.bannerRest}>
            {t('banner.more', {
              count: reasons.length - reasonsShown,
              shown: formatNumber(reasons.length - reasonsShown),
            })}
          </span>
        )}
      </>
    ),
    buttons: [
      [t('banner.showThem'), () => goToView({ ...everything, outcome: ['unchecked'] })],
      [t('checkAgain'), () => runCommand('recheck')],
      [t('banner.hide'), () => setHidden(own)],
    ],
  }
}

function Detail(props: { readonly text: string | null }): ReactElement | null {
  const language = useLanguage()
  return props.text === null || props.text === '' ? null : (
    <code className={`${classes.bannerDetail} selectable`}>{detailText(props.text, language)}</code>
  )
}
