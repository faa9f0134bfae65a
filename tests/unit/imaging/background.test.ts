import { describe, expect, test } from 'vitest'
import { chooseBackgrounds, isOpaque } from '../../../electron/engine/imaging/background.ts'

const side = 120

/** A transparent square with filled rectangles. */
function picture(
  ...areas: readonly { readonly at: readonly [number, number, number, number]; readonly rgba: readonly number[] }[]
) {
  const pixels = new Uint8Array(side * side * 4)
  for (const {
    at: [left, top, width, height],
    rgba,
  } of areas) {
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) pixels.set(rgba, (y * side + x) * 4)
  }
  return pixels
}
const print = (rgba: readonly number[], top = 10) =>
  [0, 1, 2, 3].map(line => ({ at: [10, top + line * 10, 100, 2], rgba }) as const)
const black = [0, 0, 0, 255]
const white = [255, 255, 255, 255]

describe('the background of a transparent picture', () => {
  test('is white for black print and black for white print', () => {
    expect(chooseBackgrounds(picture(...print(black)), side, side)).toEqual(['#ffffff'])
    expect(chooseBackgrounds(picture(...print(white)), side, side)).toEqual(['#000000'])
  })

  test('is grey where both black and white print must be read', () => {
    expect(chooseBackgrounds(picture(...print(black), ...print(white, 60)), side, side)).toEqual(['#808080'])
  })

  test('is chosen by what borders on transparency: the inside of a photograph looks the same on any', () => {
    const photo = { at: [0, 60, 120, 60], rgba: [128, 128, 128, 255] } as const
    const lightPrintOnly = picture(photo, ...print([160, 160, 160, 255]))
    expect(chooseBackgrounds(lightPrintOnly, side, side)).toEqual(['#000000'])
  })

  test('is joined by another where each hides something: white, black and grey print are all seen on one of two', () => {
    const grey = [128, 128, 128, 255]
    const all = picture(...print(black), ...print(white, 50), ...print(grey, 85))
    const chosen = chooseBackgrounds(all, side, side)
    expect(chosen).toHaveLength(2)
    // The second is not the one that hides what the first hides.
    expect(new Set(chosen).size).toBe(2)
  })

  test('is joined by another for a shape as large as the picture, whatever its edges hide when looked at closely', () => {
    const large = picture(
      { at: [10, 8, 100, 30], rgba: white },
      { at: [10, 46, 100, 30], rgba: black },
      { at: [10, 84, 100, 30], rgba: [128, 128, 128, 255] },
    )
    expect(chooseBackgrounds(large, side, side).length).toBeGreaterThan(1)
  })

  test('stays one for soft edges: a shadow, a halo, a rounded photograph', () => {
    const soft = new Uint8Array(side * side * 4)
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const far = Math.hypot(x - side / 2, y - side / 2)
        const alpha = far < 40 ? 255 : Math.max(0, 255 - (far - 40) * 16)
        soft.set(far < 38 ? [(x * 2) % 256, (y * 2) % 256, 90, 255] : [0, 0, 0, alpha], (y * side + x) * 4)
      }
    }
    expect(chooseBackgrounds(soft, side, side)).toHaveLength(1)
  })

  test('shows a faint watermark', () => {
    expect(chooseBackgrounds(picture(...print([255, 255, 255, 70])), side, side)).toEqual(['#000000'])
    expect(chooseBackgrounds(picture(...print([0, 0, 0, 70])), side, side)).toEqual(['#ffffff'])
  })

  test('is white for an empty picture', () => {
    expect(chooseBackgrounds(picture(), side, side)).toEqual(['#ffffff'])
  })

  test('does not matter for an opaque picture, wherever its bytes lie in memory', () => {
    expect(isOpaque(new Uint8Array(41).fill(255).subarray(1))).toBe(true)
    expect(isOpaque(new Uint8Array([1, 2, 3, 255, 4, 5, 6, 254]))).toBe(false)
    expect(isOpaque(new Uint8Array([0, 1, 2, 3, 255, 4, 5, 6, 0]).subarray(1))).toBe(false)
  })
})
