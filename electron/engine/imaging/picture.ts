/** Opens an image file of any kind as one thing: its size when upright, its frames, and pixels in sRGB on request. */

import type { Metadata, Sharp, SharpInput } from 'sharp'
import type { ImagePart } from '../../../shared/domain.ts'
import type { Remark } from '../../../shared/remarks/index.ts'
import { type ApngFrame, playApng, readApng } from './apng.ts'
import { decodeBmp, readBmpHeader } from './bmp.ts'
import { checkGif, countTiffPages, type ImageFormat, sniffImage } from './containers.ts'
import { fitSize, type Size } from './layout.ts'
import { Refusal } from './refusal.ts'
import { sampleSide } from './sampling.ts'
import { sharp } from './sharp.ts'
import { checkSvg } from './svg.ts'

export interface Picture extends Size {
  readonly format: ImageFormat
  /** Frames of an animation, pages of a TIFF; 1 for a still picture. */
  readonly frames: number
  /** Whether the frames are moments of one scene, of which a choice will do. Pages are not: each has its own content. */
  readonly isAnimated: boolean
  readonly hasAlpha: boolean
  /** Type under which the file's own bytes may be sent: a still JPEG or PNG, upright, opaque, 8 bits, sRGB; else null. */
  readonly plainMime: ImagePart['mime'] | null
  /** What a viewer shows of it and no rendition does, so that it cannot pass. */
  readonly leftOut: readonly Remark[]
  /** What no common viewer shows of it: a pass may stand beside it. */
  readonly notes: readonly Remark[]
  /** Upright size of one frame; only pages differ. */
  sizeOf(frame: number): Promise<Size>
  /** One frame, complete as a viewer shows it, upright and in sRGB. Damage surfaces when its pixels are taken. */
  render(frame: number): Promise<Sharp>
  /** Each frame of an animation in a few cells, to be compared. */
  cells(): Promise<readonly Uint8Array[]>
}

/** An animation may hold this many times the pixels of a still picture, all frames together: they are never in memory at once. */
const animationPixelFactor = 10
/** A multi-page file beyond this is a document, or an attack. */
const maxPages = 1000
/** Pixels an inch at which one unit of an SVG is one pixel. */
const svgDensity = 72

/** Reads headers only. `maxPixels` bounds one frame. */
export async function openPicture(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  if (bytes.byteLength === 0) throw new Refusal('empty', 'The file has no content.')
  const format = sniffImage(bytes)
  switch (format) {
    case null:
      throw new Refusal('unreadable_image', 'The content is in no image format that can be read.')
    case 'bmp':
      return openBmp(bytes, maxPixels)
    case 'svg':
      return openSvg(bytes, maxPixels)
    case 'png': {
      const frames = readApng(bytes)
      return frames === null || frames.length === 1
        ? openWithSharp(bytes, format, maxPixels)
        : openApng(bytes, frames, maxPixels)
    }
    case 'gif':
      checkGif(bytes)
      return openWithSharp(bytes, format, maxPixels)
    default:
      return openWithSharp(bytes, format, maxPixels)
  }
}

async function openWithSharp(bytes: Uint8Array, format: ImageFormat, maxPixels: number): Promise<Picture> {
  const metadata = await readMetadata(bytes, format, {})
  const size = uprightSize(metadata)
  const frames = metadata.pages ?? 1
  const isAnimated = frames > 1 && (format === 'gif' || format === 'webp')
  if (format === 'tiff' && countTiffPages(bytes) !== frames) {
    throw new Refusal('unreadable_image', 'Damaged: not every page of the TIFF can be read.')
  }
  if (frames > 1 && !isAnimated && frames > maxPages) {
    throw new Refusal('too_large', `The file has ${frames} pages; at most ${maxPages} are read. Split it.`)
  }
  refuseBombs(size, isAnimated ? frames : 1, maxPixels)
  const open = (page: number) => sharp(bytes, { ...strictly(maxPixels), autoOrient: true, page })
  return {
    ...size,
    format,
    frames,
    isAnimated,
    // Pages differ, and the first does not speak for the others.
    hasAlpha: metadata.hasAlpha || (frames > 1 && !isAnimated),
    plainMime: frames === 1 ? plainMime(metadata) : null,
    leftOut: [],
    notes: [],
    sizeOf: async page => {
      if (frames === 1 || isAnimated) return size
      const pageSize = uprightSize(await readMetadata(bytes, format, { page }))
      refuseBombs(pageSize, 1, maxPixels)
      return pageSize
    },
    render: async page => open(page),
    cells: async () => {
      const options = { ...strictly(maxPixels * animationPixelFactor), pages: -1 }
      const strip = await asCells(sharp(bytes, options)).toBuffer()
      const frameBytes = sampleSide * sampleSide * 3
      return Array.from({ length: frames }, (_, index) => strip.subarray(index * frameBytes, (index + 1) * frameBytes))
    },
  }
}

