import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { type Profile, storedProfileSchema } from '../../../shared/profile.ts'
import { detailOf } from '../base/detail.ts'
import type { SettingsStore } from '../base/settings-store.ts'
import type { Registry } from '../checkers/create-registry.ts'

const storedSchema = z.array(z.unknown())

/** Reads what is valid; what is not, or is of a platform that is not there, is kept aside under another key, never thrown away. */
export function readStored(
  store: SettingsStore,
  registry: Pick<Registry, 'has'>,
  onProblem: (problem: IpcProblem) => void,
): readonly Profile[] {
  const raw = storedSchema.safeParse(store.get('profiles') ?? [])
  const items = raw.success ? raw.data : [store.get('profiles')]
  const valid: Profile[] = []
  const damaged: unknown[] = []
  for (const item of items) {
    const parsed = storedProfileSchema.safeParse(item)
    if (parsed.success && registry.has(parsed.data.platform)) valid.push(parsed.data)
    else damaged.push(item)
  }
  if (damaged.length > 0) {
    const aside = storedSchema.catch([]).parse(store.get('damagedProfiles') ?? [])
    const isKept = (item: unknown) => aside.some(other => isDeepStrictEqual(other, item))
    store.set('damagedProfiles', [...aside, ...damaged.filter(item => !isKept(item))])
    onProblem({ code: 'settings_corrupt', detail: detailOf('profiles_kept_aside', { count: damaged.length }) })
  }
  return valid
}
