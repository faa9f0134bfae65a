import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCopy, IconFolderSymlink, IconMaximize, IconRefresh } from '@tabler/icons-react'
import { type ReactElement, type ReactNode, Suspense } from 'react'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import { failureText } from '../../../shared/failures.ts'
import { type FramesOver, framesOver } from '../../../shared/film-frames.ts'
import { labelOf } from '../../../shared/labels.ts'
import { locales } from '../../../shared/language.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText, remarkText } from '../../../shared/remarks/index.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { AssetDetail, ResultView } from '../../../shared/screening.ts'
import { isEncodingOpen } from '../../../shared/uncertain-texts.ts'
import { clockOf, momentOf } from '../../base/clock.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { formatAge, formatBytes, formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as common } from '../../base/i18n/words.ts'
import { onDemand } from '../../base/on-demand.tsx'
import { useNow } from '../../base/use-now.ts'
import { DecisionMark, FindingMark, OutcomeMark, PracticeMark } from '../../base/verdict.tsx'
import { useApp, useBatch } from '../../state/app.ts'
import { runCommand } from '../../state/commands.ts'
import { useDetail } from '../../state/detail.ts'
import { askEncoding } from '../../state/encoding-question.ts'
import { KeyHint } from '../../state/key-hint.tsx'
import { openAsset } from '../../state/open-asset.ts'
import { useReasonTexts } from '../../state/reasons.ts'
import { allowCalls, allowFrames, recheckBatch } from '../../state/recheck.ts'
import { useViewState } from '../../state/view-state.ts'
import { Calls } from './calls.tsx'
import { awaitedOf, type CheckRoute, routesOf } from './check-routes.ts'
import classes from './inspector.module.css'
import { Preview } from './preview.tsx'
import { isSaidByRules } from './rules/hits.ts'
import { Section } from './section.tsx'
import { SpanSection } from './span.tsx'
import { words } from './words.ts'

// Not before somebody looks at an asset.
const RulesSection = onDemand(async () => (await import('./rules/rules-section.tsx')).RulesSection)

export function Inspector(): ReactElement {
  const t = useWords('inspector', words)
  const language = useLanguage()
  const { asset, detail, problem } = useDetail()
  // The loupe lies over it: two stages would decode every picture twice.
  const isOverlaid = useViewState(state => state.loupe)
  return (
    <section
      data-pane
      data-about-focus
      className={classes.inspector}
      data-testid="inspector"
      aria-label={t('inspector')}
    >
      {isOverlaid ? null : detail !== null ? (
        <Content detail={detail} />
      ) : problem !== null ? (
        <div className={classes.none} role="alert">
          <strong>{t('failed')}</strong>
          <p>{problemText(problem.code, language)}</p>
        </div>
      ) : (
        <div className={classes.none}>{asset === null ? t('none') : t('readingNow')}</div>
      )}
    </section>
  )
}

function Content(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  const commandName = useCommandNames()
  const name = detail.path.slice(detail.path.lastIndexOf('/') + 1)
  const folder = detail.path.slice(0, Math.max(0, detail.path.lastIndexOf('/')))
  // How much of the pane is the stage's is remembered.
  const layout = useDefaultLayout({ id: 'inspector-parts', storage: localStorage, onlySaveAfterUserInteractions: true })
  return (
    <>
      <div className={classes.head}>
        <div className={classes.name} data-testid="inspector-name">
          <strong className="selectable" title={detail.path}>
            {name}
          </strong>
          <span className="dim">{folder}</span>
        </div>
        <Tool word={t('open')} run={() => runCommand('open')} hint={<KeyHint command="open" />}>
          <IconMaximize size={15} />
        </Tool>
        <Tool
          word={commandName('copyEvidence')}
          run={() => runCommand('copyEvidence')}
          hint={<KeyHint command="copyEvidence" />}
        >
          <IconCopy size={15} />
        </Tool>
        <Tool word={commandName('showInFolder')} run={() => runCommand('showInFolder')}>
          <IconFolderSymlink size={15} />
        </Tool>
        <Tool word={t('recheckOne')} run={() => void recheckBatch(detail.batch, [detail.id])}>
          <IconRefresh size={15} />
        </Tool>
      </div>
      <Group orientation="vertical" id="inspector-parts" className={classes.parts} {...layout}>
        <Panel id="stage" defaultSize="38%" minSize="120px" className={classes.preview}>
          <Preview detail={detail} isLarge={false} />
        </Panel>
        <Separator className={classes.splitter} aria-label={t('resizeStage')} />
        <Panel id="facts" minSize="120px">
          <Findings detail={detail} />
        </Panel>
      </Group>
    </>
  )
}

