import { reasonsOf } from '../../shared/reasons.ts'
import { language, useLanguage } from '../base/i18n/index.ts'
import { useApp } from './app.ts'

/** What the keys 1–9 say, in the order of the keys; an empty one is a gap. */
export function useReasonTexts(): readonly string[] {
  const own = useApp(state => state.settings.reasons)
  return reasonsOf(own, useLanguage())
}

/** The same outside of components. */
export const reasonsNow = (): readonly string[] => reasonsOf(useApp.getState().settings.reasons, language())
