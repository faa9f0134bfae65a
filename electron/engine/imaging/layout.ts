/** Decides how a picture is cut into parts: whole, tiles at native scale, or both. Pure arithmetic, no pixels. */

import type { ImageMode, Rect } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface TileLimits {
  readonly maxWidth: number
  readonly maxHeight: number
  /** Pixels that neighbouring tiles share, so that a line of text across a cut is whole in one of them. */
  readonly overlap: number
}

export const tileLimits: TileLimits = {
  maxWidth: limits.imageMaxWidth,
  maxHeight: limits.imageMaxHeight,
  // A headline on a 750 px poster is seldom taller; seen to keep a 48-megapixel photograph (8000 × 6000) at 60 tiles.
  overlap: 80,
}

/** Below this scale, shrinking a picture loses too much of its print to be the only look at it. */
const smallestScaleToRead = 0.5

export interface Layout {
  /** Whether the whole picture is sent, shrunk where needed. */
  readonly whole: boolean
  /** Number of tiles at native scale; `tiles` makes them. */
  readonly tileCount: number
}

/** What a picture of this size is turned into. A picture within the limits is always sent whole, whatever the mode. */
export function layOut(size: Size, mode: 'auto' | ImageMode): Layout {
  const scale = fitScale(size)
  if (scale === 1 || mode === 'fit') return { whole: true, tileCount: 0 }
  if (mode === 'auto' && scale >= smallestScaleToRead) return { whole: true, tileCount: 0 }
  return { whole: mode !== 'tile', tileCount: countTiles(size, tileLimits) }
}

/** The size of a picture shrunk to the platforms' limits; never enlarged. */
export function fitSize(size: Size): Size {
  const scale = fitScale(size)
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  }
}

function fitScale(size: Size): number {
  return Math.min(1, limits.imageMaxWidth / size.width, limits.imageMaxHeight / size.height)
}

export function countTiles(size: Size, within: TileLimits): number {
  return (
    countAlong(size.width, within.maxWidth, within.overlap) * countAlong(size.height, within.maxHeight, within.overlap)
  )
}

/** Rectangles that cover every pixel, row by row, each within the limits and of nearly equal size. */
export function tiles(size: Size, within: TileLimits): readonly Rect[] {
  const columns = spans(size.width, within.maxWidth, within.overlap)
  const rows = spans(size.height, within.maxHeight, within.overlap)
  return rows.flatMap(([y, height]) => columns.map(([x, width]): Rect => [x, y, width, height]))
}

function countAlong(length: number, max: number, overlap: number): number {
  return length <= max ? 1 : Math.ceil((length - overlap) / (max - overlap))
}

/** Equal spans rather than full ones and a rest: the rest would show a sliver without context. */
function spans(length: number, max: number, overlap: number): readonly (readonly [start: number, length: number])[] {
  const count = countAlong(length, max, overlap)
  if (count === 1) return [[0, length]]
  const span = Math.ceil((length + (count - 1) * overlap) / count)
  return Array.from({ length: count }, (_, index) => [Math.floor((index * (length - span)) / (count - 1)), span])
}
