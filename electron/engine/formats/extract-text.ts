import type { Failure } from '../../../shared/conclusion.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { extractHtml, extractXhtml } from './html/extract-html.ts'
import { readWrittenMarkup } from './html/written-markup.ts'
import { extractJson, extractJsonLines } from './json/extract-json.ts'
import { extractAss } from './subtitles/extract-ass.ts'
import { extractSubtitles } from './subtitles/extract-subtitles.ts'
import type { Anchor } from './text/positions.ts'
import { withReadings } from './text/with-readings.ts'
import { extractXml } from './xml/extract-xml.ts'

/** What a text is read as; `plain` includes Markdown and everything that has no format of its own. */
export type TextFormat = 'plain' | 'html' | 'json' | 'xml' | 'subtitles' | 'docx'

/** How a decoded file is read; several of these give one format. `markup` is text whose lines end where its writer liked, as in Markdown. */
export type TextReader =
  | 'plain'
  | 'markup'
  | 'mail'
  | 'html'
  | 'xhtml'
  | 'json'
  | 'json lines'
  | 'xml'
  | 'subtitles'
  | 'ass'

/**
 * What a reader of the file would see. `text` is what is submitted and what ranges count in: for `plain` it begins with the decoded
 * file itself, otherwise with what was extracted from it, which the inspector shows. Behind it stand the passages that read otherwise
 * to a program or a person: decoded, without their marks, in the order in which they are shown.
 */
export interface ExtractedText {
  readonly kind: 'extracted'
  readonly text: string
  readonly format: TextFormat
  /** Where the passages stood in the decoded file, by rising offset; null when that is the text itself, or has no lines (docx). */
  readonly anchors: readonly Anchor[] | null
  /** What the file shows and is not in `text`: left out, so that the asset cannot pass. */
  readonly omitted: readonly Remark[]
  /** What no common viewer shows and a person may want to know: a pass may stand beside it. */
  readonly notes: readonly Remark[]
}

/** Extracts the visible text of a decoded file; docx comes from bytes, see `extractDocx`. */
export function extractText(reader: TextReader, decoded: string): ExtractedText | Failure {
  const extracted = extract(reader, decoded)
  if (extracted.kind === 'failure') return extracted
  const isMarked = reader !== 'html' && reader !== 'xhtml' && reader !== 'xml'
  return withReadings(extracted, { isMarked, areLinesFolded: reader === 'markup' })
}

function extract(reader: TextReader, decoded: string): ExtractedText | Failure {
  switch (reader) {
    case 'plain':
    case 'markup':
      return { kind: 'extracted', text: decoded, format: 'plain', anchors: null, ...readWrittenMarkup(decoded) }
    case 'mail':
      return inputFailure('unsupported_type', [remark('mail')])
    case 'html':
      return extractHtml(decoded)
    case 'xhtml':
      return extractXhtml(decoded)
    case 'json':
      return extractJson(decoded)
    case 'json lines':
      return extractJsonLines(decoded)
    case 'xml':
      return extractXml(decoded)
    case 'subtitles':
      return extractSubtitles(decoded)
    case 'ass':
      return extractAss(decoded)
  }
}

const readersByExtension: Readonly<Record<string, TextReader>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'xhtml',
  xht: 'xhtml',
  json: 'json',
  jsonc: 'json',
  geojson: 'json',
  webmanifest: 'json',
  arb: 'json',
  ipynb: 'json',
  jsonl: 'json lines',
  ndjson: 'json lines',
  xml: 'xml',
  rss: 'xml',
  atom: 'xml',
  opml: 'xml',
  plist: 'xml',
  resx: 'xml',
  xlf: 'xml',
  xliff: 'xml',
  ttml: 'xml',
  dfxp: 'xml',
  fb2: 'xml',
  smi: 'html',
  sami: 'html',
  srt: 'subtitles',
  vtt: 'subtitles',
  ass: 'ass',
  ssa: 'ass',
  ...Object.fromEntries(
    'md markdown mdown mkd mdx rst adoc asciidoc org tex textile wiki mediawiki yaml yml ics vcf'
      .split(' ')
      .map(extension => [extension, 'markup' as const]),
  ),
}

const prolog = /\s+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y
const pageStart = /<(?:!doctype\s+html|html)\b/iy

/** A loop, since one pattern for all of it would try every way to divide a row of comments. */
function beginsAsPage(head: string): boolean {
  let at = 0
  prolog.lastIndex = 0
  while (prolog.test(head)) at = prolog.lastIndex
  pageStart.lastIndex = at
  return pageStart.test(head)
}

/** Whether a text is a mail, or has parts that are encoded as in one, wherever its header says so. */
function isMail(decoded: string, head: string): boolean {
  if (/^(?:MIME-Version|Content-Transfer-Encoding)[ \t]*:/im.test(head)) return true
  if (/^Content-Transfer-Encoding[ \t]*:[ \t]*(?:base64|quoted-printable)\b/im.test(decoded)) return true
  const header = /^\s*[!-9;-~]{1,100}[ \t]*:/.test(head) ? decoded.slice(0, decoded.search(/\r?\n\r?\n/)) : ''
  if (/^MIME-Version[ \t]*:/im.test(header)) return true
  // Of other types than text, and names that are encoded in pieces.
  const isLetter = /^(?:From|To|Subject|Date|Message-ID|Received)[ \t]*:/im.test(header)
  return isLetter && /^Content-Type[ \t]*:\s*(?!text\/(?:plain|html)\b)\w+\/|\*\d\*?=/im.test(header)
}

const officeNames = /^(?:xlsx?|et|docx?|wps)$/
const fragmentStart = /^\s*<(?:table|div|meta|style|head|body|p|center|font|span)\b/i

/** Formats of text cannot be told apart by content alone, except where they announce themselves; the name decides the rest. */
export function readerOf(name: string, decoded: string): TextReader {
  const head = decoded.slice(0, 8192).replace(/^\uFEFF/, '')
  const extension = /\.([^.]+)$/.exec(name.toLowerCase())?.[1]
  const isXml = /^\s*<\?xml\s/i.test(head)
  if (beginsAsPage(head)) return isXml || extension === 'xhtml' || extension === 'xht' ? 'xhtml' : 'html'
  // Pages without a head that spreadsheets and word processors open under the name of their own files.
  if (officeNames.test(extension ?? '') && fragmentStart.test(head)) return 'html'
  if (isXml) return 'xml'
  if (isMail(decoded, head)) return 'mail'
  if (/^WEBVTT(?:[ \t\r\n]|$)/.test(head)) return 'subtitles'
  if (/^[ \t]*\[Script Info\][ \t]*$/im.test(head)) return 'ass'
  return (extension === undefined ? undefined : readersByExtension[extension]) ?? 'plain'
}
