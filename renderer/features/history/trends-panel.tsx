import { BarChart } from '@mantine/charts'
import {
  Alert,
  Button,
  EmptyState,
  Group,
  Loader,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core'
import { IconAlertTriangle, IconChartBar, IconTable } from '@tabler/icons-react'
import { type CSSProperties, type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { type AssetKind, assetKinds } from '../../../shared/domain.ts'
import type { Breakdown } from '../../../shared/history.ts'
import type { HistorySummary, IpcProblem, Trend } from '../../../shared/ipc.ts'
import { labelOf } from '../../../shared/labels.ts'
import { locales } from '../../../shared/language.ts'
import { problemText } from '../../../shared/problems.ts'
import { attempt } from '../../base/bridge.ts'
import { localDay, rangeOf, type Span, spans } from '../../base/days.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { words as commonWords } from '../../base/i18n/words.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { profilesOf } from '../../state/scopes.ts'
import { shareStyle } from './batch-table.tsx'
import classes from './history.module.css'
import { agreementOf, barName, barsOf, everyNth, type Step, shareText, stepFor, topLabels, totalsOf } from './trends.ts'
import { words } from './words.ts'

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | {
      readonly kind: 'known'
      readonly summary: HistorySummary
      readonly breakdown: Breakdown
      readonly first: string
      readonly last: string
    }

/** Verdicts, decisions and labels over time, and how far people agree with the machine. */
export function TrendsPanel(): ReactElement {
  const t = useWords('history', words)
  const common = useWords('common', commonWords)
  const language = useLanguage()
  // Also those that are gone: what they screened is still counted.
  const profiles = profilesOf(
    useApp(state => state.profiles),
    useApp(state => state.batches),
  )
  const [span, setSpan] = useState<Span>('month')
  const [profile, setProfile] = useState<string | null>(null)
  const [kind, setKind] = useState<AssetKind | null>(null)
  const [practice, setPractice] = useState(false)
  const [display, setDisplay] = useState<'chart' | 'table'>('chart')
  const { loaded, retry } = useTrends({ span, profile, kind, practice })

  return (
    <>
      <Group gap="md">
        <SegmentedControl
          aria-label={t('span')}
          value={span}
          onChange={value => setSpan(spans.find(known => known === value) ?? span)}
          data={spans.map(value => ({ value, label: t(`span.${value}`) }))}
        />
        <Select
          aria-label={t('profile')}
          w={200}
          placeholder={t('allProfiles')}
          clearable
          value={profile}
          onChange={setProfile}
          data={profiles.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <SegmentedControl
          aria-label={t('kind')}
          value={kind ?? 'all'}
          onChange={value => setKind(assetKinds.find(known => known === value) ?? null)}
          data={[
            { value: 'all', label: t('allKinds') },
            ...assetKinds.map(value => ({ value, label: common(`kind.${value}`) })),
          ]}
        />
        {/* Whoever chooses a profile has asked for what it said, practice or not. */}
        <Switch
          label={t('withPractice')}
          checked={practice}
          disabled={profile !== null}
          onChange={event => setPractice(event.currentTarget.checked)}
        />
        <Button
          variant="subtle"
          ms="auto"
          leftSection={
            display === 'chart' ? <IconTable size={16} aria-hidden /> : <IconChartBar size={16} aria-hidden />
          }
          onClick={() => setDisplay(display === 'chart' ? 'table' : 'chart')}
        >
          {display === 'chart' ? t('asTable') : t('asChart')}
        </Button>
      </Group>
      <section
        className={`${classes.scroll} ${classes.charts}`}
        aria-label={t('tab.trends')}
        aria-busy={loaded.kind === 'loading'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by key.
        tabIndex={0}
      >
        {loaded.kind === 'loading' && (
          <Group gap="sm" p="xl" justify="center">
            <Loader size="sm" />
            <Text size="md">{t('loading')}</Text>
          </Group>
        )}
        {loaded.kind === 'failed' && (
          <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('loadFailed')}>
            <Stack gap="sm">
              <Text size="md">{problemText(loaded.problem.code, language)}</Text>
              <Button variant="default" w="fit-content" onClick={retry}>
                {t('retry')}
              </Button>
            </Stack>
          </Alert>
        )}
        {loaded.kind === 'known' && (
          <Trends
            {...loaded}
            display={display}
            onProfile={setProfile}
            onPractice={practice || profile !== null ? null : () => setPractice(true)}
          />
        )}
      </section>
    </>
  )
}

interface Asked {
  readonly span: Span
  readonly profile: string | null
  readonly kind: AssetKind | null
  readonly practice: boolean
}

function useTrends({ span, profile, kind, practice }: Asked): { readonly loaded: Loaded; readonly retry: () => void } {
  const [tries, setTries] = useState(0)
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })

  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` asks again after a failure.
  useEffect(() => {
    let isCurrent = true
    const range = rangeOf(span, Date.now())
    setLoaded({ kind: 'loading' })
    const asked = [
      attempt('history.summary', { ...range, profile, kind, practice }),
      attempt('history.breakdown', { ...range, profile, kind, practice }),
    ] as const
    void Promise.all(asked).then(([summary, breakdown]) => {
      if (!isCurrent) return
      if ('problem' in summary) setLoaded({ kind: 'failed', problem: summary.problem })
      else if ('problem' in breakdown) setLoaded({ kind: 'failed', problem: breakdown.problem })
      else {
        setLoaded({
          kind: 'known',
          summary: summary.value,
          breakdown: breakdown.value,
          first: localDay(range.fromMs),
          last: localDay(range.toMs),
        })
      }
    })
    return () => {
      isCurrent = false
    }
  }, [span, profile, kind, practice, tries])
  return { loaded, retry: () => setTries(count => count + 1) }
}

interface TrendsProps {
  readonly summary: HistorySummary
  readonly breakdown: Breakdown
  readonly onProfile: (profile: string) => void
  /** Null where practice is counted already, or nobody can want it. */
  readonly onPractice: (() => void) | null
  readonly first: string
  readonly last: string
  readonly display: 'chart' | 'table'
}

const verdictSeries = [
  { name: 'risky', word: 'outcome.risky', color: 'var(--risky)' },
  { name: 'review', word: 'outcome.review', color: 'var(--review)' },
  { name: 'unchecked', word: 'outcome.unchecked', color: 'var(--unchecked)' },
  { name: 'rules_only', word: 'outcome.rules_only', color: 'var(--rules_only)' },
  { name: 'pass', word: 'outcome.pass', color: 'var(--pass)' },
] as const
const decisionSeries = [
  { name: 'rejected', word: 'decision.reject', color: 'var(--risky)' },
  { name: 'escalated', word: 'decision.escalate', color: 'var(--review)' },
  { name: 'approved', word: 'decision.approve', color: 'var(--pass)' },
] as const
type Series = (typeof verdictSeries)[number] | (typeof decisionSeries)[number]

function Trends({ summary, breakdown, onProfile, onPractice, first, last, display }: TrendsProps): ReactElement {
  const t = useWords('history', words)
  const step = stepFor((Date.parse(last) - Date.parse(first)) / 86_400_000 + 1)
  const bars = barsOf(summary.days, first, last, step)
  const totals = totalsOf(bars)
  const isEmpty = [...verdictSeries, ...decisionSeries].every(({ name }) => totals[name] === 0)
  if (isEmpty && summary.decided === 0) {
    return (
      <EmptyState
        py="xl"
        icon={<IconChartBar size={36} aria-hidden />}
        title={t('noTrendsTitle')}
        description={t(onPractice === null ? 'noTrendsText' : 'noTrendsPractice')}
      >
        {onPractice !== null && (
          <EmptyState.Actions>
            <Button variant="default" onClick={onPractice}>
              {t('countPractice')}
            </Button>
          </EmptyState.Actions>
        )}
      </EmptyState>
    )
  }
  return (
    <Stack gap="lg">
      <OverTime title={t('machineVerdicts')} bars={bars} step={step} series={verdictSeries} display={display} />
      <OverTime title={t('decisions')} bars={bars} step={step} series={decisionSeries} display={display} />
      <div className={classes.cards}>
        <Labels summary={summary} />
        <AgreementCard summary={summary} />
      </div>
      {breakdown.profiles.length > 0 && <Profiles profiles={breakdown.profiles} onProfile={onProfile} />}
      {breakdown.reviewers.length > 0 && <Reviewers reviewers={breakdown.reviewers} />}
    </Stack>
  )
}

function Profiles(props: {
  readonly profiles: Breakdown['profiles']
  readonly onProfile: (profile: string) => void
}): ReactElement {
  const t = useWords('history', words)
  const common = useWords('common', commonWords)
  return (
    <Card title={t('byProfile')}>
      <table className={classes.data} aria-label={t('byProfile')}>
        <thead>
          <tr>
            <th scope="col">{t('profile')}</th>
            {verdictSeries.map(({ name, word }) => (
              <th key={name} scope="col">
                {common(word)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.profiles.map(each => (
            <tr key={each.profile}>
              <th scope="row">
                <UnstyledButton
                  className={classes.name}
                  aria-label={t('onlyProfile', { name: each.name })}
                  onClick={() => props.onProfile(each.profile)}
                >
                  {each.name} {each.practice && <PracticeMark />}
                </UnstyledButton>
              </th>
              {verdictSeries.map(({ name }) => (
                <td key={name}>{formatNumber(each[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

const reviewerFigures = ['decided', 'approved', 'rejected', 'escalated', 'falseAlarms', 'misses'] as const

function Reviewers({ reviewers }: { readonly reviewers: Breakdown['reviewers'] }): ReactElement {
  const t = useWords('history', words)
  return (
    <Card title={t('byReviewer')}>
      <table className={classes.data} aria-label={t('byReviewer')}>
        <thead>
          <tr>
            <th scope="col">{t('reviewer')}</th>
            {reviewerFigures.map(name => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {reviewers.map(each => (
            <tr key={each.reviewer}>
              <th scope="row">{each.reviewer === '' ? t('unnamed') : each.reviewer}</th>
              {reviewerFigures.map(name => (
                <td key={name}>{formatNumber(each[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

interface OverTimeProps {
  readonly title: string
  readonly bars: readonly Trend[]
  readonly step: Step
  readonly series: readonly Series[]
  readonly display: 'chart' | 'table'
}

function OverTime({ title, bars, step, series, display }: OverTimeProps): ReactElement {
  const t = useWords('history', words)
  const common = useWords('common', commonWords)
  const locale = locales[useLanguage()]
  // What was not held up is so much more than the rest that beside it nothing else could be seen.
  const [hidden, setHidden] = useState<ReadonlySet<Series['name']>>(new Set(['pass', 'rules_only', 'approved']))
  const totals = totalsOf(bars)
  const named = bars.map(bar => ({ ...bar, day: barName(bar.day, step, locale) }))
  const said = series.map(({ name, word }) => `${common(word)} ${formatNumber(totals[name])}`)
  return (
    <Card title={title}>
      <div className={classes.legend}>
        {series.map(({ name, word, color }) => (
          <UnstyledButton
            key={name}
            className={classes.series}
            style={seriesStyle(color)}
            aria-pressed={!hidden.has(name)}
            onClick={() => setHidden(toggledIn(hidden, name))}
          >
            {common(word)} <strong>{formatNumber(totals[name])}</strong>
          </UnstyledButton>
        ))}
      </div>
      {display === 'chart' ? (
        <div role="img" aria-label={`${title}: ${said.join(', ')}`}>
          <BarChart
            h={200}
            type="stacked"
            dataKey="day"
            data={named}
            series={series
              .filter(({ name }) => !hidden.has(name))
              .map(({ name, word, color }) => ({ name, color, label: common(word) }))}
            valueFormatter={formatNumber}
            maxBarWidth={36}
            tickLine="none"
            gridAxis="x"
            tooltipAnimationDuration={0}
            barProps={{ isAnimationActive: false }}
            barChartProps={{ accessibilityLayer: false }}
            // Evenly, and the newest always.
            xAxisProps={{ ticks: everyNth(named).map(bar => bar.day), interval: 'preserveEnd' }}
            yAxisProps={{ width: 52, allowDecimals: false }}
          />
        </div>
      ) : (
        <table className={classes.data} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('day')}</th>
              {series.map(({ name, word }) => (
                <th key={name} scope="col">
                  {common(word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map(bar => (
              <tr key={bar.day}>
                <th scope="row">{barName(bar.day, step, locale)}</th>
                {series.map(({ name }) => (
                  <td key={name}>{formatNumber(bar[name])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

function toggledIn<Name>(names: ReadonlySet<Name>, name: Name): ReadonlySet<Name> {
  return new Set(names.has(name) ? [...names].filter(other => other !== name) : [...names, name])
}

function seriesStyle(color: string): CSSProperties & Record<'--series', string> {
  return { '--series': color }
}

function Labels({ summary }: { readonly summary: HistorySummary }): ReactElement {
  const t = useWords('history', words)
  const language = useLanguage()
  const { top, rest } = topLabels(summary.labels, 8)
  const most = top[0]?.count ?? 1
  return (
    <Card title={t('labels')}>
      {top.length === 0 ? (
        <Text size="md">{t('noLabels')}</Text>
      ) : (
        <ul className={classes.labels}>
          {top.map(({ label, count }) => {
            const share: CSSProperties & Record<'--share', number> = { '--share': (count / most) * 100 }
            return (
              <li key={label}>
                <Text size="sm">{labelOf(label)[language]}</Text>
                <div className={classes.bar} style={share} aria-hidden />
                <Text size="sm">{formatNumber(count)}</Text>
              </li>
            )
          })}
        </ul>
      )}
      {rest > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('restLabels', { count: formatNumber(rest) })}
        </Text>
      )}
    </Card>
  )
}

function AgreementCard({ summary }: { readonly summary: HistorySummary }): ReactElement {
  const t = useWords('history', words)
  const locale = locales[useLanguage()]
  const agreement = agreementOf(summary)
  const facts = [
    { name: 'agreed', color: 'var(--pass)', help: null },
    { name: 'falseAlarms', color: 'var(--review)', help: t('falseAlarmsHelp') },
    { name: 'misses', color: 'var(--risky)', help: t('missesHelp') },
  ] as const
  return (
    <Card title={t('agreement')}>
      {agreement.rate === null ? (
        <Text size="md">{t('agreementNone')}</Text>
      ) : (
        <Stack gap="md">
          <div>
            <div className={classes.big}>{shareText(agreement.rate, locale)}</div>
            <Text size="sm" c="dimmed">
              {t('agreementText', {
                decided: formatNumber(agreement.decided),
                percent: shareText(agreement.rate, locale),
              })}
            </Text>
          </div>
          <div className={classes.split} aria-hidden>
            {facts.map(({ name, color }) => (
              <span key={name} style={shareStyle(agreement[name], color)} />
            ))}
          </div>
          <div className={classes.facts}>
            {facts.map(({ name, color, help }) => (
              <FactRow key={name} color={color} label={t(name)} help={help} count={agreement[name]} />
            ))}
          </div>
        </Stack>
      )}
    </Card>
  )
}

interface FactProps {
  readonly color: string
  readonly label: string
  readonly help: string | null
  readonly count: number
}

function FactRow({ color, label, help, count }: FactProps): ReactElement {
  return (
    <>
      <span className={classes.dot} style={{ background: color }} aria-hidden />
      <div>
        <Text size="md">{label}</Text>
        {help !== null && (
          <Text size="sm" c="dimmed">
            {help}
          </Text>
        )}
      </div>
      <Text size="md" fw={600}>
        {formatNumber(count)}
      </Text>
    </>
  )
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Title order={2} size="md" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  )
}
