import type { Encoding } from '../text/decode-text.ts'

/** What decodes names and comments of a ZIP archive that do not say in which encoding they are. */
export interface NameDecoder {
  readonly encoding: Encoding
  /** Null where the bytes are none of that encoding. */
  decode(bytes: Uint8Array): string | null
}

/**
 * Systems in China wrote them in GBK, and macOS writes them in UTF-8 without saying so; what is valid UTF-8 as a whole is that. They
 * only say what a file is called: what it holds is sent whatever its name.
 */
export function nameDecoderOf(unsaid: readonly Uint8Array[], stated: Encoding | null): NameDecoder {
  const encodings: readonly Encoding[] = stated === null ? ['utf-8', 'gb18030', 'big5'] : [stated]
  const fitting = encodings.find(encoding => unsaid.every(bytes => decoded(bytes, encoding) !== null))
  const encoding = fitting ?? stated ?? 'gb18030'
  return { encoding, decode: bytes => decoded(bytes, encoding) }
}

/** Fatal: a name of which a part was guessed could be that of another entry. */
export function decoded(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
