import type { Said } from '../../../shared/problems.ts'
import { type Profile, profileDefaults } from '../../../shared/profile.ts'
import type { Registry } from '../checkers/create-registry.ts'
import type { LocalChecker } from '../checkers/local-checker.ts'
import type { Platform } from '../checkers/platform.ts'

/** A profile that is always there, and never stored, changed or removed. */
export interface BuiltInProfile {
  readonly profile: Profile
  /** It is called as the language of the moment has it, and found under either name. */
  readonly names: Said
  /** Null where there is none. */
  readonly secret: string | null
}

/** Practice first, one for each platform that can be practised; then the checkers that need no account. */
export function createBuiltInProfiles({ platforms, localCheckers }: Registry): readonly BuiltInProfile[] {
  const practised = platforms.flatMap(platform => practiceProfileOf(platform) ?? [])
  return [
    // Stored in settings and batches under these ids: the first one's has no platform in it.
    ...practised.map((each, index) => (index === 0 ? { ...each, profile: { ...each.profile, id: 'practice' } } : each)),
    ...localCheckers.map(localProfileOf),
  ]
}

function practiceProfileOf({ id, tokenModes, practice }: Platform): BuiltInProfile | null {
  if (practice === null) return null
  const [tokenMode = 'static'] = tokenModes
  const { names, app } = practice
  const profile: Profile = {
    ...profileDefaults,
    ...practice.profile,
    id: `practice-${id}`,
    name: names.zh,
    platform: id,
    appid: app.appid,
    secret: { from: 'none' },
    tokenMode,
    relay: null,
    practice: true,
  }
  return { profile, names, secret: app.secret }
}

/** No account has the name of an app: where one is written down, it says that there is none. */
const noAppid = 'local'

function localProfileOf({ id, name }: LocalChecker): BuiltInProfile {
  const profile: Profile = {
    ...profileDefaults,
    id,
    name: name.zh,
    platform: id,
    appid: noAppid,
    secret: { from: 'none' },
    tokenMode: 'none',
    relay: null,
    practice: false,
  }
  return { profile, names: name, secret: null }
}
