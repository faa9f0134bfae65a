import { fileTypeFromBuffer } from 'file-type'
import { beginsAsSvg } from '../imaging/svg-start.ts'
import { createEncodingDetector } from '../text/decode-text.ts'

/** What content is, judged by its first bytes alone. */
export type Sniffed =
  | { readonly kind: 'image'; readonly mime: string }
  | { readonly kind: 'audio'; readonly mime: string }
  | { readonly kind: 'text' }
  /** Office documents and other archives look alike at the beginning; their directory tells them apart. */
  | { readonly kind: 'zip' }
  | { readonly kind: 'unsupported'; readonly what: string }

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
  return { kind: 'unsupported', what: 'binary data of an unknown type' }
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
  return { kind: 'unsupported', what: `${family(mime)} (${extension})` }
}

const zipTypes = /^application\/(?:zip|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument|vnd\.ms-)/

function family(mime: string): string {
  if (mime.startsWith('video/') || mime === 'application/vnd.ms-asf') return 'a video'
  if (mime.startsWith('audio/')) return 'audio in a format that the platforms do not take'
  if (mime.startsWith('image/')) return 'an image in a format that cannot be read'
  if (mime.startsWith('font/')) return 'a font'
  if (mime === 'application/x-cfb') return 'an old Office document (.doc, .xls, .ppt) or similar'
  if (/x-msdownload|x-elf|mach-binary|x-executable|wasm|java/.test(mime)) return 'a program'
  if (/zip|rar|7z|tar|compress|gzip|xz|zstd|lz|cab|archive/.test(mime)) return 'an archive'
  return 'a file of another type'
}

/** Formats that begin with readable words but are no text to be screened. */
function documentAsText(head: Uint8Array): string | null {
  const start = Buffer.from(head.subarray(0, 512))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  if (start.startsWith('%PDF-')) return 'a PDF document'
  if (start.startsWith('{\\rtf')) return 'an RTF document'
  if (start.startsWith('%!PS')) return 'a PostScript document'
  // Pictures whose pixels are written in digits or letters.
  if (/^P[123]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s/.test(start))
    return 'an image in a format that cannot be read (PNM)'
  if (/^\/\*\s*XPM\s*\*\//.test(start)) return 'an image in a format that cannot be read (XPM)'
  if (/^\s*#define\s+\w*_?width\s+\d+\s+#define\s+\w*_?height\s+\d/.test(start)) {
    return 'an image in a format that cannot be read (XBM)'
  }
  return null
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
