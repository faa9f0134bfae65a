import { type ControlState, controlSentence } from '../../../shared/controls.ts'
import type { Language } from '../../../shared/language.ts'
import type { ReportSubject } from './selection.ts'

/** What the head of a report says of each endpoint that was asked: whether a no-hit is backed. */
export function controlLines(
  { controls, profiles }: Pick<ReportSubject, 'controls' | 'profiles'>,
  language: Language,
): readonly { readonly state: ControlState; readonly text: string }[] {
  return controls
    .filter(view => profiles.some(profile => profile.id === view.profile))
    .map(view => {
      const name = profiles.find(profile => profile.id === view.profile)?.name ?? ''
      return { state: view.state, text: `${profiles.length > 1 ? `${name} · ` : ''}${controlSentence(view, language)}` }
    })
}
