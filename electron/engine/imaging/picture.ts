/** Opens an image file of any kind as one thing: its size when upright, its frames, pixels in sRGB, and what none of them shows. */

import type { Sharp } from 'sharp'
import type { ImagePart } from '../../../shared/domain.ts'
import { type Remark, remark, sumRemarks } from '../../../shared/remarks/index.ts'
import type { ColourTransform } from './colour.ts'
import { decodeWhole, fromPixels, readMetadata, refuseBombs, strictly, withColour } from './decoding.ts'
import { readApng } from './formats/apng.ts'
import { decodeBmp, hasTransparency, readBmp } from './formats/bmp.ts'
import { readJpeg } from './formats/jpeg.ts'
import { readPng } from './formats/png.ts'
import { openHeic } from './heic.ts'
import { kindOfProfile } from './icc.ts'
import { type ImageFormat, sniffImage } from './image-format.ts'
import { openApng, openGif } from './layered.ts'
import { fitSize, type Size } from './layout.ts'
import { openRaster } from './raster.ts'
import { Refusal, unreadable } from './refusal.ts'
import type { CellGrid } from './sampling.ts'
import { sharp } from './sharp.ts'
import { missingGlyphs } from './svg/glyphs.ts'
import { readSvg, type SvgAccount } from './svg/read-svg.ts'

/** How some viewers show a picture, beside the way in which browsers do. */
export interface Alternative {
  render(frame: number): Promise<Sharp>
  /** A map of brightness tells nothing in tiles, and tiles of a picture that is turned lie elsewhere. */
  readonly isWhole: boolean
  /** Where it is turned. */
  readonly size?: Size
}

export interface Picture extends Size {
  readonly format: ImageFormat
  /** Frames of an animation, pages of a TIFF; 1 for a still picture. */
  readonly frames: number
  /** Whether the frames are moments of one scene, so that a selection is enough. Pages are not: each has its own content. */
  readonly isAnimated: boolean
  readonly hasAlpha: boolean
  /**
   * The file's own bytes without anything that decoding does not need, where they may be sent as they are: a still JPEG or PNG,
   * upright, opaque, 8 bits, sRGB; else null.
   */
  readonly plain: { readonly bytes: Uint8Array; readonly mime: ImagePart['mime'] } | null
  /** Null where everybody shows the same. */
  readonly alternative: Alternative | null
  /** Smaller copies inside the file, which file managers show in its place. */
  readonly thumbnails: readonly Uint8Array[]
  /** What a viewer shows of it and no rendition does, so that it cannot pass. */
  readonly leftOut: readonly Remark[]
  /** What no common viewer shows of it: a pass may stand beside it. */
  readonly notes: readonly Remark[]
  /** Upright size of one frame; only pages differ. */
  sizeOf(frame: number): Promise<Size>
  /** One frame, complete as a viewer shows it, upright and in sRGB. Damage surfaces when its pixels are taken. */
  render(frame: number): Promise<Sharp>
  /** Each frame of an animation in cells, to be compared. */
  cells(): Promise<CellGrid>
}

/** Pixels an inch at which one unit of an SVG is one pixel. */
const svgDensity = 72

/** Reads headers only. `maxPixels` bounds one frame. */
export async function openPicture(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  if (bytes.byteLength === 0) throw new Refusal('empty', [])
  const format = sniffImage(bytes)
  switch (format) {
    case null:
      throw unreadable('image_unknown')
    case 'bmp':
      return openBmp(bytes, maxPixels)
    case 'svg':
      return openSvg(bytes, maxPixels)
    case 'gif':
      return openGif(bytes, maxPixels)
    case 'png': {
      const frames = readApng(bytes)
      return frames === null || frames.length === 1
        ? openRaster(bytes, format, maxPixels)
        : openApng(bytes, frames, maxPixels)
    }
    case 'heic':
      return openHeic(bytes, maxPixels)
    default:
      return openRaster(bytes, format, maxPixels)
  }
}

