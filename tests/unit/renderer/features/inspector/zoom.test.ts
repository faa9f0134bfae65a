import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anchorAt,
  fitScale,
  hitScale,
  isPoster,
  partAt,
  readStep,
  scaleOf,
  scrollToAnchor,
  scrollToHit,
  steppedZoom,
  toggledZoom,
  type View,
} from '../../../../../renderer/features/inspector/zoom.ts'

const stage = { width: 1400, height: 800 }
const poster = { width: 750, height: 13_000 }
const photo = { width: 3000, height: 2000 }
const size = fc.record({ width: fc.integer({ min: 1, max: 20_000 }), height: fc.integer({ min: 1, max: 30_000 }) })
const box = fc.record({ width: fc.integer({ min: 50, max: 4000 }), height: fc.integer({ min: 50, max: 3000 }) })

describe('how large a picture is drawn', () => {
  test('a long poster is as wide as the stage or as it is itself, anything else wholly in view', () => {
    expect(scaleOf('auto', poster, stage)).toBe(1)
    expect(scaleOf('auto', { width: 2800, height: 20_000 }, stage)).toBe(0.5)
    expect(scaleOf('auto', photo, stage)).toBe(0.4)
    expect(scaleOf('fit', poster, stage)).toBeCloseTo(800 / 13_000)
    expect(scaleOf(2.5, photo, stage)).toBe(2.5)
  })

  test('what is wholly in view anyway is no poster, however high it is', () => {
    expect(isPoster({ width: 100, height: 700 }, stage)).toBe(false)
    expect(isPoster({ width: 750, height: 2000 }, { width: 340, height: 900 })).toBe(false)
  })

  test('at 100 % and back; a poster that begins there can be seen whole', () => {
    expect(toggledZoom('auto', photo, stage)).toBe(1)
    expect(toggledZoom(1, photo, stage)).toBe('auto')
    expect(toggledZoom('auto', poster, stage)).toBe('fit')
    expect(toggledZoom('fit', poster, stage)).toBe('auto')
  })

  test('steps lead over 100 %, and neither smaller than the whole nor without end', () => {
    fc.assert(
      fc.property(size, box, fc.array(fc.constantFrom<1 | -1>(1, -1), { maxLength: 40 }), (picture, room, steps) => {
        let scale = scaleOf('auto', picture, room)
        for (const by of steps) {
          const next = steppedZoom(scale, by, picture, room)
          expect(next).toBeGreaterThanOrEqual(Math.min(fitScale(picture, room), scale))
          expect(next).toBeLessThanOrEqual(8)
          expect((scale - 1) * (next - 1)).toBeGreaterThanOrEqual(0)
          scale = next
        }
      }),
    )
  })
})

describe('what stays in place', () => {
  test('the spot under the pointer, at every scale that leaves room to scroll', () => {
    const at = { x: 900, y: 300 }
    const anchor = anchorAt(at, { left: 0, top: 5000 }, 1, poster, stage)
    expect(anchor).toEqual({ x: 575, y: 5300, atX: 900, atY: 300 })
    const to = scrollToAnchor(anchor, 4)
    expect({ x: (to.left + at.x) / 4, y: (to.top + at.y) / 4 }).toEqual({ x: 575, y: 5300 })
  })

  test('a picture smaller than the stage lies in its middle', () => {
    expect(anchorAt({ x: 700, y: 400 }, { left: 0, top: 0 }, 0.4, photo, stage)).toMatchObject({ x: 1500, y: 1000 })
  })
})

describe('a hit', () => {
  test('is drawn as large as the stage allows and brought into its middle', () => {
    const hit = [1000, 500, 200, 100] as const
    const scale = hitScale(hit, photo, stage)
    expect(scale).toBe(2)
    expect(scrollToHit(hit, 2, stage)).toEqual({ left: 1500, top: 700 })
  })

  test('that is a tile of a poster keeps the width of the stage, and begins at its top', () => {
    const tile = [0, 6000, 750, 1334] as const
    expect(hitScale(tile, poster, stage)).toBe(1)
    expect(scrollToHit(tile, 1, stage)).toEqual({ left: 0, top: 5984 })
  })

  test('that is the whole picture changes nothing', () => {
    expect(hitScale([0, 0, 3000, 2000], photo, stage)).toBeNull()
  })

  test('is never shown smaller than without it', () => {
    fc.assert(
      fc.property(size, box, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (picture, room, part) => {
        const scale = hitScale([0, 0, picture.width * part, picture.height * part], picture, room)
        expect(scale ?? 9).toBeGreaterThanOrEqual(scaleOf('auto', picture, room))
      }),
    )
  })
})

describe('reading by key', () => {
  const view = (scrollTop: number, more: Partial<View> = {}): View => ({
    scrollLeft: 0,
    scrollTop,
    clientWidth: 1400,
    clientHeight: 800,
    scrollWidth: 1400,
    scrollHeight: 13_000,
    ...more,
  })

  test('a page leaves some of what was read in view, and nothing is passed over', () => {
    let top = 0
    let pages = 0
    for (;;) {
      const next = readStep(view(top), 'pageDown')
      if (typeof next !== 'object') break
      expect(next.top - top).toBeLessThanOrEqual(800 * 0.9)
      top = next.top
      pages += 1
    }
    expect(top).toBe(12_200)
    expect(pages).toBe(18)
    expect(readStep(view(top), 'down')).toBe('end')
    expect(readStep(view(top), 'end')).toBe('end')
    expect(readStep(view(top), 'home')).toEqual({ left: 0, top: 0 })
  })

  test('what is wholly in view has nothing to scroll, across or down', () => {
    expect(readStep(view(0), 'right')).toBe('none')
    expect(readStep(view(0, { scrollHeight: 800.6 }), 'pageDown')).toBe('none')
  })

  test('a picture wider than the stage is read across before its end', () => {
    expect(readStep(view(0, { scrollWidth: 3000 }), 'right')).toEqual({ left: 210, top: 0 })
    expect(readStep(view(0, { scrollWidth: 3000, scrollLeft: 1600 }), 'right')).toBe('end')
  })
})

test('The part that one looks at is the one in the middle of the view; of two that overlap there, the one nearer to it.', () => {
  const parts = [
    { name: 'whole', rect: null },
    { name: 'tile 1/3', rect: [0, 0, 750, 1000] as const },
    { name: 'tile 2/3', rect: [0, 900, 750, 1000] as const },
    { name: 'tile 3/3', rect: [0, 1800, 750, 1000] as const },
  ]
  expect(partAt(parts, { x: 375, y: 920 })?.name).toBe('tile 1/3')
  expect(partAt(parts, { x: 375, y: 980 })?.name).toBe('tile 2/3')
  expect(partAt(parts, { x: 375, y: 9000 })?.name).toBe('tile 3/3')
  expect(partAt([], { x: 0, y: 0 })).toBeUndefined()
})
