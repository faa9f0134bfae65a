import type { Language } from '../../../shared/language.ts'

/** A setting overrides the system; every kind of Chinese is served with the Chinese there is. */
export function chooseLanguage(setting: 'system' | Language, systemLocale: string): Language {
  if (setting !== 'system') return setting
  return /^zh\b/i.test(systemLocale) ? 'zh' : 'en'
}
