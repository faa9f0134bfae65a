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

/**
 * `rgba` is four bytes a pixel, not premultiplied. What counts are the visible pixels that border on transparency, print above all:
 * the inside of an opaque photograph looks the same on every background. Equal backgrounds: the greater contrast, then white.
 */
export function chooseBackground(rgba: Uint8Array, width: number, height: number): Background {
  const hidden = [0, 0, 0]
  const contrast = [0, 0, 0]
  const alphaAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 255 : (rgba[(y * width + x) * 4 + 3] ?? 255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const alpha = alphaAt(x, y)
      if (alpha < leastAlpha) continue
      const borders =
        alpha < seeThroughAlpha ||
        alphaAt(x - reach, y) < seeThroughAlpha ||
        alphaAt(x + reach, y) < seeThroughAlpha ||
        alphaAt(x, y - reach) < seeThroughAlpha ||
        alphaAt(x, y + reach) < seeThroughAlpha
      if (!borders) continue
      const at = (y * width + x) * 4
      const luma = 0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)
      for (const [index, background] of backgrounds.entries()) {
        const difference = (alpha / 255) * Math.abs(luma - background.luma)
        if (difference < leastContrast) hidden[index] = (hidden[index] ?? 0) + 1
        contrast[index] = (contrast[index] ?? 0) + difference
      }
    }
  }
  let best = 0
  for (let index = 1; index < backgrounds.length; index++) {
    const fewer = (hidden[index] ?? 0) - (hidden[best] ?? 0)
    if (fewer < 0 || (fewer === 0 && (contrast[index] ?? 0) > (contrast[best] ?? 0))) best = index
  }
  return (backgrounds[best] ?? backgrounds[0]).colour
}
