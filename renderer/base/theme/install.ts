import {
  type CSSVariablesResolver,
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  type MantineTheme,
  mergeMantineTheme,
} from '@mantine/core'
import type { Settings } from '../../../shared/settings.ts'
import { theme } from './index.ts'

/** Its fields take their greys from here, which have no other name. */
const darkFields = {
  '--mantine-color-dark-4': 'var(--line-strong)',
  '--mantine-color-dark-5': 'var(--hover)',
  '--mantine-color-dark-6': 'var(--sunken)',
  '--mantine-color-dark-7': 'var(--surface)',
} as const

/** Our surfaces in place of Mantine's, so that its components sit in the window as if made for it. */
const own: CSSVariablesResolver = given => {
  const base = defaultCssVariablesResolver(given)
  const common = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-dim)',
    '--mantine-color-placeholder': 'var(--text-faint)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--risky)',
  }
  return {
    variables: base.variables,
    light: { ...base.light, ...common },
    dark: { ...base.dark, ...common, ...darkFields },
  }
}

/**
 * Puts the theme's variables into a constructed style sheet. Mantine's own provider would write them into a <style>
 * element, for which the content-security policy would have to allow inline styles.
 */
export function installTheme(): void {
  const full: MantineTheme = mergeMantineTheme(DEFAULT_THEME, theme)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(convertCssVariables(own(full), ':root'))
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}

/** Before anything is drawn: the provider says it only afterwards, and then every element is looked at once more. */
export function installScheme(chosen: Settings['theme']): void {
  const isDark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light'
}
