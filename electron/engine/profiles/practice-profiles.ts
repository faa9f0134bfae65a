import type { PlatformId } from '../../../shared/domain.ts'
import { type Profile, profileDefaults } from '../../../shared/profile.ts'
import { platformOf } from '../checkers/registry.ts'
import { practiceApps } from '../sandbox/practice-apps.ts'
import { practiceWords } from '../sandbox/practice-words.ts'

export interface PracticeProfile {
  readonly profile: Profile
  /** It is called as the language of the moment has it, and found under either name. */
  readonly names: Names
  readonly secret: string
}

interface Names {
  readonly zh: string
  readonly en: string
}

const namesOf: Readonly<Record<PlatformId, Names>> = {
  wechat: { zh: '演练 · 微信', en: 'Practice · WeChat' },
  qq: { zh: '演练 · QQ', en: 'Practice · QQ' },
}

/** The profiles that need no account: one for each platform, answered by the embedded sandbox. */
export function createPracticeProfiles(): readonly PracticeProfile[] {
  const seen = new Set<string>()
  return practiceApps.flatMap(app => {
    if (seen.has(app.platform)) return []
    seen.add(app.platform)
    const [tokenMode = 'classic'] = platformOf(app.platform).tokenModes
    const names = namesOf[app.platform]
    const profile: Profile = {
      ...profileDefaults,
      id: seen.size === 1 ? 'practice' : `practice-${app.platform}`,
      name: names.zh,
      platform: app.platform,
      appid: app.appid,
      secret: { from: 'none' },
      tokenMode,
      openids: app.users.filter(user => user.lastVisit === 'always').map(user => user.openid),
      relay: null,
      // Of pictures the sandbox is shown its own mark.
      controlKeyword: practiceWords[0]?.zh ?? null,
      practice: true,
    }
    return [{ profile, names, secret: app.secret }]
  })
}
