import {
  Alert,
  Badge,
  Button,
  EmptyState,
  Group,
  Loader,
  Paper,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core'
import { IconAlertTriangle, IconClockPause, IconPlayerPause, IconPlayerPlay, IconStack2 } from '@tabler/icons-react'
import { type CSSProperties, type ReactElement, useCallback, useEffect, useState } from 'react'
import { failureText } from '../../../shared/failures.ts'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { locales } from '../../../shared/language.ts'
import { problemText } from '../../../shared/problems.ts'
import type { EndpointStatus, QueueStatus, RelayStatus } from '../../../shared/queue.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { attempt, invoke } from '../../base/bridge.ts'
import { clockOf, momentOf } from '../../base/clock.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { apiName, endpointKind } from '../../base/endpoint-name.ts'
import { formatNumber, formatPercent, useLanguage, useWords } from '../../base/i18n/index.ts'
import { tell } from '../../base/notices.ts'
import { useNow } from '../../base/use-now.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { dispatch, setQueue, useApp } from '../../state/app.ts'
import { BatchList } from './batch-list-view.tsx'
import { byProfile, isDayUsedUp, loadOf, type ProfileQueue } from './figures.ts'
import classes from './queue.module.css'
import { words } from './words.ts'

/** Everything that paces the calls: rates and quota per endpoint, tokens, and what is on hold and why. */
export function QueueView(): ReactElement {
  const t = useWords('queue', words)
  const name = useCommandNames()
  const language = useLanguage()
  const status = useApp(state => state.queue)
  const [problem, setProblem] = useState<IpcProblem | null>(null)
  const load = useCallback(async () => {
    setProblem(null)
    const answer = await attempt('queue.status', {})
    if ('problem' in answer) setProblem(answer.problem)
    else dispatch(setQueue, answer.value)
  }, [])
  useEffect(() => void load(), [load])

  return (
    <section className={classes.view} aria-label={name('showQueue')}>
      <div className={classes.column}>
        {problem !== null && (
          <Alert
            color="var(--risky)"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            title={t('loadFailed')}
            role="alert"
          >
            <Stack gap="sm">
              <Text size="md">{problemText(problem.code, language)}</Text>
              <Button variant="default" w="fit-content" onClick={() => void load()}>
                {t('retry')}
              </Button>
            </Stack>
          </Alert>
        )}
        {status !== null ? (
          <Queue status={status} />
        ) : problem === null ? (
          <Group gap="sm" p="xl" justify="center">
            <Loader size="sm" />
            <Text size="md">{t('loading')}</Text>
          </Group>
        ) : null}
      </div>
    </section>
  )
}

function Queue({ status }: { readonly status: QueueStatus }): ReactElement {
  const t = useWords('queue', words)
  const name = useCommandNames()
  const locale = locales[useLanguage()]
  const [changing, setChanging] = useState(false)
  const held = status.endpoints.filter(endpoint => endpoint.held !== null)
  const now = useNow(held.length > 0 || status.finishAt !== null)
  const profiles = byProfile(status)
  const awaiting = useApp(state => state.batches.reduce((sum, batch) => sum + batch.tally.awaiting, 0))

  async function pause(paused: boolean) {
    setChanging(true)
    const answer = await invoke('queue.pause', { paused })
    setChanging(false)
    if (answer !== undefined) dispatch(setQueue, answer)
  }

  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Stack gap={4}>
          <Title order={1} size="lg">
            {name('showQueue')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('lead')}
          </Text>
        </Stack>
        <Button
          flex="none"
          size="sm"
          variant={status.paused ? 'filled' : 'default'}
          loading={changing}
          leftSection={
            status.paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
          }
          onClick={() => void pause(!status.paused)}
        >
          {status.paused ? t('resume') : t('pauseAll')}
        </Button>
      </Group>
      {status.paused && (
        <Alert color="var(--review)" variant="light" icon={<IconPlayerPause aria-hidden />} title={t('paused')}>
          <Text size="md">{t('pausedText')}</Text>
        </Alert>
      )}
      <dl className={classes.figures}>
        <div className={classes.figure}>
          <dt>{t('perMinute')}</dt>
          <dd>{formatNumber(status.checksPerMinute)}</dd>
        </div>
        <div className={classes.figure}>
          <dt>{t('inFlight')}</dt>
          <dd>{formatNumber(status.inFlight)}</dd>
        </div>
        <div className={classes.figure}>
          <dt>{t('finish')}</dt>
          <dd>{status.finishAt === null ? '—' : momentOf(status.finishAt, now, locale)}</dd>
          <Text size="sm" c="dimmed" component="dd" className={classes.note}>
            {status.finishAt === null
              ? t(status.inFlight === 0 && held.length === 0 ? 'idle' : 'finishUnknown')
              : t('remaining', { clock: clockOf(status.finishAt - now, locale) })}
          </Text>
        </div>
        {awaiting > 0 && (
          <div className={classes.figure}>
            <dt>{t('awaiting')}</dt>
            <dd>{formatNumber(awaiting)}</dd>
          </div>
        )}
      </dl>
      <BatchList />
      {status.relays.length > 0 && <Relays relays={status.relays} />}
      {held.length > 0 && (
        <Stack component="section" gap="sm" aria-label={t('heldTitle')}>
          <Title order={2} size="md">
            {t('heldTitle')}
          </Title>
          {held.map(endpoint => (
            <Held key={`${endpoint.profile} ${endpoint.endpoint}`} endpoint={endpoint} now={now} />
          ))}
        </Stack>
      )}
      {profiles.length === 0 ? (
        <EmptyState
          py="xl"
          icon={<IconStack2 size={36} aria-hidden />}
          title={t('idleTitle')}
          description={t('idleText')}
        />
      ) : (
        profiles.map(queue => <ProfileCard key={queue.profile} queue={queue} now={now} />)
      )}
    </>
  )
}

