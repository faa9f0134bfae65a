import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { problemText } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import classes from './profiles.module.css'
import { words } from './words.ts'

interface Props {
  readonly problem: IpcProblem
  readonly onUseEnv: () => void
  readonly onAccept: () => void
  readonly onRetry: () => void
}

/** Why a profile could not be saved, with the ways out that this problem has. */
export function SaveProblem({ problem, onUseEnv, onAccept, onRetry }: Props): ReactElement {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const isWeak = problem.code === 'vault_weak'
  const isVault = problem.code === 'vault_unavailable'
  const title = isWeak ? t('weakTitle') : isVault ? t('vaultTitle') : t('saveFailed')
  const text = isWeak ? t('weakText') : isVault ? t('vaultText') : problemText(problem.code, language)
  return (
    <Alert
      role="alert"
      color={isWeak ? 'var(--review)' : 'var(--risky)'}
      variant="light"
      icon={<IconAlertTriangle />}
      title={title}
    >
      <Stack gap="sm">
        <Text size="md">{text}</Text>
        {problem.detail !== '' && !isWeak && (
          <Text size="sm" className={classes.mono}>
            {detailText(problem.detail, language)}
          </Text>
        )}
        <Group gap="sm">
          {(isWeak || isVault) && <Button onClick={onUseEnv}>{t('weakUseEnv')}</Button>}
          {isWeak ? (
            <Button variant="default" onClick={onAccept}>
              {t('weakAccept')}
            </Button>
          ) : (
            <Button variant="default" onClick={onRetry}>
              {t('retry')}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}
