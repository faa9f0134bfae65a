import { Badge, Button, Group, Paper, Progress, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconArrowBarToUp, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import { locales } from '../../../shared/language.ts'
import { openBatches } from '../../../shared/open-batches.ts'
import type { BatchSummary } from '../../../shared/screening.ts'
import { invoke } from '../../base/bridge.ts'
import { clockOf } from '../../base/clock.ts'
import { Confirm } from '../../base/confirm.tsx'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { goToBatch } from '../../state/landing.ts'
import { plannedRestMs, usePlannedTimes } from '../../state/planned-times.ts'
import { remainingMs, type Sample, settledIn, withSample } from './batch-list.ts'
import { putFirst } from './put-first.ts'
import classes from './queue.module.css'
import { words } from './words.ts'

/** What is being screened, batch by batch: how far each is, how long it takes, and what can be done about it. */
export function BatchList(): ReactElement | null {
  const t = useWords('queue', words)
  const all = useApp(state => state.batches)
  const [stopping, setStopping] = useState<BatchSummary | null>(null)
  const first = useApp(state => state.queue?.first) ?? none
  const open = openBatches(all, first)
  if (open.length === 0) return null
  return (
    <Paper component="section" withBorder p="lg" aria-label={t('batches')}>
      <Title order={2} size="md" mb="sm">
        {t('batches')}
      </Title>
      <ul className={classes.batches}>
        {open.map(batch => (
          <Item
            key={batch.id}
            batch={batch}
            place={open.length === 1 ? 'only' : batch === open[0] && first.includes(batch.id) ? 'first' : 'later'}
            onStop={() => setStopping(batch)}
          />
        ))}
      </ul>
      <Confirm
        opened={stopping !== null}
        title={t('stopTitle', { name: stopping?.name ?? '' })}
        text={t('stopText', {
          count: stopping === null ? 0 : stopping.tally.pending + stopping.tally.awaiting,
          shown: formatNumber(stopping === null ? 0 : stopping.tally.pending + stopping.tally.awaiting),
        })}
        stay={t('goOn')}
        go={t('stopRest')}
        onStay={() => setStopping(null)}
        onGo={() => {
          if (stopping !== null) void invoke('batches.cancel', { batch: stopping.id })
          setStopping(null)
        }}
      />
    </Paper>
  )
}

const none: readonly string[] = []

function Item(props: {
  readonly batch: BatchSummary
  /** `first`: somebody has put it there. */
  readonly place: 'only' | 'first' | 'later'
  readonly onStop: () => void
}): ReactElement {
  const { batch, place, onStop } = props
  const t = useWords('queue', words)
  const locale = locales[useLanguage()]
  const { id, name, state, tally, practice, profiles } = batch
  const settled = settledIn(batch)
  const [samples, setSamples] = useState<readonly Sample[]>([])
  useEffect(() => {
    setSamples(known => (state === 'running' ? withSample(known, { atMs: Date.now(), settled }) : []))
  }, [settled, state])
  const left = state === 'running' ? remainingMs(batch, samples) : null
  const planned = usePlannedTimes(times => plannedRestMs(batch, times[id]))
  const remainingText = () => {
    if (left !== null) return t('remaining', { clock: clockOf(left, locale) })
    return planned === null ? t('finishUnknown') : t('remainingPlanned', { clock: clockOf(planned, locale) })
  }
  return (
    <li className={classes.batch} data-testid="queue-batch" data-batch={id}>
      <Group justify="space-between" wrap="nowrap" gap="md">
        <Stack gap={0} miw={0}>
          <Group gap="sm" wrap="nowrap">
            <UnstyledButton className={classes.batchName} title={name} onClick={() => goToBatch(id)}>
              {name}
            </UnstyledButton>
            {practice && <PracticeMark />}
            {place === 'first' && (
              <Badge variant="light" flex="none">
                {t('first')}
              </Badge>
            )}
            {state !== 'running' && (
              <Badge variant="light" color="var(--review)" flex="none">
                {t(`state.${state}`)}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" truncate title={profiles.map(profile => profile.name).join(' + ')}>
            {profiles.map(profile => profile.name).join(' + ')}
          </Text>
        </Stack>
        <Group gap="xs" wrap="nowrap" flex="none">
          {place === 'later' && (
            <Button
              variant="default"
              leftSection={<IconArrowBarToUp size={14} aria-hidden />}
              aria-label={t('putFirstOf', { name })}
              onClick={() => void putFirst(id)}
            >
              {t('putFirst')}
            </Button>
          )}
          {state === 'running' ? (
            <Button
              variant="default"
              leftSection={<IconPlayerPause size={14} aria-hidden />}
              aria-label={t('pauseOf', { name })}
              onClick={() => void invoke('batches.pause', { batch: id })}
            >
              {t('pauseOne')}
            </Button>
          ) : (
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={14} aria-hidden />}
              aria-label={t('resumeOf', { name })}
              onClick={() => void invoke('batches.resume', { batch: id })}
            >
              {t('resume')}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconX size={14} aria-hidden />}
            aria-label={t('stopOf', { name })}
            onClick={onStop}
          >
            {t('stopOne')}
          </Button>
        </Group>
      </Group>
      <Group gap="md" wrap="nowrap">
        <Progress
          flex={1}
          size="sm"
          value={tally.assets === 0 ? 0 : (settled / tally.assets) * 100}
          aria-label={name}
          transitionDuration={0}
        />
        <Text size="sm" className={classes.batchFigures}>
          {t('of', { used: formatNumber(settled), limit: formatNumber(tally.assets) })}
          {!batch.walked && ` · ${t('readingFolders')}`}
          {batch.walked && state === 'running' && (
            <Text span size="sm" c="dimmed">
              {` · ${remainingText()}`}
            </Text>
          )}
        </Text>
      </Group>
    </li>
  )
}
