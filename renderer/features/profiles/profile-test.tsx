import { Alert, Badge, Button, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCheck,
  IconCircleCheck,
  IconCircleMinus,
  IconCircleX,
  IconCopy,
  IconStethoscope,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import type { DoctorStep } from '../../../shared/profile.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { attempt } from '../../base/bridge.ts'
import { type Language, useLanguage, useWords } from '../../base/i18n/index.ts'
import { conclusionOf } from './doctor.ts'
import { noteTest } from './health.ts'
import classes from './profiles.module.css'
import { words } from './words.ts'

type Test =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'done'; readonly steps: readonly DoctorStep[] }

/** Runs the doctor on a stored profile and explains each step. */
export function ProfileTest({
  id,
  isDirty,
  runsAtOnce,
  onReplaceSecret,
}: {
  readonly id: string
  readonly isDirty: boolean
  /** It was asked for together with saving. */
  readonly runsAtOnce: boolean
  /** Null where no secret is kept that could be replaced. */
  readonly onReplaceSecret: (() => void) | null
}) {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const [test, setTest] = useState<Test>({ kind: 'none' })

  async function run() {
    setTest({ kind: 'running' })
    const answer = await attempt('profiles.test', { id })
    if ('value' in answer) noteTest(id, answer.value)
    setTest('problem' in answer ? { kind: 'failed', problem: answer.problem } : { kind: 'done', steps: answer.value })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has been saved
  useEffect(() => {
    if (runsAtOnce) void run()
  }, [])

  return (
    <Paper component="section" withBorder p="lg" aria-label={t('test')} aria-busy={test.kind === 'running'}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2}>
            <Title order={3} size="md">
              {t('test')}
            </Title>
            <Text size="sm" c="dimmed">
              {isDirty ? t('testNeedsSave') : t('testHelp')}
            </Text>
          </Stack>
          <Button
            variant="default"
            flex="none"
            leftSection={<IconStethoscope size={16} aria-hidden />}
            disabled={isDirty || test.kind === 'running'}
            onClick={() => void run()}
          >
            {test.kind === 'done' ? t('testAgain') : t('test')}
          </Button>
        </Group>
        <div aria-live="polite">
          {test.kind === 'running' && (
            <Group gap="sm" py="sm">
              <Loader size="xs" />
              <Text size="sm">{t('testing')}</Text>
            </Group>
          )}
          {test.kind === 'failed' && (
            <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle />} title={t('testFailed')}>
              <Text size="md">{problemText(test.problem.code, language)}</Text>
              {test.problem.detail !== '' && (
                <Text size="sm" className={classes.mono}>
                  {detailText(test.problem.detail, language)}
                </Text>
              )}
            </Alert>
          )}
          {test.kind === 'done' && (
            <Steps steps={test.steps} language={language} onReplaceSecret={isDirty ? null : onReplaceSecret} />
          )}
        </div>
      </Stack>
    </Paper>
  )
}

const icons = {
  ok: IconCircleCheck,
  warning: IconAlertTriangle,
  failed: IconCircleX,
  skipped: IconCircleMinus,
} as const
const colors = {
  ok: 'var(--pass)',
  warning: 'var(--review)',
  failed: 'var(--risky)',
  skipped: 'var(--pending)',
} as const

/** Steps that fail where the secret is wrong. */
const bySecret: ReadonlySet<DoctorStep['step']> = new Set(['credentials', 'token'])

function Steps({
  steps,
  language,
  onReplaceSecret,
}: {
  readonly steps: readonly DoctorStep[]
  readonly language: Language
  readonly onReplaceSecret: (() => void) | null
}) {
  const t = useWords('profiles', words)
  const conclusion = conclusionOf(steps)
  return (
    <Stack gap="sm">
      <Text size="md" fw={600}>
        {conclusion.kind === 'ok'
          ? t('testOk')
          : conclusion.kind === 'warnings'
            ? t('testWarnings', { count: conclusion.count })
            : t('testFailures', { count: conclusion.count })}
      </Text>
      <ul className={classes.steps}>
        {steps.map(step => {
          const Icon = icons[step.state]
          return (
            <li key={`${step.step} ${step.en}`} className={classes.step}>
              <Icon size={18} aria-hidden color={colors[step.state]} />
              <Stack gap={2}>
                <Group gap="sm">
                  <Text size="md" fw={500}>
                    {t(`step.${step.step}`)}
                  </Text>
                  {step.state !== 'ok' && (
                    <Badge variant="light" color={colors[step.state]}>
                      {t(`state.${step.state}`)}
                    </Badge>
                  )}
                </Group>
                <Text size="sm">{step[language]}</Text>
              </Stack>
              {step.copy !== null && <Copy value={step.copy} />}
              {step.copy === null && onReplaceSecret !== null && step.state === 'failed' && bySecret.has(step.step) && (
                <Button variant="default" flex="none" onClick={onReplaceSecret}>
                  {t('replaceSecret')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </Stack>
  )
}

/** The clipboard of the page is closed to us (permissions are denied), so the main process writes it. */
export function Copy({ value }: { readonly value: string }) {
  const t = useWords('profiles', words)
  const [copied, setCopied] = useState(false)
  return (
    <Button
      variant="default"
      flex="none"
      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      aria-label={copied ? t('copied') : t('copyValue', { value })}
      onClick={async () => {
        const answer = await attempt('clipboard.write', { text: value })
        setCopied('value' in answer)
      }}
    >
      <span className={classes.mono}>{value}</span>
    </Button>
  )
}
