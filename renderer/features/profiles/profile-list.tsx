import { Badge, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import type { Profile } from '../../../shared/profile.ts'
import { useWords } from '../../base/i18n/index.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import type { ProfileChoice } from '../../state/profile-draft.ts'
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
  return (
    <nav className={classes.list} aria-label={t('list')}>
      <Stack gap={4}>
        <Title order={1} size="lg">
          {t('title')}
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
        {t('add')}
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
  return (
    <>
      <Group gap="sm" wrap="nowrap" justify="space-between">
        <Text size="md" fw={500} truncate>
          {profile.name}
        </Text>
        {profile.practice ? (
          <PracticeMark />
        ) : isInUse ? (
          <Badge variant="light" flex="none">
            {t('inUse')}
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed" truncate>
        {subtitleOf(profile)}
      </Text>
    </>
  )
}
