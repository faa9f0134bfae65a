/** Reads what image files say about themselves, and finds the ends that are missing: libvips takes a shortened GIF or TIFF for a shorter one. */

import { Refusal } from './refusal.ts'
import { beginsAsSvg } from './svg-start.ts'

export const imageFormats = ['jpeg', 'png', 'gif', 'webp', 'avif', 'heic', 'tiff', 'bmp', 'svg'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** As much as intake looks at; a drawing that begins later is refused there. */
const svgHeadBytes = 8192

/** Tells the format by content, never by name; null for what is no image that is known here. */
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
  if (brands.includes('avis')) {
    throw new Refusal('unreadable_image', 'Animated AVIF cannot be read: export it as GIF or animated WebP.')
  }
  if (brands.includes('avif')) return 'avif'
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : null
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  return beginsAsSvg(latin1(bytes, 0, svgHeadBytes).replace(/^\xef\xbb\xbf/, ''))
}

/** Walks a GIF to its trailer. */
export function checkGif(bytes: Uint8Array): void {
  let at = 13 + colourTableBytes(bytes[10] ?? 0)
  for (;;) {
    const block = bytes[at]
    if (block === 0x3b) return
    if (block === 0x21) at = afterSubBlocks(bytes, at + 2)
    else if (block === 0x2c) at = afterSubBlocks(bytes, at + 11 + colourTableBytes(bytes[at + 9] ?? 0))
    else if (block === 0) at += 1
    else
      throw damaged(block === undefined ? 'the GIF ends before its last frame does' : 'the GIF holds an unknown block')
  }
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

function afterSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) throw damaged('the GIF ends before its last frame does')
    at += 1 + length
    if (length === 0) return at
  }
}

/** Follows the chain of a TIFF's pages and counts them. */
export function countTiffPages(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  const little = bytes[0] === 0x49
  try {
    const big = view.getUint16(2, little) === 43
    let at = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little)
    const seen = new Set<number>()
    while (at !== 0) {
      if (seen.has(at)) throw damaged('the pages of the TIFF form a loop')
      seen.add(at)
      const entries = big ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little)
      const next = at + (big ? 8 + 20 * entries : 2 + 12 * entries)
      at = big ? Number(view.getBigUint64(next, little)) : view.getUint32(next, little)
    }
    return seen.size
  } catch (error) {
    if (error instanceof RangeError) throw damaged('the TIFF ends before its last page does')
    throw error
  }
}

export function damaged(what: string): Refusal {
  return new Refusal('unreadable_image', `Damaged: ${what}.`)
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
