import { Checkbox, Combobox, Group, Text, UnstyledButton, useCombobox, VisuallyHidden } from '@mantine/core'
import { IconChevronDown, IconSettings } from '@tabler/icons-react'
import { type ReactElement, useMemo, useState } from 'react'
import type { Profile } from '../../../shared/profile.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import { PracticeMark } from '../../base/verdict.tsx'
import { dispatch, showView, useApp, useBatch } from '../../state/app.ts'
import { saveSettings } from '../../state/load.ts'
import classes from './profiles.module.css'
import {
  accountsOf,
  currentOf,
  matchingProfiles,
  maxCurrentProfiles,
  type Titled,
  titledProfiles,
  toggled,
} from './switching.ts'
import { usePlatforms } from './use-platforms.ts'
import { useSubtitle } from './use-subtitle.ts'
import { words } from './words.ts'

const manage = '\u0000manage'

/** The open batch's profiles in the title bar, and those of the next one where they differ; its menu finds, adds and takes away. */
export function ProfileSwitcher() {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const all = useApp(state => state.profiles)
  const profiles = useMemo(() => accountsOf(all), [all])
  const remembered = useApp(state => state.settings.lastProfiles)
  const byRules = useApp(state => state.settings.rules)
  const platforms = usePlatforms()
  const subtitleOf = useSubtitle(platforms)
  const [query, setQuery] = useState('')
  // A list that is there measures itself, which the start of the window can do without.
  const [isNear, setNear] = useState(false)
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      combobox.focusTarget()
      setQuery('')
    },
  })

  const names = new Map(
    platforms.kind === 'known' ? platforms.platforms.map(({ id, name }) => [id, name[language]]) : [],
  )
  const current = currentOf(remembered, profiles)
  const ids = current.map(profile => profile.id)
  const found = matchingProfiles(profiles, query, names)
  const batch = useBatch()
  // Over the grid there is a line about it.
  const isSaidBelow = useApp(state => state.view === 'grid') && batch?.practice === true
  const { shown, next } = titledProfiles(batch?.profiles ?? null, current)
  const isNoneRules = batch !== null || (remembered.length === 0 && byRules)
  const labelOf = (titled: Titled['shown'], isRules: boolean): string =>
    titled.length > 0 ? titled.map(profile => profile.name).join(' + ') : t(isRules ? 'rulesAlone' : 'none')

  const submit = (value: string) => {
    if (value === manage) {
      combobox.closeDropdown()
      dispatch(showView, 'profiles')
      return
    }
    void saveSettings({ lastProfiles: [...toggled(ids, value)] })
  }

  return (
    <Combobox store={combobox} width={320} position="bottom-start" onOptionSubmit={submit} shadow="md">
      <Combobox.Target targetType="button" withAriaAttributes={false}>
        <UnstyledButton
          className={classes.switcher}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onPointerEnter={() => setNear(true)}
          onFocus={() => setNear(true)}
          onClick={() => combobox.toggleDropdown()}
        >
          <Text size="md" fw={600} className={classes.names} component="span" title={labelOf(shown, isNoneRules)}>
            <VisuallyHidden>{t('switch')} </VisuallyHidden>
            {labelOf(shown, isNoneRules)}
          </Text>
          {!isSaidBelow && shown.some(profile => profile.practice) && <PracticeMark />}
          {next !== null && (
            <Text
              size="sm"
              c="dimmed"
              className={classes.names}
              component="span"
              data-testid="next-profiles"
              title={t('nextBatch', { names: labelOf(next, byRules) })}
            >
              {t('nextBatch', { names: labelOf(next, byRules) })}
            </Text>
          )}
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Combobox.Target>
      {isNear && (
        <Combobox.Dropdown>
          <Combobox.Search
            value={query}
            onChange={event => setQuery(event.currentTarget.value)}
            placeholder={t('switchSearch')}
            aria-label={t('switchSearch')}
          />
          <Combobox.Options aria-label={t('switch')} mah={320} style={{ overflowY: 'auto' }}>
            {found.map(profile => {
              const isCurrent = ids.includes(profile.id)
              return (
                <Combobox.Option
                  key={profile.id}
                  value={profile.id}
                  active={isCurrent}
                  disabled={!isCurrent && ids.length >= maxCurrentProfiles}
                >
                  <Known profile={profile} subtitle={subtitleOf(profile)} isCurrent={isCurrent} />
                </Combobox.Option>
              )
            })}
            {found.length === 0 && <Combobox.Empty>{t('switchNone')}</Combobox.Empty>}
            <Combobox.Option value={manage} className={classes.manage}>
              <Group gap="sm" wrap="nowrap">
                <IconSettings size={16} aria-hidden />
                <Text size="md">{t('manage')}</Text>
              </Group>
            </Combobox.Option>
          </Combobox.Options>
          <Combobox.Footer>
            <Text size="sm" c="dimmed">
              {ids.length >= maxCurrentProfiles ? t('switchMax', { count: maxCurrentProfiles }) : t('switchHelp')}
            </Text>
          </Combobox.Footer>
        </Combobox.Dropdown>
      )}
    </Combobox>
  )
}

function Known(props: {
  readonly profile: Profile
  readonly subtitle: string
  readonly isCurrent: boolean
}): ReactElement {
  const { profile, subtitle } = props
  return (
    <Group gap="sm" wrap="nowrap">
      <Checkbox.Indicator checked={props.isCurrent} aria-hidden />
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text size="md" truncate title={profile.name}>
          {profile.name}
        </Text>
        <Text size="sm" truncate c="dimmed" title={subtitle}>
          {subtitle}
        </Text>
      </div>
      {profile.practice && <PracticeMark />}
    </Group>
  )
}
