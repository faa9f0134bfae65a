import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { Dispatcher } from 'undici'
import type { Failure } from '../../../shared/conclusion.ts'
import type { AssetKind } from '../../../shared/domain.ts'
import type { Encoding, EncodingSaid } from '../../../shared/encodings.ts'
import type { Section } from '../../../shared/pieces.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { fileFailure, readWhole } from '../base/open-file.ts'
import type { Piece } from '../formats/documents/document.ts'
import type { DocumentRef, Documents } from '../formats/documents/documents.ts'
import type { Examined } from '../formats/examine.ts'
import { extractText, readerOf } from '../formats/extract-text.ts'
import type { Drawable, ExtractedText, Reading } from '../formats/family.ts'
import { mediaFormatOf } from '../formats/find-format.ts'
import { readingBy } from '../formats/readings.ts'
import { type IntakeLimits, intakeLimits, type Source } from '../formats/source.ts'
import { hasVisible } from '../formats/text/chunk-text.ts'
import { decodeText } from '../formats/text/decode-text.ts'
import type { Anchor } from '../formats/text/positions.ts'
import { beginsAsSvg } from '../imaging/svg-start.ts'
import { downloadMedia } from './download.ts'
import type { KnownFiles } from './known-files.ts'
import { type OpenedFile, openAndExamine } from './opened-file.ts'
import type { Survey } from './survey.ts'

interface AssetContent {
  /** The hash of the bytes of the file or download; for rows and pasted text, of the UTF-8 text, with the hashes of a row's pictures. */
  readonly sha256: string
  readonly sizeBytes: number
  /** Which reader read it, and its version. */
  readonly reading: Reading
  /** What no common viewer shows and a person may want to know. */
  readonly notes: readonly Remark[]
}

/** Bytes that are the asset as they stand. */
export interface MediaAsset extends AssetContent {
  readonly form: 'media'
  readonly kind: 'image' | 'audio'
  readonly mime: string
  /** What was downloaded or held; null for a file: the decoder reads it by its path and checks it against the hash. */
  readonly bytes: Uint8Array | null
}

/** What a reader found words or pieces in. */
export interface ReadAsset extends AssetContent {
  readonly form: 'read'
  readonly kind: AssetKind
  /** What is submitted and what ranges count in; empty for a document without words. */
  readonly text: string
  /** `ExtractedText.format`. */
  readonly format: string
  /** Null for Office documents, which say themselves. */
  readonly encoding: EncodingSaid | null
  readonly bom: boolean
  /** For `chunkText`: where extracted passages stood in the file. */
  readonly anchors: readonly Anchor[] | null
  /** What the file shows besides `text`; with any of it the asset cannot pass. */
  readonly omitted: readonly Remark[]
  readonly sections: readonly Section[]
  readonly pieces: readonly Piece[]
  /** `ExtractedText.drawable`. */
  readonly drawable: Drawable | null
  /** What its pieces are loaded from; null where nothing is. */
  readonly document: DocumentRef | null
}

export type Asset = MediaAsset | ReadAsset

export interface ReadOptions {
  readonly documents: Pick<Documents, 'survey'>
  /** Made by `createUrlDispatcher`, which keeps downloads away from private addresses. */
  readonly dispatcher: Dispatcher
  readonly limits?: IntakeLimits
  /** What plans found out: holds while the file is the same. */
  readonly known?: Pick<KnownFiles, 'recall'>
  /** Left the files open that it found. */
  readonly survey?: Survey
  /** What somebody says that the source is in, if it is a text whose bytes leave that open. */
  readonly encoding?: Encoding | null
  /** Images up to this size keep their bytes, so that who decodes them need not open the file again; 0 unless given. */
  readonly heldBytes?: number
}

/** What is in an archive is read as the file that it was unpacked to. */
export type ReadableSource = Exclude<Source, { kind: 'entry' }>

/** Reads what a source leads to, hashing on the way. Throws only when `signal` aborts. */
export async function readAsset(
  source: ReadableSource,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<Asset | Failure> {
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
      const format = mediaFormatOf(what, mime)
      return mediaAsset({ kind: 'media', format, mime, note: null }, { sha256, sizeBytes: bytes.length }, bytes)
    }
    case 'file':
      return await readFile(source.path, options, limits, signal)
  }
}

