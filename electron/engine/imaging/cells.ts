/** Frames of an animation in cells, to be compared. */

import { fitSize, type Size } from './layout.ts'
import { type CellGrid, cellPx } from './sampling.ts'

/** A side of a frame is never compared in fewer cells than this, or than it has pixels. */
const fewestCells = 48

/** Cells of what is sent, a frame shrunk to the platforms' limits; of small frames, smaller ones. */
export function gridOf(size: Size): { readonly columns: number; readonly rows: number } {
  const { width, height } = fitSize(size)
  const count = (pixels: number) => Math.max(Math.ceil(pixels / cellPx), Math.min(pixels, fewestCells))
  return { columns: count(width), rows: count(height) }
}

/** What is transparent is compared on black and on white: on either alone something could vanish. */
export function gridFrom(size: Size, rgba: readonly Uint8Array[]): CellGrid {
  const { columns, rows } = gridOf(size)
  const isOpaque = rgba.every(frame => frame.every((value, at) => at % 4 !== 3 || value === 255))
  const channels = isOpaque ? 3 : 6
  const frames = rgba.map(frame => {
    const cells = new Uint8Array(columns * rows * channels)
    for (let at = 0, to = 0; at < frame.length; at += 4, to += channels) {
      const alpha = frame[at + 3] ?? 0
      for (let channel = 0; channel < 3; channel++) {
        const onBlack = ((frame[at + channel] ?? 0) * alpha) / 255
        cells[to + channel] = onBlack
        if (!isOpaque) cells[to + 3 + channel] = onBlack + 255 - alpha
      }
    }
    return cells
  })
  return { columns, rows, channels, frames }
}
