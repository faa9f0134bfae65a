/** Frames of a film in cells, to be compared as those of animations are. */

import { cellPx } from '../engine/imaging/sampling.ts'

export interface Cells {
  readonly columns: number
  readonly rows: number
  readonly channels: 3
  /** The frame's cells, row by row; they are overwritten by the next. */
  of(frame: VideoFrame): Promise<Uint8Array>
}

/** Frames are sent shrunk to this, so that nothing finer is worth comparing. */
const sent = { width: 750, height: 1334 }

/** `width` and `height` are of the frames as they are stored. */
export function createCells(width: number, height: number): Cells {
  const scale = Math.min(1, sent.width / width, sent.height / height)
  const columns = Math.max(1, Math.ceil((width * scale) / cellPx))
  const rows = Math.max(1, Math.ceil((height * scale) / cellPx))
  /** One pixel is looked at for each that is sent. */
  const step = Math.max(1, Math.floor(1 / scale))
  const cells = new Uint8Array(columns * rows * 3)
  let planes = new Uint8Array(0)
  const canvas = new OffscreenCanvas(columns, rows)
  const context = canvas.getContext('2d', { willReadFrequently: true })

  const sums = new Uint32Array(columns)
  const across = [width, Math.ceil(width / 2)].map(length => borders(length, columns))

  /** Means of a plane of bytes into one channel of the cells, line by line, as they lie in memory. */
  const addPlane = (plane: Plane, channel: number) => {
    const { bytes, offset, stride, isHalved, down, apart, stretch } = plane
    const edges = across[isHalved ? 1 : 0] as Uint32Array
    const pace = step * apart
    for (let row = 0; row < rows; row += 1) {
      const top = Math.floor((row * down) / rows)
      const bottom = Math.max(top + 1, Math.floor(((row + 1) * down) / rows))
      sums.fill(0)
      // All that is read lies within its array by how the plane is laid out.
      for (let y = top; y < bottom; y += step) {
        const line = offset + y * stride
        for (let column = 0; column < columns; column += 1) {
          const end = line + (edges[column * 2 + 1] as number) * apart
          let sum = 0
          for (let at = line + (edges[column * 2] as number) * apart; at < end; at += pace) sum += bytes[at] as number
          sums[column] = (sums[column] as number) + sum
        }
      }
      const lines = Math.ceil((bottom - top) / step)
      for (let column = 0; column < columns; column += 1) {
        const count = lines * Math.ceil(((edges[column * 2 + 1] as number) - (edges[column * 2] as number)) / step)
        const value = ((sums[column] as number) / count - stretch.from) * stretch.by
        cells[(row * columns + column) * 3 + channel] = Math.max(0, Math.min(255, value))
      }
    }
  }

  const byDrawing = (frame: VideoFrame) => {
    if (context === null) throw new Error('no canvas')
    context.imageSmoothingQuality = 'medium'
    context.drawImage(frame, 0, 0, columns, rows)
    const { data } = context.getImageData(0, 0, columns, rows)
    for (let at = 0, to = 0; at < data.length; at += 4, to += 3) {
      for (let channel = 0; channel < 3; channel += 1) cells[to + channel] = data[at + channel] ?? 0
    }
    return cells
  }

  const of = async (frame: VideoFrame) => {
    const { format, visibleRect } = frame
    const shape = shapes.get(format ?? '')
    // Formats that are not laid out as planes of bytes, and a size that changes on the way, are drawn.
    if (shape === undefined || visibleRect === null || visibleRect.width !== width || visibleRect.height !== height)
      return byDrawing(frame)
    const size = frame.allocationSize()
    if (planes.length < size) planes = new Uint8Array(size)
    const layout = await frame.copyTo(planes)
    const isFull = frame.colorSpace.fullRange === true
    const stretch = isFull ? { from: 0, by: 1 } : { from: 16, by: 255 / 219 }
    for (const [channel, { plane, first, apart, halved }] of shape.entries()) {
      const { offset, stride } = layout[plane] ?? { offset: 0, stride: 0 }
      addPlane(
        {
          bytes: planes,
          offset: offset + first,
          stride,
          apart,
          isHalved: halved.x,
          down: halved.y ? Math.ceil(height / 2) : height,
          stretch: channel === 0 ? stretch : { from: 0, by: 1 },
        },
        channel,
      )
    }
    return cells
  }
  return { columns, rows, channels: 3, of }
}

/** Where each column begins and ends in a line of so many values; none is empty. */
function borders(length: number, columns: number): Uint32Array {
  return Uint32Array.from({ length: columns * 2 }, (_, index) => {
    const column = index >> 1
    const left = Math.floor((column * length) / columns)
    return index % 2 === 0 ? left : Math.max(left + 1, Math.floor(((column + 1) * length) / columns))
  })
}

interface Plane {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly stride: number
  /** Bytes from one value to the next. */
  readonly apart: number
  /** Whether it has one value for two pixels of a line. */
  readonly isHalved: boolean
  readonly down: number
  readonly stretch: { readonly from: number; readonly by: number }
}

interface Channel {
  readonly plane: number
  readonly first: number
  readonly apart: number
  readonly halved: { readonly x: boolean; readonly y: boolean }
}

const planar = (x: boolean, y: boolean): readonly Channel[] => [
  { plane: 0, first: 0, apart: 1, halved: { x: false, y: false } },
  { plane: 1, first: 0, apart: 1, halved: { x, y } },
  { plane: 2, first: 0, apart: 1, halved: { x, y } },
]

/** Brightness and two colours, of formats with a byte a value (https://www.w3.org/TR/webcodecs/#pixel-format). */
const shapes: ReadonlyMap<string, readonly Channel[]> = new Map([
  ['I420', planar(true, true)],
  ['I420A', planar(true, true)],
  ['I422', planar(true, false)],
  ['I444', planar(false, false)],
  [
    'NV12',
    [
      { plane: 0, first: 0, apart: 1, halved: { x: false, y: false } },
      { plane: 1, first: 0, apart: 2, halved: { x: true, y: true } },
      { plane: 1, first: 1, apart: 2, halved: { x: true, y: true } },
    ],
  ],
])
