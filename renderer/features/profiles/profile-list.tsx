import { Badge, Button, Group, Stack, Text, Title, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Profile } from '../../../shared/profile.ts'
import type { TokenStatus } from '../../../shared/queue.ts'
import { useCommandNames } from '../../base/command-names.ts'
import { useWords } from '../../base/i18n/index.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { useApp } from '../../state/app.ts'
import type { ProfileChoice } from '../../state/profile-draft.ts'
import { healthOf, useTested } from './health.ts'
import classes from './profiles.module.css'
import type { Platforms } from './use-platforms.ts'
import { useSubtitle } from './use-subtitle.ts'
import { words } from './words.ts'

interface Props {
  readonly profiles: readonly Profile[]
  readonly chosen: Profile | null
  readonly choice: ProfileChoice
  readonly platforms: Platforms
  /** Ids of the profiles that the next batch is screened with. */
  readonly inUse: ReadonlySet<string>
  readonly onGo: (next: ProfileChoice) => void
}

/** All profiles, and where a new one begins. */
export function ProfileList({ profiles, chosen, choice, platforms, inUse, onGo }: Props): ReactElement {
  const t = useWords('profiles', words)
  const name = useCommandNames()
  return (
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
        onClick={() => onGo({ kind: 'new' })}
      >
        {t('addProfile')}
      </Button>
      <Stack gap={4}>
        {profiles.map(profile => (
          <UnstyledButton
            key={profile.id}
            className={classes.item}
            aria-current={profile === chosen}
            onClick={() => onGo({ kind: 'stored', id: profile.id })}
          >
            <Item profile={profile} platforms={platforms} isInUse={inUse.has(profile.id)} />
          </UnstyledButton>
        ))}
      </Stack>
    </nav>
  )
}

const none: readonly TokenStatus[] = []

function Item({
  profile,
  platforms,
  isInUse,
}: {
  readonly profile: Profile
  readonly platforms: Platforms
  readonly isInUse: boolean
}): ReactElement {
  const t = useWords('profiles', words)
  const subtitleOf = useSubtitle(platforms)
  const tested = useTested()
  const tokens = useApp(state => state.queue?.tokens ?? none)
  const health = healthOf(profile.id, tested, tokens)
  return (
    <>
      <Group gap="sm" wrap="nowrap" justify="space-between">
        {/* Nothing can be wrong with practice. */}
        {!profile.practice && (
          <span
            className={classes.health}
            data-testid="profile-health"
            data-health={health}
            title={t(`health.${health}`)}
            aria-hidden
          />
        )}
        <Text size="md" fw={500} truncate flex={1} title={profile.name}>
          {profile.name}
        </Text>
        {/* A profile is called by its name first. */}
        {!profile.practice && <VisuallyHidden>{t(`health.${health}`)}</VisuallyHidden>}
        {profile.practice ? (
          <PracticeMark />
        ) : isInUse ? (
          <Badge variant="light" flex="none">
            {t('inUse')}
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed" truncate title={subtitleOf(profile)}>
        {subtitleOf(profile)}
      </Text>
    </>
  )
}
