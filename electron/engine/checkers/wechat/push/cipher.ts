import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type PushRefusal, refused } from './refusal.ts'

/**
 * The cryptography of WeChat's message push (spec §5): the SHA-1 signature over sorted strings, and AES-256-CBC with PKCS#7 in
 * blocks of 32. Both directions, because the sandbox and the relay's self-test send what the receiver reads.
 */

/** SHA-1 in hex over the strings sorted by bytes and joined: Token, timestamp, nonce, and in secure mode `Encrypt` (spec §5.2, §5.4). */
export function signatureOf(parts: readonly string[]): string {
  const sorted = parts.map(part => Buffer.from(part, 'utf8')).sort(Buffer.compare)
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex')
}

/** Compares in constant time; what is no SHA-1 in lowercase hex is no signature. */
export function isSignatureOf(given: string, parts: readonly string[]): boolean {
  if (!/^[0-9a-f]{40}$/.test(given)) return false
  return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(signatureOf(parts), 'latin1'))
}

/** The 32 bytes of an EncodingAESKey, or null when it is none. */
export function readAesKey(encodingAesKey: string): Buffer | null {
  // 43 characters carry 258 bits: the last one has 2 spare bits that strict decoders want to be zero, Node's does not (spec §5.4).
  if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)) return null
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  return key.byteLength === keyBytes ? key : null
}

/**
 * The message inside `Encrypt`, once its trailing appid is ours. The caller has checked `msg_signature` before, so that nothing
 * is learned here by trying.
 */
export function decryptPush(
  encrypted: string,
  { key, appid }: { readonly key: Buffer; readonly appid: string },
): { readonly kind: 'message'; readonly message: Buffer } | PushRefusal {
  const sealed = readBase64(encrypted)
  if (sealed === null || sealed.byteLength === 0 || sealed.byteLength % aesBlockBytes !== 0) {
    return refused('cannot_decrypt', 'Encrypt is not base64 of whole AES blocks')
  }
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, aesBlockBytes)).setAutoPadding(false)
  const opened = withoutPadding(Buffer.concat([decipher.update(sealed), decipher.final()]))
  if (opened === null) return refused('cannot_decrypt', 'the padding is wrong: another EncodingAESKey, or damage')
  // 16 random bytes | length, 4 bytes big-endian | message | appid (spec §5.4).
  if (opened.byteLength < headBytes) return refused('cannot_decrypt', 'too short')
  const messageEnd = headBytes + opened.readUInt32BE(randomHeadBytes)
  if (messageEnd > opened.byteLength) return refused('cannot_decrypt', 'the stated length is beyond the end')
  if (!isSame(opened.subarray(messageEnd), Buffer.from(appid, 'utf8'))) {
    return refused('wrong_appid', 'the encrypted part is for another appid')
  }
  return { kind: 'message', message: opened.subarray(headBytes, messageEnd) }
}

/** The reverse of `decryptPush`: the value of `Encrypt`. `random` (16 bytes) is only given to reproduce a known push. */
export function encryptPush(
  message: string | Uint8Array,
  { key, appid, random = randomBytes(randomHeadBytes) }: EncryptOptions,
): string {
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.byteLength)
  const opened = withPadding(Buffer.concat([random, length, body, Buffer.from(appid, 'utf8')]))
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, aesBlockBytes)).setAutoPadding(false)
  return Buffer.concat([cipher.update(opened), cipher.final()]).toString('base64')
}

export interface EncryptOptions {
  /** From `readAesKey`. */
  readonly key: Buffer
  readonly appid: string
  readonly random?: Uint8Array
}

const keyBytes = 32
const aesBlockBytes = 16
/** Not AES's 16: a padding of up to 32 bytes is right (spec §5.4). */
const paddingBlockBytes = 32
const randomHeadBytes = 16
const headBytes = randomHeadBytes + 4

function withPadding(bytes: Buffer): Buffer {
  const count = paddingBlockBytes - (bytes.byteLength % paddingBlockBytes)
  return Buffer.concat([bytes, Buffer.alloc(count, count)])
}

function withoutPadding(bytes: Buffer): Buffer | null {
  const count = bytes.at(-1) ?? 0
  if (count < 1 || count > paddingBlockBytes || count > bytes.byteLength) return null
  const end = bytes.byteLength - count
  return bytes.subarray(end).every(byte => byte === count) ? bytes.subarray(0, end) : null
}

/** Node skips what is not base64; here that means damage. */
function readBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : null
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right)
}
