/** Reads Windows bitmaps, which libvips does not: uncompressed, with 24 or 32 bits or a palette. Anything else is refused. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { type ColourTransform, fromMatrix } from '../colour.ts'
import { transformOfProfile } from '../icc.ts'
import { type Refusal, unreadable } from '../refusal.ts'
import { behindTheEnd } from './behind.ts'
import { cutShort, damaged, viewOf } from './bytes.ts'

export interface BmpHeader {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: 1 | 4 | 8 | 24 | 32
  readonly pixelsAt: number
  readonly palette: Uint8Array
  /** Byte of red, green, blue and alpha in a pixel of 32 bits; alpha is null where the file declares none. */
  readonly order: readonly [red: number, green: number, blue: number, alpha: number | null]
}

export interface BmpAccount {
  readonly header: BmpHeader
  readonly notes: readonly Remark[]
  /** What browsers make of its colours, which apply profiles and ignore calibrations; null for nothing. */
  readonly colour: ColourTransform | null
  /** What others make of them where that is another picture: nothing, or the calibration; undefined where it is not. */
  readonly otherColour: ColourTransform | null | undefined
}

/** Calibration by primaries and gamma, and profiles in the file (BITMAPV4HEADER, BITMAPV5HEADER). */
const colourSpaces = { calibrated: 0, embedded: 0x4d424544, linked: 0x4c494e4b } as const

export function readBmp(bytes: Uint8Array): BmpAccount {
  const header = readHeader(bytes)
  const view = viewOf(bytes)
  const headerBytes = view.getUint32(14, true)
  const pixelsEnd = header.pixelsAt + rowBytes(header) * header.height
  const profile =
    headerBytes >= 124 && view.getUint32(70, true) === colourSpaces.embedded ? profileIn(bytes, view) : null
  const colour = profile === null ? null : transformOfProfile(profile.data)
  if (colour === undefined) throw unsupported('profile')
  const other = profile === null ? calibrationOf(view, headerBytes) : null
  const hasOther = other === null ? colour !== null && !colour.isOrdinary : !other.isOrdinary
  const gap = bytes.subarray(14 + headerBytes + header.palette.byteLength, header.pixelsAt)
  const spare =
    gap.byteLength > 16 && gap.some(byte => byte !== 0) && profile === null
      ? [remark('hidden_data', { count: gap.byteLength })]
      : []
  // A profile beside the file, on the machine where it was made: nobody else has it.
  const linked =
    headerBytes >= 108 && view.getUint32(70, true) === colourSpaces.linked
      ? [remark('unknown_block', { name: 'LINK' })]
      : []
  return {
    header,
    notes: [...spare, ...linked, ...behindTheEnd(bytes, Math.max(pixelsEnd, profile?.end ?? 0))],
    colour,
    otherColour: hasOther ? other : undefined,
  }
}

function profileIn(bytes: Uint8Array, view: DataView): { readonly data: Uint8Array; readonly end: number } {
  const at = 14 + view.getUint32(126, true)
  const end = at + view.getUint32(130, true)
  if (end > bytes.byteLength) throw cutShort()
  return { data: bytes.subarray(at, end), end }
}

function calibrationOf(view: DataView, headerBytes: number): ColourTransform | null {
  if (headerBytes < 108 || view.getUint32(70, true) !== colourSpaces.calibrated) return null
  const points = Array.from({ length: 9 }, (_, index) => view.getUint32(74 + index * 4, true) / 2 ** 30)
  const [red = 0, green = 0, blue = 0] = Array.from(
    { length: 3 },
    (_, index) => view.getUint32(110 + index * 4, true) / 65_536,
  )
  if (points.every(each => each === 0) || red <= 0 || green <= 0 || blue <= 0) return null
  const rows = [0, 1, 2].flatMap(row => [0, 1, 2].map(column => points[column * 3 + row] ?? 0))
  const curve = (exponent: number) => (value: number) => value ** exponent
  return fromMatrix([curve(red), curve(green), curve(blue)], rows)
}

