import { Group, Kbd, Text } from '@mantine/core'
import { Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconBolt, IconId, IconLayout2, IconSearch, IconStack2 } from '@tabler/icons-react'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { useCommandNames } from '../../base/command-names.ts'
import { formatNumber, formatTime, useLanguage, useWords } from '../../base/i18n/index.ts'
import { useApp } from '../../state/app.ts'
import { goToBatch } from '../../state/landing.ts'
import { saveSettings } from '../../state/load.ts'
import { commandEntries, type Entry, matching, type Spell, withSpelling } from './entries.ts'
import classes from './palette.module.css'
import { paletteStore } from './store.ts'
import { words } from './words.ts'

/** Also the words over them. */
const groups = ['commands', 'views', 'batches', 'profiles'] as const
const icons = { commands: IconBolt, views: IconLayout2, batches: IconStack2, profiles: IconId } as const
/** More would not be read; typing finds the others. */
const shownBatches = 6
const shownMatches = 40

/** Everything that can be done or gone to, by typing. Opened by its command through its store. */
export function CommandPalette(): ReactElement {
  const t = useWords('palette', words)
  const name = useCommandNames()
  const [query, setQuery] = useState('')
  const chosen = useRef<(() => void) | null>(null)
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      lockScroll={false}
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': name('palette') } }}
      // After the focus has gone back to where it was, so that a command may take it elsewhere.
      onExitTransitionEnd={() => {
        const run = chosen.current
        chosen.current = null
        run?.()
      }}
    >
      <Spotlight.Search
        placeholder={t('search')}
        aria-label={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
      />
      <Spotlight.ActionsList>
        <Found
          query={query}
          onChosen={run => {
            chosen.current = run
          }}
        />
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <Text size="sm" c="dimmed">
          {t('hint')}
        </Text>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}

/** Exists only while the palette is open: what it lists changes with every batch. */
function Found(props: { readonly query: string; readonly onChosen: (run: () => void) => void }): ReactElement {
  const { query, onChosen } = props
  const t = useWords('palette', words)
  const entries = useSpelt(useEntries())

  const isSearching = query.trim() !== ''
  const found = isSearching
    ? matching(entries, query).slice(0, shownMatches)
    : groups.flatMap(group => {
        const members = entries.filter(entry => entry.group === group)
        return group === 'batches' ? members.slice(0, shownBatches) : members
      })

  const action = (entry: Entry) => {
    const Icon = icons[entry.group]
    return (
      <Spotlight.Action
        key={entry.id}
        onClick={() => {
          onChosen(entry.run)
        }}
      >
        <Group gap="sm" wrap="nowrap" w="100%">
          <Icon size={16} aria-hidden className={classes.icon} />
          <Text size="md" component="span" truncate title={entry.label}>
            {entry.label}
          </Text>
          {entry.detail !== null && (
            <Text size="sm" component="span" className={classes.detail} truncate title={entry.detail}>
              {entry.detail}
            </Text>
          )}
          {entry.keys !== null && <Kbd ms="auto">{entry.keys}</Kbd>}
        </Group>
      </Spotlight.Action>
    )
  }

  return (
    <>
      {found.length === 0 && <Spotlight.Empty>{t('nothing')}</Spotlight.Empty>}
      {isSearching && found.length > 0 && (
        <Spotlight.ActionsGroup label={t('results')}>{found.map(action)}</Spotlight.ActionsGroup>
      )}
      {!isSearching &&
        groups.map(group => {
          const members = found.filter(entry => entry.group === group)
          return members.length === 0 ? null : (
            <Spotlight.ActionsGroup key={group} label={t(group)}>
              {members.map(action)}
            </Spotlight.ActionsGroup>
          )
        })}
    </>
  )
}

/** The dictionary is read in when the palette is first opened; until it is there, the entries are found by their words. */
function useSpelt(entries: readonly Entry[]): readonly Entry[] {
  const [spell, setSpell] = useState<Spell | null>(null)
  useEffect(() => {
    let isOpen = true
    void import('./spelling.ts').then(module => {
      if (isOpen) setSpell(() => module.spell)
    })
    return () => {
      isOpen = false
    }
  }, [])
  return spell === null ? entries : withSpelling(entries, spell)
}

function useEntries(): readonly Entry[] {
  const t = useWords('palette', words)
  const language = useLanguage()
  const view = useApp(state => state.view)
  const batches = useApp(state => state.batches)
  const profiles = useApp(state => state.profiles)
  const own = useApp(state => state.settings.keys)
  const os = useApp(state => state.info?.os ?? 'windows')

  return [
    ...commandEntries({ language, view, own, os }),
    ...batches.map(batch => ({
      id: `batch-${batch.id}`,
      group: 'batches' as const,
      label: batch.name,
      detail: [
        ...(batch.practice ? [t('practiceLabel')] : []),
        formatTime(batch.createdAt),
        t('assets', { count: formatNumber(batch.tally.assets) }),
      ].join(' · '),
      alsoFoundBy: batch.profiles.map(profile => profile.name),
      keys: null,
      run: () => goToBatch(batch.id),
    })),
    ...profiles.map(profile => ({
      id: `profile-${profile.id}`,
      group: 'profiles' as const,
      label: profile.name,
      detail: [...(profile.practice ? [t('practiceLabel')] : []), t('useProfile')].join(' · '),
      alsoFoundBy: [profile.appid, profile.platform],
      keys: null,
      run: () => void saveSettings({ lastProfiles: [profile.id] }),
    })),
  ]
}
