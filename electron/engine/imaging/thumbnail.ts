/** Small pictures for the grid. Blurred ones are made here once, since blurring hundreds of cells on screen is slow. */

import type { Sharp } from 'sharp'
import type { Rect } from '../../../shared/domain.ts'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { chooseBackgrounds } from './background.ts'
import { decodingFailure } from './decoding.ts'
import type { Picture } from './picture.ts'
import { Refusal, unreadable } from './refusal.ts'
import { sharp } from './sharp.ts'

export interface ThumbnailOptions {
  /** Longest side in pixels. */
  readonly sizePx: number
  readonly blur: 'off' | 'light' | 'strong'
  readonly grey: boolean
  /** 0-based; a frame that was named is shown whole. */
  readonly frame?: number | undefined
  /** A part of that frame, shown whole. */
  readonly region?: Rect | undefined
  /** PNG for programs that know no WebP; WebP otherwise. */
  readonly as?: 'png' | undefined
}

/** A long poster would be a thread: beyond this ratio its beginning is shown. */
const longestRatio = 2

/** Blur radius as a share of the size: shapes stay with the one, only colours with the other. */
const blurShares = { light: 1 / 40, strong: 1 / 12 } as const

/** WebP of one frame, or PNG. */
export async function makeThumbnail(picture: Picture, options: ThumbnailOptions): Promise<Uint8Array> {
  const { sizePx, frame, region } = options
  if (frame !== undefined && frame >= picture.frames) throw unreadable('no_such_frame', { name: String(frame + 1) })
  const size = frame === undefined ? picture : await picture.sizeOf(frame)
  const [left, top, width, height] = region ?? [0, 0, size.width, size.height]
  if (left + width > size.width || top + height > size.height)
    throw new Refusal('changed_file', [remark('no_such_region', { name: `${left}, ${top}, ${width} × ${height}` })])
  const ratio = frame === undefined && region === undefined ? longestRatio : Number.POSITIVE_INFINITY
  const box = {
    width: Math.ceil(Math.min(sizePx, sizePx * Math.max(width / height, 1 / ratio))),
    height: Math.ceil(Math.min(sizePx, sizePx * Math.max(height / width, 1 / ratio))),
  }
  const upright = await picture.render(frame ?? 0)
  const { data, info } = await (region === undefined ? upright : upright.extract({ left, top, width, height }))
    .resize(box.width, box.height, { fit: 'cover', position: width > height ? 'left' : 'top' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  const [background] = chooseBackgrounds(data, info.width, info.height)
  const flat = sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } }).flatten({ background })
  // Of a long poster that is shown whole by its breadth, or one colour would be left of it.
  const blurredPx = Math.min(sizePx, longestRatio * Math.min(box.width, box.height))
  const blurred = options.blur === 'off' ? flat : flat.blur(Math.max(0.3, blurredPx * blurShares[options.blur]))
  const shown = options.grey ? blurred.greyscale() : blurred
  return (options.as === 'png' ? shown.png() : shown.webp({ quality: 80 })).toBuffer()
}

/** Side in pixels at which a photograph and its own thumbnail are compared, and the change, of 255, from which on they differ. */
const comparedPx = 8
const differing = 48

/** Small pictures that a camera or Photoshop put into a file are shown by file managers, and may be others than `whole`, which was sent. */
export async function notesOnThumbnails(picture: Picture, whole: Uint8Array): Promise<readonly Remark[]> {
  for (const thumbnail of picture.thumbnails) {
    if (await isOther(thumbnail, whole)) return [remark('other_thumbnail')]
  }
  return []
}

async function isOther(thumbnail: Uint8Array, whole: Uint8Array): Promise<boolean> {
  const small = (of: Sharp) =>
    of.resize(comparedPx, comparedPx, { fit: 'fill' }).toColourspace('srgb').removeAlpha().raw().toBuffer()
  try {
    const sent = await small(sharp(whole))
    // Cameras leave it as the sensor lay.
    for (const angle of [0, 90, 180, 270]) {
      const own = await small(sharp(thumbnail).rotate(angle))
      const change = own.reduce((sum, value, at) => sum + Math.abs(value - (sent[at] ?? 0)), 0) / own.length
      if (change < differing) return false
    }
    return true
  } catch {
    // Nobody can show it.
    return false
  }
}
