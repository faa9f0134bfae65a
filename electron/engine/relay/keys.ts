import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyHolder } from './config.ts'

/** Bearer keys: 256 random bits. The relay knows only their hash, which need not be a slow one. */

export interface RelayKey {
  /** For the workstation; shown once. */
  readonly key: string
  /** For the relay's settings. */
  readonly hash: string
}

export function newRelayKey(): RelayKey {
  const key = randomBytes(32).toString('base64url')
  return { key, hash: hashOfKey(key) }
}

export function hashOfKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}

/** Whose key an `Authorization` header carries, or null. */
export function holderOf(authorization: string | undefined, holders: readonly KeyHolder[]): KeyHolder | null {
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1]
  if (key === undefined) return null
  const hash = Buffer.from(hashOfKey(key), 'latin1')
  const isHeldBy = (holder: KeyHolder) => holder.keys.some(known => timingSafeEqual(Buffer.from(known, 'latin1'), hash))
  return holders.find(isHeldBy) ?? null
}