const relayColors = {
  connecting: 'var(--pending)',
  connected: 'var(--pass)',
  unreachable: 'var(--review)',
  key_refused: 'var(--risky)',
  not_a_relay: 'var(--risky)',
} as const

/** Where pushes come from; a relay that is not reached keeps them. */
function Relays({ relays }: { readonly relays: readonly RelayStatus[] }): ReactElement {
  const t = useWords('queue', words)
  const language = useLanguage()
  return (
    <Paper component="section" withBorder p="lg" aria-label={t('relays')}>
      <Stack gap="sm">
        <Title order={2} size="md">
          {t('relays')}
        </Title>
        {relays.map(({ relay, state, detail }) => (
          <Stack key={relay} gap={2}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" className={classes.mono}>
                {relay}
              </Text>
              <Badge variant="light" flex="none" color={relayColors[state]}>
                {t(`relay.${state}`)}
              </Badge>
            </Group>
            {state !== 'connected' && state !== 'connecting' && <Text size="md">{t(`relayHelp.${state}`)}</Text>}
            {detail !== '' && (
              <Text size="sm" c="dimmed" className={classes.mono}>
                {detailText(detail, language)}
              </Text>
            )}
          </Stack>
        ))}
      </Stack>
    </Paper>
  )
}

function useEndpointName(): (endpoint: EndpointStatus) => string {
  const t = useWords('queue', words)
  const profiles = useApp(state => state.profiles)
  return ({ profile, endpoint }) => {
    const name = profiles.find(({ id }) => id === profile)?.name ?? profile
    return `${name} · ${t(`endpoint.${endpointKind(endpoint)}`)}`
  }
}

