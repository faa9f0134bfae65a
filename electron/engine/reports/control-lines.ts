import { type ControlState, controlSentence } from '../../../shared/controls.ts'
import type { Language } from '../../../shared/language.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { ReportSubject } from './selection.ts'

/** What the head of a report says of each endpoint that was asked: whether a no-hit is backed. */
export function controlLines(
  { controls, profiles }: Pick<ReportSubject, 'controls' | 'profiles'>,
  language: Language,
): readonly { readonly state: ControlState; readonly text: string }[] {
  return controls
    .filter(view => {
      const profile = profiles.find(each => each.id === view.profile)
      // Rules find what they look for; only where they did not is there something to say.
      return profile !== undefined && (profile.platform !== rulesProfile || view.state !== 'flagged')
    })
    .map(view => {
      const name = profiles.find(profile => profile.id === view.profile)?.name ?? ''
      return { state: view.state, text: `${profiles.length > 1 ? `${name} · ` : ''}${controlSentence(view, language)}` }
    })
}
