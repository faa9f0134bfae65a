import { Alert, Paper, Stack, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactElement, ReactNode } from 'react'
import { isPlainPublicHttp } from '../../../shared/plain-http.ts'
import { useWords } from '../../base/i18n/index.ts'
import { words } from './words.ts'

/** One part of the form, with its title. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Stack gap="md">
        <Title order={3} size="md">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

/** Who reads along on the way has the token and the material; in a private network that is the company's own affair. */
export function PlainHttpWarning({ address }: { readonly address: string }): ReactElement | null {
  const t = useWords('profiles', words)
  if (!isPlainPublicHttp(address)) return null
  return (
    <Alert color="var(--review)" variant="light" icon={<IconAlertTriangle />} role="status">
      {t('plainHttp')}
    </Alert>
  )
}