/** Layout: BITMAPFILEHEADER and BITMAPINFOHEADER or its V4 and V5 extensions, as Microsoft documents them. */
function readHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.byteLength < 54) throw cutShort()
  const view = viewOf(bytes)
  const headerBytes = view.getUint32(14, true)
  if (headerBytes < 40 || headerBytes > 124 || bytes.byteLength < 14 + headerBytes)
    throw unsupported(`header ${headerBytes}`)
  const width = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  const height = Math.abs(signedHeight)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  if (width < 1 || height < 1) throw damaged()
  if (bits !== 1 && bits !== 4 && bits !== 8 && bits !== 24 && bits !== 32) throw unsupported(`${bits} bits a pixel`)
  const masked = compression === 3 && bits === 32
  if (compression !== 0 && !masked) throw unsupported(`compression ${compression}`)
  const colours = bits > 8 ? 0 : view.getUint32(46, true) || 2 ** bits
  const paletteAt = 14 + headerBytes
  if (colours > 256) throw damaged()
  const header: BmpHeader = {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    pixelsAt: view.getUint32(10, true),
    palette: bytes.subarray(paletteAt, paletteAt + colours * 4),
    // Browsers take the mask of alpha, in a header that has one, also where colours are in their usual order.
    order: masked
      ? maskOrder(view, headerBytes)
      : [2, 1, 0, bits === 32 && headerBytes >= 56 && view.getUint32(66, true) === 0xff000000 ? 3 : null],
  }
  if (header.pixelsAt + rowBytes(header) * height > bytes.byteLength) throw cutShort()
  return header
}

/** Whether something is transparent in it where a viewer heeds alpha, and shown where another one does not. */
export function hasTransparency(bytes: Uint8Array, header: BmpHeader): boolean {
  const alpha = header.order[3]
  if (alpha === null) return false
  const seen = new Set<number>()
  const end = header.pixelsAt + rowBytes(header) * header.height
  for (let at = header.pixelsAt + alpha; at < end; at += 4) seen.add(bytes[at] ?? 0)
  return seen.size > 1 || !(seen.has(0) || seen.has(255))
}

/** Pixels of the bitmap, row by row from the top: red, green, blue and, where the file declares one, alpha. */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): { data: Uint8Array; channels: 3 | 4 } {
  const { width, height, bits, order } = header
  const channels = order[3] === null ? 3 : 4
  const pixels = new Uint8Array(width * height * channels)
  const [red, green, blue, alpha] = order
  let to = 0
  let opaque = false
  for (let y = 0; y < height; y++) {
    const row = header.pixelsAt + rowBytes(header) * (header.topDown ? y : height - 1 - y)
    for (let x = 0; x < width; x++) {
      const [from, at] =
        bits > 8 ? [bytes, row + (x * bits) / 8] : [header.palette, paletteIndex(bytes, row, x, bits) * 4]
      if (at + 2 >= from.length) throw damaged()
      pixels[to] = from[at + red] ?? 0
      pixels[to + 1] = from[at + green] ?? 0
      pixels[to + 2] = from[at + blue] ?? 0
      if (alpha !== null) {
        pixels[to + 3] = from[at + alpha] ?? 0
        opaque ||= pixels[to + 3] !== 0
      }
      to += channels
    }
  }
  // Many programs declare an alpha channel and leave it zero; every viewer then shows the colours.
  if (channels === 4 && !opaque) for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255
  return { data: pixels, channels }
}

function paletteIndex(bytes: Uint8Array, row: number, x: number, bits: number): number {
  const perByte = 8 / bits
  const byte = bytes[row + Math.floor(x / perByte)] ?? 0
  return (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1)
}

/** Rows are padded to four bytes. */
function rowBytes(header: Pick<BmpHeader, 'width' | 'bits'>): number {
  return Math.ceil((header.width * header.bits) / 32) * 4
}

function maskOrder(view: DataView, headerBytes: number): BmpHeader['order'] {
  if (view.byteLength < 66) throw cutShort()
  const byteOf = (mask: number): number => {
    const byte = [0xff, 0xff00, 0xff0000, 0xff000000].indexOf(mask)
    if (byte < 0) throw unsupported('colour masks')
    return byte
  }
  const alphaMask = headerBytes >= 56 ? view.getUint32(66, true) : 0
  return [
    byteOf(view.getUint32(54, true)),
    byteOf(view.getUint32(58, true)),
    byteOf(view.getUint32(62, true)),
    alphaMask === 0 ? null : byteOf(alphaMask),
  ]
}

function unsupported(what: string): Refusal {
  return unreadable('bmp_kind', { name: what })
}
