import { Buffer } from 'node:buffer'
import { Problem } from '../../shared/problems.ts'
import { detailOf } from '../engine/base/detail.ts'
import type { Vault } from '../engine/base/vault.ts'

/** What the vault needs of Electron's safeStorage. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(plain: string): Promise<Uint8Array>
  decryptStringAsync(cipher: Buffer): Promise<{ result: string }>
}

/**
 * Opens the vault, after `ready`. `backend` names the keychain in use; on Linux `basic_text` is a fixed password that
 * anybody can look up, hence `weak`: whether to store a secret there is the user's choice, never ours.
 */
export async function openVault(safeStorage: SafeStorage, backend: string): Promise<Vault> {
  const isAvailable = await safeStorage.isAsyncEncryptionAvailable().catch(() => false)
  if (!isAvailable || backend === 'unknown') return noVault
  return {
    strength: backend === 'basic_text' ? 'weak' : 'keychain',
    async encrypt(plain) {
      try {
        return seal(backend, await safeStorage.encryptStringAsync(plain))
      } catch (error) {
        throw new Problem('vault_unavailable', detailOf('keychain_failed', { name: backend }), { cause: error })
      }
    },
    async decrypt(sealed) {
      const { backend: keptBy, cipher } = unseal(sealed)
      if (keptBy !== backend)
        throw new Problem('vault_unavailable', detailOf('other_keychain', { name: `${keptBy} ≠ ${backend}` }))
      try {
        return (await safeStorage.decryptStringAsync(cipher)).result
      } catch (error) {
        throw new Problem('vault_unavailable', detailOf('keychain_failed', { name: backend }), { cause: error })
      }
    },
  }
}

const noVault: Vault = {
  strength: 'none',
  encrypt: () => Promise.reject(new Problem('vault_unavailable', detailOf('no_keychain'))),
  decrypt: () => Promise.reject(new Problem('vault_unavailable', detailOf('no_keychain'))),
}

/** The backend's name goes with the cipher text: a desktop that changes its keychain must not look like lost data. */
function seal(backend: string, cipher: Uint8Array): Uint8Array {
  const name = Buffer.from(backend, 'utf8')
  return Buffer.concat([Buffer.from([name.length]), name, cipher])
}

function unseal(sealed: Uint8Array): { backend: string; cipher: Buffer } {
  const bytes = Buffer.from(sealed)
  const nameEnd = 1 + (bytes[0] ?? 0)
  if (bytes.length <= nameEnd) throw new Problem('vault_unavailable', 'the stored secret is damaged')
  return { backend: bytes.subarray(1, nameEnd).toString('utf8'), cipher: bytes.subarray(nameEnd) }
}
