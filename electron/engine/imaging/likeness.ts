/**
 * What a picture looks like, in 64 bits, so that it can be found again shrunk, recompressed or slightly cropped. A difference hash: the
 * picture in 9 × 8 cells, whatever its shape, and a bit for each two neighbours of a row by whether it grows lighter there
 * (N. Krawetz, "Kind of Like That", hackerfactor.com, 2013).
 */

import { chooseBackgrounds } from './background.ts'
import { decodingFailure } from './decoding.ts'
import type { Picture } from './picture.ts'
import { sharp } from './sharp.ts'

const columns = 9
const rows = 8
/** Pixels a side of a cell: what is transparent is laid on what hides least of it before cells are made. */
const cellPx = 8

/** Of 255: what differs by no more is the same, or the noise of recompression would be told from itself in every plain ground. */
const faint = 2

/** Eight bytes of its first frame as it is screened, upright; null of a picture in which no row has anything to tell it by. */
export async function likenessOf(picture: Picture): Promise<Uint8Array | null> {
  const upright = await picture.render(0)
  const { data, info } = await upright
    .resize(columns * cellPx, rows * cellPx, { fit: 'fill' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(error => {
      throw decodingFailure(error)
    })
  const [background] = chooseBackgrounds(data, info.width, info.height)
  const flat = await sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } })
    .flatten({ background })
    .removeAlpha()
    .raw()
    .toBuffer()
  return differences(cellsOf(flat))
}

/** How light each cell is, of 255, unrounded. */
function cellsOf(rgb: Uint8Array): Float64Array {
  const cells = new Float64Array(columns * rows)
  const width = columns * cellPx
  for (let at = 0, pixel = 0; at < rgb.length; at += 3, pixel += 1) {
    // ITU-R BT.601, as JPEG has it.
    const light = 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0)
    const cell = Math.floor(pixel / width / cellPx) * columns + Math.floor((pixel % width) / cellPx)
    cells[cell] = (cells[cell] ?? 0) + light / cellPx ** 2
  }
  return cells
}

function differences(cells: Float64Array): Uint8Array | null {
  const bits = new Uint8Array(rows)
  let isPlain = true
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns - 1; column += 1) {
      const at = row * columns + column
      const step = (cells[at + 1] ?? 0) - (cells[at] ?? 0)
      if (Math.abs(step) > faint) isPlain = false
      if (step > faint) bits[row] = (bits[row] ?? 0) | (1 << column)
    }
  }
  return isPlain ? null : bits
}