/** All that is known of the asset, in a pane that scrolls. */
export function Findings(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.scroll} data-scroller tabIndex={0} aria-label={t('details')}>
      <Results detail={detail} />
      <Suspense>
        <RulesSection detail={detail} />
      </Suspense>
      <ReaderNotes detail={detail} />
      <Decision detail={detail} />
      <SpanSection detail={detail} />
      <Calls detail={detail} />
      <Earlier detail={detail} />
      <Facts detail={detail} />
    </section>
  )
}

function Tool(props: {
  readonly word: string
  readonly run: () => void
  readonly hint?: ReactNode
  readonly children: ReactNode
}): ReactElement {
  return (
    <Tooltip
      label={
        <>
          {props.word} {props.hint}
        </>
      }
    >
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={props.word} onClick={props.run}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

/** What its reader noted, and that its pass is of an earlier reading. */
function ReaderNotes(props: { readonly detail: AssetDetail }): ReactElement | null {
  const { readerNotes, isOlderReading } = props.detail
  const t = useWords('inspector', words)
  const language = useLanguage()
  if (readerNotes.length === 0 && !isOlderReading) return null
  return (
    <Section title={t('readerNotes')}>
      <ul>
        {isOlderReading && <li>{t('olderReading')}</li>}
        {readerNotes.map(each => (
          <li key={JSON.stringify(each)} className="selectable">
            {remarkText(each, language)}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What each profile came to, side by side. */
export function Results(props: { readonly detail: AssetDetail }): ReactElement {
  const t = useWords('inspector', words)
  const batch = useBatch()
  const { results } = props.detail
  // Where all of it is practice, the line over the grid says so.
  const isMixed = batch?.profiles.some(({ id, practice }) => !practice && id !== rulesProfile) ?? false
  return (
    <Section title={results.length > 1 ? t('profiles') : t('verdict')}>
      <div className={classes.results} data-testid="results" data-count={results.length}>
        {results.map(result => {
          const profile = batch?.profiles.find(known => known.id === result.profile)
          return (
            <div key={result.profile} className={classes.result} {...toneOf(result, props.detail)}>
              <div className={classes.resultProfile}>
                {profile?.name ?? result.profile} {isMixed && profile?.practice === true && <PracticeMark />}
              </div>
              {isSaidByRules(result, props.detail) ? (
                <FindingMark finding={props.detail.rules ?? 'unknown'} />
              ) : (
                <Result result={result} detail={props.detail} />
              )}
            </div>
          )
        })}
      </div>
    </Section>
  )
}

const toneOf = (result: ResultView, detail: AssetDetail) =>
  isSaidByRules(result, detail)
    ? { 'data-finding': detail.rules ?? 'unknown' }
    : { 'data-outcome': result.outcome ?? 'pending' }

function Result(props: { readonly result: ResultView; readonly detail: AssetDetail }): ReactElement {
  const { result } = props
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const language = useLanguage()
  return (
    <>
      <div className={classes.resultLine}>
        <OutcomeMark outcome={result.outcome ?? (result.state === 'awaiting' ? 'awaiting' : 'pending')} />
        {result.reused && <span className="dim">{c('flag.reused')}</span>}
      </div>
      <Awaiting profile={result.profile} detail={props.detail} />
      {result.labels.map(code => (
        <div key={code} className={classes.resultLabel}>
          {labelOf(code)[language]} <code>{code}</code>
          {result.score !== null && <span className="dim">{t('score', { score: result.score })}</span>}
        </div>
      ))}
      {result.reason !== null && (
        <p className={classes.resultReason}>
          {failureText(result.reason, language)}
          {result.detail !== null && <code className="selectable">{detailText(result.detail, language)}</code>}
        </p>
      )}
      <WayOut result={result} detail={props.detail} />
      {/* Of what was sent whole, the verdict says all. */}
      {result.parts > 1 && (
        <div className="dim figures">
          {t('partsOf', { checked: formatNumber(result.checked), parts: formatNumber(result.parts) })}
        </div>
      )}
    </>
  )
}

/** What a person can do about the reason, where that is all it takes. */
function WayOut({
  result,
  detail,
}: {
  readonly result: ResultView
  readonly detail: AssetDetail
}): ReactElement | null {
  const name = useCommandNames()
  const { reason } = result
  const about = { batch: detail.batch, assets: [detail.id] }
  if (reason === 'calls_over_limit')
    return (
      <Button variant="default" onClick={() => void allowCalls(about.batch, about.assets)}>
        {name('allowCalls')}
      </Button>
    )
  const frames = framesOver(reason, result.detail)
  if (frames !== null) return <MoreFrames frames={frames} detail={detail} />
  if (!isEncodingOpen(reason, result.detail)) return null
  return (
    <Button variant="default" onClick={() => askEncoding(about)}>
      {name('stateEncoding')}
    </Button>
  )
}

/** All of its frames, and how many calls more that takes: each profile that waits sends those that it has not sent. */
function MoreFrames({
  frames: { count, limit },
  detail,
}: {
  readonly frames: FramesOver
  readonly detail: AssetDetail
}): ReactElement {
  const t = useWords('inspector', words)
  const waiting = detail.results.filter(each => framesOver(each.reason, each.detail) !== null).length
  const calls = (count - limit) * waiting
  return (
    <div className={classes.resultLine}>
      <Button variant="default" onClick={() => void allowFrames(detail.batch, [detail.id])}>
        {t('allFrames', { count: formatNumber(count) })}
      </Button>
      <span className="dim">{t('moreCalls', { count: calls, shown: formatNumber(calls) })}</span>
    </div>
  )
}

/** Since when a push is awaited, until when, and the way out. */
function Awaiting(props: { readonly profile: string; readonly detail: AssetDetail }): ReactElement | null {
  const { detail } = props
  const t = useWords('inspector', words)
  const locale = locales[useLanguage()]
  const awaited = awaitedOf(detail, props.profile)
  const now = useNow(awaited !== null)
  if (awaited === null) return null
  return (
    <div className={classes.resultAwaiting}>
      {awaited.since !== null && <span>{t('waiting', { age: formatAge(now - awaited.since) })}</span>}
      {awaited.due !== null && (
        <span className="dim">
          {awaited.due > now
            ? t('waitingDue', { time: momentOf(awaited.due, now, locale), clock: clockOf(awaited.due - now, locale) })
            : t('waitingOver')}
        </span>
      )}
      <Tooltip label={t('submitAgainHint')} multiline maw={280}>
        <Button
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => void recheckBatch(detail.batch, [detail.id])}
        >
          {t('submitAgain')}
        </Button>
      </Tooltip>
    </div>
  )
}

function Decision(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  const reasons = useReasonTexts()
  const reasonText = (reason: number) => reasons[reason - 1] || `${t('reason')} ${reason}`
  return (
    <Section title={t('decision')}>
      <div className={classes.resultLine}>
        <DecisionMark decision={detail.decision ?? 'undecided'} />
        {detail.decisionReason !== null && <span>{reasonText(detail.decisionReason)}</span>}
      </div>
      {detail.note !== null && detail.note !== '' && <p className={`${classes.note} selectable`}>{detail.note}</p>}
      {detail.history.length > 0 && (
        <ol className={classes.history} data-testid="review-history">
          {detail.history.toReversed().map(event => (
            <li key={event.id}>
              <span>
                {event.decision === null ? t(`action.${event.action}`) : <DecisionMark decision={event.decision} />}
                {event.decision !== null && event.action !== 'decide' && ` ${t(`action.${event.action}`)}`}
                {event.reason !== null && ` · ${reasonText(event.reason)}`}
              </span>
              <span className="dim">
                {[event.reviewer, formatTime(event.at)].filter(part => part !== '').join(' · ')}
              </span>
              {event.note !== null && <span className={classes.historyNote}>{event.note}</span>}
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

function Earlier(props: { readonly detail: AssetDetail }): ReactElement | null {
  const t = useWords('inspector', words)
  const { earlier } = props.detail
  const batches = useApp(state => state.batches)
  if (earlier.length === 0) return null
  return (
    <Section title={t('earlier')}>
      <ul className={classes.earlier}>
        {earlier.map(one => (
          <li key={`${one.batch} ${one.asset}`}>
            <button type="button" onClick={() => openAsset(one.batch, one.asset)}>
              <span>{batches.find(batch => batch.id === one.batch)?.name ?? one.path}</span>
              <span className={classes.earlierMarks}>
                <OutcomeMark outcome={one.outcome ?? 'pending'} plain />
                {one.decision !== null && <DecisionMark decision={one.decision} />}
              </span>
              <span className="dim">{formatTime(one.at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Facts(props: { readonly detail: AssetDetail }): ReactElement {
  const { detail } = props
  const t = useWords('inspector', words)
  const c = useWords('common', common)
  const profiles = useApp(state => state.profiles)
  const routes = routesOf(detail, profiles)
  const routeText = ({ route, relay }: CheckRoute) =>
    route === 'sync' || relay === null ? t(`route.${route}`) : t('routeRelay', { route: t(`route.${route}`), relay })
  const routeName = ({ profile }: CheckRoute) =>
    routes.length === 1 ? t('route') : (profiles.find(({ id }) => id === profile)?.name ?? profile)
  const facts: readonly (readonly [string, string | null])[] = [
    [t('kind'), detail.kind === null ? null : c(`kind.${detail.kind}`)],
    ...routes.map(route => [routeName(route), routeText(route)] as const),
    [
      t('size'),
      detail.width === null || detail.height === null
        ? null
        : `${formatNumber(detail.width)} × ${formatNumber(detail.height)}`,
    ],
    [t('bytes'), detail.bytes === null ? null : formatBytes(detail.bytes)],
    [t('encoding'), detail.encoding],
    [t('reading'), detail.reading],
    [t('sha'), detail.sha256],
  ]
  return (
    <Section title={t('file')}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="selectable">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  )
}
