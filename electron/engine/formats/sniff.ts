import { fileTypeFromBuffer } from 'file-type'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { beginsAsSvg } from '../imaging/svg-start.ts'
import { createEncodingDetector } from './text/decode-text.ts'

/** What content is, judged by its first bytes alone. */
export type Sniffed =
  | { readonly kind: 'image'; readonly mime: string }
  | { readonly kind: 'audio'; readonly mime: string }
  | { readonly kind: 'text' }
  /** Office documents and other archives look alike at the beginning; their directory tells them apart. */
  | { readonly kind: 'zip' }
  /** So do the older ones, and new ones that are encrypted. */
  | { readonly kind: 'compound' }
  | { readonly kind: 'unsupported'; readonly what: Remark }

/** How many bytes `sniff` wants to see; more do not change its answer. */
export const sniffBytes = 8192

export async function sniff(head: Uint8Array): Promise<Sniffed> {
  const named = documentAsText(head)
  if (named !== null) return { kind: 'unsupported', what: named }
  if (isSvg(head)) return { kind: 'image', mime: 'image/svg+xml' }
  // Signatures are short ("BM" is a bitmap, "MZ" a program): what consists of readable bytes only is text, whatever it begins with.
  if (!head.some(isControl) || hasUtf16Mark(head)) return { kind: 'text' }
  const type = await fileTypeFromBuffer(head)
  if (type !== undefined) return byType(type.ext, type.mime)
  // The directory, which would say more, may lie anywhere in the file.
  if (isTiff(head)) return { kind: 'image', mime: 'image/tiff' }
  if (!head.includes(0) || isUtf16(head)) return { kind: 'text' }
  return { kind: 'unsupported', what: remark('unknown_binary') }
}

/** What the imaging engine reads (besides SVG). */
const imageTypes = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/tiff',
  'image/bmp',
  'image/heic',
  'image/heif',
  'image/heic-sequence',
  'image/heif-sequence',
])

/** The formats of the platform's asynchronous audio checks (spec §3.2); m4a is not among them. */
const audioExtensions = new Set(['mp3', 'aac', 'ac3', 'asf', 'wma', 'flac', 'ogg', 'oga', 'opus', 'wav'])

function byType(extension: string, mime: string): Sniffed {
  if (imageTypes.has(mime)) return { kind: 'image', mime }
  if (audioExtensions.has(extension) && mime.startsWith('audio/')) return { kind: 'audio', mime }
  if (zipTypes.test(mime)) return { kind: 'zip' }
  if (mime === 'application/x-cfb') return { kind: 'compound' }
  return { kind: 'unsupported', what: family(mime, extension) }
}

const zipTypes =
  /^application\/(?:zip|epub\+zip|java-archive|vnd\.visio|vnd\.android|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument|vnd\.ms-)/

function family(mime: string, extension: string): Remark {
  const name = extension
  if (mime.startsWith('video/') || mime === 'application/vnd.ms-asf') return remark('video', { name })
  if (mime.startsWith('audio/')) return remark('untaken_audio', { name })
  if (mime.startsWith('image/')) return remark('unread_image', { name })
  if (mime.startsWith('font/')) return remark('font', { name })
  if (/x-msdownload|x-elf|mach-binary|x-executable|wasm|java/.test(mime)) return remark('program', { name })
  if (/zip|rar|7z|tar|compress|gzip|xz|zstd|lz|cab|archive/.test(mime)) return remark('archive', { name })
  return remark('other_type', { name })
}

/** How far from its beginning readers look for a document's mark: blank lines, a byte-order mark and rubbish may stand before it. */
const markReach = 1024

/** What programs that read on find behind that, by marks that no text has in a line's first place. */
function laterDocument(letters: string): Remark | null {
  if (/(?:^|[\r\n])%PDF-\d\.\d/.test(letters) && /\d \d{1,5} obj\b/.test(letters)) return remark('pdf')
  if (/\{\\u?rtf\d?\\(?:ansi|mac|pca?|adeflang|fbidis)/.test(letters)) return remark('rtf')
  if (/%!PS-Adobe-\d/.test(letters)) return remark('postscript')
  return null
}

/** Formats that begin with readable words but are no text to be screened. */
function documentAsText(head: Uint8Array): Remark | null {
  const letters = Buffer.from(head).toString('latin1')
  const start = letters.slice(0, markReach)
  // Within a line it is the mark only if the rest is what it announces: a text may speak of it.
  const pdf = start.indexOf('%PDF-')
  if (pdf >= 0 && (beginsLine(start, pdf) || /\d \d{1,5} obj\b/.test(letters))) return remark('pdf')
  const rtf = start.indexOf('{\\rtf')
  if (rtf >= 0 && (beginsLine(start, rtf) || /^\{\\rtf\d?\\(?:ansi|mac|pca?|adeflang|fbidis)/.test(start.slice(rtf)))) {
    return remark('rtf')
  }
  const postscript = start.indexOf('%!PS')
  if (postscript >= 0 && beginsLine(start, postscript)) return remark('postscript')
  const later = laterDocument(letters)
  if (later !== null) return later
  const first = start.replace(/^\xef\xbb\xbf/, '').trimStart()
  if (/^%FDF-\d/.test(first)) return remark('pdf')
  if (/^P7\s+(?:#[^\n]*\n\s*)*WIDTH \d|^P[Ff]\s\d+ \d+\s-?[\d.]+\s/.test(first))
    return remark('unread_image', { name: 'PNM' })
  if (/^#\?(?:RADIANCE|RGBE)\s/.test(first)) return remark('unread_image', { name: 'HDR' })
  if (/^#FIG \d/.test(first)) return remark('unread_image', { name: 'FIG' })
  // Pictures whose pixels are written in digits or letters.
  if (/^P[123]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s/.test(first.slice(0, 512)))
    return remark('unread_image', { name: 'PNM' })
  if (/(?:^|\n)\/\*\s*XPM\s*\*\//.test(first)) return remark('unread_image', { name: 'XPM' })
  if (/^#define\s+\w{0,200}_?width\s+\d+\s+#define\s+\w{0,200}_?height\s+\d/.test(first))
    return remark('unread_image', { name: 'XBM' })
  return null
}

function beginsLine(start: string, at: number): boolean {
  return /(?:^|[\r\n])[\t \xef\xbb\xbf]*$/.test(start.slice(0, at))
}

function isTiff(head: Uint8Array): boolean {
  return /^(?:II[*+]\0|MM\0[*+])/.test(Buffer.from(head.subarray(0, 4)).toString('latin1'))
}

function isSvg(head: Uint8Array): boolean {
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
  return beginsAsSvg(new TextDecoder(encoding).decode(head))
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) || byte === 0x7f
}

function hasUtf16Mark(head: Uint8Array): boolean {
  return (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
}

function isUtf16(head: Uint8Array): boolean {
  // The head may end within a surrogate pair: then it is certain without its last unit.
  const even = head.length - (head.length % 2)
  return [even, even - 2].some(length => {
    const detector = createEncodingDetector()
    detector.push(head.subarray(0, Math.max(0, length)))
    const detected = detector.finish()
    return detected.kind === 'encoding' && detected.encoding.startsWith('utf-16')
  })
}
