import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useWords } from '../i18n/index.ts'
import type { ProfileForm } from './draft.ts'
import { words } from './words.ts'

interface Props {
  readonly form: ProfileForm
  /** True when the profile being edited has a secret in the keychain that may stay. */
  readonly hasStored: boolean
  readonly errorOf: (field: keyof ProfileForm) => string | null
  readonly change: (patch: Partial<ProfileForm>) => void
  readonly touch: (field: keyof ProfileForm) => void
}

/** Where the AppSecret is. What is stored is never shown: it can only be kept or replaced. */
export function SecretField({ form, hasStored, errorOf, change, touch }: Props) {
  const t = useWords('profiles', words)
  return (
    <Stack gap="sm">
      <Stack gap={2}>
        <Text size="sm" fw={500} id="secret-from">
          {t('secretFrom')}
        </Text>
        <SegmentedControl
          aria-labelledby="secret-from"
          w="fit-content"
          value={form.secretFrom}
          onChange={value => change({ secretFrom: value === 'env' ? 'env' : 'vault' })}
          data={[
            { value: 'vault', label: t('secretFrom.vault') },
            { value: 'env', label: t('secretFrom.env') },
          ]}
        />
      </Stack>
      {form.secretFrom === 'env' ? (
        <TextInput
          label={t('secretEnv')}
          description={t('secretEnvHelp')}
          placeholder="WX_APP_SECRET"
          value={form.secretEnv}
          error={errorOf('secretEnv')}
          onChange={event => change({ secretEnv: event.currentTarget.value })}
          onBlur={() => touch('secretEnv')}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          spellCheck={false}
          autoComplete="off"
          required
        />
      ) : form.keepsSecret ? (
        <Stack gap={2}>
          <Text size="sm" fw={500}>
            {t('secret')}
          </Text>
          <Group gap="sm">
            <IconLock size={16} aria-hidden />
            <Text size="sm">{t('secretStored')}</Text>
            <Button variant="default" onClick={() => change({ keepsSecret: false, secret: '' })}>
              {t('secretReplace')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap={4} align="stretch">
          <PasswordInput
            label={t('secret')}
            description={t('secretHelp')}
            value={form.secret}
            error={errorOf('secret')}
            onChange={event => change({ secret: event.currentTarget.value })}
            onBlur={() => touch('secret')}
            autoComplete="new-password"
            spellCheck={false}
            required
          />
          {hasStored && (
            <Button variant="subtle" w="fit-content" onClick={() => change({ keepsSecret: true, secret: '' })}>
              {t('secretKeep')}
            </Button>
          )}
        </Stack>
      )}
    </Stack>
  )
}
