import type { Profile } from '../../../shared/profile.ts'
import { rulesProfile } from '../../../shared/rules.ts'
import type { BatchProfile } from '../../../shared/screening.ts'

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

/** Whom the open batch asked, as it was screened, and whom the next one will ask, where they are not the same. */
export interface Titled {
  /** Empty for rules alone. */
  readonly shown: readonly Pick<BatchProfile, 'id' | 'name' | 'practice'>[]
  readonly next: Titled['shown'] | null
}

/** `batch`: the profiles of the open one; null where none is open. */
export function titledProfiles(batch: readonly BatchProfile[] | null, current: readonly Profile[]): Titled {
  if (batch === null) return { shown: current, next: null }
  const shown = batch.filter(({ id }) => id !== rulesProfile)
  const isSame = shown.length === current.length && shown.every(({ id }) => current.some(each => each.id === id))
  return { shown, next: isSame ? null : current }
}
