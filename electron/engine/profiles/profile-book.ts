import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile, ProfileDraft } from '../../../shared/profile.ts'
import type { SettingsStore } from '../base/settings-store.ts'
import type { Vault } from '../base/vault.ts'
import type { Registry } from '../checkers/create-registry.ts'
import type { Credentials } from '../tokens/tokens.ts'
import type { BuiltInProfile } from './built-in-profiles.ts'
import { profileFrom } from './profile-from.ts'
import { readStored } from './read-stored.ts'
import { createSecretBook, relayKeyOf, type SecretBook } from './secret-book.ts'

/** The stored profiles, and their secrets by reference: in the vault, or in an environment variable. */
export interface ProfileBook {
  /** Built-in ones first; they are always there and never stored. */
  list(): readonly Profile[]
  get(idOrName: string): Profile | null
  save(draft: ProfileDraft, secret: string | null, relayKey: string | null): Promise<Profile>
  remove(id: string): void
  /** Where the profile's tokens come from; the secret is read from its place at this moment. */
  credentials(profile: Profile): Promise<Credentials>
  /** The key to the profile's relay, or null where it is not at hand. */
  relayKey(profile: Profile): Promise<string | null>
  /** For one run of the command line: reads this profile's secret from a variable. */
  takeSecretFrom(id: string, variable: string): void
}

export function createProfileBook(options: {
  readonly store: SettingsStore
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  readonly registry: Registry
  readonly builtIn: readonly BuiltInProfile[]
  readonly language: () => 'zh' | 'en'
  readonly newId: () => string
  readonly isWeakVaultAccepted: () => boolean
  readonly onProblem: (problem: IpcProblem) => void
}): ProfileBook {
  const { store, registry, builtIn } = options
  const secrets = createSecretBook(options)
  let profiles = readStored(store, registry, options.onProblem)

  const write = (next: readonly Profile[]) => {
    store.set('profiles', next)
    profiles = next
  }
  const list = () => [
    ...builtIn.map(({ profile, names }) => ({ ...profile, name: names[options.language()] })),
    ...profiles,
  ]
  /** The id of the built-in profile that has this name in some language. */
  const builtInNamed = (name: string) => builtIn.find(({ names }) => names.zh === name || names.en === name)?.profile.id
  const known = (id: string): Profile => {
    const profile = profiles.find(each => each.id === id)
    if (profile === undefined) throw new Problem('not_found', id)
    return profile
  }

  return {
    list,
    get: idOrName =>
      list().find(each => each.id === idOrName) ??
      profiles.find(each => each.name === idOrName) ??
      list().find(each => each.id === builtInNamed(idOrName)) ??
      null,
    save: async (draft, secret, relayKey) => {
      const before = draft.id === null ? null : known(draft.id)
      const isTaken = profiles.some(each => each.name === draft.name && each.id !== draft.id)
      const given = {
        id: draft.id ?? options.newId(),
        before,
        isNameTaken: isTaken || builtInNamed(draft.name) !== undefined,
        hasStored: (key: string) => secrets.has(key),
        hasSecret: secret !== null,
        hasRelayKey: relayKey !== null,
      }
      const { profile, keepsSecret } = profileFrom(draft, registry.platformOf(draft.platform), given)
      // Only now: what is refused leaves everything as it was.
      const sealed = {
        ...(secret === null ? {} : { [profile.id]: await secrets.seal(secret) }),
        ...(relayKey === null ? {} : { [relayKeyOf(profile.id)]: await secrets.seal(relayKey) }),
      }
      if (!keepsSecret) secrets.forget(profile.id)
      secrets.add(sealed)
      write(before === null ? [...profiles, profile] : profiles.map(each => (each.id === profile.id ? profile : each)))
      return profile
    },
    remove: id => {
      known(id)
      secrets.forget(id, relayKeyOf(id))
      write(profiles.filter(each => each.id !== id))
    },
    relayKey: async profile =>
      profile.relay === null ? null : secrets.kept(profile.relay.key, relayKeyOf(profile.id)),
    credentials: profile => credentialsOf(profile, builtIn, secrets),
    takeSecretFrom: secrets.takeFrom,
  }
}

async function credentialsOf(
  profile: Profile,
  builtIn: readonly BuiltInProfile[],
  secrets: SecretBook,
): Promise<Credentials> {
  const known = builtIn.find(each => each.profile.id === profile.id)
  const secret = known === undefined ? await secrets.secretOf(profile) : known.secret
  switch (profile.tokenMode) {
    case 'stable':
    case 'classic':
      return { mode: profile.tokenMode, secret }
    case 'broker':
      return { mode: 'broker', url: profile.brokerUrl ?? '', bearer: secret }
    case 'static':
      return { mode: 'static', token: secret }
    case 'none':
      // A checker without an account never asks for a token.
      return { mode: 'static', token: null }
  }
}
