import type { Profile } from '../../../shared/profile.ts'
import { rulesProfile } from '../../../shared/rules.ts'

/** Rules are asked for by a switch of their own, and have a view of their own. */
export const accountsOf = (profiles: readonly Profile[]): readonly Profile[] =>
  profiles.filter(({ id }) => id !== rulesProfile)

/** Profiles whose name, appid or platform contains every word of the query, in their given order. */
export function matchingProfiles(
  profiles: readonly Profile[],
  query: string,
  platformNames: ReadonlyMap<string, string>,
): readonly Profile[] {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean)
  return profiles.filter(profile => {
    const text =
      `${profile.name} ${profile.appid} ${platformNames.get(profile.platform) ?? profile.platform}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** A batch takes one to eight profiles. */
export const maxCurrentProfiles = 8

/** Adds or takes away one profile; the last one stays, because a batch needs one. */
export function toggled(current: readonly string[], id: string): readonly string[] {
  if (!current.includes(id)) return current.length < maxCurrentProfiles ? [...current, id] : current
  return current.length > 1 ? current.filter(other => other !== id) : current
}

/** Those of the remembered profiles that still exist; practice when none does, none where the last batch asked rules alone. */
export function currentOf(remembered: readonly string[], profiles: readonly Profile[]): readonly Profile[] {
  const found = remembered.flatMap(id => profiles.find(profile => profile.id === id) ?? [])
  if (found.length > 0 || remembered.length === 0) return found
  return profiles.filter(profile => profile.practice).slice(0, 1)
}
