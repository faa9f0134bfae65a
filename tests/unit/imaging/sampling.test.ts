import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleFrames, sampleSide } from '../../../electron/engine/imaging/sampling.ts'

const cellCount = sampleSide * sampleSide * 3

function frame(value: number, changed: { readonly cells: number; readonly to: number } = { cells: 0, to: 0 }) {
  return new Uint8Array(cellCount).fill(value).fill(changed.to, 0, changed.cells)
}

describe('frames of an animation that are sent', () => {
  it('are the first, the last and never more than allowed, in order and without repeats', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 10 }),
        (values, max) => {
          const { chosen, differing } = sampleFrames(
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

  it('include every new sight while there is room', () => {
    const values = [10, 10, 200, 200, 90, 10, 10]
    expect(
      sampleFrames(
        values.map(value => frame(value)),
        8,
      ),
    ).toEqual({ chosen: [0, 2, 4, 5, 6], differing: 5 })
  })

  it('include one that differs by a small sticker only, and one that flashes up for a moment', () => {
    const still = frame(120)
    const sticker = frame(120, { cells: cellCount / 100, to: 250 })
    expect(sampleFrames([still, still, sticker, still, still], 8).chosen).toEqual([0, 2, 3, 4])
  })

  it('follow a slow fade that no two neighbours betray', () => {
    const fade = Array.from({ length: 40 }, (_, index) => frame(index * 3))
    expect(sampleFrames(fade, 20).chosen.length).toBeGreaterThan(4)
  })

  it('leave out what only flickers', () => {
    const flicker = Array.from({ length: 30 }, (_, index) => frame(100 + (index % 2) * 8))
    expect(sampleFrames(flicker, 8).chosen).toEqual([0, 29])
  })

  it('are the most different ones when there are too many', () => {
    const values = Array.from({ length: 40 }, (_, index) => (index === 17 ? 255 : (index % 4) * 25))
    const { chosen, differing } = sampleFrames(
      values.map(value => frame(value)),
      4,
    )
    expect(chosen).toHaveLength(4)
    expect(differing).toBeGreaterThan(30)
    expect(chosen).toContain(17)
  })
})
