import type { NativeTheme } from 'electron'
import { strict } from './strict.ts'
import { forEachPage } from './windows.ts'

let source: NativeTheme['themeSource'] = 'system'

/** The colour scheme that pages see; null leaves it to the system. */
export function nativeThemeScheme(): 'light' | 'dark' | null {
  return source === 'system' ? null : source
}

export const nativeTheme = strict('nativeTheme', {
  get themeSource() {
    return source
  },
  set themeSource(value: NativeTheme['themeSource']) {
    source = value
    forEachPage(page => page.emulateMedia({ colorScheme: nativeThemeScheme() }))
  },
  // The system's choice is known to the browser only; the page follows it by itself.
  get shouldUseDarkColors() {
    return source === 'dark'
  },
} satisfies Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>)
