import { Alert, Button, EmptyState, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconFlask, IconId, IconTrash } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import { problemText } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { formOf } from '../../state/draft.ts'
import {
  chooseProfile,
  dispatchProfileDraft,
  type ProfileChoice,
  typeDraft,
  useProfileDraft,
} from '../../state/profile-draft.ts'
import { ProfileForm } from './profile-form.tsx'
import { ProfileTest } from './profile-test.tsx'
import type { Platforms } from './use-platforms.ts'
import type { AfterSave } from './use-profile-form.ts'
import { words } from './words.ts'

interface Props {
  readonly profiles: readonly Profile[]
  readonly chosen: Profile | null
  readonly choice: ProfileChoice
  readonly platforms: Platforms
  readonly onGo: (next: ProfileChoice) => void
  readonly onRemove: (profile: Profile) => void
}

/** The chosen profile with its test and its form, or the form of a new one. */
export function ProfileDetail({ profiles, chosen, choice, platforms, onGo, onRemove }: Props): ReactElement | null {
  const t = useWords('profiles', words)
  // A test that was made before something was saved says nothing about what is saved now.
  const [saves, setSaves] = useState<{ readonly count: number; readonly next: AfterSave }>({
    count: 0,
    next: 'nothing',
  })
  const countSave = (next: AfterSave) => setSaves(({ count }) => ({ count: count + 1, next }))
  if (platforms.kind !== 'known') return <PlatformsMissing platforms={platforms} />
  if (choice.kind === 'new') {
    return (
      <Stack gap="md">
        <Title order={2} size="lg">
          {t('addProfile')}
        </Title>
        <ProfileForm
          key="new"
          profile={null}
          platforms={platforms.platforms}
          onCancel={() => dispatchProfileDraft(chooseProfile, { kind: 'none' })}
          onSaved={countSave}
        />
      </Stack>
    )
  }
  if (chosen === null) return null
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="lg">
          {chosen.name}
        </Title>
        {isStored(chosen) && (
          <Button
            variant="subtle"
            color="var(--risky)"
            flex="none"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => onRemove(chosen)}
          >
            {t('remove')}
          </Button>
        )}
      </Group>
      {isStored(chosen) ? (
        <StoredProfile profile={chosen} platforms={platforms.platforms} saves={saves} onSaved={countSave} />
      ) : (
        <BuiltInProfile profile={chosen} isAlone={!profiles.some(isStored)} onAdd={() => onGo({ kind: 'new' })} />
      )}
    </Stack>
  )
}

/** Practice profiles, and those without an account, are there by themselves. */
function isStored(profile: Profile): boolean {
  return !profile.practice && profile.tokenMode !== 'none'
}

function PlatformsMissing({
  platforms,
}: {
  readonly platforms: Exclude<Platforms, { readonly kind: 'known' }>
}): ReactElement {
  const t = useWords('profiles', words)
  const language = useLanguage()
  if (platforms.kind === 'loading') {
    return (
      <Group justify="center" p="xl" gap="sm">
        <Loader size="sm" />
        <Text size="md">{t('loading')}</Text>
      </Group>
    )
  }
  return (
    <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle />} title={t('loadFailed')}>
      <Stack gap="sm">
        <Text size="md">{problemText(platforms.problem.code, language)}</Text>
        <Button variant="default" w="fit-content" onClick={platforms.retry}>
          {t('retry')}
        </Button>
      </Stack>
    </Alert>
  )
}

/** The field for a new secret is there at once, with the keys in it. */
function replaceSecret(profile: Profile): void {
  const stored = formOf(profile)
  const secret = { ...stored.secret, keeps: false, typed: '' }
  dispatchProfileDraft(typeDraft, { of: profile.id, stored, patch: { secret } })
  requestAnimationFrame(() => document.querySelector<HTMLElement>('form input[type=password]')?.focus())
}

function StoredProfile({
  profile,
  platforms,
  saves,
  onSaved,
}: {
  readonly profile: Profile
  readonly platforms: readonly [PlatformInfo, ...PlatformInfo[]]
  readonly saves: { readonly count: number; readonly next: AfterSave }
  readonly onSaved: (next: AfterSave) => void
}): ReactElement {
  const isDirty = useProfileDraft(state => state.draft !== null)
  return (
    <>
      <ProfileTest
        key={`test-${profile.id}-${saves.count}`}
        id={profile.id}
        isDirty={isDirty}
        runsAtOnce={saves.next === 'test'}
        onReplaceSecret={profile.secret.from === 'vault' ? () => replaceSecret(profile) : null}
      />
      <ProfileForm
        key={profile.id}
        profile={profile}
        platforms={platforms}
        onCancel={() => undefined}
        onSaved={onSaved}
      />
    </>
  )
}

function BuiltInProfile({
  profile,
  isAlone,
  onAdd,
}: {
  readonly profile: Profile
  /** Nobody has added one yet. */
  readonly isAlone: boolean
  readonly onAdd: () => void
}): ReactElement {
  const t = useWords('profiles', words)
  return (
    <>
      {profile.practice && (
        <Alert variant="light" color="var(--accent)" icon={<IconFlask />} title={t('practiceTitle')}>
          <Text size="md">{t('practiceText')}</Text>
        </Alert>
      )}
      <ProfileTest key={profile.id} id={profile.id} isDirty={false} runsAtOnce={false} onReplaceSecret={null} />
      {isAlone && (
        <EmptyState
          mt="lg"
          icon={<IconId size={32} aria-hidden />}
          title={t('emptyTitle')}
          description={t('emptyText')}
        >
          <EmptyState.Actions>
            <Button onClick={onAdd}>{t('addProfile')}</Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
    </>
  )
}
