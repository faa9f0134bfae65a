/** Pictures for the tests, made on the spot. */

import sharp, { type Sharp } from 'sharp'

/** The same noise for the same seed: nothing compresses it, and no two places look alike. */
export function noise(width: number, height: number, seed = 1, channels: 1 | 3 | 4 = 3): Sharp {
  const pixels = Buffer.alloc(width * height * channels)
  let state = seed >>> 0
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    pixels[at] = state >>> 24
  }
  return sharp(pixels, { raw: { width, height, channels } })
}

export function flat(width: number, height: number, background: string): Sharp {
  return sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false })
}

/** Mean difference per channel, of 255. */
export async function difference(one: Sharp, other: Sharp): Promise<number> {
  const [a, b] = await Promise.all(
    [one, other].map(picture => picture.removeAlpha().toColourspace('srgb').raw().toBuffer()),
  )
  if (a === undefined || b === undefined || a.length !== b.length) return Number.POSITIVE_INFINITY
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0))
  return sum / a.length
}

/** Colour of one pixel. */
export async function colourAt(bytes: Uint8Array, left: number, top: number): Promise<readonly number[]> {
  const pixel = sharp(bytes).removeAlpha().toColourspace('srgb').extract({ left, top, width: 1, height: 1 })
  return [...(await pixel.raw().toBuffer())]
}

/** Gradual, so that JPEG keeps it: brightness tells the place. */
export function slopes(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      pixels[at] = 255 - Math.abs(255 - (x % 510))
      pixels[at + 1] = 255 - Math.abs(255 - (y % 510))
      pixels[at + 2] = Math.floor((255 * y) / height)
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

interface BmpShape {
  readonly width: number
  readonly height: number
  readonly bits: 8 | 24 | 32
  readonly topDown?: boolean
  readonly compression?: number
}

/** A bitmap whose pixel (x, y) is `colour(x, y)`; with 8 bits, a grey palette. */
export function bmp(shape: BmpShape, colour: (x: number, y: number) => readonly [number, number, number]): Buffer {
  const { width, height, bits, topDown = false, compression = 0 } = shape
  const paletteBytes = bits === 8 ? 1024 : 0
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const file = Buffer.alloc(54 + paletteBytes + rowBytes * height)
  file.write('BM')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54 + paletteBytes, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(topDown ? -height : height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(bits, 28)
  file.writeUInt32LE(compression, 30)
  for (let grey = 0; grey * 4 < paletteBytes; grey++) file.fill(grey, 54 + grey * 4, 54 + grey * 4 + 3)
  for (let y = 0; y < height; y++) {
    const row = 54 + paletteBytes + rowBytes * (topDown ? y : height - 1 - y)
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = colour(x, y)
      if (bits === 8) file[row + x] = red
      else Buffer.from([blue, green, red]).copy(file, row + (x * bits) / 8)
    }
  }
  return file
}