function openBmp(bytes: Uint8Array, maxPixels: number): Picture {
  const { header, notes, colour, otherColour } = readBmp(bytes)
  const size = { width: header.width, height: header.height }
  refuseBombs(size, 1, maxPixels)
  const shown = (as: ColourTransform | null) => async () => {
    const coded = fromPixels({ ...decodeBmp(bytes, header), ...size })
    return as === null ? coded : withColour(coded, as, false)
  }
  return stillPicture(size, {
    format: 'bmp',
    hasAlpha: header.order[3] !== null,
    alternative:
      otherColour !== undefined
        ? { render: shown(otherColour), isWhole: false }
        : hasTransparency(bytes, header)
          ? { render: async () => (await shown(colour)()).removeAlpha(), isWhole: false }
          : null,
    notes,
    render: shown(colour),
  })
}

/** A drawing has no pixels of its own: one smaller than what may be sent is drawn as large as that, so that its print can be read. */
async function openSvg(bytes: Uint8Array, maxPixels: number): Promise<Picture> {
  const account = readSvg(bytes)
  const { dark } = account
  const leftOut = [...(dark === null || account.leftOut.length > 0 ? account : dark).leftOut]
  for (const embedded of account.pictures) {
    if (!(await isDrawnWhole(embedded, maxPixels))) leftOut.push(remark('svg_picture'))
  }
  const missing = await missingGlyphs(account.characters)
  if (missing.length > 0) {
    leftOut.push(remark('missing_glyphs', { count: missing.length, name: missing.slice(0, 20).join('') }))
  }
  const drawn = await readMetadata(account.drawing, 'svg', { density: svgDensity })
  const enlarged = svgDensity * Math.max(1, growth({ width: drawn.width, height: drawn.height }))
  const density = Math.min(enlarged, svgDensity * 1000)
  const { width, height } = await readMetadata(account.drawing, 'svg', { density })
  const size = { width, height }
  refuseBombs(size, 1, maxPixels)
  const draw = ({ drawing, ground }: SvgAccount) => {
    const drawn = sharp(drawing, { ...strictly(maxPixels), density })
    return ground === null ? drawn : drawn.flatten({ background: ground })
  }
  return stillPicture(size, {
    format: 'svg',
    hasAlpha: account.ground === null || dark?.ground === null,
    leftOut: sumRemarks(leftOut),
    notes: account.notes,
    alternative: dark === null ? null : { render: async () => draw(dark), isWhole: false },
    render: async () => draw(account),
  })
}

/** The renderer draws a blank where an embedded picture is damaged, its first frame where it moves, and its pixels as they are coded. */
async function isDrawnWhole(embedded: Uint8Array, maxPixels: number): Promise<boolean> {
  const format = sniffImage(embedded)
  if (format !== 'png' && format !== 'jpeg') return false
  if (format === 'png' && (readApng(embedded) !== null || readPng(embedded, false).colour !== null)) return false
  if (format === 'jpeg' && readJpeg(embedded).leftOut.length > 0) return false
  const { icc, orientation, space } = await readMetadata(embedded, format, {}).catch(() => ({
    icc: undefined,
    orientation: 0,
    space: '',
  }))
  if ((orientation ?? 1) !== 1 || space === 'cmyk' || (icc !== undefined && kindOfProfile(icc) === 'other'))
    return false
  return decodeWhole(embedded, maxPixels)
}

/** Factor by which a small drawing can grow and still fit; just below, since the renderer rounds up. */
function growth(size: Size): number {
  const large = fitSize({ width: size.width * 10_000, height: size.height * 10_000 })
  return Math.min((large.width - 1) / size.width, (large.height - 1) / size.height)
}

function stillPicture(
  size: Size,
  given: Pick<Picture, 'format' | 'hasAlpha'> & { render: () => Promise<Sharp> } & Partial<
      Pick<Picture, 'alternative' | 'leftOut' | 'notes'>
    >,
): Picture {
  return {
    alternative: null,
    leftOut: [],
    notes: [],
    thumbnails: [],
    ...given,
    ...size,
    frames: 1,
    isAnimated: false,
    plain: null,
    sizeOf: async () => size,
    cells: async () => ({ columns: 0, rows: 0, channels: 3, frames: [] }),
  }
}
