import type { View } from '../zoom.ts'

/** Panes of different sizes that show the same place: what is in the middle of one is in the middle of each, as a share of the whole. */
export interface Spot {
  readonly x: number
  readonly y: number
}

export const middleOf = (view: View): Spot => ({
  x: (view.scrollLeft + view.clientWidth / 2) / Math.max(1, view.scrollWidth),
  y: (view.scrollTop + view.clientHeight / 2) / Math.max(1, view.scrollHeight),
})

/** Where a pane has to be scrolled to for a spot to be in its middle; what lies beyond its edges stays out. */
export function scrollFor(spot: Spot, view: View): { readonly left: number; readonly top: number } {
  const within = (wanted: number, most: number) => Math.round(Math.min(Math.max(0, most), Math.max(0, wanted)))
  return {
    left: within(spot.x * view.scrollWidth - view.clientWidth / 2, view.scrollWidth - view.clientWidth),
    top: within(spot.y * view.scrollHeight - view.clientHeight / 2, view.scrollHeight - view.clientHeight),
  }
}

const factor = 1.25
const largest = 16

/** 1 is wholly in view. */
export const zoomStepped = (zoom: number, by: 1 | -1): number =>
  Math.min(largest, Math.max(1, by === 1 ? zoom * factor : zoom / factor))
