/** Small pictures for the grid. Blurred ones are made here once, since blurring hundreds of cells on screen is slow. */

import type { Rect } from '../../../shared/domain.ts'
import { chooseBackground } from './background.ts'
import type { Picture } from './picture.ts'
import { Refusal } from './refusal.ts'
import { sharp } from './sharp.ts'

export interface ThumbnailLook {
  /** Longest side in pixels. */
  readonly sizePx: number
  readonly blur: 'off' | 'light' | 'strong'
  readonly grey: boolean
  /** 0-based; a frame that was named is shown whole. */
  readonly frame?: number | undefined
  /** A part of that frame, shown whole. */
  readonly region?: Rect | undefined
}

/** A long poster would be a thread: beyond this ratio its beginning is shown. */
const longestRatio = 2

/** Blur radius as a share of the size: shapes stay with the one, only colours with the other. */
const blurShares = { light: 1 / 40, strong: 1 / 12 } as const

/** WebP of one frame. */
export async function makeThumbnail(picture: Picture, look: ThumbnailLook): Promise<Uint8Array> {
  const { sizePx, frame, region } = look
  if (frame !== undefined && frame >= picture.frames)
    throw new Refusal('unreadable_image', `There is no frame ${frame}.`)
  const size = frame === undefined ? picture : await picture.sizeOf(frame)
  const [left, top, width, height] = region ?? [0, 0, size.width, size.height]
  if (left + width > size.width || top + height > size.height)
    throw new Refusal('changed_file', `There is no region ${left}, ${top}, ${width} × ${height}.`)
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
  const background = chooseBackground(data, info.width, info.height)
  const flat = sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } }).flatten({ background })
  const blurred = look.blur === 'off' ? flat : flat.blur(Math.max(0.3, sizePx * blurShares[look.blur]))
  return (look.grey ? blurred.greyscale() : blurred).webp({ quality: 80 }).toBuffer()
}
