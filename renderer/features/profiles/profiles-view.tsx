import { Alert, Badge, Button, EmptyState, Group, Loader, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconFlask, IconId, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { problemText } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { attempt } from '../../base/bridge.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { Confirm } from '../../base/confirm.tsx'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { tell, tellProblem } from '../../base/notices.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import { reloadProfiles } from '../../state/load.ts'
import { chooseProfile, dispatchProfileDraft, type ProfileChoice, useProfileDraft } from '../../state/profile-draft.ts'
import { ProfileForm } from './profile-form.tsx'
import { ProfileTest } from './profile-test.tsx'
import classes from './profiles.module.css'
import { currentOf } from './switching.ts'
import { type PlatformInfo, usePlatforms } from './use-platforms.ts'
import { words } from './words.ts'

/** All profiles: list on one side, the chosen one with its form and its test on the other. */
export function ProfilesView() {
  const t = useWords('profiles', words)
  const name = useCommandNames()
  const language = useLanguage()
  const profiles = useApp(state => state.profiles)
  const remembered = useApp(state => state.settings.lastProfiles)
  const platforms = usePlatforms()
  const choice = useProfileDraft(state => state.choice)
  const isDirty = useProfileDraft(state => state.draft !== null)
  // A test that was made before something was saved says nothing about what is saved now.
  const [saves, setSaves] = useState(0)
  const [leavingTo, setLeavingTo] = useState<ProfileChoice | null>(null)
  const [removing, setRemoving] = useState<Profile | null>(null)

  const inUse = new Set(currentOf(remembered, profiles).map(profile => profile.id))
  const ordered = profiles.toSorted((a, b) => Number(a.practice) - Number(b.practice))
  const chosen =
    choice.kind === 'new'
      ? null
      : (profiles.find(profile => choice.kind === 'stored' && profile.id === choice.id) ?? ordered[0] ?? null)

  const go = (next: ProfileChoice) => {
    if (isDirty) setLeavingTo(next)
    else dispatchProfileDraft(chooseProfile, next)
  }
  async function remove(profile: Profile) {
    setRemoving(null)
    const answer = await attempt('profiles.remove', { id: profile.id })
    if ('problem' in answer) {
      tellProblem(answer.problem)
      return
    }
    dispatchProfileDraft(chooseProfile, { kind: 'none' })
    await reloadProfiles()
    tell(t('removed', { name: profile.name }))
  }

  return (
    <div className={classes.view}>
      <nav className={classes.list} aria-label={t('list')}>
        <Stack gap={4}>
          <Title order={1} size="lg">
            {name('showProfiles')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('lead')}
          </Text>
        </Stack>
        <Button
          variant={choice.kind === 'new' ? 'light' : 'filled'}
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={platforms.kind !== 'known'}
          onClick={() => go({ kind: 'new' })}
        >
          {t('add')}
        </Button>
        <Stack gap={4}>
          {ordered.map(profile => (
            <UnstyledButton
              key={profile.id}
              className={classes.item}
              aria-current={profile === chosen}
              onClick={() => go({ kind: 'stored', id: profile.id })}
            >
              <Group gap="sm" wrap="nowrap" justify="space-between">
                <Text size="md" fw={500} truncate>
                  {profile.name}
                </Text>
                {profile.practice ? (
                  <PracticeMark />
                ) : inUse.has(profile.id) ? (
                  <Badge variant="light" flex="none">
                    {t('inUse')}
                  </Badge>
                ) : null}
              </Group>
              <Text size="sm" c="dimmed" truncate>
                {profile.practice
                  ? t('practiceTitle')
                  : `${platformName(platforms, profile, language)} · ${profile.appid}`}
              </Text>
            </UnstyledButton>
          ))}
        </Stack>
      </nav>

      <section className={classes.detail} aria-label={chosen?.name ?? t('newTitle')}>
        <div className={classes.column}>
          {platforms.kind === 'loading' && (
            <Group justify="center" p="xl" gap="sm">
              <Loader size="sm" />
              <Text size="md">{t('loading')}</Text>
            </Group>
          )}
          {platforms.kind === 'failed' && (
            <Alert color="var(--risky)" variant="light" icon={<IconAlertTriangle />} title={t('loadFailed')}>
              <Stack gap="sm">
                <Text size="md">{problemText(platforms.problem.code, language)}</Text>
                <Button variant="default" w="fit-content" onClick={platforms.retry}>
                  {t('retry')}
                </Button>
              </Stack>
            </Alert>
          )}
          {platforms.kind === 'known' && choice.kind === 'new' && (
            <Stack gap="md">
              <Title order={2} size="lg">
                {t('newTitle')}
              </Title>
              <ProfileForm
                key="new"
                profile={null}
                platforms={platforms.platforms}
                onCancel={() => dispatchProfileDraft(chooseProfile, { kind: 'none' })}
                onSaved={() => setSaves(count => count + 1)}
              />
            </Stack>
          )}
          {platforms.kind === 'known' && chosen !== null && (
            <Stack gap="md">
              <Group justify="space-between" wrap="nowrap">
                <Title order={2} size="lg">
                  {chosen.name}
                </Title>
                {!chosen.practice && (
                  <Button
                    variant="subtle"
                    color="var(--risky)"
                    flex="none"
                    leftSection={<IconTrash size={16} aria-hidden />}
                    onClick={() => setRemoving(chosen)}
                  >
                    {t('remove')}
                  </Button>
                )}
              </Group>
              {chosen.practice ? (
                <>
                  <Alert variant="light" color="var(--accent)" icon={<IconFlask />} title={t('practiceTitle')}>
                    <Text size="md">{t('practiceText')}</Text>
                  </Alert>
                  <ProfileTest key={chosen.id} id={chosen.id} isDirty={false} />
                  {profiles.every(profile => profile.practice) && (
                    <EmptyState
                      mt="lg"
                      icon={<IconId size={32} aria-hidden />}
                      title={t('emptyTitle')}
                      description={t('emptyText')}
                    >
                      <EmptyState.Actions>
                        <Button onClick={() => go({ kind: 'new' })}>{t('add')}</Button>
                      </EmptyState.Actions>
                    </EmptyState>
                  )}
                </>
              ) : (
                <>
                  <ProfileTest key={`test-${chosen.id}-${saves}`} id={chosen.id} isDirty={isDirty} />
                  <ProfileForm
                    key={chosen.id}
                    profile={chosen}
                    platforms={platforms.platforms}
                    onCancel={() => undefined}
                    onSaved={() => setSaves(count => count + 1)}
                  />
                </>
              )}
            </Stack>
          )}
        </div>
      </section>

      <Confirm
        opened={leavingTo !== null}
        title={t('unsavedTitle')}
        text={t('unsavedText', { name: chosen?.name ?? t('newTitle') })}
        stay={t('stay')}
        go={t('discard')}
        onStay={() => setLeavingTo(null)}
        onGo={() => {
          if (leavingTo !== null) dispatchProfileDraft(chooseProfile, leavingTo)
          setLeavingTo(null)
        }}
      />
      <Confirm
        opened={removing !== null}
        title={t('removeTitle', { name: removing?.name ?? '' })}
        text={t('removeText')}
        stay={t('cancel')}
        go={t('remove')}
        onStay={() => setRemoving(null)}
        onGo={() => {
          if (removing !== null) void remove(removing)
        }}
      />
    </div>
  )
}

function platformName(platforms: ReturnType<typeof usePlatforms>, profile: Profile, language: 'zh' | 'en'): string {
  if (platforms.kind !== 'known') return profile.platform
  const platform: PlatformInfo | undefined = platforms.platforms.find(({ id }) => id === profile.platform)
  return platform?.[language] ?? profile.platform
}
