/** Chooses what to put behind a transparent picture: the colour on which the least of it disappears. */

const backgrounds = [
  { colour: '#ffffff', luma: 255 },
  { colour: '#000000', luma: 0 },
  { colour: '#808080', luma: 128 },
] as const

export type Background = (typeof backgrounds)[number]['colour']

/** Difference in luma, of 255, below which something cannot be told from its background. */
const leastContrast = 40
/** Alpha below which a pixel is not there at all, and below which what is behind it shows. */
const leastAlpha = 16
const seeThroughAlpha = 128
/** Pixels this near to a see-through one border on the background. */
const reach = 2
/** Where alpha lies in a pixel read as one number: every platform that Electron runs on is little-endian. */
const alphaShift = 24
/** Pixels looked at are about so many; more would not change the choice. */
const enough = 60_000

/**
 * `rgba` is four bytes a pixel, not premultiplied. What counts are the visible pixels that border on transparency, print above all:
 * the inside of an opaque photograph looks the same on every background. Equal backgrounds: the greater contrast, then white.
 */
export function chooseBackground(rgba: Uint8Array, width: number, height: number): Background {
  const tally = backgrounds.map(background => ({ ...background, hidden: 0, contrast: 0 }))
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / enough)))
  for (let y = 0; y < height; y += step) {
    // Rows start at different places, or the strokes of a grid could all lie between the looks.
    for (let x = ((y / step) * 7) % step; x < width; x += step) {
      const at = (y * width + x) * 4
      const alpha = rgba[at + 3] ?? 0
      if (alpha < leastAlpha || !bordersOnTransparency(rgba, width, height, x, y)) continue
      const luma = 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)
      for (const background of tally) {
        const difference = (alpha / 255) * Math.abs(luma - background.luma)
        if (difference < leastContrast) background.hidden += 1
        background.contrast += difference
      }
    }
  }
  const [first, ...others] = tally
  return others.reduce(
    (best, other) =>
      other.hidden < best.hidden || (other.hidden === best.hidden && other.contrast > best.contrast) ? other : best,
    first ?? { ...backgrounds[0], hidden: 0, contrast: 0 },
  ).colour
}

/** Whether every pixel is fully there, so that no background shows. */
export function isOpaque(rgba: Uint8Array): boolean {
  // Four bytes at a time: this runs over every pixel of every picture with an alpha channel.
  const isAligned = rgba.byteOffset % 4 === 0
  const pixels = new Uint32Array(
    isAligned ? rgba.buffer : rgba.slice().buffer,
    isAligned ? rgba.byteOffset : 0,
    rgba.length / 4,
  )
  for (let at = 0; at < pixels.length; at++) if ((pixels[at] ?? 0) >>> alphaShift !== 255) return false
  return true
}

function bordersOnTransparency(rgba: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  const at = (y * width + x) * 4 + 3
  return (
    (rgba[at] ?? 0) < seeThroughAlpha ||
    (x >= reach && (rgba[at - reach * 4] ?? 0) < seeThroughAlpha) ||
    (x + reach < width && (rgba[at + reach * 4] ?? 0) < seeThroughAlpha) ||
    (y >= reach && (rgba[at - reach * width * 4] ?? 0) < seeThroughAlpha) ||
    (y + reach < height && (rgba[at + reach * width * 4] ?? 0) < seeThroughAlpha)
  )
}
