import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { type OpenFile, readAt, readHead } from '../base/open-file.ts'
import { compoundKind, readCompoundNames } from './archives/compound-file.ts'
import { identifyEntries } from './archives/identify-archive.ts'
import { peekEntryOf, readZipDirectoryOf } from './archives/zip-archive.ts'
import { extensionOf } from './extension.ts'
import type { ArchiveFormat, DocumentFormat, MediaFormat, RowsFormat } from './family.ts'
import { kindExpectedOf, mediaFormatOf, rowsFormatOf } from './find-format.ts'
import { sniff, sniffBytes } from './sniff.ts'
import type { IntakeLimits } from './source.ts'

/** What an open file is and whether it may be read. */
export type Examined =
  | { readonly kind: 'media'; readonly format: MediaFormat; readonly mime: string; readonly note: Remark | null }
  /** Which format reads it is known once it is decoded. */
  | { readonly kind: 'text' }
  | { readonly kind: 'document'; readonly format: DocumentFormat }
  /** A folder in one file. */
  | { readonly kind: 'archive'; readonly format: ArchiveFormat }
  /** `isText` for a text that is a list by its name, so that it may be taken for a list of another kind. */
  | { readonly kind: 'rows'; readonly format: RowsFormat; readonly isText: boolean }
  | Failure

/** Judges an open file by its content; the name only tells apart what content cannot, such as a table among texts. */
export async function examine(file: OpenFile, name: string, limits: IntakeLimits): Promise<Examined> {
  if (file.sizeBytes === 0) return inputFailure('empty', [remark('empty_file')])
  const sniffed = await sniff(await readHead(file, sniffBytes))
  const extension = extensionOf(name)
  switch (sniffed.kind) {
    case 'unsupported':
      return inputFailure('unsupported_type', [sniffed.what])
    case 'compound':
      return await examineCompound(file, limits)
    case 'zip':
      return await examineZip(file, limits)
    case 'format':
      return examinedAs(sniffed.format, file, limits)
    case 'image':
    case 'audio': {
      const tooLargeImage = sniffed.kind === 'image' ? tooLarge(file, limits.imageBytes, 'large_image') : null
      if (tooLargeImage !== null) return tooLargeImage
      const { kind, mime } = sniffed
      return { kind: 'media', format: mediaFormatOf(kind, mime), mime, note: mismatch(extension, kind, mime) }
    }
    case 'text': {
      // Tables are streamed, so they may be larger than a text, which is held whole.
      const rows = rowsFormatOf(extension)
      if (rows !== null) return { kind: 'rows', format: rows, isText: true }
      return notAsNamed(extension) ?? tooLarge(file, limits.textBytes, 'large_text') ?? { kind: 'text' }
    }
  }
}

function examinedAs(
  format: DocumentFormat | RowsFormat | ArchiveFormat,
  file: OpenFile,
  limits: IntakeLimits,
): Examined {
  if (format.reads === 'archive') return { kind: 'archive', format }
  const maxBytes = (format.reads === 'document' ? format.maxBytes : undefined) ?? limits.documentBytes
  const refusal = tooLarge(file, maxBytes, 'large_text')
  if (refusal !== null) return refusal
  return format.reads === 'document' ? { kind: 'document', format } : { kind: 'rows', format, isText: false }
}

async function examineZip(file: OpenFile, limits: IntakeLimits): Promise<Examined> {
  const directory = await readZipDirectoryOf(file)
  if (directory.kind === 'failure') return directory
  const what = await identifyEntries(directory.entries, entry => peekEntryOf(file, entry))
  return 'reads' in what ? examinedAs(what, file, limits) : inputFailure('unsupported_type', [what])
}

async function examineCompound(file: OpenFile, limits: IntakeLimits): Promise<Examined> {
  const read = (offset: number, length: number) => readAt(file, offset, length)
  const what = compoundKind(await readCompoundNames(read, file.sizeBytes))
  return 'reads' in what ? examinedAs(what, file, limits) : inputFailure('unsupported_type', [what])
}

function tooLarge(file: OpenFile, maxBytes: number, code: RemarkCode): Failure | null {
  if (file.sizeBytes <= maxBytes) return null
  return inputFailure('too_large', [remark(code, { count: file.sizeBytes, limit: maxBytes })])
}

/**
 * A picture or a recording that is text inside is a page that was saved in its place, or a drawing that nobody here can draw.
 * Its letters could pass, and would speak for what people expect under that name.
 */
function notAsNamed(extension: string): Failure | null {
  const expected = kindExpectedOf(extension)
  if (expected !== 'image' && expected !== 'audio' && expected !== 'video') return null
  const code = notNamed[expected]
  return inputFailure('unsupported_type', [remark(code, { name: extension })])
}

const notNamed = {
  image: 'not_the_image_named',
  audio: 'not_the_recording_named',
  video: 'not_the_film_named',
} as const

function mismatch(extension: string, kind: MediaFormat['kind'], what: string): Remark | null {
  const expected = kindExpectedOf(extension)
  return expected === undefined || expected === kind
    ? null
    : remark('named_otherwise', { name: `.${extension}`, place: what })
}
