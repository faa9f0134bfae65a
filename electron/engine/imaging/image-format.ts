/** The formats of pictures that are decoded here, each told by its content and never by its name. */

import { latin1, viewOf } from './formats/bytes.ts'
import { unreadable } from './refusal.ts'
import { beginsAsSvg } from './svg-start.ts'

interface ImageFormatRecord {
  readonly name: string
  /** The version of its reading, see `Reading` in `formats/family.ts`. */
  readonly version: number
  /** The types that files of this format are recognised as. */
  readonly mimes: readonly string[]
  /** What people call it; null for what is mostly refused and not to be promised. */
  readonly shownAs: string | null
  /** `start` is the first 64 bytes, a character each. Throws `Refusal` for its files that cannot be read. */
  begins(start: string, bytes: Uint8Array): boolean
}

const records = [
  {
    name: 'jpeg',
    version: 2,
    mimes: ['image/jpeg'],
    shownAs: 'JPG',
    begins: start => start.startsWith('\xff\xd8\xff'),
  },
  {
    name: 'png',
    version: 2,
    mimes: ['image/png', 'image/apng'],
    shownAs: 'PNG',
    begins: start => start.startsWith('\x89PNG\r\n\x1a\n'),
  },
  {
    name: 'gif',
    version: 2,
    mimes: ['image/gif'],
    shownAs: 'GIF',
    begins: start => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  },
  {
    name: 'webp',
    version: 2,
    mimes: ['image/webp'],
    shownAs: 'WebP',
    begins: start => start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP',
  },
  {
    name: 'tiff',
    version: 2,
    mimes: ['image/tiff'],
    shownAs: 'TIFF',
    begins: start => /^(II[*+]\0|MM\0[*+])/.test(start),
  },
  { name: 'bmp', version: 2, mimes: ['image/bmp'], shownAs: 'BMP', begins: start => start.startsWith('BM') },
  {
    name: 'avif',
    version: 2,
    mimes: ['image/avif'],
    shownAs: 'AVIF',
    begins: (start, bytes) => {
      const brands = brandsOf(start, bytes)
      // The sequence brand marks an animation; libvips shows only its cover.
      if (brands.includes('avis')) throw unreadable('animated_avif')
      return brands.includes('avif')
    },
  },
  {
    name: 'heic',
    version: 3,
    mimes: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
    shownAs: 'HEIC',
    begins: (start, bytes) => /hei[cxms]|hev[cxms]|mif1|msf1/.test(brandsOf(start, bytes)),
  },
  { name: 'svg', version: 2, mimes: ['image/svg+xml'], shownAs: 'SVG', begins: (_, bytes) => looksLikeSvg(bytes) },
] as const satisfies readonly ImageFormatRecord[]

export type ImageFormat = (typeof records)[number]['name']

/** In the order in which they are asked. */
export const imageFormats: readonly (ImageFormatRecord & { readonly name: ImageFormat })[] = records

/** Null for what is no image that is known here. */
export function sniffImage(bytes: Uint8Array): ImageFormat | null {
  const start = latin1(bytes, 0, 64)
  return imageFormats.find(format => format.begins(start, bytes))?.name ?? null
}

/** ISO media files name their content in brands (ISO/IEC 23008-12); empty for other files. */
function brandsOf(start: string, bytes: Uint8Array): string {
  return start.slice(4, 8) === 'ftyp' ? latin1(bytes, 8, Math.min(viewOf(bytes).getUint32(0), 256)) : ''
}

/** As much as intake looks at; a drawing that begins later is refused there. */
const svgHeadBytes = 8192

function looksLikeSvg(bytes: Uint8Array): boolean {
  return beginsAsSvg(latin1(bytes, 0, svgHeadBytes).replace(/^\xef\xbb\xbf/, ''))
}
