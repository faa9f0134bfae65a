import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { Dispatcher } from 'undici'
import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { fileFailure, type OpenFile, openFile, readWhole } from '../base/open-file.ts'
import { extractDocx } from '../formats/docx/extract-docx.ts'
import { examine } from '../formats/examine.ts'
import { type ExtractedText, extractText, readerOf, type TextFormat } from '../formats/extract-text.ts'
import { type Reader, type Reading, readerOfMedia, readingBy } from '../formats/readings.ts'
import { type IntakeLimits, intakeLimits, type Source } from '../formats/source.ts'
import { hasVisible } from '../formats/text/chunk-text.ts'
import { decodeText, type Encoding } from '../formats/text/decode-text.ts'
import type { Anchor } from '../formats/text/positions.ts'
import { withReadings } from '../formats/text/with-readings.ts'
import { beginsAsSvg } from '../imaging/svg-start.ts'
import { downloadMedia } from './download.ts'

interface AssetContent {
  /** Of the bytes of the file or download; of the UTF-8 text for rows and pasted text. */
  readonly sha256: string
  readonly sizeBytes: number
  /** Which reader read it, and its version. */
  readonly reading: Reading
  /** What no common viewer shows and a person may want to know. */
  readonly notes: readonly Remark[]
}

export interface ImageAsset extends AssetContent {
  readonly kind: 'image'
  readonly mime: string
  /** What was downloaded; null for a file, which whoever decodes it reads again by its path and checks against the hash. */
  readonly bytes: Uint8Array | null
}

export interface TextAsset extends AssetContent {
  readonly kind: 'text'
  /** What is submitted and what ranges count in. */
  readonly text: string
  readonly format: TextFormat
  /** Null for Office documents, which say themselves. */
  readonly encoding: Encoding | null
  readonly bom: boolean
  /** For `chunkText`: where extracted passages stood in the file. */
  readonly anchors: readonly Anchor[] | null
  /** What the file shows besides `text`; with any of it the asset cannot pass. */
  readonly omitted: readonly Remark[]
}

export interface AudioAsset extends AssetContent {
  readonly kind: 'audio'
  readonly mime: string
  /** What was downloaded; null for a file. */
  readonly bytes: Uint8Array | null
}

export type Asset = ImageAsset | TextAsset | AudioAsset

export interface ReadOptions {
  /** Made by `createUrlDispatcher`, which keeps downloads away from private addresses. */
  readonly dispatcher: Dispatcher
  readonly limits?: IntakeLimits
}

/** Reads what a source leads to, hashing on the way. Throws only when `signal` aborts. */
export async function readAsset(source: Source, options: ReadOptions, signal: AbortSignal): Promise<Asset | Failure> {
  const limits = options.limits ?? intakeLimits
  signal.throwIfAborted()
  switch (source.kind) {
    case 'row':
      return givenText(source, 'table', limits)
    case 'inline':
      return givenText(source, 'plain', limits)
    case 'url': {
      const download = await downloadMedia(source.url, options.dispatcher, limits, signal)
      if (download.kind === 'failure') return download
      const { what, bytes, mime, sha256 } = download
      return {
        kind: what,
        mime,
        bytes,
        sha256,
        sizeBytes: bytes.length,
        reading: readingBy(readerOfMedia(what, mime)),
        notes: [],
      }
    }
    case 'file': {
      const file = await openFile(source.path)
      if (file.kind === 'failure') return file
      try {
        return await readFile(file, basename(source.path), limits, signal)
      } catch (error) {
        signal.throwIfAborted()
        return fileFailure(error)
      } finally {
        await file.handle.close()
      }
    }
  }
}

async function readFile(
  file: OpenFile,
  name: string,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<Asset | Failure> {
  const examined = await examine(file, name, limits, signal)
  if (examined.kind === 'failure') return examined
  if (examined.kind === 'workbook' || examined.kind === 'delimited') {
    return inputFailure('changed_file', [remark('now_table')])
  }
  const isDecodedElsewhere = examined.kind === 'audio' || examined.kind === 'image'
  const read = await readWhole(file, isDecodedElsewhere ? 'nothing' : 'bytes', signal)
  if (read.kind === 'failure') return read
  const content = { sha256: read.sha256, sizeBytes: file.sizeBytes }
  switch (examined.kind) {
    case 'audio':
    case 'image': {
      const { kind, mime } = examined
      return { kind, mime, bytes: null, reading: readingBy(readerOfMedia(kind, mime)), notes: [], ...content }
    }
    case 'docx':
      return asText(await readDocx(read.bytes), null, false, { ...content, reading: readingBy('docx') })
    case 'text': {
      const decoded = decodeText(read.bytes)
      if (decoded.kind === 'failure') return decoded
      if (beginsAsSvg(decoded.text)) {
        return inputFailure('unsupported_type', [remark('late_svg')])
      }
      const reader = readerOf(name, decoded.text)
      const extracted = extractText(reader, decoded.text)
      return asText(extracted, decoded.encoding, decoded.bom, { ...content, reading: readingBy(reader) })
    }
  }
}

async function readDocx(bytes: Uint8Array): Promise<ExtractedText | Failure> {
  const extracted = await extractDocx(bytes)
  return extracted.kind === 'failure' ? extracted : withReadings(extracted, { isMarked: false, areLinesFolded: false })
}

function givenText(
  source: Extract<Source, { readonly text: string }>,
  reader: Reader,
  limits: IntakeLimits,
): Asset | Failure {
  const { text, encoding } = source
  const bytes = Buffer.from(text)
  if (bytes.length > limits.textBytes) {
    return inputFailure('too_large', [remark('large_text', { count: bytes.length, limit: limits.textBytes })])
  }
  const sha256 = hash('sha256', bytes)
  const { omitted = [], notes = [] } = source.kind === 'row' ? source : {}
  const plain = extractText('plain', text)
  const extracted =
    plain.kind === 'failure'
      ? plain
      : { ...plain, omitted: [...plain.omitted, ...omitted], notes: [...plain.notes, ...notes] }
  return asText(extracted, encoding, false, { sha256, sizeBytes: bytes.length, reading: readingBy(reader) })
}

function asText(
  extracted: ExtractedText | Failure,
  encoding: Encoding | null,
  bom: boolean,
  content: Omit<AssetContent, 'notes'>,
): TextAsset | Failure {
  if (extracted.kind === 'failure') return extracted
  const { text, format, anchors, omitted, notes } = extracted
  if (!hasVisible(text)) {
    return omitted.length === 0 ? inputFailure('empty', '') : inputFailure('left_out', omitted)
  }
  return { kind: 'text', text, format, encoding, bom, anchors, omitted, notes, ...content }
}
