import type { Profile } from '../../../shared/profile.ts'
import { platformOf } from '../platforms/registry.ts'
import { practiceApps } from '../sandbox/practice-apps.ts'

/** The profiles that need no account: one for each platform, answered by the embedded sandbox. */
export function createPracticeProfiles(): readonly { readonly profile: Profile; readonly secret: string }[] {
  const seen = new Set<string>()
  return practiceApps.flatMap(app => {
    if (seen.has(app.platform)) return []
    seen.add(app.platform)
    const { name, tokenModes } = platformOf(app.platform)
    const [tokenMode = 'classic'] = tokenModes
    const profile: Profile = {
      id: seen.size === 1 ? 'practice' : `practice-${app.platform}`,
      name: `演练 Practice · ${name.zh}`,
      platform: app.platform,
      appid: app.appid,
      secret: { from: 'none' },
      tokenMode,
      brokerUrl: null,
      baseUrl: null,
      openids: app.users.filter(user => user.lastVisit === 'always').map(user => user.openid),
      scene: 3,
      sharePercent: 100,
      perMinute: null,
      perDay: null,
      imageMode: 'auto',
      imageRoute: 'sync',
      relay: null,
      cloud: null,
      practice: true,
    }
    return [{ profile, secret: app.secret }]
  })
}
