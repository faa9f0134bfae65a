import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import process from 'node:process'
import type { SafeStorage } from 'electron'
import { lifecycle, onlyAfterReady } from './lifecycle.ts'
import { strict } from './strict.ts'

/**
 * There is no keychain behind this: like Linux' `basic_text`, it enciphers under a password that anybody can look up,
 * and that is what it says of itself. PRESCREEN_STANDIN_KEYCHAIN lets tests act out the others: the name of a backend,
 * `unavailable`, or `failing` (a keychain that is locked).
 */
type Backend = ReturnType<SafeStorage['getSelectedStorageBackend']>

const wanted = process.env.PRESCREEN_STANDIN_KEYCHAIN ?? 'basic_text'
const isBackend = (name: string): name is Backend =>
  ['basic_text', 'gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'].includes(name)
const backend: Backend = isBackend(wanted) ? wanted : 'gnome_libsecret'

const key = (): Buffer => createHash('sha256').update(`stand-in ${backend}`).digest()

export const safeStorage = strict('safeStorage', {
  async isAsyncEncryptionAvailable() {
    onlyAfterReady('safeStorage.isAsyncEncryptionAvailable')
    return wanted !== 'unavailable'
  },
  async encryptStringAsync(plain) {
    onlyAfterReady('safeStorage.encryptStringAsync')
    if (wanted === 'unavailable') throw new Error('Encryption is not available')
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), iv)
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), body])
  },
  async decryptStringAsync(encrypted) {
    onlyAfterReady('safeStorage.decryptStringAsync')
    if (wanted === 'unavailable' || wanted === 'failing') throw new Error('Error while decrypting the ciphertext')
    const decipher = createDecipheriv('aes-256-gcm', key(), encrypted.subarray(0, 12))
    decipher.setAuthTag(encrypted.subarray(12, 28))
    const result = Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()]).toString('utf8')
    return { result, shouldReEncrypt: false }
  },
  getSelectedStorageBackend: () => (lifecycle.isReady() ? backend : 'unknown'),
} satisfies Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>)
