/** Opens the formats that libvips decodes, with everything in their files accounted for. */

import type { Metadata, Sharp } from 'sharp'
import type { ImagePart } from '../../../shared/domain.ts'
import { type Remark, remark, sumRemarks } from '../../../shared/remarks/index.ts'
import { gridFrom, gridOf } from './cells.ts'
import type { ColourTransform } from './colour.ts'
import {
  animationPixelFactor,
  decodingFailure,
  readMetadata,
  refuseBombs,
  strictly,
  turn,
  turnedSize,
  uprightSize,
  withColour,
  withInks,
} from './decoding.ts'
import { latin1 } from './formats/bytes.ts'
import { beginningAt } from './formats/directories.ts'
import { readGif } from './formats/gif.ts'
import { readHeif } from './formats/heif.ts'
import { readJpeg } from './formats/jpeg.ts'
import { readPng } from './formats/png.ts'
import { readTiff } from './formats/tiff.ts'
import { readWebp } from './formats/webp.ts'
import { kindOfProfile } from './icc.ts'
import type { ImageFormat } from './image-format.ts'
import type { Size } from './layout.ts'
import { ranked, stretched } from './measures.ts'
import type { Alternative, Picture } from './picture.ts'
import { Refusal, unreadable } from './refusal.ts'
import type { CellGrid } from './sampling.ts'
import { sharp } from './sharp.ts'

/** A multi-page file beyond this is a document, or an attack. */
const maxPages = 1000

/** What a file's structure says, before anything is decoded. */
interface Account {
  /** What to decode in place of the file. */
  readonly drawn?: Uint8Array
  readonly leftOut: readonly Remark[]
  readonly notes: readonly Remark[]
  readonly bare?: Uint8Array | null
  readonly colour?: ColourTransform | null
  readonly gainMap?: Uint8Array | null
  readonly thumbnails?: readonly Uint8Array[]
  readonly pages?: number
  readonly inner?: readonly number[]
  readonly measured?: ReadonlySet<number>
  readonly hasSpareChannel?: boolean
  /** As browsers turn it, where it is not as the decoder does. */
  readonly orientation?: number
}

/** What libvips decodes. */
type RasterFormat = Exclude<ImageFormat, 'bmp' | 'svg'>

/** Without a default, so that no format is added whose files nobody accounts for. */
function accountFor(bytes: Uint8Array, format: RasterFormat): Account {
  switch (format) {
    case 'jpeg':
      return readJpeg(bytes)
    case 'png':
      return readPng(bytes, false)
    case 'gif':
      return { leftOut: [], notes: readGif(bytes).notes }
    case 'webp':
      // Browsers disagree about what EXIF says of it.
      return { leftOut: [], notes: readWebp(bytes), orientation: 1 }
    case 'avif':
    case 'heic':
      return readHeif(bytes)
    case 'tiff':
      return readTiff(bytes)
  }
}

