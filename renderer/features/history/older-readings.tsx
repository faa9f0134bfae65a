import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import type { OlderReadings as Older } from '../../../shared/history.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, formatTime, useWords } from '../../base/i18n/index.ts'
import { tellProblem } from '../../base/notices.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { dispatch, openBatch } from '../../state/app.ts'
import { words } from './words.ts'

/** Batches named at once; the newest come first. */
const shownMost = 5

/** Passes of earlier versions whose kinds are read differently today: which, how many, what screening them anew costs. */
export function OlderReadings(): ReactElement | null {
  const t = useWords('history', words)
  const [older, setOlder] = useState<readonly Older[]>([])
  useEffect(() => {
    let isGone = false
    void attempt('history.olderReadings', {}).then(answer => {
      if (!isGone && 'value' in answer) setOlder(answer.value)
    })
    return () => {
      isGone = true
    }
  }, [])
  if (older.length === 0) return null
  const sum = (of: (each: Older) => number) => older.reduce((total, each) => total + of(each), 0)
  const recheck = async (batch: string) => {
    const answer = await attempt('batches.recheckOlder', { batch })
    if ('problem' in answer) return tellProblem(answer.problem)
    setOlder(others => others.filter(each => each.batch !== batch))
    dispatch(openBatch, batch)
  }
  return (
    <Alert
      color="var(--unchecked)"
      variant="light"
      mx="xl"
      mb="sm"
      flex="none"
      icon={<IconHistory aria-hidden />}
      title={t('olderTitle')}
    >
      <Stack gap="xs">
        <Text size="sm">
          {t('olderText', {
            assets: formatNumber(sum(each => each.assets)),
            calls: formatNumber(sum(each => each.calls)),
          })}
        </Text>
        {older.slice(0, shownMost).map(each => (
          <Group key={each.batch} justify="space-between" gap={4}>
            <Text size="sm" truncate title={each.name}>
              {each.name} {each.practice && <PracticeMark />}
            </Text>
            <Group gap="sm">
              <Text size="sm" c="dimmed">
                {formatTime(each.createdAt)} ·{' '}
                {t('olderCount', { assets: formatNumber(each.assets), calls: formatNumber(each.calls) })}
              </Text>
              <Button variant="default" size="compact-sm" onClick={() => void recheck(each.batch)}>
                {t('checkAgain')}
              </Button>
            </Group>
          </Group>
        ))}
        {older.length > shownMost && (
          <Text size="sm" c="dimmed">
            {t('olderMore', { count: formatNumber(older.length - shownMost) })}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}
