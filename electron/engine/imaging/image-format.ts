/** Tells an image's format by its content, never by its name. */

import { latin1, viewOf } from './formats/bytes.ts'
import { unreadable } from './refusal.ts'
import { beginsAsSvg } from './svg-start.ts'

export const imageFormats = ['jpeg', 'png', 'gif', 'webp', 'avif', 'heic', 'tiff', 'bmp', 'svg'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** As much as intake looks at; a drawing that begins later is refused there. */
const svgHeadBytes = 8192

/** Null for what is no image that is known here. */
export function sniffImage(bytes: Uint8Array): ImageFormat | null {
  const head = latin1(bytes, 0, 64)
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return 'tiff'
  if (head.startsWith('BM')) return 'bmp'
  if (head.slice(4, 8) === 'ftyp') return sniffBrands(bytes)
  return looksLikeSvg(bytes) ? 'svg' : null
}

/** ISO media files name their content in brands (ISO/IEC 23008-12). */
function sniffBrands(bytes: Uint8Array): ImageFormat | null {
  const brands = latin1(bytes, 8, Math.min(viewOf(bytes).getUint32(0), 256))
  // The sequence brand stands for a moving picture of which libvips shows the cover only.
  if (brands.includes('avis')) throw unreadable('animated_avif')
  if (brands.includes('avif')) return 'avif'
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : null
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  return beginsAsSvg(latin1(bytes, 0, svgHeadBytes).replace(/^\xef\xbb\xbf/, ''))
}
