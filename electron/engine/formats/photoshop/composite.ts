import { deflateSync, inflateSync } from 'node:zlib'
import type { PhotoshopFile } from './photoshop-file.ts'

/** Channels of each mode that are colours: bitmap, grey, indexed, RGB, CMYK, duotone. */
const colourChannels: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 1, 3: 3, 4: 4, 8: 1 }
/** As TIFF names them. */
const photometric: Readonly<Record<number, number>> = { 0: 0, 1: 1, 2: 3, 3: 2, 4: 5, 8: 1 }

/** How many channels are colours; null for a kind whose composite is not read. */
export function coloursOf({ mode, bits, channels }: PhotoshopFile): number | null {
  const count = colourChannels[mode]
  const isKnown = mode === 0 ? bits === 1 : mode === 2 ? bits === 8 : bits === 8 || bits === 16
  return count === undefined || !isKnown || channels < count ? null : count
}

/** The colours of the composite, pixel by pixel; null where its data does not fill it. */
export function compositePixels(file: PhotoshopFile): Uint8Array | null {
  const count = coloursOf(file)
  if (count === null) return null
  const rowBytes = Math.ceil((file.width * file.bits) / 8)
  const planes = unpack(file, rowBytes, count)
  if (planes === null) return null
  const pixels = count === 1 ? planes : interleave(planes, rowBytes * file.height, count, file.bits === 16 ? 2 : 1)
  // Inks are stored as what they leave.
  if (file.mode === 4) for (let at = 0; at < pixels.length; at++) pixels[at] = 255 - (pixels[at] ?? 0)
  return pixels
}

export function isOfOneColour(pixels: Uint8Array, file: PhotoshopFile): boolean {
  const step = Math.max(1, ((coloursOf(file) ?? 1) * file.bits) >> 3)
  for (let at = step; at < pixels.length; at++) if (pixels[at] !== pixels[at - step]) return false
  return true
}

/** As a TIFF with the file's profile: colours only, which Photoshop has laid on white where they let something through. */
export function compositeAsTiff(file: PhotoshopFile, pixels: Uint8Array, icc: Uint8Array | null): Uint8Array {
  return tiffOf(file, coloursOf(file) ?? 1, pixels, icc)
}

function unpack(file: PhotoshopFile, rowBytes: number, count: number): Uint8Array | null {
  const { composite, height, channels, isLarge } = file
  if (composite === null) return null
  const wanted = rowBytes * height * count
  const { packing, data } = composite
  if (packing === 0) return data.byteLength < wanted ? null : data.slice(0, wanted)
  if (packing === 1) return unpackRows(data, height, channels, rowBytes, count, isLarge)
  if (packing !== 2) return null
  try {
    const whole = inflateSync(data, { maxOutputLength: rowBytes * height * channels })
    return whole.byteLength < wanted ? null : new Uint8Array(whole.subarray(0, wanted))
  } catch {
    return null
  }
}

/** PackBits, with the packed length of every row of every channel before all of them. */
function unpackRows(
  data: Uint8Array,
  height: number,
  channels: number,
  rowBytes: number,
  count: number,
  isLarge: boolean,
): Uint8Array | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const lengthBytes = isLarge ? 4 : 2
  let at = height * channels * lengthBytes
  if (at > data.byteLength) return null
  const out = new Uint8Array(rowBytes * height * count)
  for (let row = 0; row < height * count; row++) {
    const end = at + (isLarge ? view.getUint32(row * 4) : view.getUint16(row * 2))
    if (end > data.byteLength) return null
    let to = row * rowBytes
    const rowEnd = to + rowBytes
    while (at < end && to < rowEnd) {
      const code = view.getInt8(at++)
      if (code === -128) continue
      if (code >= 0) {
        const length = Math.min(code + 1, rowEnd - to, end - at)
        out.set(data.subarray(at, at + length), to)
        at += code + 1
        to += length
      } else {
        const length = Math.min(1 - code, rowEnd - to)
        out.fill(data[at++] ?? 0, to, to + length)
        to += length
      }
    }
    if (to < rowEnd) return null
    at = end
  }
  return out
}

function interleave(planes: Uint8Array, planeBytes: number, count: number, sampleBytes: number): Uint8Array {
  const out = new Uint8Array(planes.length)
  for (let channel = 0; channel < count; channel++) {
    let from = channel * planeBytes
    for (let to = channel * sampleBytes; to < out.length; to += count * sampleBytes) {
      out[to] = planes[from++] ?? 0
      if (sampleBytes === 2) out[to + 1] = planes[from++] ?? 0
    }
  }
  return out
}

function tiffOf(file: PhotoshopFile, count: number, pixels: Uint8Array, icc: Uint8Array | null): Uint8Array {
  const { width, height, bits, mode, colours } = file
  const packed = deflateSync(pixels, { level: 1 })
  const shorts = (values: readonly number[]) => {
    const bytes = Buffer.alloc(values.length * 2)
    for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2)
    return bytes
  }
  const palette = mode === 2 ? shorts(Array.from(colours.subarray(0, 768), value => value * 257)) : null
  /** Types 3 and 7: numbers of 16 bits, and bytes. */
  const apart: readonly (readonly [tag: number, type: 3 | 7, count: number, data: Uint8Array])[] = [
    ...(count > 2 ? ([[258, 3, count, shorts(Array<number>(count).fill(bits))]] as const) : []),
    ...(palette === null ? [] : ([[320, 3, 768, palette]] as const)),
    ...(icc === null ? [] : ([[34_675, 7, icc.byteLength, icc]] as const)),
  ]
  const numbers: readonly (readonly [tag: number, value: number])[] = [
    [256, width],
    [257, height],
    ...(count > 2 ? [] : ([[258, bits]] as const)),
    [259, 8],
    [262, photometric[mode] ?? 2],
    [273, 0],
    [277, count],
    [278, height],
    [279, packed.byteLength],
  ]
  const entryCount = apart.length + numbers.length
  let at = 8 + 2 + entryCount * 12 + 4
  const places = new Map<number, number>()
  for (const [tag, , , data] of apart) {
    places.set(tag, at)
    at += data.byteLength + (data.byteLength % 2)
  }
  const out = Buffer.alloc(at + packed.byteLength)
  // Big-endian, as samples of 16 bits are in the file.
  out.write('MM\0*', 'latin1')
  out.writeUInt32BE(8, 4)
  out.writeUInt16BE(entryCount, 8)
  const entries = [
    ...numbers.map(([tag, value]) => ({ tag, type: 4, count: 1, value: tag === 273 ? at : value })),
    ...apart.map(([tag, type, amount]) => ({ tag, type, count: amount, value: places.get(tag) ?? 0 })),
  ].toSorted((a, b) => a.tag - b.tag)
  for (const [index, { tag, type, count: amount, value }] of entries.entries()) {
    const entry = 10 + index * 12
    out.writeUInt16BE(tag, entry)
    out.writeUInt16BE(type, entry + 2)
    out.writeUInt32BE(amount, entry + 4)
    out.writeUInt32BE(value, entry + 8)
  }
  for (const [tag, , , data] of apart) out.set(data, places.get(tag) ?? 0)
  out.set(packed, at)
  return out
}
