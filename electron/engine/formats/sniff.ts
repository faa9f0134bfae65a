import { fileTypeFromBuffer } from 'file-type'
import { remark } from '../../../shared/remarks/index.ts'
import type { Family, Head, Recognised } from './family.ts'
import { families } from './registry.ts'
import { createEncodingDetector } from './text/decode-text.ts'
import { unreadBySignature } from './unread/unread.ts'

/** What content is, judged by its first bytes alone. */
export type Sniffed = Recognised | { readonly kind: 'text' }

/** How many bytes `sniff` wants to see; more do not change its answer. */
export const sniffBytes = 8192

export async function sniff(bytes: Uint8Array): Promise<Sniffed> {
  const head: Head = { bytes, latin1: Buffer.from(bytes).toString('latin1') }
  const announced = firstAnswer(family => family.announced?.(head))
  if (announced !== null) return announced
  // Signatures are short ("BM" is a bitmap, "MZ" a program): what consists of readable bytes only is text, whatever it begins with.
  if (!bytes.some(isControl) || hasUtf16Mark(bytes)) return { kind: 'text' }
  const type = await fileTypeFromBuffer(bytes)
  const signature = type === undefined ? null : { extension: type.ext, mime: type.mime }
  const signed = firstAnswer(family => family.signed?.(head, signature))
  if (signed !== null) return signed
  if (signature !== null) return { kind: 'unsupported', what: unreadBySignature(signature) }
  if (!bytes.includes(0) || isUtf16(bytes)) return { kind: 'text' }
  return { kind: 'unsupported', what: remark('unknown_binary') }
}

function firstAnswer(ask: (family: Family) => Recognised | null | undefined): Recognised | null {
  for (const family of families) {
    const answer = ask(family) ?? null
    if (answer !== null) return answer
  }
  return null
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) || byte === 0x7f
}

function hasUtf16Mark(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
}

function isUtf16(head: Uint8Array): boolean {
  // The head may end within a surrogate pair: then it is certain without its last unit.
  const even = head.length - (head.length % 2)
  return [even, even - 2].some(length => {
    const detector = createEncodingDetector()
    detector.push(head.subarray(0, Math.max(0, length)))
    const detected = detector.finish()
    return detected.kind === 'encoding' && detected.encoding.startsWith('utf-16')
  })
}
