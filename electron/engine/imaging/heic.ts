/** Opens photographs coded in HEVC, which libvips does not decode: tiles are decoded here and put together as one picture. */

import type { Sharp } from 'sharp'
import { remark, sumRemarks } from '../../../shared/remarks/index.ts'
import { refuseBombs, strictly, withColour } from './decoding.ts'
import { damaged } from './formats/bytes.ts'
import { type CodedPicture, type HeicAccount, readHeic } from './formats/heic.ts'
import { decodeHevc, hasHevc, type Plane, type Planes } from './hevc.ts'
import { kindOfProfile } from './icc.ts'
import type { Picture } from './picture.ts'
import { openRaster } from './raster.ts'
import { Refusal, unreadable } from './refusal.ts'
import { sharp } from './sharp.ts'

/** Reads headers only. */
export async function openHeic(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  const account = readHeic(bytes)
  if (account === null) return openRaster(bytes, 'heic', maxPixels)
  if (!hasHevc()) throw new Refusal('unsupported_type', [remark('heic_photo')])
  const { picture, mask, icc, colour, turns } = account
  refuseBombs(picture, 1, maxPixels)
  if (mask !== null) refuseBombs(mask, 1, maxPixels)
  for (const { size } of [...picture.tiles, ...(mask?.tiles ?? [])]) refuseBombs(size, 1, maxPixels)
  const size = turns % 2 === 0 ? picture : { width: picture.height, height: picture.width }
  let decoded: Decoded | null = null
  const open = (ignoreIcc: boolean): Sharp => {
    decoded ??= decode(account)
    return turned(sharp(decoded.tiff, { ...strictly(maxPixels), ignoreIcc }), account)
  }
  const profile = icc === null || colour !== null ? 'none' : kindOfProfile(icc)
  const isOther = colour === null ? profile === 'other' : !colour.isOrdinary
  return {
    width: size.width,
    height: size.height,
    format: 'heic',
    frames: 1,
    isAnimated: false,
    hasAlpha: mask !== null,
    plain: null,
    alternative: isOther ? { render: async () => open(true), isWhole: false } : null,
    thumbnails: [],
    leftOut: sumRemarks(account.leftOut),
    notes: sumRemarks(account.notes),
    sizeOf: async () => size,
    render: async () => {
      const coded = open(colour !== null)
      return colour === null ? coded : withColour(coded, colour, decoded?.isDeep === true)
    },
    cells: async () => ({ columns: 0, rows: 0, channels: 3, frames: [] }),
  }
}

/** First the turn and then the mirror; libvips mirrors first, which makes the turn one the other way round. */
function turned(picture: Sharp, { turns, mirror }: HeicAccount): Sharp {
  const mirrored = mirror === null ? picture : mirror === 0 ? picture.flip() : picture.flop()
  const clockwise = (mirror === null ? 4 - turns : turns) % 4
  return clockwise === 0 ? mirrored : mirrored.rotate(clockwise * 90)
}

interface Decoded {
  readonly tiff: Uint8Array
  readonly isDeep: boolean
}

function decode({ picture, mask, icc }: HeicAccount): Decoded {
  const colours = decodeTiles(picture, mask === null ? 3 : 4, writeColours)
  // A depth of its own would be scaled; nobody makes such files.
  if (mask !== null && (mask.width !== picture.width || mask.height !== picture.height)) throw damaged()
  if (mask !== null) decodeTiles(mask, 4, writeMask, colours)
  return { tiff: asTiff(colours, picture, icc), isDeep: colours.pixels instanceof Uint16Array }
}

interface Canvas {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly pixels: Uint8Array | Uint16Array
}

interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

type Write = (from: Planes, canvas: Canvas, area: Area) => void

