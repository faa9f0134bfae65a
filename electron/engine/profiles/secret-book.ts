import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { detailOf } from '../base/detail.ts'
import type { SettingsStore } from '../base/settings-store.ts'
import type { Vault } from '../base/vault.ts'

/** Secrets by the key under which the vault's ciphers are stored; those in the environment are read where they are. */
export interface SecretBook {
  has(key: string): boolean
  /** Encrypts. Throws `Problem` where there is no vault, or a weak one that nobody has accepted. */
  seal(secret: string): Promise<string>
  add(sealed: Readonly<Record<string, string>>): void
  forget(...keys: readonly string[]): void
  /** What is at this place now; null where it is not at hand. */
  kept(place: Profile['secret'], key: string): Promise<string | null>
  secretOf(profile: Profile): Promise<string | null>
  /** For one run of the command line: this profile's secret is in a variable. */
  takeFrom(id: string, variable: string): void
}

/** Under which the vault keeps a profile's key to its relay, beside its secret. */
export const relayKeyOf = (id: string) => `${id} relay`

const ciphersSchema = z.record(z.string(), z.string())

export function createSecretBook({
  store,
  vault,
  env,
  isWeakVaultAccepted,
}: {
  readonly store: SettingsStore
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isWeakVaultAccepted: () => boolean
}): SecretBook {
  const variables = new Map<string, string>()
  const ciphers = () => ciphersSchema.catch({}).parse(store.get('secrets') ?? {})
  const variable = (name: string): string | null => env[name]?.trim() || null

  const kept: SecretBook['kept'] = async (place, key) => {
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

  return {
    has: key => ciphers()[key] !== undefined,
    seal: async secret => {
      if (vault.strength === 'none') throw new Problem('vault_unavailable', detailOf('no_vault'))
      if (vault.strength === 'weak' && !isWeakVaultAccepted()) throw new Problem('vault_weak')
      return Buffer.from(await vault.encrypt(secret)).toString('base64')
    },
    add: sealed => store.set('secrets', { ...ciphers(), ...sealed }),
    forget: (...keys) => {
      const gone = new Set(keys)
      store.set('secrets', Object.fromEntries(Object.entries(ciphers()).filter(([key]) => !gone.has(key))))
    },
    kept,
    secretOf: async profile => {
      const named = variables.get(profile.id)
      return named === undefined ? kept(profile.secret, profile.id) : variable(named)
    },
    takeFrom: (id, name) => {
      variables.set(id, name)
    },
  }
}