async function readFile(
  path: string,
  options: ReadOptions,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<Asset | Failure> {
  // Before the first await: the survey closes the files that nobody has taken.
  const left = options.survey?.take(path) ?? null
  if (left === null) {
    const known = (await options.known?.recall(path)) ?? null
    if (known?.examined.kind === 'media' && known.sha256 !== null) {
      return mediaAsset(known.examined, { sha256: known.sha256, sizeBytes: known.sizeBytes }, null)
    }
  }
  const opened = left ?? (await openAndExamine(path, limits, signal))
  if (opened.kind === 'failure') return opened
  try {
    return await readOpened(opened, options, signal)
  } catch (error) {
    signal.throwIfAborted()
    return fileFailure(error)
  } finally {
    await opened.file.handle.close()
  }
}

async function readOpened(opened: OpenedFile, options: ReadOptions, signal: AbortSignal): Promise<Asset | Failure> {
  const { path, file, openedAtMs, examined } = opened
  const { sizeBytes } = file
  switch (examined.kind) {
    case 'failure':
      return examined
    case 'rows':
      return inputFailure('changed_file', [remark('now_table')])
    case 'archive':
      return inputFailure('changed_file', [remark('now_archive')])
    case 'media': {
      const isHeld = examined.format.kind === 'image' && sizeBytes <= (options.heldBytes ?? 0)
      const read = await readWhole(file, isHeld ? 'bytes' : 'nothing', signal)
      if (read.kind === 'failure') return read
      options.survey?.keep(path, file.stat, openedAtMs, { sizeBytes, examined, sha256: read.sha256 })
      return mediaAsset(examined, { sha256: read.sha256, sizeBytes }, isHeld ? read.bytes : null)
    }
    case 'document': {
      const read = await readWhole(file, 'nothing', signal)
      if (read.kind === 'failure') return read
      const { name, kind } = examined.format
      const document: DocumentRef = { format: name, path, sha256: read.sha256 }
      const content = { sha256: read.sha256, sizeBytes, reading: readingBy(name) }
      return readAs(await options.documents.survey(document, signal), {
        kind,
        document,
        encoding: null,
        bom: false,
        ...content,
      })
    }
    case 'text': {
      const read = await readWhole(file, 'bytes', signal)
      if (read.kind === 'failure') return read
      const decoded = decodeText(read.bytes, options.encoding ?? null)
      if (decoded.kind === 'failure') return decoded
      if (beginsAsSvg(decoded.text)) {
        return inputFailure('unsupported_type', [remark('late_svg')])
      }
      const reader = readerOf(basename(path), decoded.text)
      const extracted = extractText(reader, decoded.text)
      const { encoding, bom } = decoded
      const content = { sha256: read.sha256, sizeBytes, reading: readingBy(reader) }
      return readAs(extracted, { kind: 'text', document: null, encoding, bom, ...content })
    }
  }
}

function mediaAsset(
  { format, mime }: Extract<Examined, { kind: 'media' }>,
  content: Pick<AssetContent, 'sha256' | 'sizeBytes'>,
  bytes: Uint8Array | null,
): MediaAsset {
  return { form: 'media', kind: format.kind, mime, bytes, reading: readingBy(format.name), notes: [], ...content }
}

function givenText(
  source: Extract<Source, { readonly text: string }>,
  reader: string,
  limits: IntakeLimits,
): Asset | Failure {
  const { text, encoding } = source
  const bytes = Buffer.from(text)
  if (bytes.length > limits.textBytes) {
    return inputFailure('too_large', [remark('large_text', { count: bytes.length, limit: limits.textBytes })])
  }
  const { omitted = [], notes = [], held } = source.kind === 'row' ? source : {}
  const hashes = held?.pieces.map(each => each.sha256) ?? []
  const sha256 = hash('sha256', held === undefined ? bytes : JSON.stringify([text, hashes]))
  const plain = extractText('plain', text)
  const extracted =
    plain.kind === 'failure'
      ? plain
      : {
          ...plain,
          omitted: [...plain.omitted, ...omitted],
          notes: [...plain.notes, ...notes],
          pieces: held?.pieces ?? [],
        }
  const content = { sha256, sizeBytes: bytes.length, reading: readingBy(reader) }
  // A file in an archive is read where it was unpacked to.
  const document =
    held?.file.kind === 'file' ? { format: held.format, path: held.file.path, sha256: held.sha256 } : null
  return readAs(extracted, {
    kind: held === undefined ? 'text' : 'document',
    document,
    encoding,
    bom: false,
    ...content,
  })
}

function readAs(
  extracted: ExtractedText | Failure,
  content: Omit<
    ReadAsset,
    'form' | 'text' | 'format' | 'anchors' | 'omitted' | 'notes' | 'sections' | 'pieces' | 'drawable'
  >,
): ReadAsset | Failure {
  if (extracted.kind === 'failure') return extracted
  const { text, format, anchors, omitted, notes, sections = [], pieces = [], drawable = null } = extracted
  const isSeen = hasVisible(text)
  if (!isSeen && pieces.length === 0 && (drawable === null || omitted.length === 0)) {
    return omitted.length === 0 ? inputFailure('empty', '') : inputFailure('left_out', omitted)
  }
  // A page without words may be all drawings.
  return {
    form: 'read',
    text: isSeen || pieces.length > 0 ? text : '',
    format,
    anchors,
    omitted,
    notes,
    sections,
    pieces,
    drawable,
    ...content,
  }
}
