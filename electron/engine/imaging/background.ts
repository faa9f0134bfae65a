/** Chooses what to put behind a transparent picture: the fewest colours on which everything in it can be seen. */

/** In the order of the bits that stand for them: light, dark and between. */
const backgrounds = ['#ffffff', '#000000', '#808080'] as const

export type Background = (typeof backgrounds)[number]

/** On a scale of 255: a step that can be seen, and one that cannot. */
const plainStep = 64
const faintStep = 24
/** Steps are looked for between pixels this far apart, which spans the soft edge of print. */
const reach = 2
/** Side of the squares in which hidden steps are counted, and of the windows of four of them. */
const blockPx = 8
/**
 * Pixels with a hidden step, of the 256 of a window, from which on something is hidden in it: print and strokes have two edges and
 * more; the outline of a shape that ends there has one, which tells nothing.
 */
const denseSteps = 56
/** Where alpha lies in a pixel read as one number: every platform that Electron runs on is little-endian. */
const alphaShift = 24

/**
 * `rgba` is four bytes a pixel, not premultiplied. The first hides least; each further one shows something that those before it hide.
 * Looked at in all sizes: a letter as wide as the picture is a stroke once it is shrunk.
 */
export function chooseBackgrounds(
  rgba: Uint8Array,
  width: number,
  height: number,
): readonly [Background, ...Background[]] {
  const windows: number[] = []
  const hidden = [0, 0, 0]
  const contrast = [0, 0, 0]
  let level: Level = { pixels: rgba, width, height, isPremultiplied: false }
  for (;;) {
    windows.push(...hiddenWindows(level, hidden, contrast))
    if (level.width <= blockPx && level.height <= blockPx) break
    level = halve(level)
  }
  const order = [0, 1, 2].toSorted(
    (a, b) =>
      countHidden(windows, a) - countHidden(windows, b) ||
      (hidden[a] ?? 0) - (hidden[b] ?? 0) ||
      (contrast[b] ?? 0) - (contrast[a] ?? 0),
  )
  const [first = 0, ...others] = order
  const chosen = [first]
  let unseen = windows.filter(mask => (mask & (1 << first)) !== 0)
  while (unseen.length > 0) {
    const best = others
      .filter(each => !chosen.includes(each))
      .toSorted((a, b) => countHidden(unseen, a) - countHidden(unseen, b))[0]
    if (best === undefined) break
    chosen.push(best)
    unseen = unseen.filter(mask => (mask & (1 << best)) !== 0)
  }
  const [one = '#ffffff', ...more] = chosen.map(index => backgrounds[index] ?? '#ffffff')
  return [one, ...more]
}

/** Whether every pixel is fully there, so that no background shows. */
export function isOpaque(rgba: Uint8Array): boolean {
  // Four bytes at a time: this runs over every pixel of every picture with an alpha channel.
  const pixels = words(rgba)
  for (let at = 0; at < pixels.length; at++) if ((pixels[at] ?? 0) >>> alphaShift !== 255) return false
  return true
}

function words(rgba: Uint8Array): Uint32Array {
  const isAligned = rgba.byteOffset % 4 === 0
  return new Uint32Array(
    isAligned ? rgba.buffer : rgba.slice().buffer,
    isAligned ? rgba.byteOffset : 0,
    rgba.length / 4,
  )
}

interface Level {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly isPremultiplied: boolean
}

function countHidden(masks: readonly number[], background: number): number {
  return masks.reduce((sum, mask) => sum + ((mask >> background) & 1), 0)
}

