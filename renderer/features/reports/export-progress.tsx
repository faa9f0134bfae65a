import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { invoke } from '../../base/bridge.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { chooseExport, dispatch, type Exporting, stopExport } from '../../state/app.ts'
import classes from './reports.module.css'
import { words } from './words.ts'

interface WorkingProps {
  readonly work: Extract<Exporting, { readonly kind: 'working' }>
}

/** How far a running export has come, and the way to stop it. */
export function Working({ work }: WorkingProps): ReactElement {
  const t = useWords('reports', words)
  const share = work.total === null || work.total === 0 ? null : (work.rows / work.total) * 100
  return (
    <Stack gap="md">
      <Text size="md" role="status">
        {work.stopping
          ? t('stopping')
          : work.total === null
            ? t('choosing')
            : t('working', { rows: formatNumber(work.rows), total: formatNumber(work.total) })}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={share ?? 100}
          animated={share === null}
          color={share === null ? 'gray' : 'ink'}
          aria-label={t('progress')}
        />
      </Progress.Root>
      <Group justify="flex-end">
        <Button variant="default" size="sm" disabled={work.stopping || work.total === null} onClick={() => void stop()}>
          {t('stop')}
        </Button>
      </Group>
    </Stack>
  )
}

async function stop(): Promise<void> {
  dispatch(stopExport, null)
  await invoke('reports.cancel', {})
}

interface DoneProps {
  readonly work: Extract<Exporting, { readonly kind: 'done' }>
  readonly onClose: () => void
}

/** Where the report lies. */
export function Done({ work, onClose }: DoneProps): ReactElement {
  const t = useWords('reports', words)
  return (
    <Stack gap="md">
      <Alert color="var(--pass)" variant="light" icon={<IconCircleCheck aria-hidden />} title={t('done')} role="status">
        <Text size="md">{t('doneText', { rows: formatNumber(work.rows) })}</Text>
        <Text size="sm" className={classes.mono}>
          {work.file}
        </Text>
      </Alert>
      <Group justify="flex-end" gap="sm">
        <Button variant="subtle" size="sm" onClick={() => dispatch(chooseExport, null)}>
          {t('again')}
        </Button>
        <Button variant="default" size="sm" onClick={() => void invoke('reports.reveal', { file: work.file })}>
          {t('showInFolder')}
        </Button>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('close')}
        </Button>
        <Button size="sm" data-autofocus onClick={() => void invoke('reports.open', { file: work.file })}>
          {t('open')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Why no report was written. */
export function Failed({ problem }: { readonly problem: IpcProblem }): ReactElement {
  const t = useWords('reports', words)
  const language = useLanguage()
  if (problem.code === 'cancelled') {
    return (
      <Alert color="var(--pending)" variant="light" role="status">
        {t('cancelled')}
      </Alert>
    )
  }
  return (
    <Alert
      color="var(--risky)"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('failed')}
      role="alert"
    >
      <Text size="md">{problemText(problem.code, language)}</Text>
      {problem.detail !== '' && (
        <Text size="sm" className={classes.mono}>
          {detailText(problem.detail, language)}
        </Text>
      )}
    </Alert>
  )
}
