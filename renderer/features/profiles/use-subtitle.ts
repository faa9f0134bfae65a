import type { Profile } from '../../../shared/profile.ts'
import { useLanguage, useWords } from '../../base/i18n/index.ts'
import type { Platforms } from './use-platforms.ts'
import { words } from './words.ts'

/** What stands under the name of a profile: whose account it is, or that it needs none. */
export function useSubtitle(platforms: Platforms): (profile: Profile) => string {
  const t = useWords('profiles', words)
  const language = useLanguage()
  const known = platforms.kind === 'known' ? platforms.platforms : []
  return ({ practice, tokenMode, platform, appid }) => {
    if (practice) return t('practiceTitle')
    if (tokenMode === 'none') return t('localTitle')
    return `${known.find(({ id }) => id === platform)?.name[language] ?? platform} · ${appid}`
  }
}
