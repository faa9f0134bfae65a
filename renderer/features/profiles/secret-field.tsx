import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useId } from 'react'
import { useWords } from '../../base/i18n/index.ts'
import type { SecretForm } from '../../state/draft.ts'
import { words } from './words.ts'

interface Props {
  readonly label: string
  readonly help: string
  readonly secret: SecretForm
  /** True when there is one in the keychain that may stay. */
  readonly hasStored: boolean
  readonly error: string | null
  readonly required: boolean
  readonly onChange: (secret: SecretForm) => void
  readonly onBlur: () => void
}

/** Where a secret is. What is stored is never shown: it can only be kept or replaced. */
export function SecretField({ label, help, secret, hasStored, error, required, onChange, onBlur }: Props) {
  const t = useWords('profiles', words)
  const id = useId()
  const change = (patch: Partial<SecretForm>) => onChange({ ...secret, ...patch })
  return (
    <Stack gap="sm">
      <Stack gap={2}>
        <Text size="sm" fw={500} id={id}>
          {t('secretFrom', { secret: label })}
        </Text>
        <SegmentedControl
          aria-labelledby={id}
          w="fit-content"
          value={secret.from}
          onChange={value => change({ from: value === 'env' ? 'env' : 'vault' })}
          data={[
            { value: 'vault', label: t('secretFrom.vault') },
            { value: 'env', label: t('secretFrom.env') },
          ]}
        />
      </Stack>
      {secret.from === 'env' ? (
        <TextInput
          label={t('secretEnv')}
          description={t('secretEnvHelp')}
          placeholder="WX_APP_SECRET"
          value={secret.variable}
          error={error}
          onChange={event => change({ variable: event.currentTarget.value })}
          onBlur={onBlur}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          autoComplete="off"
          required
        />
      ) : secret.keeps ? (
        <Stack gap={2}>
          <Text size="sm" fw={500}>
            {label}
          </Text>
          <Group gap="sm">
            <IconLock size={16} aria-hidden />
            <Text size="sm">{t('secretStored')}</Text>
            <Button variant="default" onClick={() => change({ keeps: false, typed: '' })}>
              {t('secretReplace')}
            </Button>
          </Group>
          {error !== null && (
            <Text size="sm" c="var(--risky)" role="alert">
              {error}
            </Text>
          )}
        </Stack>
      ) : (
        <Stack gap={4} align="stretch">
          <PasswordInput
            label={label}
            description={help}
            value={secret.typed}
            error={error}
            onChange={event => change({ typed: event.currentTarget.value })}
            onBlur={onBlur}
            autoComplete="new-password"
            spellCheck={false}
            required={required}
          />
          {hasStored && (
            <Button variant="subtle" w="fit-content" onClick={() => change({ keeps: true, typed: '' })}>
              {t('secretKeep')}
            </Button>
          )}
        </Stack>
      )}
    </Stack>
  )
}
