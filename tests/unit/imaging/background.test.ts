import { describe, expect, it } from 'vitest'
import { chooseBackground, isOpaque } from '../../../electron/engine/imaging/background.ts'

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
  it('is white for black print and black for white print', () => {
    expect(chooseBackground(picture(...print(black)), side, side)).toBe('#ffffff')
    expect(chooseBackground(picture(...print(white)), side, side)).toBe('#000000')
  })

  it('is grey where both black and white print must be read', () => {
    expect(chooseBackground(picture(...print(black), ...print(white, 60)), side, side)).toBe('#808080')
  })

  it('is chosen by what borders on transparency: the inside of a photograph looks the same on any', () => {
    const photo = { at: [0, 60, 120, 60], rgba: [128, 128, 128, 255] } as const
    const lightPrintOnly = picture(photo, ...print([160, 160, 160, 255]))
    expect(chooseBackground(lightPrintOnly, side, side)).toBe('#000000')
  })

  it('shows a faint watermark', () => {
    expect(chooseBackground(picture(...print([255, 255, 255, 60])), side, side)).toBe('#000000')
    expect(chooseBackground(picture(...print([0, 0, 0, 60])), side, side)).toBe('#ffffff')
  })

  it('is white for an empty picture', () => {
    expect(chooseBackground(picture(), side, side)).toBe('#ffffff')
  })

  it('does not matter for an opaque picture, wherever its bytes lie in memory', () => {
    expect(isOpaque(new Uint8Array(41).fill(255).subarray(1))).toBe(true)
    expect(isOpaque(new Uint8Array([1, 2, 3, 255, 4, 5, 6, 254]))).toBe(false)
    expect(isOpaque(new Uint8Array([0, 1, 2, 3, 255, 4, 5, 6, 0]).subarray(1))).toBe(false)
  })
})
