import { SegmentedControl } from '@mantine/core'
import type { ReactElement } from 'react'
import { languageNames, languages } from '../../shared/language.ts'
import { useWords } from '../base/i18n/index.ts'
import { words } from '../base/i18n/words.ts'
import { useApp } from './app.ts'
import { saveSettings } from './load.ts'

interface Named {
  readonly id?: string
  readonly 'aria-label'?: string
  readonly 'aria-labelledby'?: string
  readonly 'aria-describedby'?: string
}

/** The window's language; at once, and for the next start. */
export function LanguageField(aria: Named): ReactElement {
  const t = useWords('common', words)
  const language = useApp(state => state.settings.language)
  const known = ['system', ...languages] as const
  return (
    <SegmentedControl
      {...aria}
      value={language}
      onChange={value => void saveSettings({ language: known.find(each => each === value) ?? 'system' })}
      data={known.map(value => ({ value, label: value === 'system' ? t('language.system') : languageNames[value] }))}
    />
  )
}

const themes = ['system', 'light', 'dark'] as const

export function ThemeField(aria: Named): ReactElement {
  const t = useWords('common', words)
  const theme = useApp(state => state.settings.theme)
  return (
    <SegmentedControl
      {...aria}
      value={theme}
      onChange={value => void saveSettings({ theme: themes.find(each => each === value) ?? 'system' })}
      data={themes.map(value => ({ value, label: t(`theme.${value}`) }))}
    />
  )
}
