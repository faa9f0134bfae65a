import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, type ReactElement, useState } from 'react'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import type { Profile } from '../../../shared/profile.ts'
import { useWords } from '../../base/i18n/index.ts'
import { hasAdvanced, type SecretForm } from '../../state/draft.ts'
import { saveSettings } from '../../state/load.ts'
import { DescribedSections } from './described-fields.tsx'
import {
  AccessSection,
  AppSection,
  ChecksSection,
  ControlSection,
  HostSection,
  QuotaSection,
  RelaySection,
} from './form-sections.tsx'
import classes from './profiles.module.css'
import { SaveProblem } from './save-problem.tsx'
import { type AfterSave, useProfileForm } from './use-profile-form.ts'
import { words } from './words.ts'

interface Props {
  readonly profile: Profile | null
  readonly platforms: readonly [PlatformInfo, ...PlatformInfo[]]
  readonly onSaved: (next: AfterSave) => void
  readonly onCancel: () => void
}

/** Adds or edits one profile. Nothing is sent before every field can be understood. */
export function ProfileForm({ profile, platforms, onSaved, onCancel }: Props): ReactElement {
  const t = useWords('profiles', words)
  const state = useProfileForm({
    profile,
    platforms,
    onSaved,
  })
  const { controls, element, isDirty, isSaving, mistakes, hasHiddenMistakes, problem, save, discard, forgetProblem } =
    state
  const { form, change, platform } = controls
  const [isOpen, setOpen] = useState(() => platform !== undefined && hasAdvanced(form, platform))

  async function saveWeakly() {
    await saveSettings({ weakVaultAccepted: true })
    await save()
  }
  const switchToEnv = () => {
    forgetProblem()
    change({
      secret: asVariable(form.secret),
      relayKey: form.relayUrl === '' ? form.relayKey : asVariable(form.relayKey),
    })
  }

  return (
    <form
      ref={element}
      noValidate
      aria-label={profile?.name ?? t('addProfile')}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void save()
      }}
    >
      <Stack gap="md">
        {mistakes > 0 && (
          <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle />} role="alert">
            {t('fixErrors', { count: mistakes })}
          </Alert>
        )}
        <AppSection controls={controls} />
        <details
          className={classes.advanced}
          open={isOpen || hasHiddenMistakes}
          onToggle={event => setOpen(event.currentTarget.open)}
        >
          <summary>
            {t('advanced')} <span className="dim">{t('advancedHelp')}</span>
          </summary>
          <Stack gap="md" pt="md">
            <AccessSection controls={controls} />
            <ChecksSection controls={controls} />
            <ControlSection controls={controls} />
            <QuotaSection controls={controls} />
            <RelaySection controls={controls} />
            <DescribedSections controls={controls} />
            <HostSection controls={controls} />
          </Stack>
        </details>
        {problem !== null && (
          <SaveProblem
            problem={problem}
            onUseEnv={switchToEnv}
            onAccept={() => void saveWeakly()}
            onRetry={() => void save()}
          />
        )}
        {(isDirty || profile === null) && (
          <Group className={classes.actions} gap="sm">
            <Button type="submit" size="sm" loading={isSaving}>
              {t('save')}
            </Button>
            <Button variant="light" size="sm" disabled={isSaving} onClick={() => void save('test')}>
              {t('saveAndTest')}
            </Button>
            <Button
              variant="default"
              size="sm"
              onClick={() => {
                discard()
                if (profile === null) onCancel()
              }}
            >
              {profile === null ? t('cancel') : t('discard')}
            </Button>
            {profile !== null && (
              <Text size="sm" c="dimmed">
                {t('unsaved')}
              </Text>
            )}
          </Group>
        )}
      </Stack>
    </form>
  )
}

const asVariable = (secret: SecretForm): SecretForm => ({ ...secret, from: 'env', typed: '' })
