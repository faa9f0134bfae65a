import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleFrames } from '../../../electron/engine/imaging/sampling.ts'

const side = 48
const cellCount = side * side * 3

function frame(value: number, changed: { readonly cells: number; readonly to: number } = { cells: 0, to: 0 }) {
  return new Uint8Array(cellCount).fill(value).fill(changed.to, 0, changed.cells)
}

function sample(frames: readonly Uint8Array[], max: number) {
  return sampleFrames({ columns: side, rows: side, channels: 3, frames }, max)
}

/** Strokes of print, two cells wide and high, from a place on. */
function printed(ground: Uint8Array, ink: number, [left, top]: readonly [number, number] = [10, 10], letters = 3) {
  const cells = ground.slice()
  for (let letter = 0; letter < letters; letter++) {
    for (let y = top; y < top + 2; y++) {
      const at = (y * side + left + letter * 3) * 3
      cells.fill(ink, at, at + 6)
    }
  }
  return cells
}

describe('frames of an animation that are sent', () => {
  test('are the first, the last and never more than allowed, in order and without repeats', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 10 }),
        (values, max) => {
          const { chosen, differing } = sample(
            values.map(value => frame(value)),
            max,
          )
          expect(chosen[0]).toBe(0)
          expect(chosen.at(-1)).toBe(values.length - 1)
          expect(chosen.length).toBeLessThanOrEqual(Math.max(max, 1))
          expect(differing > chosen.length).toBe(differing > max)
          expect([...new Set(chosen)].toSorted((a, b) => a - b)).toEqual(chosen)
        },
      ),
    )
  })

  test('include every new sight while there is room', () => {
    const values = [10, 10, 200, 200, 90, 10, 10]
    expect(
      sample(
        values.map(value => frame(value)),
        8,
      ),
    ).toEqual({ chosen: [0, 2, 4, 5, 6], differing: 5 })
  })

  test('include one that differs by a small sticker only, and one that flashes up for a moment', () => {
    const still = frame(120)
    const sticker = frame(120, { cells: cellCount / 100, to: 250 })
    expect(sample([still, still, sticker, still, still], 8).chosen).toEqual([0, 2, 3, 4])
  })

  test('follow a slow fade that no two neighbours betray', () => {
    const fade = Array.from({ length: 40 }, (_, index) => frame(index * 3))
    expect(sample(fade, 20).chosen.length).toBeGreaterThan(4)
  })

  test('leave out what only flickers', () => {
    const flicker = Array.from({ length: 30 }, (_, index) => frame(100 + (index % 2) * 8))
    expect(sample(flicker, 8).chosen).toEqual([0, 29])
  })

  test('are the most different ones when there are too many', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index === 17 ? 255 : (index % 4) * 25))
    const { chosen, differing } = sample(
      values.map(value => frame(value)),
      4,
    )
    expect(chosen).toHaveLength(4)
    expect(differing).toBeGreaterThan(30)
    expect(chosen).toContain(17)
  })

  test('include one that differs by three small letters only, although they vanish in any average', () => {
    const still = frame(200)
    for (const ink of [40, 160]) {
      expect(sample([still, still, printed(still, ink), still, still, still], 8).chosen, String(ink)).toContain(2)
    }
  })

  test('leave out what moves by less than a cell, and grain', () => {
    const edge = (at: number, shade: number) =>
      new Uint8Array(cellCount).map((_, index) => {
        const [column, row] = [Math.floor(index / 3) % side, Math.floor(index / 3 / side)]
        if (row > 5 || column > at) return 180
        return column === at ? shade : 60
      })
    const [stripes, shifted] = [edge(20, 180), edge(20, 120)]
    expect(sample([stripes, shifted, stripes, shifted, stripes], 8).chosen).toEqual([0, 4])
    const grain = (seed: number) =>
      new Uint8Array(cellCount).map((_, at) => 120 + (Math.imul(at + seed * 7919, 2_654_435_761) >>> 28) - 8)
    expect(sample([1, 2, 3, 4, 5].map(grain), 8).chosen).toEqual([0, 4])
  })
})
