import { describe, expect, test } from 'vitest'
import { atRest, calmMs, heldCalmMs, type Motion, motionAfter } from '../../../../../renderer/features/grid/motion.ts'

/** Frames of `everyMs`, each `views` further. */
function moved(
  before: Motion,
  way: { readonly views: number; readonly everyMs: number; readonly frames: number; readonly kind?: 'glide' | 'jump' },
): readonly Motion[] {
  const start = before === atRest ? 10_000 : before.movedAtMs
  const motions: Motion[] = []
  for (let frame = 1; frame <= way.frames; frame += 1) {
    const step = { views: way.views, kind: way.kind ?? 'glide', nowMs: start + frame * way.everyMs, calmMs } as const
    motions.push(motionAfter(motions.at(-1) ?? before, step))
  }
  return motions
}

const speeds = (motions: readonly Motion[]) => [...new Set(motions.map(({ speed }) => speed))]
const last = (motions: readonly Motion[]) => motions.at(-1) ?? atRest

describe('how the grid moves', () => {
  test('what is scrolled at two views a second can be looked at all the way', () => {
    expect(speeds(moved(atRest, { views: 2 / 60, everyMs: 1000 / 60, frames: 120 }))).toEqual(['readable'])
  })

  test('a wheel turned as fast as a hand can is too fast to look at anything, and still draws everything', () => {
    const motions = moved(atRest, { views: 83 / 680, everyMs: 1000 / 60, frames: 60 })
    expect(speeds(motions)).toEqual(['readable', 'fast'])
    expect(motions.findIndex(({ speed }) => speed === 'fast')).toBeLessThan(6)
  })

  test('a dragged scroll bar flings, also where each frame is slow', () => {
    for (const everyMs of [17, 100, 400]) {
      expect(speeds(moved(atRest, { views: 20, everyMs, frames: 10 }))).toEqual(['readable', 'fling'])
    }
  })

  test('a jump is looked at where it leads to, and so is each of many', () => {
    expect(speeds(moved(atRest, { views: 1, everyMs: 150, frames: 10, kind: 'jump' }))).toEqual(['readable'])
    const flung = last(moved(atRest, { views: 20, everyMs: 17, frames: 10 }))
    expect(motionAfter(flung, { views: 300, kind: 'jump', nowMs: flung.movedAtMs + 30, calmMs }).speed).toBe('readable')
  })

  test('a held key flings from page to page', () => {
    expect(last(moved(atRest, { views: 0.9, everyMs: 33, frames: 5 })).speed).toBe('fling')
  })

  test('it is over when nothing has moved for a moment, and not in a frame in which something else has changed', () => {
    const flung = last(moved(atRest, { views: 20, everyMs: 17, frames: 10 }))
    const once = (ms: number, rest = calmMs) =>
      motionAfter(flung, { views: 0, kind: 'glide', nowMs: flung.movedAtMs + ms, calmMs: rest })
    expect(once(calmMs - 1)).toBe(flung)
    expect(once(calmMs).speed).toBe('readable')
    expect(once(calmMs, heldCalmMs)).toBe(flung)
    expect(once(heldCalmMs, heldCalmMs).speed).toBe('readable')
  })
})