function decodeTiles(picture: CodedPicture, channels: 3 | 4, write: Write, onto?: Canvas): Canvas {
  let canvas = onto ?? null
  for (const [index, { units, size }] of picture.tiles.entries()) {
    const left = (index % picture.columns) * size.width
    const top = Math.floor(index / picture.columns) * size.height
    canvas = decodeHevc(units, decoded => {
      const [first] = decoded.planes
      // What the stream holds is what the file says, or one of the two shows another picture.
      if (first === undefined || first.width !== size.width || first.height !== size.height) throw damaged()
      const canvasOf = canvas ?? newCanvas(picture, channels, first.bits > 8)
      const area = {
        left,
        top,
        width: Math.min(size.width, picture.width - left),
        height: Math.min(size.height, picture.height - top),
      }
      const coding = picture.coding
      if (area.width > 0 && area.height > 0)
        write(coding === null ? decoded : { ...decoded, ...coding }, canvasOf, area)
      return canvasOf
    })
  }
  if (canvas === null) throw damaged()
  return canvas
}

function newCanvas({ width, height }: CodedPicture, channels: 3 | 4, isDeep: boolean): Canvas {
  const length = width * height * channels
  return { width, height, channels, pixels: isDeep ? new Uint16Array(length) : new Uint8Array(length) }
}

/** Shares of red and blue in brightness (ITU-T H.273, table 4); unspecified means those of JPEG. */
const sharesOf: Readonly<Record<number, readonly [red: number, blue: number]>> = {
  1: [0.2126, 0.0722],
  2: [0.299, 0.114],
  4: [0.3, 0.11],
  5: [0.299, 0.114],
  6: [0.299, 0.114],
  7: [0.212, 0.087],
  9: [0.2627, 0.0593],
}

function writeColours({ planes, matrix, isFull }: Planes, canvas: Canvas, area: Area): void {
  const [luma, blue, red] = planes
  if (luma === undefined) throw damaged()
  const most = canvas.pixels instanceof Uint16Array ? 65_535 : 255
  if (luma.bits > 8 !== most > 255) throw damaged()
  if (blue === undefined || red === undefined) {
    writeGrey(luma, isFull, canvas, area, most)
    return
  }
  if (matrix === 0) {
    // Green, blue, red, each as it is.
    writeChannel(red, isFull, canvas, area, 0, most)
    writeChannel(luma, isFull, canvas, area, 1, most)
    writeChannel(blue, isFull, canvas, area, 2, most)
    return
  }
  const shares = sharesOf[matrix]
  if (shares === undefined) throw unreadable('heif_kind', { name: `matrix ${matrix}` })
  const [kr, kb] = shares
  const kg = 1 - kr - kb
  const unit = 2 ** (luma.bits - 8)
  const [low, span] = isFull ? [0, 2 ** luma.bits - 1] : [16 * unit, 219 * unit]
  const chromaSpan = isFull ? 2 ** blue.bits - 1 : 224 * 2 ** (blue.bits - 8)
  const middle = 2 ** (blue.bits - 1)
  // Tables instead of multiplications: a photograph has twelve million pixels.
  const levels = 2 ** luma.bits
  const lights = Float32Array.from({ length: levels }, (_, value) => ((value - low) / span) * most)
  const chroma = (gain: number) =>
    Float32Array.from({ length: 2 ** blue.bits }, (_, value) => ((value - middle) / chromaSpan) * gain * most)
  const redOfRed = chroma(2 * (1 - kr))
  const blueOfBlue = chroma(2 * (1 - kb))
  const greenOfRed = chroma((-2 * (1 - kr) * kr) / kg)
  const greenOfBlue = chroma((-2 * (1 - kb) * kb) / kg)
  const across = blue.width < luma.width ? 1 : 0
  const down = blue.height < luma.height ? 1 : 0
  const { pixels, channels } = canvas
  const clamp = (value: number) => (value <= 0 ? 0 : value >= most ? most : value + 0.5)
  for (let y = 0; y < area.height; y++) {
    const row = y * luma.stride
    const chromaRow = (y >> down) * blue.stride
    let to = ((area.top + y) * canvas.width + area.left) * channels
    for (let x = 0; x < area.width; x++, to += channels) {
      const light = lights[luma.samples[row + x] ?? 0] ?? 0
      const cb = blue.samples[chromaRow + (x >> across)] ?? 0
      const cr = red.samples[chromaRow + (x >> across)] ?? 0
      pixels[to] = clamp(light + (redOfRed[cr] ?? 0))
      pixels[to + 1] = clamp(light + (greenOfRed[cr] ?? 0) + (greenOfBlue[cb] ?? 0))
      pixels[to + 2] = clamp(light + (blueOfBlue[cb] ?? 0))
    }
  }
  if (channels === 4) fillMask(canvas, area, most)
}

