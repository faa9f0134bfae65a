import { z } from 'zod'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { Problem } from '../../../shared/problems.ts'
import { type Profile, type ProfileDraft, profileSchema, storedProfileSchema } from '../../../shared/profile.ts'
import type { SettingsStore, Vault } from '../app/api.ts'
import { detailOf } from '../base/detail.ts'
import { platformOf } from '../checkers/registry.ts'
import type { Credentials } from '../tokens/tokens.ts'
import type { PracticeProfile } from './practice-profiles.ts'

/** The stored profiles, and their secrets by reference: in the vault, or in an environment variable. */
export interface ProfileBook {
  /** Practice profiles first; they are always there and never stored. */
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

const storedSchema = z.array(z.unknown())
const ciphersSchema = z.record(z.string(), z.string())

export function createProfileBook(options: {
  readonly store: SettingsStore
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  readonly practice: readonly PracticeProfile[]
  readonly language: () => 'zh' | 'en'
  readonly newId: () => string
  readonly isWeakVaultAccepted: () => boolean
  readonly onProblem: (problem: IpcProblem) => void
}): ProfileBook {
  const { store, vault, env } = options
  const variables = new Map<string, string>()
  let profiles = readStored(store, options.onProblem)

  const write = (next: readonly Profile[]) => {
    store.set('profiles', next)
    profiles = next
  }
  const ciphers = () => ciphersSchema.catch({}).parse(store.get('secrets') ?? {})
  const list = () => [
    ...options.practice.map(({ profile, names }) => ({ ...profile, name: names[options.language()] })),
    ...profiles,
  ]
  /** The id of the practice profile that has this name in some language. */
  const practiceNamed = (name: string) =>
    options.practice.find(({ names }) => names.zh === name || names.en === name)?.profile.id
  const forget = (key: string) => {
    const { [key]: _, ...rest } = ciphers()
    store.set('secrets', rest)
  }
  const variable = (name: string): string | null => env[name]?.trim() || null

  const secretOf = async (profile: Profile): Promise<string | null> => {
    const practice = options.practice.find(each => each.profile.id === profile.id)
    if (practice !== undefined) return practice.secret
    const named = variables.get(profile.id)
    if (named !== undefined) return variable(named)
    return kept(profile.secret, profile.id)
  }
  const kept = async (place: Profile['secret'], key: string): Promise<string | null> => {
    switch (place.from) {
      case 'none':
        return null
      case 'env':
        return variable(place.variable)
      case 'vault': {
        const cipher = ciphers()[key]
        if (cipher === undefined || vault.strength === 'none') return null
        return vault.decrypt(Buffer.from(cipher, 'base64'))
      }
    }
  }
  /** Where a secret is once it is saved: a variable that was named, else the vault where that will have it. */
  const placeOf = (isSealed: boolean, env: string | null, before: Profile['secret'] | undefined): Profile['secret'] => {
    if (env !== null) return { from: 'env', variable: env }
    return isSealed || before?.from === 'vault' ? { from: 'vault' } : { from: 'none' }
  }

  return {
    list,
    get: idOrName =>
      list().find(each => each.id === idOrName) ??
      profiles.find(each => each.name === idOrName) ??
      list().find(each => each.id === practiceNamed(idOrName)) ??
      null,
    save: async (draft, secret, relayKey) => {
      const { id: draftId, secretEnv, relayUrl, relayKeyEnv, ...fields } = draft
      const known = draftId === null ? undefined : profiles.find(each => each.id === draftId)
      if (draftId !== null && known === undefined) throw new Problem('not_found', draftId)
      const isTaken = profiles.some(each => each.name === fields.name && each.id !== draftId)
      if (isTaken || practiceNamed(fields.name) !== undefined) {
        throw new Problem('bad_request', detailOf('profile_exists', { name: fields.name }))
      }
      if (!platformOf(fields.platform).tokenModes.includes(fields.tokenMode)) {
        throw new Problem('bad_request', detailOf('no_such_token_mode', { name: fields.tokenMode }))
      }
      if (fields.tokenMode === 'broker' && fields.brokerUrl === null) {
        throw new Problem('bad_request', detailOf('broker_without_address'))
      }
      if (fields.cloud !== null && fields.platform !== 'wechat') {
        throw new Problem('bad_request', detailOf('no_cloud_call', { name: fields.platform }))
      }
      const id = draftId ?? options.newId()
      // A broker's key, a token and an AppSecret are different secrets: one is never sent in the place of another.
      const before =
        known !== undefined && secretKindOf(known.tokenMode) === secretKindOf(fields.tokenMode) ? known : null
      const hasSecret = secret !== null || (before !== null && ciphers()[id] !== undefined)
      const hasRelayKey = relayKey !== null || ciphers()[relayKeyOf(id)] !== undefined
      const place = placeOf(hasSecret, secretEnv, before?.secret)
      const relay =
        relayUrl === null ? null : { url: relayUrl, key: placeOf(hasRelayKey, relayKeyEnv, known?.relay?.key) }
      const parsed = profileSchema.safeParse({ ...fields, id, secret: place, relay, practice: false })
      if (!parsed.success) throw new Problem('bad_request', z.prettifyError(parsed.error))
      // Only now: what is refused leaves everything as it was.
      const sealed = {
        ...(secret === null ? {} : { [id]: await seal(secret) }),
        ...(relayKey === null ? {} : { [relayKeyOf(id)]: await seal(relayKey) }),
      }
      if (!hasSecret) forget(id)
      store.set('secrets', { ...ciphers(), ...sealed })
      write(
        known === undefined ? [...profiles, parsed.data] : profiles.map(each => (each.id === id ? parsed.data : each)),
      )
      return parsed.data
    },
    remove: id => {
      if (!profiles.some(each => each.id === id)) throw new Problem('not_found', id)
      const { [id]: _, [relayKeyOf(id)]: __, ...rest } = ciphers()
      store.set('secrets', rest)
      write(profiles.filter(each => each.id !== id))
    },
    relayKey: async profile => (profile.relay === null ? null : kept(profile.relay.key, relayKeyOf(profile.id))),
    credentials: async profile => {
      const secret = await secretOf(profile)
      switch (profile.tokenMode) {
        case 'stable':
        case 'classic':
          return { mode: profile.tokenMode, secret }
        case 'broker':
          return { mode: 'broker', url: profile.brokerUrl ?? '', bearer: secret }
        case 'static':
          return { mode: 'static', token: secret }
      }
    },
    takeSecretFrom: (id, name) => {
      variables.set(id, name)
    },
  }

  async function seal(secret: string): Promise<string> {
    if (vault.strength === 'none') throw new Problem('vault_unavailable', detailOf('no_vault'))
    if (vault.strength === 'weak' && !options.isWeakVaultAccepted()) throw new Problem('vault_weak')
    return Buffer.from(await vault.encrypt(secret)).toString('base64')
  }
}

/** Under which the vault keeps a profile's key to its relay, beside its secret. */
const relayKeyOf = (id: string) => `${id} relay`

function secretKindOf(mode: Profile['tokenMode']): 'app' | 'broker' | 'token' {
  return mode === 'broker' ? 'broker' : mode === 'static' ? 'token' : 'app'
}

/** Reads what is valid; what is not is kept aside under another key, never thrown away. */
function readStored(store: SettingsStore, onProblem: (problem: IpcProblem) => void): readonly Profile[] {
  const raw = storedSchema.safeParse(store.get('profiles') ?? [])
  const items = raw.success ? raw.data : [store.get('profiles')]
  const valid: Profile[] = []
  const damaged: unknown[] = []
  for (const item of items) {
    const parsed = storedProfileSchema.safeParse(item)
    if (parsed.success) valid.push(parsed.data)
    else damaged.push(item)
  }
  if (damaged.length > 0) {
    store.set('damagedProfiles', damaged)
    onProblem({ code: 'settings_corrupt', detail: detailOf('profiles_kept_aside', { count: damaged.length }) })
  }
  return valid
}
