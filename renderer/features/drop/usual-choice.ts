import type { Profile } from '../../../shared/profile.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { Settings } from '../../../shared/settings.ts'

/** Whom a new batch asks at first: as last time, and rules as the settings say. */
export function usualChoice(
  { lastProfiles, rules }: Pick<Settings, 'lastProfiles' | 'rules'>,
  all: readonly Pick<Profile, 'id'>[],
): { readonly profiles: readonly string[]; readonly rules: boolean } {
  const accounts = all.map(({ id }) => id).filter(id => id !== rulesProfile)
  const withRules = rules && all.length > accounts.length
  const known = lastProfiles.filter(id => accounts.includes(id))
  // Last time it was rules alone.
  const isRulesAlone = withRules && lastProfiles.length === 0
  return { profiles: known.length > 0 || isRulesAlone ? known : accounts.slice(0, 1), rules: withRules }
}
