import type { Failure } from '../../../shared/conclusion.ts'
import type { AssetKind } from '../../../shared/domain.ts'
import { type Remark, type RemarkCode, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { type OpenFile, readAt, readHead, readWhole } from '../base/open-file.ts'
import { compoundKind, readCompoundNames } from './archives/compound-file.ts'
import { identifyArchive } from './archives/identify-archive.ts'
import { readZipDirectory } from './archives/zip-archive.ts'
import { sniff, sniffBytes } from './sniff.ts'
import type { IntakeLimits } from './source.ts'

/** What an open file is and whether it may be read. */
export type Examined =
  | { readonly kind: 'image' | 'audio'; readonly mime: string; readonly note: Remark | null }
  | { readonly kind: 'text' | 'docx' | 'workbook' | 'delimited'; readonly note: Remark | null }
  | Failure

/** Judges an open file by its content; the name only tells apart what content cannot, such as a table among texts. */
export async function examine(
  file: OpenFile,
  name: string,
  limits: IntakeLimits,
  signal: AbortSignal,
): Promise<Examined> {
  if (file.sizeBytes === 0) return inputFailure('empty', [remark('empty_file')])
  const sniffed = await sniff(await readHead(file, sniffBytes))
  const extension = extensionOf(name)
  switch (sniffed.kind) {
    case 'unsupported':
      return inputFailure('unsupported_type', [sniffed.what])
    case 'compound':
      return await examineCompound(file)
    case 'zip':
      return await examineZip(file, limits, signal)
    case 'image':
      return (
        tooLarge(file, limits.imageBytes, 'large_image') ?? {
          ...sniffed,
          note: mismatch(extension, 'image', sniffed.mime),
        }
      )
    case 'audio':
      return { ...sniffed, note: mismatch(extension, 'audio', sniffed.mime) }
    case 'text':
      // Tables are streamed, so they may be larger than a text, which is held whole.
      if (extension === 'csv' || extension === 'tsv') return { kind: 'delimited', note: null }
      return notAsNamed(extension) ?? tooLarge(file, limits.textBytes, 'large_text') ?? { kind: 'text', note: null }
  }
}

async function examineZip(file: OpenFile, limits: IntakeLimits, signal: AbortSignal): Promise<Examined> {
  if (file.sizeBytes > limits.documentBytes) {
    return inputFailure('unsupported_type', [remark('large_archive', { limit: limits.documentBytes })])
  }
  const read = await readWhole(file, 'bytes', signal)
  if (read.kind === 'failure') return read
  const archive = readZipDirectory(read.bytes)
  if (archive.kind === 'failure') return archive
  const what = await identifyArchive(read.bytes, archive.entries)
  return typeof what === 'string' ? { kind: what, note: null } : inputFailure('unsupported_type', [what])
}

async function examineCompound(file: OpenFile): Promise<Failure> {
  const read = (offset: number, length: number) => readAt(file, offset, length)
  return inputFailure('unsupported_type', [remark(compoundKind(await readCompoundNames(read, file.sizeBytes)))])
}

function tooLarge(file: OpenFile, maxBytes: number, code: RemarkCode): Failure | null {
  if (file.sizeBytes <= maxBytes) return null
  return inputFailure('too_large', [remark(code, { count: file.sizeBytes, limit: maxBytes })])
}

export function extensionOf(name: string): string {
  return /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

const kindsByExtension: Readonly<Record<string, AssetKind>> = Object.fromEntries([
  ...'png apng jpg jpeg jpe jfif gif webp avif tif tiff bmp dib heic heif hif svg ico cur ppm pgm pbm pnm xpm xbm tga pcx psd ai eps wmf emf'
    .split(' ')
    .map(each => [each, 'image']),
  ...['txt', 'md', 'html', 'htm', 'json', 'srt', 'vtt', 'csv', 'tsv'].map(each => [each, 'text']),
  ...['mp3', 'aac', 'ac3', 'wma', 'flac', 'ogg', 'opus', 'wav', 'm4a', 'amr'].map(each => [each, 'audio']),
])

/**
 * A picture or a recording that is text inside is a page that was saved in its place, or a drawing that nobody here can draw.
 * Its letters could pass, and would speak for what people expect under that name.
 */
function notAsNamed(extension: string): Failure | null {
  const named = kindsByExtension[extension]
  if (named !== 'image' && named !== 'audio') return null
  const code = named === 'image' ? 'not_the_image_named' : 'not_the_recording_named'
  return inputFailure('unsupported_type', [remark(code, { name: extension })])
}

function mismatch(extension: string, kind: 'image' | 'audio', what: string): Remark | null {
  const named = kindsByExtension[extension]
  return named === undefined || named === kind
    ? null
    : remark('named_otherwise', { name: `.${extension}`, place: what })
}