async function openApng(bytes: Uint8Array, frames: readonly ApngFrame[], maxPixels: number): Promise<Picture> {
  const metadata = await readMetadata(bytes, 'png', {})
  const size = { width: metadata.width, height: metadata.height }
  refuseBombs(size, frames.length, maxPixels)
  const raw = { ...size, channels: 4 } as const
  const decode = (png: Uint8Array) =>
    sharp(png, strictly(maxPixels)).toColourspace('srgb').ensureAlpha().raw().toBuffer()
  return {
    ...size,
    format: 'png',
    frames: frames.length,
    isAnimated: true,
    hasAlpha: true,
    plainMime: null,
    leftOut: [],
    notes: [],
    sizeOf: async () => size,
    render: async wanted => {
      let index = 0
      for await (const canvas of playApng(frames, size, decode)) if (index++ === wanted) return sharp(canvas, { raw })
      throw new Refusal('unreadable_image', 'Damaged: the animated PNG lacks frames.')
    },
    cells: async () => {
      const all: Uint8Array[] = []
      for await (const canvas of playApng(frames, size, decode)) {
        all.push(await asCells(sharp(canvas, { raw })).toBuffer())
      }
      return all
    },
  }
}

function openBmp(bytes: Uint8Array, maxPixels: number): Picture {
  const header = readBmpHeader(bytes)
  const size = { width: header.width, height: header.height }
  refuseBombs(size, 1, maxPixels)
  return stillPicture(size, {
    format: 'bmp',
    hasAlpha: header.order[3] !== null,
    render: async () => {
      const { pixels, channels } = decodeBmp(bytes, header)
      return sharp(pixels, { raw: { ...size, channels } })
    },
  })
}

/** A drawing has no pixels of its own: one smaller than what may be sent is drawn as large as that, so that its print can be read. */
async function openSvg(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  for (const embedded of checkSvg(bytes)) await decodeWhole(embedded, maxPixels)
  const drawn = await readMetadata(bytes, 'svg', { density: svgDensity })
  const enlarged = svgDensity * Math.max(1, growth({ width: drawn.width, height: drawn.height }))
  const density = Math.min(enlarged, svgDensity * 1000)
  const { width, height } = await readMetadata(bytes, 'svg', { density })
  const size = { width, height }
  refuseBombs(size, 1, maxPixels)
  return stillPicture(size, {
    format: 'svg',
    hasAlpha: true,
    render: async () => sharp(bytes, { ...strictly(maxPixels), density }),
  })
}

/** The renderer draws a blank, or a part, where an embedded picture is damaged. */
async function decodeWhole(embedded: Uint8Array, maxPixels: number): Promise<void> {
  await sharp(embedded, strictly(maxPixels))
    .stats()
    .catch(() => {
      throw new Refusal('unreadable_image', 'Damaged: a picture inside the drawing cannot be read whole.')
    })
}

/** Factor by which a small drawing can grow and still fit; just below, since the renderer rounds up. */
function growth(size: Size): number {
  const large = fitSize({ width: size.width * 10_000, height: size.height * 10_000 })
  return Math.min((large.width - 1) / size.width, (large.height - 1) / size.height)
}

function stillPicture(size: Size, own: Pick<Picture, 'format' | 'hasAlpha' | 'render'>): Picture {
  return {
    ...size,
    ...own,
    frames: 1,
    isAnimated: false,
    plainMime: null,
    leftOut: [],
    notes: [],
    sizeOf: async () => size,
    cells: async () => [],
  }
}

function asCells(pipeline: Sharp): Sharp {
  return pipeline
    .resize(sampleSide, sampleSide, { fit: 'fill' })
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .raw()
}

/** A shortened or damaged file is an error: half a picture must never be judged for the whole. */
function strictly(maxPixels: number) {
  return { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true } as const
}

async function readMetadata(
  bytes: SharpInput,
  format: ImageFormat,
  options: { readonly page?: number; readonly density?: number },
): Promise<Metadata> {
  // Limits are applied by refuseBombs, which can say how large the picture is.
  const metadata = await sharp(bytes, { failOn: 'error', limitInputPixels: false, ...options })
    .metadata()
    .catch(error => {
      throw format === 'heic' ? heicRefusal() : error
    })
  // The prebuilt decoder has AV1 for AVIF; HEVC, which phones write, is patented.
  if (format === 'heic' && metadata.compression !== 'av1') throw heicRefusal()
  return metadata
}

function heicRefusal(): Refusal {
  return new Refusal(
    'unreadable_image',
    'HEIC photographs (HEVC) cannot be decoded here: export it as JPEG, or set the phone to "most compatible".',
  )
}

function uprightSize(metadata: Metadata): Size {
  return { width: metadata.autoOrient.width, height: metadata.autoOrient.height }
}

function refuseBombs(size: Size, frames: number, maxPixels: number): void {
  const allowed = frames > 1 ? maxPixels * animationPixelFactor : maxPixels
  const tooMany = size.width * size.height * frames > allowed || size.width * size.height > maxPixels
  if (!tooMany) return
  const shape = `${size.width} × ${size.height}${frames > 1 ? ` × ${frames} frames` : ''}`
  throw new Refusal('too_large', `The picture has ${shape} pixels; at most ${allowed / 1e6} million are decoded.`)
}

function plainMime(metadata: Metadata): ImagePart['mime'] | null {
  const isPlain =
    metadata.depth === 'uchar' &&
    (metadata.space === 'srgb' || metadata.space === 'b-w') &&
    !metadata.hasAlpha &&
    (metadata.orientation ?? 1) === 1 &&
    (metadata.icc === undefined || namesSrgb(metadata.icc))
  if (!isPlain) return null
  if (metadata.format === 'jpeg') return 'image/jpeg'
  return metadata.format === 'png' ? 'image/png' : null
}

/** ICC profiles carry their name in Latin-1 (version 2) or UTF-16 (version 4). */
function namesSrgb(icc: Buffer): boolean {
  return icc.includes('sRGB', 0, 'latin1') || icc.includes(Buffer.from('\0s\0R\0G\0B', 'latin1'))
}