/** For each window in which something is hidden, the backgrounds that hide it, as bits. `hidden` and `contrast` are added up. */
function hiddenWindows(
  { pixels, width, height, isPremultiplied }: Level,
  hidden: number[],
  contrast: number[],
): number[] {
  const columns = Math.ceil(width / blockPx)
  const rows = Math.ceil(height / blockPx)
  const counts = new Uint16Array(columns * rows * 3)
  const colours = words(pixels)
  let seenOnWhite = 0
  let seenOnBlack = 0
  let seenOnGrey = 0
  /** Backgrounds, as bits, on which a step between two pixels cannot be seen although it can be on another. */
  const hiding = (one: number, other: number): number => {
    const a = pixels[one + 3] ?? 0
    const b = pixels[other + 3] ?? 0
    // A step differs between two backgrounds by no more than its alpha does.
    if (Math.abs(a - b) <= plainStep - faintStep) return 0
    let white = 0
    let black = 0
    let grey = 0
    for (let channel = 0; channel < 3; channel++) {
      const first = pixels[one + channel] ?? 0
      const second = pixels[other + channel] ?? 0
      const over = isPremultiplied ? 255 * (first - second) : first * a - second * b
      white = Math.max(white, Math.abs(over + 255 * (b - a)))
      black = Math.max(black, Math.abs(over))
      grey = Math.max(grey, Math.abs(over + 128 * (b - a)))
    }
    if (white < plainStep * 255 && black < plainStep * 255 && grey < plainStep * 255) return 0
    seenOnWhite += white
    seenOnBlack += black
    seenOnGrey += grey
    const faint = faintStep * 255
    return (white < faint ? 1 : 0) | (black < faint ? 2 : 0) | (grey < faint ? 4 : 0)
  }
  for (let y = 0; y < height; y++) {
    const down = y + reach < height ? reach * width : 0
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const right = x + reach < width ? at + reach : at
      const below = at + down
      const word = colours[at] ?? 0
      const isSteady = word === colours[right] && word === colours[below]
      const all = word & (colours[right] ?? 0) & (colours[below] ?? 0)
      // Nearly all pixels are among others that are like them, or as opaque as they are.
      if (isSteady || all >>> alphaShift === 255) continue
      const mask = hiding(at * 4, right * 4) | hiding(at * 4, below * 4)
      if (mask === 0) continue
      const block = (Math.floor(y / blockPx) * columns + Math.floor(x / blockPx)) * 3
      for (let index = 0; index < 3; index++) {
        if ((mask & (1 << index)) === 0) continue
        counts[block + index] = (counts[block + index] ?? 0) + 1
        hidden[index] = (hidden[index] ?? 0) + 1
      }
    }
  }
  for (const [index, seen] of [seenOnWhite, seenOnBlack, seenOnGrey].entries())
    contrast[index] = (contrast[index] ?? 0) + seen
  const masks: number[] = []
  for (let y = 0; y < Math.max(1, rows - 1); y++) {
    for (let x = 0; x < Math.max(1, columns - 1); x++) {
      let mask = 0
      for (let index = 0; index < 3; index++) {
        const of = (row: number, column: number) =>
          row < rows && column < columns ? (counts[(row * columns + column) * 3 + index] ?? 0) : 0
        if (of(y, x) + of(y, x + 1) + of(y + 1, x) + of(y + 1, x + 1) >= denseSteps) mask |= 1 << index
      }
      if (mask !== 0) masks.push(mask)
    }
  }
  return masks
}

/** Half as large, premultiplied. */
function halve({ pixels, width, height, isPremultiplied }: Level): Level {
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const half = new Uint8Array(halfWidth * halfHeight * 4)
  const from = words(pixels)
  const to = words(half)
  for (let y = 0; y < halfHeight; y++) {
    const top = 2 * y * width
    const bottom = Math.min(height - 1, 2 * y + 1) * width
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x
      const right = Math.min(width - 1, left + 1)
      const word = from[top + left] ?? 0
      const all = word & (from[top + right] ?? 0) & (from[bottom + left] ?? 0) & (from[bottom + right] ?? 0)
      const any = word | (from[top + right] ?? 0) | (from[bottom + left] ?? 0) | (from[bottom + right] ?? 0)
      const at = y * halfWidth + x
      // Where pixels are fully opaque only the alpha is ever compared; any one of the colours will do.
      if (all >>> alphaShift === 255) to[at] = word
      else if (any >>> alphaShift !== 0) {
        const one = 4 * (top + left)
        const two = 4 * (top + right)
        const three = 4 * (bottom + left)
        const four = 4 * (bottom + right)
        const isEven = all === any
        const a = pixels[one + 3] ?? 0
        const b = isEven ? a : (pixels[two + 3] ?? 0)
        const c = isEven ? a : (pixels[three + 3] ?? 0)
        const d = isEven ? a : (pixels[four + 3] ?? 0)
        for (let channel = 0; channel < 3; channel++) {
          const first = pixels[one + channel] ?? 0
          if (isPremultiplied) {
            half[at * 4 + channel] =
              (first + (pixels[two + channel] ?? 0) + (pixels[three + channel] ?? 0) + (pixels[four + channel] ?? 0)) >>
              2
          } else if (isEven) half[at * 4 + channel] = (first * a) / 255
          else {
            const sum =
              first * a +
              (pixels[two + channel] ?? 0) * b +
              (pixels[three + channel] ?? 0) * c +
              (pixels[four + channel] ?? 0) * d
            half[at * 4 + channel] = sum / 1020
          }
        }
        half[at * 4 + 3] = (a + b + c + d) >> 2
      }
    }
  }
  return { pixels: half, width: halfWidth, height: halfHeight, isPremultiplied: true }
}
