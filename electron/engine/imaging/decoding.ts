/** What every decoding of a picture keeps to: strictness, bounds on pixels, and names for what fails. */

import type { Metadata, Sharp, SharpInput } from 'sharp'
import { remark } from '../../../shared/remarks/index.ts'
import { type ColourTransform, fromInks } from './colour.ts'
import type { ImageFormat } from './image-format.ts'
import type { Size } from './layout.ts'
import { Refusal, unreadable } from './refusal.ts'
import { sharp } from './sharp.ts'

/** An animation may hold this many times the pixels of a still picture, all frames together: they are never in memory at once. */
export const animationPixelFactor = 10

/** A shortened or damaged file is an error: half a picture must never be judged for the whole. */
export function strictly(maxPixels: number) {
  return { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true } as const
}

/** The library's words are for its authors: people are told whether the file breaks off or is damaged. */
export function decodingFailure(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const isCut =
    /premature|truncat|unexpected end|end of (?:file|input|stream)|not enough data|\beof\b|out of order read/i.test(
      String(error),
    )
  return unreadable(isCut ? 'image_cut_short' : 'image_damaged')
}

export async function readMetadata(
  bytes: SharpInput,
  format: ImageFormat,
  options: { readonly page?: number; readonly density?: number },
): Promise<Metadata> {
  // Limits are applied by refuseBombs, which can say how large the picture is.
  const metadata = await sharp(bytes, { failOn: 'error', limitInputPixels: false, ...options })
    .metadata()
    .catch(error => {
      throw format === 'heic' ? heicRefusal() : decodingFailure(error)
    })
  // The prebuilt decoder has AV1 for AVIF; HEVC, which phones write, is patented.
  if (format === 'heic' && metadata.compression !== 'av1') throw heicRefusal()
  return metadata
}

function heicRefusal(): Refusal {
  return new Refusal('unsupported_type', [remark('heic_photo')])
}

export function uprightSize(metadata: Metadata): Size {
  return { width: metadata.autoOrient.width, height: metadata.autoOrient.height }
}

/** `orientation` as in EXIF; from 5 on, rows and columns change places. */
export function turnedSize({ width, height }: Size, orientation: number): Size {
  return orientation < 5 ? { width, height } : { width: height, height: width }
}

/** Turns what its decoder leaves as it is coded. */
export function turn(pipeline: Sharp, orientation: number): Sharp {
  const mirrored = orientation === 2 ? pipeline.flop() : [4, 5, 7].includes(orientation) ? pipeline.flip() : pipeline
  const angle = { 3: 180, 5: 90, 6: 90, 7: 270, 8: 270 }[orientation]
  return angle === undefined ? mirrored : mirrored.rotate(angle)
}

export function refuseBombs(size: Size, frames: number, maxPixels: number): void {
  const allowed = frames > 1 ? maxPixels * animationPixelFactor : maxPixels
  const tooMany = size.width * size.height * frames > allowed || size.width * size.height > maxPixels
  if (!tooMany) return
  const shape = `${size.width} × ${size.height}${frames > 1 ? ` × ${frames}` : ''}`
  throw new Refusal('too_large', [remark('pixels_too_many', { name: shape, limit: allowed })])
}

export interface Pixels extends Size {
  readonly data: Uint8Array
  readonly channels: 3 | 4
}

/** Eight bits, sRGB. */
export async function takePixels(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  if (info.channels !== 3 && info.channels !== 4) throw unreadable('pixel_channels', { count: info.channels })
  return { data, width: info.width, height: info.height, channels: info.channels }
}

export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}

/** A picture whose decoder left its colours as they are coded, with 8 or 16 bits, as they are meant. */
export async function withColour(pipeline: Sharp, colour: ColourTransform, isDeep: boolean): Promise<Sharp> {
  const { data, info } = await (isDeep
    ? pipeline.toColourspace('rgb16').raw({ depth: 'ushort' })
    : pipeline.toColourspace('srgb').raw()
  )
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  if (info.channels !== 3 && info.channels !== 4) throw unreadable('pixel_channels', { count: info.channels })
  const coded = isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data
  const shown = colour.apply(coded, info.channels)
  return fromPixels({ data: shown, width: info.width, height: info.height, channels: info.channels })
}

/** A picture in four inks without a profile. */
export async function withInks(pipeline: Sharp): Promise<Sharp> {
  const { data, info } = await pipeline
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  if (info.channels !== 4) throw unreadable('pixel_channels', { count: info.channels })
  return fromPixels({ data: fromInks(data), width: info.width, height: info.height, channels: 3 })
}

/** Whether a picture within another one can be decoded to its end. */
export async function decodeWhole(bytes: Uint8Array, maxPixels: number): Promise<boolean> {
  return sharp(bytes, strictly(maxPixels))
    .stats()
    .then(
      () => true,
      () => false,
    )
}
