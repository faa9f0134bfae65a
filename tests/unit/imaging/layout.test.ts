import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countTiles, fitSize, layOut, tileLimits, tiles } from '../../../electron/engine/imaging/layout.ts'
import type { Rect } from '../../../shared/domain.ts'
import { limits } from '../../../shared/limits.ts'

const side = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(1, 749, 750, 751, 1334, 1335, 20_000))
const size = fc.record({ width: side, height: side })
const cutting = fc.record({
  maxWidth: fc.integer({ min: 100, max: 1500 }),
  maxHeight: fc.integer({ min: 100, max: 1500 }),
  overlap: fc.integer({ min: 0, max: 90 }),
})

/** Distinct spans along one axis; a grid covers a picture when its columns and its rows do. */
function spansOf(rects: readonly Rect[], axis: 0 | 1): readonly (readonly [start: number, end: number])[] {
  const spans = new Map(rects.map(rect => [rect[axis], rect[axis] + rect[axis === 0 ? 2 : 3]]))
  return [...spans].toSorted(([a], [b]) => a - b)
}

describe('tiles of any picture up to 20 000 pixels a side', () => {
  test('cover every pixel and reach beyond none', () => {
    fc.assert(
      fc.property(size, cutting, (picture, within) => {
        const rects = tiles(picture, within)
        const [columns, rows] = [spansOf(rects, 0), spansOf(rects, 1)]
        expect(rects).toHaveLength(columns.length * rows.length)
        for (const [spans, length] of [
          [columns, picture.width],
          [rows, picture.height],
        ] as const) {
          expect(spans[0]?.[0]).toBe(0)
          expect(spans.at(-1)?.[1]).toBe(length)
          for (const [index, [start]] of spans.entries()) {
            if (index > 0) expect(start).toBeLessThanOrEqual(spans[index - 1]?.[1] ?? -1)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('share at least the overlap with each neighbour', () => {
    fc.assert(
      fc.property(size, cutting, (picture, within) => {
        const rects = tiles(picture, within)
        for (const spans of [spansOf(rects, 0), spansOf(rects, 1)]) {
          for (let index = 1; index < spans.length; index++) {
            expect((spans[index - 1]?.[1] ?? 0) - (spans[index]?.[0] ?? 0)).toBeGreaterThanOrEqual(within.overlap)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('are within the limits, and as many as were announced', () => {
    fc.assert(
      fc.property(size, cutting, (picture, within) => {
        const rects = tiles(picture, within)
        expect(rects).toHaveLength(countTiles(picture, within))
        expect(rects.every(([, , width, height]) => width <= within.maxWidth && height <= within.maxHeight)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('overlap by a line of print, and by the whole practice mark', () => {
    expect(tileLimits.overlap).toBeGreaterThanOrEqual(72)
  })
})

describe('what a picture is turned into', () => {
  test('is one picture within the limits, of the same shape, never enlarged', () => {
    fc.assert(
      fc.property(size, picture => {
        const { width, height } = fitSize(picture)
        expect(width).toBeLessThanOrEqual(Math.min(limits.imageMaxWidth, picture.width))
        expect(height).toBeLessThanOrEqual(Math.min(limits.imageMaxHeight, picture.height))
        const scale = Math.min(1, limits.imageMaxWidth / picture.width, limits.imageMaxHeight / picture.height)
        expect(Math.abs(width - picture.width * scale)).toBeLessThan(1)
        expect(Math.abs(height - picture.height * scale)).toBeLessThan(1)
      }),
    )
  })

  test('is the whole picture alone when it is within the limits, whatever the mode', () => {
    for (const mode of ['auto', 'fit', 'tile', 'both'] as const) {
      expect(layOut({ width: 750, height: 1334 }, mode)).toEqual({ whole: true, tileCount: 0 })
    }
  })

  test('is cut as well when shrinking would lose more than half the scale, unless only fitting is asked for', () => {
    expect(layOut({ width: 1500, height: 2668 }, 'auto')).toEqual({ whole: true, tileCount: 0 })
    expect(layOut({ width: 1502, height: 2668 }, 'auto')).toEqual({ whole: true, tileCount: 9 })
    expect(layOut({ width: 750, height: 5200 }, 'auto')).toEqual({ whole: true, tileCount: 5 })
    expect(layOut({ width: 750, height: 5200 }, 'fit')).toEqual({ whole: true, tileCount: 0 })
    expect(layOut({ width: 751, height: 100 }, 'tile')).toEqual({ whole: false, tileCount: 2 })
    expect(layOut({ width: 751, height: 100 }, 'both')).toEqual({ whole: true, tileCount: 2 })
  })

  test('is at most 60 tiles for a photograph of 48 megapixels', () => {
    expect(layOut({ width: 8000, height: 6000 }, 'auto').tileCount).toBeLessThanOrEqual(60)
  })
})
