import type { Rect } from '../../../shared/domain.ts'
import type { Move } from '../../base/keys.ts'
import type { Zoom } from '../../state/view-state.ts'

/** How large a picture is drawn and where its view is, by arithmetic alone. Sizes are in pixels of the picture and of the window. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** One turn of the wheel, or one press of a key. */
const stepFactor = 1.25
const largest = 8
/** A hit is shown at most this large: beyond, there is nothing more to see. */
const largestHit = 2

/** Wholly in view, and never larger than it is. */
export const fitScale = (picture: Size, box: Size): number =>
  Math.min(box.width / picture.width, box.height / picture.height, 1)

const widthScale = (picture: Size, box: Size): number => Math.min(box.width / picture.width, 1)

/** So long that nothing on it can be read once it is wholly in view. */
export const isPoster = (picture: Size, box: Size): boolean =>
  picture.height > 2 * picture.width && widthScale(picture, box) >= 2 * fitScale(picture, box)

/** A poster begins as wide as the stage, anything else wholly in view. */
export function scaleOf(zoom: Zoom, picture: Size, box: Size): number {
  if (typeof zoom === 'number') return zoom
  return zoom === 'auto' && isPoster(picture, box) ? widthScale(picture, box) : fitScale(picture, box)
}

export function steppedZoom(scale: number, by: 1 | -1, picture: Size, box: Size): number {
  const smallest = Math.min(fitScale(picture, box), 1)
  const wanted = by === 1 ? scale * stepFactor : scale / stepFactor
  // Exactly 100 % is on the way, whatever it began with.
  const next = (scale - 1) * (wanted - 1) < 0 ? 1 : wanted
  return Math.min(largest, Math.max(smallest, next))
}

/** To 100 % and back to how it began; what began at 100 % goes to the whole of it. */
export function toggledZoom(zoom: Zoom, picture: Size, box: Size): Zoom {
  if (zoom !== 'auto') return 'auto'
  return isPoster(picture, box) && scaleOf('auto', picture, box) === 1 ? 'fit' : 1
}

/** As large as the stage allows, and never smaller than it is shown anyway. Null for a hit that is the whole picture. */
export function hitScale(rect: Rect, picture: Size, box: Size): number | null {
  const [, , width, height] = rect
  if (isWhole(rect, picture)) return null
  const wanted = 0.9 * Math.min(box.width / width, box.height / height, largestHit / 0.9)
  return Math.max(wanted, scaleOf('auto', picture, box))
}

export const isWhole = ([, , width, height]: Rect, picture: Size): boolean =>
  width * height >= 0.9 * picture.width * picture.height

/** Where the view has to be for a hit to be in its middle; one that is higher than the stage begins at its top. */
export function scrollToHit([left, top, width, height]: Rect, scale: number, box: Size): { left: number; top: number } {
  const margin = 16
  return {
    left: Math.max(0, (left + width / 2) * scale - box.width / 2),
    top: Math.max(
      0,
      height * scale > box.height - 2 * margin ? top * scale - margin : (top + height / 2) * scale - box.height / 2,
    ),
  }
}

/** A spot of the picture, and where in the stage it is to stay while the scale changes. */
export interface Anchor {
  readonly x: number
  readonly y: number
  readonly atX: number
  readonly atY: number
}

/** The spot under a point of the stage: a picture smaller than the stage lies in its middle. */
export function anchorAt(
  at: { readonly x: number; readonly y: number },
  view: { readonly left: number; readonly top: number },
  scale: number,
  picture: Size,
  box: Size,
): Anchor {
  const besideX = Math.max(0, (box.width - picture.width * scale) / 2)
  const besideY = Math.max(0, (box.height - picture.height * scale) / 2)
  return { x: (view.left + at.x - besideX) / scale, y: (view.top + at.y - besideY) / scale, atX: at.x, atY: at.y }
}

export const scrollToAnchor = (anchor: Anchor, scale: number): { left: number; top: number } => ({
  left: Math.max(0, anchor.x * scale - anchor.atX),
  top: Math.max(0, anchor.y * scale - anchor.atY),
})

/** What an element that scrolls says of itself. */
export interface View {
  readonly scrollLeft: number
  readonly scrollTop: number
  readonly clientWidth: number
  readonly clientHeight: number
  readonly scrollWidth: number
  readonly scrollHeight: number
}

/** A line or two: so much stays in view of what was there that the eye finds its place again. */
const lineShare = 0.15
const pageShare = 0.88

/** Where a key scrolls to; `end` when there is nothing more that way, `none` when all is in view anyway. */
export function readStep(view: View, move: Move): { readonly left: number; readonly top: number } | 'end' | 'none' {
  const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = view
  const mostLeft = Math.max(0, view.scrollWidth - width)
  const mostTop = Math.max(0, view.scrollHeight - height)
  const isAcross = move === 'left' || move === 'right'
  // A pixel more or less is rounding.
  if ((isAcross ? mostLeft : mostTop) <= 1) return 'none'
  const by: Readonly<Record<Move, number>> = {
    left: -lineShare * width,
    right: lineShare * width,
    up: -lineShare * height,
    down: lineShare * height,
    pageUp: -pageShare * height,
    pageDown: pageShare * height,
    home: -mostTop,
    end: mostTop,
  }
  const clamped = (from: number, most: number) => Math.round(Math.min(most, Math.max(0, from + by[move])))
  const next = isAcross ? { left: clamped(left, mostLeft), top } : { left, top: clamped(top, mostTop) }
  return Math.abs(next.left - left) <= 1 && Math.abs(next.top - top) <= 1 ? 'end' : next
}

/** The part that one looks at: that in the middle of the view, or the nearest to it. */
export function partAt<Part extends { readonly rect: Rect | null }>(
  parts: readonly Part[],
  middle: { readonly x: number; readonly y: number },
): Part | undefined {
  const away = ({ rect }: Part) => {
    if (rect === null) return Number.POSITIVE_INFINITY
    const [left, top, width, height] = rect
    const beside = (at: number, from: number, size: number) => Math.max(from - at, at - from - size, 0)
    // Tiles overlap: of those that hold the middle it is the one whose own middle is nearest.
    return (
      1e6 * Math.hypot(beside(middle.x, left, width), beside(middle.y, top, height)) +
      Math.hypot(middle.x - left - width / 2, middle.y - top - height / 2)
    )
  }
  let nearest: Part | undefined
  for (const part of parts)
    if (part.rect !== null && (nearest === undefined || away(part) < away(nearest))) nearest = part
  return nearest
}
