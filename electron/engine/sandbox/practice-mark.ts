/**
 * The visual mark that makes an image risky in the sandbox: a magenta square in a black frame. It says nothing about what
 * the platforms find in images; it stands for "something" whose detection depends on its size, as real findings do.
 */
export const practiceMark = {
  colour: '#FF00AA',
  frameColour: '#000000',
  /** Side of the square, without frame, as samples draw it. */
  squarePx: 48,
  /** Width of the frame: always a quarter of the square. */
  framePx: 12,
  /** Side of the whole mark. */
  sizePx: 72,
  /** A square at least this wide in the image as sent is found (the sample mark at 50 %), JPEG quality 70 and up. */
  foundFromPx: 24,
  /** A square at most this wide in the image as sent is missed (the sample mark at 25 %). */
  missedUpToPx: 12,
} as const

/** Detection runs on the image at half its size: an eighth of the work, and still three pixels of the thinnest frame. */
export const markScale = 0.5

/** Between `missedUpToPx` and `foundFromPx`, at detection scale. */
const smallestSide = 9
/** Less than `smallestSide`, so that no square falls between the probes. */
const probeStep = 4

/** Whether pixels (RGB, 3 bytes each, at `markScale`) show the practice mark. */
export function hasPracticeMark(rgb: Uint8Array, width: number, height: number): boolean {
  const picture = { rgb, width, height }
  for (let y = 0; y < height; y += probeStep) {
    for (let x = 0; x < width; x += probeStep) {
      if (!isMagenta(picture, x, y)) continue
      const { from, to } = extent(picture, x, y, 'x')
      if (to - from >= smallestSide && isMarkAround(picture, (from + to) >> 1, y)) return true
      // The rest of this run is the same square.
      x = to
    }
  }
  return false
}

interface Picture {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
}

function isMarkAround(picture: Picture, x: number, y: number): boolean {
  const vertical = extent(picture, x, y, 'y')
  const middle = (vertical.from + vertical.to) >> 1
  const horizontal = extent(picture, x, middle, 'x')
  const width = horizontal.to - horizontal.from
  const height = vertical.to - vertical.from
  if (Math.min(width, height) < smallestSide || width > height * 1.3 || height > width * 1.3) return false
  return isFilled(picture, horizontal, vertical) && isFramed(picture, horizontal, vertical)
}

interface Extent {
  /** First magenta pixel. */
  readonly from: number
  /** One past the last. */
  readonly to: number
}

/** The run of magenta pixels through (x, y) along an axis; empty when that pixel is of another colour. */
function extent(picture: Picture, x: number, y: number, axis: 'x' | 'y'): Extent {
  const at = (i: number) => (axis === 'x' ? isMagenta(picture, i, y) : isMagenta(picture, x, i))
  let from = axis === 'x' ? x : y
  let to = from
  while (at(to)) to += 1
  while (at(from - 1)) from -= 1
  return { from, to }
}

function isFilled(picture: Picture, horizontal: Extent, vertical: Extent): boolean {
  return [0.15, 0.3, 0.5, 0.7, 0.85].every(down =>
    [0.15, 0.3, 0.5, 0.7, 0.85].every(across =>
      isMagenta(picture, Math.floor(between(horizontal, across)), Math.floor(between(vertical, down))),
    ),
  )
}

/** Walks around the middle of the frame, an eighth of the side away from the square, corners included. */
function isFramed(picture: Picture, horizontal: Extent, vertical: Extent): boolean {
  const steps = 12
  for (let step = 0; step <= steps; step += 1) {
    const along = -0.125 + (1.25 * step) / steps
    const x = between(horizontal, along)
    const y = between(vertical, along)
    const isBlackAround =
      isBlack(picture, x, between(vertical, -0.125)) &&
      isBlack(picture, x, between(vertical, 1.125)) &&
      isBlack(picture, between(horizontal, -0.125), y) &&
      isBlack(picture, between(horizontal, 1.125), y)
    if (!isBlackAround) return false
  }
  return true
}

function between({ from, to }: Extent, part: number): number {
  return from + (to - from) * part
}

function isMagenta({ rgb, width, height }: Picture, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= width || y >= height) return false
  const at = (y * width + x) * 3
  const [red = 0, green = 0, blue = 0] = [rgb[at], rgb[at + 1], rgb[at + 2]]
  return red >= 170 && green <= 95 && blue >= 100 && blue <= 235
}

/** Mostly by brightness: JPEG lets the square's colour bleed into the frame, but not its light. */
function isBlack({ rgb, width, height }: Picture, x: number, y: number): boolean {
  const column = Math.floor(x)
  const row = Math.floor(y)
  if (column < 0 || row < 0 || column >= width || row >= height) return false
  const at = (row * width + column) * 3
  const [red = 255, green = 255, blue = 255] = [rgb[at], rgb[at + 1], rgb[at + 2]]
  return 0.299 * red + 0.587 * green + 0.114 * blue <= 45 && Math.max(red, green, blue) <= 110
}