/** One endpoint that waits: why, until when, and what a person can do about it. */
function Held({ endpoint, now }: { readonly endpoint: EndpointStatus; readonly now: number }): ReactElement | null {
  const t = useWords('queue', words)
  const language = useLanguage()
  const locale = locales[language]
  const name = useEndpointName()(endpoint)
  const held = endpoint.held
  if (held === null) return null
  const needsPerson = held.untilMs === null
  return (
    <Alert
      color={needsPerson ? 'var(--risky)' : 'var(--review)'}
      variant="light"
      icon={needsPerson ? <IconAlertTriangle aria-hidden /> : <IconClockPause aria-hidden />}
      title={`${t('held', { endpoint: name })} · ${t(`class.${held.class}`)}`}
    >
      <Stack gap={6}>
        <Text size="md">{failureText(held.code, language)}</Text>
        <Text size="md" fw={500}>
          {held.untilMs === null
            ? t('heldOpen')
            : t('heldUntil', {
                time: momentOf(held.untilMs, now, locale),
                clock: clockOf(held.untilMs - now, locale),
              })}
        </Text>
        {held.detail !== '' && (
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" className={classes.mono}>
              {detailText(held.detail, language)}
            </Text>
            <Button
              variant="default"
              flex="none"
              onClick={async () => {
                const answer = await attempt('clipboard.write', { text: detailText(held.detail, language) })
                if ('value' in answer) tell(t('copied'))
              }}
            >
              {t('copyDetails')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}

const tokenColors = { none: 'var(--pending)', ok: 'var(--pass)', refused: 'var(--risky)' } as const

function ProfileCard({ queue, now }: { readonly queue: ProfileQueue; readonly now: number }): ReactElement {
  const t = useWords('queue', words)
  const language = useLanguage()
  const locale = locales[language]
  const profile = useApp(state => state.profiles.find(({ id }) => id === queue.profile))
  const name = profile?.name ?? queue.profile
  const { token } = queue
  return (
    <Paper component="section" withBorder p="lg" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="sm">
            <Title order={2} size="md">
              {name}
            </Title>
            {profile?.practice && <PracticeMark />}
            <Text size="sm" c="dimmed" className={classes.mono}>
              {queue.appid}
            </Text>
          </Group>
          {token !== null && (
            <Group gap="sm">
              <Text size="sm" c="dimmed">
                {token.state === 'ok' && token.expiresAt !== null
                  ? t('tokenUntil', { time: momentOf(token.expiresAt, now, locale) })
                  : t('token')}
              </Text>
              <Badge variant="light" color={tokenColors[token.state]}>
                {t(`token.${token.state}`)}
              </Badge>
            </Group>
          )}
        </Group>
        {token !== null && token.code !== null && (
          <Text size="md" c="var(--risky)">
            {failureText(token.code, language)} {detailText(token.detail ?? '', language)}
          </Text>
        )}
        {queue.endpoints.length > 0 && (
          <table className={classes.table} aria-label={name}>
            <thead>
              <tr>
                <th scope="col">{t('endpoint')}</th>
                <th scope="col">{t('lastMinute')}</th>
                <th scope="col">{t('today')}</th>
              </tr>
            </thead>
            <tbody>
              {queue.endpoints.map(endpoint => {
                const kind = t(`endpoint.${endpointKind(endpoint.endpoint)}`)
                return (
                  <tr key={endpoint.endpoint}>
                    <td>
                      <Text size="md" fw={500}>
                        {kind}
                      </Text>
                      <Text size="xs" c="dimmed" className={classes.mono}>
                        {apiName(endpoint.endpoint)}
                      </Text>
                    </td>
                    <td>
                      <Usage used={endpoint.lastMinute} limit={endpoint.perMinute} label="barMinute" name={kind} />
                    </td>
                    <td>
                      {isDayUsedUp(endpoint, now) && endpoint.today < (endpoint.perDay ?? Infinity) ? (
                        <Text size="sm" c="var(--review)">
                          {t('usedUpElsewhere', { used: formatNumber(endpoint.today) })}
                        </Text>
                      ) : (
                        <Usage used={endpoint.today} limit={endpoint.perDay} label="barDay" name={kind} />
                      )}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        )}
      </Stack>
    </Paper>
  )
}

interface UsageProps {
  readonly used: number
  readonly limit: number | null
  readonly label: 'barMinute' | 'barDay'
  readonly name: string
}

function Usage({ used, limit, label, name }: UsageProps): ReactElement {
  const t = useWords('queue', words)
  const load = loadOf(used, limit)
  if (load === null || limit === null) {
    return <Text size="sm">{t('noLimit', { used: formatNumber(used) })}</Text>
  }
  const share: CSSProperties & Record<'--share', number> = { '--share': load.percent }
  return (
    <div className={classes.usage}>
      <Text size="sm">{t('of', { used: formatNumber(used), limit: formatNumber(limit) })}</Text>
      <VisuallyHidden>{t(label, { endpoint: name, percent: formatPercent(load.percent / 100) })}</VisuallyHidden>
      <div className={classes.bar} data-load={load.load} style={share} aria-hidden />
    </div>
  )
}
