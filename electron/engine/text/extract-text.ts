import type { Failure } from '../../../shared/conclusion.ts'
import { extractHtml } from './extract-html.ts'
import { extractJson } from './extract-json.ts'
import { extractSubtitles } from './extract-subtitles.ts'
import type { Anchor } from './positions.ts'

/** What a text is read as; `plain` includes Markdown and everything that has no format of its own. */
export type TextFormat = 'plain' | 'html' | 'json' | 'subtitles' | 'docx'

/**
 * What a reader of the file would see. `text` is what is submitted and what ranges count in:
 * for `plain` it is the decoded file itself, otherwise what was extracted from it, which the inspector shows.
 */
export interface ExtractedText {
  readonly kind: 'extracted'
  readonly text: string
  readonly format: TextFormat
  /** Where the passages stood in the decoded file, by rising offset; null when that is the text itself, or has no lines (docx). */
  readonly anchors: readonly Anchor[] | null
  /** What the file shows besides text and is not in `text`, e.g. `3 pictures`: without it the file has not been screened whole. */
  readonly omitted: readonly string[]
}

/** Extracts the visible text of a decoded file; docx comes from bytes, see `extractDocx`. */
export function extractText(format: Exclude<TextFormat, 'docx'>, decoded: string): ExtractedText | Failure {
  switch (format) {
    case 'plain':
      return { kind: 'extracted', text: decoded, format, anchors: null, omitted: [] }
    case 'html':
      return extractHtml(decoded)
    case 'json':
      return extractJson(decoded)
    case 'subtitles':
      return extractSubtitles(decoded)
  }
}

const formatsByExtension: Readonly<Record<string, Exclude<TextFormat, 'docx'>>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  json: 'json',
  jsonc: 'json',
  srt: 'subtitles',
  vtt: 'subtitles',
}

/** Formats of text cannot be told apart by content alone, except where they announce themselves; the name decides the rest. */
export function textFormatOf(name: string, decoded: string): Exclude<TextFormat, 'docx'> {
  if (/^\s*(?:<!--[\s\S]{0,4096}?-->\s*)*<(?:!doctype\s+html|html)\b/i.test(decoded.slice(0, 8192))) return 'html'
  if (/^WEBVTT(?:[ \t\r\n]|$)/.test(decoded)) return 'subtitles'
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1]
  return (extension === undefined ? undefined : formatsByExtension[extension]) ?? 'plain'
}