export async function openRaster(file: Uint8Array, format: RasterFormat, maxPixels: number): Promise<Picture> {
  const metadata = format === 'heic' ? await readMetadata(file, format, {}) : null
  const account = accountFor(file, format)
  const bytes = account.drawn ?? file
  const { icc, ...known } = metadata ?? (await readMetadata(bytes, format, {}))
  const marked = known.orientation ?? 1
  const { orientation = marked } = account
  const size = turnedSize(known, orientation)
  const pages = known.pages ?? 1
  const { inner = [], measured = new Set() } = account
  const frames = pages + inner.length
  const isAnimated = frames > 1 && (format === 'gif' || format === 'webp')
  if (account.pages !== undefined && account.pages !== pages) throw unreadable('image_damaged')
  if (frames > 1 && !isAnimated && frames > maxPages) {
    throw new Refusal('too_large', [remark('pages_too_many', { count: frames, limit: maxPages })])
  }
  refuseBombs(size, isAnimated ? frames : 1, maxPixels)
  const colour = account.colour ?? null
  const sourceOf = (frame: number) => {
    const at = inner[frame - pages]
    return at === undefined ? { file: bytes, page: frame } : { file: beginningAt(bytes, at), page: 0 }
  }
  const open = (frame: number, ignoreIcc: boolean, turned = orientation): Sharp => {
    const { file: from, page } = sourceOf(frame)
    const isMarked = turned === marked
    const opened = sharp(from, { ...strictly(maxPixels), autoOrient: isMarked, page, ignoreIcc })
    const upright = isMarked ? opened : turn(opened, turned)
    return account.hasSpareChannel === true ? upright.removeAlpha() : upright
  }
  // A profile for other colours is passed over.
  const hasInkProfile = icc !== undefined && latin1(icc, 16, 20) === 'CMYK'
  const hasBareInks = format === 'jpeg' && known.space === 'cmyk' && !hasInkProfile
  const isDeep = known.depth === 'ushort'
  const profile = icc === undefined || colour !== null || hasBareInks ? 'none' : kindOfProfile(icc)
  const metadataOf = (frame: number) => {
    const { file: from, page } = sourceOf(frame)
    return readMetadata(from, format, { page })
  }
  const coded: Alternative = {
    render: async frame =>
      measured.has(frame) ? ranked(open(frame, true), (await metadataOf(frame)).space) : open(frame, true),
    isWhole: false,
  }
  const meant = (page: number, turned = orientation): Sharp | Promise<Sharp> => {
    if (hasBareInks) return withInks(open(page, true, turned))
    return colour === null ? open(page, false, turned) : withColour(open(page, true, turned), colour, isDeep)
  }
  const turned: Alternative | null =
    orientation === marked
      ? null
      : {
          render: async frame => meant(frame, marked),
          isWhole: orientation < 5 !== marked < 5,
          size: turnedSize(known, marked),
        }
  const isOther =
    colour === null ? profile === 'other' && (await looksOther(open(0, false), open(0, true))) : !colour.isOrdinary
  const alternatives = [
    ...(isOther || measured.size > 0 ? [coded] : []),
    ...(turned === null ? [] : [turned]),
    ...(account.gainMap ? [brightnessLook(account.gainMap, known, orientation, maxPixels)] : []),
  ]
  const [alternative = null] = alternatives
  return {
    ...size,
    format,
    frames,
    isAnimated,
    // Pages differ, and the first does not speak for the others.
    hasAlpha: account.hasSpareChannel !== true && (known.hasAlpha || (frames > 1 && !isAnimated)),
    plain:
      frames === 1 && profile === 'none' && colour === null && turned === null
        ? plainOf(known, account.bare ?? null)
        : null,
    alternative,
    thumbnails: account.thumbnails ?? [],
    // There is place for one of them.
    leftOut: sumRemarks([
      ...account.leftOut,
      ...(alternatives.length < 2
        ? []
        : [account.gainMap ? remark('gain_map') : remark('unknown_block', { name: 'EXIF' })]),
    ]),
    notes: sumRemarks(account.notes),
    sizeOf: async page => {
      if (frames === 1 || isAnimated) return size
      const pageSize = uprightSize(await metadataOf(page))
      refuseBombs(pageSize, 1, maxPixels)
      return pageSize
    },
    render: async page => {
      if (measured.has(page)) {
        const { space } = await metadataOf(page)
        // Light, which has shades of its own.
        return space === 'scrgb' ? open(page, false) : stretched(open(page, true), space)
      }
      return meant(page)
    },
    cells: async () =>
      cellsOfStrip(sharp(bytes, { ...strictly(maxPixels * animationPixelFactor), pages: -1 }), size, frames),
  }
}

async function cellsOfStrip(strip: Sharp, size: Size, frames: number): Promise<CellGrid> {
  const { columns, rows } = gridOf(size)
  const cells = await strip
    .resize(columns, rows, { fit: 'fill' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer()
    .catch(error => {
      throw decodingFailure(error)
    })
  const frameBytes = columns * rows * 4
  return gridFrom(
    size,
    Array.from({ length: frames }, (_, index) => cells.subarray(index * frameBytes, (index + 1) * frameBytes)),
  )
}

function plainOf(metadata: Omit<Metadata, 'icc'>, bare: Uint8Array | null): Picture['plain'] {
  const isPlain =
    metadata.depth === 'uchar' &&
    (metadata.space === 'srgb' || metadata.space === 'b-w') &&
    !metadata.hasAlpha &&
    (metadata.orientation ?? 1) === 1
  if (!isPlain || bare === null) return null
  const mime = ({ jpeg: 'image/jpeg', png: 'image/png' } as const satisfies Record<string, ImagePart['mime']>)[
    String(metadata.format)
  ]
  return mime === undefined ? null : { bytes: bare, mime }
}

/** A side, in pixels, at which two ways of showing a picture are compared. */
const probePx = 256
/** A change, of 255, that can be seen, and the share of pixels that must change for another picture to be in it. */
const seenChange = 64
const seenShare = 0.002

/** Whether a profile makes another picture of it, and not only finer shades: pixels as they are, not averaged. */
async function looksOther(meant: Sharp, coded: Sharp): Promise<boolean> {
  const probe = (of: Sharp) =>
    of
      .resize(probePx, probePx, { fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer()
  const [one, other] = await Promise.all([probe(meant), probe(coded)]).catch(error => {
    throw decodingFailure(error)
  })
  if (one.length !== other.length) return true
  let changed = 0
  for (let at = 0; at < one.length; at += 3) {
    const far = [0, 1, 2].some(channel => Math.abs((one[at + channel] ?? 0) - (other[at + channel] ?? 0)) >= seenChange)
    if (far) changed += 1
  }
  return changed > (seenShare * one.length) / 3
}

/** A gain map, of the picture's own shape and as upright as it. */
function brightnessLook(
  map: Uint8Array,
  { width, height }: Omit<Metadata, 'icc'>,
  orientation: number,
  maxPixels: number,
): Alternative {
  return {
    render: async () => turn(sharp(map, strictly(maxPixels)).resize(width, height, { fit: 'fill' }), orientation),
    isWhole: true,
  }
}
