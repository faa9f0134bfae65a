import { decryptPush, isSignatureOf } from './cipher.ts'
import { maxEnvelopeBytes, readDocument } from './document.ts'
import { type PushRefusal, refused } from './refusal.ts'

/** Who may have sent a request: signatures, age and encryption (spec §5.2–§5.4). What it says is read elsewhere. */

/** What the console of a WeChat app holds for its message push. */
export interface PushSecrets {
  readonly appid: string
  readonly token: string
  /**
   * From `readAesKey`. With a key only what is encrypted counts, in secure and in compatible mode alike: the readable fields
   * beside it are not covered by any signature. Null is plain mode.
   */
  readonly aesKey: Buffer | null
}

/** Milliseconds since the epoch, and how far a timestamp may be from it: a signature can be replayed no longer (spec §5.3). */
export interface PushTime {
  readonly nowMs: number
  readonly toleranceMs: number
}

/** The platform's retries carry the timestamp of the first try (spec §5.3). */
export const pushToleranceMs = 5 * 60_000

/** The console's check of the address: `echo` is to be answered verbatim, as bare text (spec §5.2). */
export function verifyUrl(
  query: URLSearchParams,
  secrets: Pick<PushSecrets, 'token'>,
  time: PushTime,
): { readonly kind: 'echo'; readonly echo: string } | PushRefusal {
  const refusal = refusalOf(query, 'signature', [], secrets.token, time)
  if (refusal !== null) return refusal
  const echo = one(query, 'echostr')
  return echo === null ? refused('malformed', 'no echostr') : { kind: 'echo', echo }
}

export interface VerifiedMessage {
  readonly kind: 'message'
  /** Decrypted where it was encrypted. */
  readonly message: Uint8Array
  readonly authenticity: 'encrypted' | 'signed'
}

/** A push to an app in whichever mode its secrets speak of. */
export function verifyPush(
  query: URLSearchParams,
  body: Uint8Array,
  secrets: PushSecrets,
  time: PushTime,
): VerifiedMessage | PushRefusal {
  const { aesKey } = secrets
  return aesKey === null
    ? verifyPlain(query, body, secrets, time)
    : verifySecure(query, body, { ...secrets, aesKey }, time)
}

/** Plain mode. The signature does not cover the body: see `signed` as "from someone who saw a signature" (spec §5.3). */
export function verifyPlain(
  query: URLSearchParams,
  body: Uint8Array,
  secrets: Pick<PushSecrets, 'token'>,
  time: PushTime,
): VerifiedMessage | PushRefusal {
  return (
    refusalOf(query, 'signature', [], secrets.token, time) ?? { kind: 'message', message: body, authenticity: 'signed' }
  )
}

/** Secure and compatible mode: `msg_signature` over `Encrypt`, never `signature` alone, then the trailing appid (spec §5.4). */
export function verifySecure(
  query: URLSearchParams,
  body: Uint8Array,
  secrets: PushSecrets & { readonly aesKey: Buffer },
  time: PushTime,
): VerifiedMessage | PushRefusal {
  if (one(query, 'msg_signature') === null) return refused('signature_missing', 'no msg_signature')
  const envelope = readDocument(body, maxEnvelopeBytes)
  if (envelope.kind === 'refused') return envelope
  const encrypted = envelope.fields.Encrypt
  if (typeof encrypted !== 'string' || encrypted === '') return refused('not_encrypted', 'no Encrypt in the body')
  const refusal = refusalOf(query, 'msg_signature', [encrypted], secrets.token, time)
  if (refusal !== null) return refusal
  const opened = decryptPush(encrypted, { key: secrets.aesKey, appid: secrets.appid })
  return opened.kind === 'refused' ? opened : { ...opened, authenticity: 'encrypted' }
}

/** The signature first: who has none learns nothing about the clock. */
function refusalOf(
  query: URLSearchParams,
  name: 'signature' | 'msg_signature',
  covered: readonly string[],
  token: string,
  { nowMs, toleranceMs }: PushTime,
): PushRefusal | null {
  const signature = one(query, name)
  const timestamp = one(query, 'timestamp')
  const nonce = one(query, 'nonce')
  if (signature === null || timestamp === null || nonce === null) {
    return refused('signature_missing', `no ${name}, timestamp or nonce`)
  }
  if (!isSignatureOf(signature, [token, timestamp, nonce, ...covered])) {
    return refused('signature_wrong', `${name} does not fit the Token`)
  }
  // Ten digits and no other number, because the signed strings are joined without a mark between them.
  if (!/^\d{10}$/.test(timestamp)) return refused('timestamp_out_of_bounds', 'the timestamp is no number of seconds')
  const aheadMs = Number(timestamp) * 1000 - nowMs
  return Math.abs(aheadMs) <= toleranceMs
    ? null
    : refused('timestamp_out_of_bounds', `${Math.round(aheadMs / 1000)} s from this machine's clock`)
}

/** A parameter given twice is one that two readers may read differently. */
function one(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name)
  return values.length === 1 ? (values[0] ?? null) : null
}
