import type { Encoding } from './encodings.ts'
import type { FailureCode } from './failures.ts'
import { decodeRemarks, type RemarkCode } from './remarks/index.ts'

/** A text, table or list whose bytes leave open what encoding they are in: it is not checked until somebody says so. */
export interface UncertainText {
  readonly path: string
  /** As the options name it: absolute, through the archives that it lies in. */
  readonly file: string
  /** How it begins in each encoding that its beginning is valid in. */
  readonly readings: readonly EncodingReading[]
}

export interface EncodingReading {
  readonly encoding: Encoding
  /** The first lines, cut short. */
  readonly lines: readonly string[]
}

/** How one asset would read; a table or list is to be added anew, and has none. */
export interface TextReadings {
  readonly readings: readonly EncodingReading[]
  readonly isList: boolean
}

/** As people know them; GBK is what most call it. */
export const encodingNames: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  gb18030: 'GBK / GB18030',
  big5: 'Big5',
}

const openCodes: ReadonlySet<RemarkCode> = new Set([
  'two_encodings',
  'uncertain_encoding',
  'unknown_encoding',
  'stated_encoding',
])

/** Whether somebody has only to say which encoding it is. */
export function isEncodingOpen(code: FailureCode | 'skipped' | null, detail: string | null): boolean {
  return (
    code === 'undecodable_text' && (decodeRemarks(detail ?? '')?.some(remark => openCodes.has(remark.code)) ?? false)
  )
}
