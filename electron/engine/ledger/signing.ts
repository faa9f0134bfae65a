import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeyOrigin } from '../../../shared/domain.ts'
import { Problem } from '../../../shared/problems.ts'
import { createFileAtomically } from '../base/atomic-file.ts'
import type { SettingsStore } from '../base/settings-store.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'
import type { Vault } from '../base/vault.ts'

/**
 * The Ed25519 key with which heads of the ledger and manifests are signed. It is kept by the vault where there is one, else in a
 * file that only its owner can read: anybody who can read that file can sign a ledger of their own (docs/evidence.md).
 */
export interface SigningKey {
  /** Raw public key in base64, as printed in manifests. */
  readonly publicKey: string
  readonly fingerprint: string
  readonly origin: KeyOrigin
  /** Base64. */
  sign(text: string): string
}

/** The last row at some moment. */
export interface Head {
  readonly seq: number
  /** Hex. */
  readonly hash: string
}

/** What a signed head says; anyone with the public key can check it. */
export const headText = ({ seq, hash }: Head): string => `prescreen ledger head 1\n${seq}\n${hash}\n`

/** Sixteen bytes of SHA-256 over the public key, in groups that people can compare. */
export function fingerprintOf(publicKey: string): string {
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex')
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join('-')
}

export function isSigned(publicKey: string, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), publicKeyOf(publicKey), Buffer.from(signature, 'base64'))
  } catch {
    // Not a key, or not a signature: then it is not signed.
    return false
  }
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

function publicKeyOf(publicKey: string): KeyObject {
  const der = Buffer.concat([spkiPrefix, Buffer.from(publicKey, 'base64')])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

export interface KeyPlaces {
  readonly dataDir: string
  readonly store: SettingsStore
  readonly vault: Vault
}

const storeKey = 'ledgerKey'
const fileName = 'ledger-key.pem'

/**
 * The key of this machine, made when there is none. What a lost one signed can still be checked with the public key printed beside
 * it; a damaged file is a problem. A vault that does not open leaves its key where it is; the file's is used meanwhile.
 */
export async function openSigningKey(places: KeyPlaces): Promise<SigningKey> {
  const kept = places.vault.strength === 'none' ? null : await fromVault(places).catch(() => null)
  return kept ?? fromFile(places.dataDir)
}

async function fromVault({ store, vault }: KeyPlaces): Promise<SigningKey> {
  const cipher = z.string().safeParse(store.get(storeKey))
  if (cipher.success) {
    const pem = await vault.decrypt(Buffer.from(cipher.data, 'base64'))
    return signingKey(createPrivateKey(pem), 'vault')
  }
  const { privateKey } = generateKeyPairSync('ed25519')
  const sealed = await vault.encrypt(pemOf(privateKey))
  store.set(storeKey, Buffer.from(sealed).toString('base64'))
  return signingKey(privateKey, 'vault')
}

async function fromFile(dataDir: string): Promise<SigningKey> {
  const file = join(dataDir, fileName)
  try {
    const known = await readKey(file)
    if (known !== null) return signingKey(known, 'file')
    const { privateKey } = generateKeyPairSync('ed25519')
    // A full disk or a crash leaves a whole key or none.
    if (await createFileAtomically(file, pemOf(privateKey), { mode: 0o600 })) return signingKey(privateKey, 'file')
    // Another process made one in the same moment: that is the key.
    const theirs = await readKey(file)
    if (theirs !== null) return signingKey(theirs, 'file')
    throw new Problem('not_writable', file)
  } catch (error) {
    throw problemOf(error, file)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

async function readKey(file: string): Promise<KeyObject | null> {
  const pem = await readFile(file, 'utf8').catch(error => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (pem === null) return null
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600)
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Damaged, as below.
  }
  // Never replaced by itself: a backup may be at hand, and a new key is something that people who know the old one must hear of.
  throw new Problem('ledger_key_damaged', file)
}

/** What keeps the key from being used, told when the program starts; null when nothing does, or when there is none yet. */
export async function keyProblemOf({ dataDir, vault }: KeyPlaces): Promise<Problem | null> {
  if (vault.strength !== 'none') return null
  try {
    await readKey(join(dataDir, fileName))
    return null
  } catch (error) {
    const problem = problemOf(error, join(dataDir, fileName))
    return problem instanceof Problem ? problem : null
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString()
}

function signingKey(privateKey: KeyObject, origin: KeyOrigin): SigningKey {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = der.subarray(spkiPrefix.length).toString('base64')
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Problem('ledger_key_damaged')
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    origin,
    sign: text => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
}
