import type { Failure } from '../../../shared/conclusion.ts'
import { extensionOf } from './extension.ts'
import type { ExtractedText } from './family.ts'
import { textFormatNamed, textFormatOf } from './find-format.ts'
import { withReadings } from './text/with-readings.ts'

/** Name of a `TextFormat`. */
export type TextReader = string

/** Extracts the visible text of a decoded file, with what it says when it is read otherwise. */
export function extractText(reader: TextReader, decoded: string): ExtractedText | Failure {
  const format = textFormatNamed(reader)
  const extracted = format.read(decoded)
  return extracted.kind === 'failure' ? extracted : withReadings(extracted, format.account)
}

/** Which format reads a decoded file of this name. */
export function readerOf(name: string, decoded: string): TextReader {
  return textFormatOf(extensionOf(name), decoded).name
}