function writeGrey(luma: Plane, isFull: boolean, canvas: Canvas, area: Area, most: number): void {
  for (const channel of [0, 1, 2]) writeChannel(luma, isFull, canvas, area, channel, most)
  if (canvas.channels === 4) fillMask(canvas, area, most)
}

function fillMask({ pixels, width }: Canvas, area: Area, most: number): void {
  for (let y = 0; y < area.height; y++) {
    const start = ((area.top + y) * width + area.left) * 4
    for (let x = 0; x < area.width; x++) pixels[start + x * 4 + 3] = most
  }
}

function writeMask({ planes, isFull }: Planes, canvas: Canvas, area: Area): void {
  const [luma] = planes
  if (luma === undefined) throw damaged()
  writeChannel(luma, isFull, canvas, area, 3, canvas.pixels instanceof Uint16Array ? 65_535 : 255)
}

function writeChannel(plane: Plane, isFull: boolean, canvas: Canvas, area: Area, channel: number, most: number): void {
  const unit = 2 ** (plane.bits - 8)
  const [low, span] = isFull ? [0, 2 ** plane.bits - 1] : [16 * unit, 219 * unit]
  const values = Float32Array.from({ length: 2 ** plane.bits }, (_, value) =>
    Math.round(Math.min(1, Math.max(0, (value - low) / span)) * most),
  )
  const { pixels, channels, width } = canvas
  for (let y = 0; y < area.height; y++) {
    let to = ((area.top + y) * width + area.left) * channels + channel
    for (let x = 0; x < area.width; x++, to += channels)
      pixels[to] = values[plane.samples[y * plane.stride + x] ?? 0] ?? 0
  }
}

/** A TIFF that is not packed: pixels with their profile, as libvips takes them. */
function asTiff({ pixels, channels }: Canvas, { width, height }: CodedPicture, icc: Uint8Array | null): Uint8Array {
  const isDeep = pixels instanceof Uint16Array
  const bits = new Uint8Array(8)
  for (let index = 0; index < channels; index++) bits[index * 2] = isDeep ? 16 : 8
  const entries: (readonly [tag: number, type: number, count: number, value: number | Uint8Array])[] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, channels, bits.subarray(0, channels * 2)],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [273, 4, 1, 0],
    [277, 3, 1, channels],
    [278, 4, 1, height],
    [279, 4, 1, pixels.byteLength],
    ...(channels === 4 ? ([[338, 3, 1, 2]] as const) : []),
    ...(icc === null ? [] : ([[34_675, 7, icc.byteLength, icc]] as const)),
  ]
  const apart = entries.reduce(
    (sum, [, , , value]) => sum + (typeof value === 'number' ? 0 : even(value.byteLength)),
    0,
  )
  const directory = 8
  let at = directory + 2 + entries.length * 12 + 4
  const start = even(at + apart)
  const file = Buffer.alloc(start + pixels.byteLength)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(directory, 4)
  file.writeUInt16LE(entries.length, directory)
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const entry = directory + 2 + index * 12
    file.writeUInt16LE(tag, entry)
    file.writeUInt16LE(type, entry + 2)
    file.writeUInt32LE(count, entry + 4)
    file.writeUInt32LE(tag === 273 ? start : typeof value === 'number' ? value : at, entry + 8)
    if (typeof value === 'number') continue
    file.set(value, at)
    at += even(value.byteLength)
  }
  file.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength), start)
  return file
}

function even(length: number): number {
  return length + (length % 2)
}
