import type { AssetKind } from '../../../shared/domain.ts'
import type { ReadableFormats } from '../../../shared/ipc.ts'
import type { DocumentFormat, Format, MediaFormat, RowsFormat, TextFormat } from './family.ts'
import { families } from './registry.ts'
import { plain } from './text/text.ts'

const formats = families.flatMap(family => family.formats)

/** The format of an image's or a recording's bytes, by the type that they were recognised as. */
export function mediaFormatOf(kind: MediaFormat['kind'], mime: string): MediaFormat {
  const format = formats.find(each => each.reads === 'media' && each.kind === kind && each.takes(mime))
  if (format?.reads !== 'media') throw new Error(`no reader of ${mime}`)
  return format
}

/** Whether a text under a name with this extension is a list of assets; null when it is not. */
export function rowsFormatOf(extension: string): RowsFormat | null {
  const format = formats.find(each => each.reads === 'rows' && each.extensions.includes(extension))
  return format?.reads === 'rows' ? format : null
}

/** Throws when there is none of that name. */
export function textFormatNamed(name: string): TextFormat {
  const format = formats.find(each => each.reads === 'text' && each.name === name)
  if (format?.reads !== 'text') throw new Error(`no text format ${name}`)
  return format
}

/** Throws when there is none of that name. */
export function documentFormatNamed(name: string): DocumentFormat {
  const format = formats.find(each => each.reads === 'document' && each.name === name)
  if (format?.reads !== 'document') throw new Error(`no document format ${name}`)
  return format
}

/** Formats of text cannot be told apart by content alone, except where they announce themselves; the name decides the rest. */
export function textFormatOf(extension: string, text: string): TextFormat {
  const head = text.slice(0, 8192).replace(/^\uFEFF/, '')
  for (const family of families) {
    const format = family.written?.({ text, head, extension }) ?? null
    if (format !== null) return format
  }
  const named = formats.find(each => each.reads === 'text' && each.extensions.includes(extension))
  return named?.reads === 'text' ? named : plain
}

/** The kind of content that people expect under an extension; undefined where they expect nothing in particular. */
export function kindExpectedOf(extension: string): AssetKind | undefined {
  return families.find(({ familiar }) => familiar?.extensions.includes(extension))?.familiar?.kind
}

/** What people are told that they can drop, by what it becomes: what a reader reads, and nothing else. Recordings are left out: few accounts take them. */
export function readableFormats(): ReadableFormats {
  const shown = (fits: (format: Format) => boolean) => formats.filter(fits).flatMap(({ shownAs = [] }) => shownAs)
  return {
    image: shown(format => format.reads === 'media' && format.kind === 'image'),
    text: shown(({ reads }) => reads === 'document' || reads === 'text'),
    table: shown(({ reads }) => reads === 'rows'),
    archive: shown(({ reads }) => reads === 'archive'),
  }
}
