import { Alert, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { type ReactElement, useEffect, useState } from 'react'
import type { IpcProblem, ReportVerification, VerifyResult } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { attempt } from '../../base/bridge.ts'
import { formatNumber, useLanguage, useWords } from '../../base/i18n/index.ts'
import { tell } from '../../base/notices.ts'
import classes from './history.module.css'
import { words } from './words.ts'

type Verification =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'done'; readonly result: VerifyResult }

/** Verifies the ledger at once, and says in plain words what came of it. */
export function VerifyDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const t = useWords('history', words)
  const language = useLanguage()
  const [verification, setVerification] = useState<Verification>({ kind: 'running' })
  useEffect(() => {
    let isOpen = true
    void attempt('ledger.verify', {}).then(answer => {
      if (!isOpen) return
      setVerification(
        'problem' in answer ? { kind: 'failed', problem: answer.problem } : { kind: 'done', result: answer.value },
      )
    })
    return () => {
      isOpen = false
    }
  }, [])

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('verifyTitle')}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('verifyHelp')}
        </Text>
        <div aria-live="polite">
          {verification.kind === 'running' && (
            <Group gap="sm">
              <Loader size="sm" />
              <Text size="md">{t('verifying')}</Text>
            </Group>
          )}
          {verification.kind === 'failed' && (
            <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
              {problemText(verification.problem.code, language)}
            </Alert>
          )}
          {verification.kind === 'done' && <Result result={verification.result} />}
        </div>
        <Reports />
      </Stack>
    </Modal>
  )
}

type Check =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: IpcProblem }
  | { readonly kind: 'done'; readonly files: readonly ReportVerification[] }

/** Exported files against their manifests and this ledger; the main process asks which. */
function Reports(): ReactElement {
  const t = useWords('history', words)
  const language = useLanguage()
  const [check, setCheck] = useState<Check>({ kind: 'none' })
  async function choose() {
    const before = check
    setCheck({ kind: 'running' })
    const answer = await attempt('reports.verify', {})
    if ('problem' in answer) setCheck({ kind: 'failed', problem: answer.problem })
    else setCheck(answer.value === null ? before : { kind: 'done', files: answer.value })
  }
  return (
    <Stack gap="sm">
      <Text size="sm" fw={500}>
        {t('reports')}
      </Text>
      <Text size="sm" c="dimmed">
        {t('reportsHelp')}
      </Text>
      <Button variant="default" w="fit-content" loading={check.kind === 'running'} onClick={() => void choose()}>
        {t('reportsChoose')}
      </Button>
      <Stack gap="sm" aria-live="polite">
        {check.kind === 'failed' && (
          <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {problemText(check.problem.code, language)}
          </Alert>
        )}
        {check.kind === 'done' &&
          check.files.map(report => (
            <Alert
              key={report.file}
              color={report.intact ? 'var(--pass)' : 'var(--risky)'}
              variant="light"
              icon={report.intact ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
              title={`${report.file} · ${report.intact ? t('reportIntact') : t('reportBroken')}`}
            >
              <Text size="md">{report[language]}</Text>
              {report.what !== null && <Text size="md">{t(`todo.${report.what}`)}</Text>}
              {report.fingerprint !== '' && (
                <Text size="sm" mt={4} className={classes.mono}>
                  {report.fingerprint}
                </Text>
              )}
            </Alert>
          ))}
      </Stack>
    </Stack>
  )
}

function Result({ result }: { readonly result: VerifyResult }): ReactElement {
  const t = useWords('history', words)
  const language = useLanguage()
  return (
    <Stack gap="md">
      <Alert
        color={result.intact ? 'var(--pass)' : 'var(--risky)'}
        variant="light"
        icon={result.intact ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
        title={result.intact ? t('intact') : t('broken')}
      >
        <Text size="md">{result[language]}</Text>
        <Text size="sm" mt={4}>
          {t('rows', { count: formatNumber(result.rows) })}
        </Text>
      </Alert>
      {result.key === null ? (
        <Text size="md">{t('unsigned')}</Text>
      ) : (
        <Key fingerprint={result.key.fingerprint} origin={result.key.origin} />
      )}
    </Stack>
  )
}

function Key({ fingerprint, origin }: NonNullable<VerifyResult['key']>): ReactElement {
  const t = useWords('history', words)
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {t('fingerprint')}
        </Text>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Text size="sm" className={classes.mono}>
            {fingerprint}
          </Text>
          <Button
            variant="default"
            flex="none"
            onClick={async () => {
              const answer = await attempt('clipboard.write', { text: fingerprint })
              if ('value' in answer) tell(t('copied'))
            }}
          >
            {t('copy')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t('fingerprintHelp')}
        </Text>
      </Stack>
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {t('origin')}
        </Text>
        <Text size="sm">{t(`origin.${origin}`)}</Text>
      </Stack>
    </Stack>
  )
}
