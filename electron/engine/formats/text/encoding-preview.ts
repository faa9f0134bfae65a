import { type Encoding, encodings } from '../../../../shared/encodings.ts'
import type { EncodingReading } from '../../../../shared/uncertain-texts.ts'

/** Of the beginning of a file, in bytes, what its first lines are read from. */
export const previewBytes = 2048
const previewLines = 3
const previewUnits = 120

/** How a text begins in each encoding that its beginning is valid in. `head` may end within a character. */
export function readingsOf(head: Uint8Array): readonly EncodingReading[] {
  return encodings.flatMap(encoding => {
    const lines = (beginningIn(head, encoding) ?? '')
      .split(/\r\n?|\n/u)
      .map(line => line.trim().slice(0, previewUnits).toWellFormed())
      .filter(line => line !== '')
    return lines.length === 0 ? [] : [{ encoding, lines: lines.slice(0, previewLines) }]
  })
}

/** Null where it is no text in that encoding. */
function beginningIn(head: Uint8Array, encoding: Encoding): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    // Control characters and noncharacters are in no text: another encoding's bytes give them.
    return /[^\P{Cc}\t\n\v\f\r]|\p{Noncharacter_Code_Point}/u.test(text) ? null : text
  } catch {
    return null
  }
}
