/** Reads Windows bitmaps, which libvips does not: uncompressed, with 24 or 32 bits or a palette. Anything else is refused. */

import { damaged, viewOf } from './containers.ts'
import { Refusal } from './refusal.ts'

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

/** Layout: BITMAPFILEHEADER and BITMAPINFOHEADER or its V4 and V5 extensions, as Microsoft documents them. */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.byteLength < 54) throw damaged('the BMP ends in its header')
  const view = viewOf(bytes)
  const headerBytes = view.getUint32(14, true)
  if (headerBytes < 40 || headerBytes > 124 || bytes.byteLength < 14 + headerBytes) throw unsupported('its header')
  const width = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  const height = Math.abs(signedHeight)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  if (width < 1 || height < 1) throw damaged('the BMP has no pixels')
  if (bits !== 1 && bits !== 4 && bits !== 8 && bits !== 24 && bits !== 32) throw unsupported(`${bits} bits a pixel`)
  const masked = compression === 3 && bits === 32
  if (compression !== 0 && !masked) throw unsupported('compression')
  const colours = bits > 8 ? 0 : view.getUint32(46, true) || 2 ** bits
  const paletteAt = 14 + headerBytes
  if (colours > 256) throw damaged('the BMP has too large a palette')
  const header: BmpHeader = {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    pixelsAt: view.getUint32(10, true),
    palette: bytes.subarray(paletteAt, paletteAt + colours * 4),
    order: masked ? maskOrder(view, headerBytes) : [2, 1, 0, null],
  }
  if (header.pixelsAt + rowBytes(header) * height > bytes.byteLength) throw damaged('the BMP ends before its last row')
  return header
}

/** Pixels of the bitmap, row by row from the top: red, green, blue and, where the file declares one, alpha. */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader): { pixels: Uint8Array; channels: 3 | 4 } {
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
      if (at + 2 >= from.length) throw damaged('the BMP uses a colour that its palette lacks')
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
  return { pixels, channels }
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
  if (view.byteLength < 66) throw damaged('the BMP ends in its header')
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
  return new Refusal('unreadable_image', `This kind of BMP is not read here (${what}): save it as PNG.`)
}
