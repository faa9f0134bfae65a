import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { brightOf, PartOutlines } from '../../../../../renderer/features/inspector/part-outlines.tsx'
import type { PartView } from '../../../../../renderer/features/inspector/parts.ts'

const size = { width: 750, height: 3000 }
const part = (name: string, rect: PartView['rect'], verdict: PartView['verdict']): PartView => ({
  name,
  piece: null,
  rect,
  verdict,
  range: null,
  frame: null,
  label: null,
  score: null,
  checks: [],
})
const first = part('tile 1/3', [0, 0, 750, 1000], 'pass')
const second = part('tile 2/3', [0, 900, 750, 1000], 'risky')
const third = part('tile 3/3', [0, 1800, 750, 1000], 'review')
const parts = [first, second, third]

describe('what is outside of the hits', () => {
  test('is dimmed while the whole picture is looked at, and not while it is read', () => {
    expect(brightOf({ size, parts, lit: undefined, isOverview: true })).toEqual([second.rect, third.rect])
    expect(brightOf({ size, parts, lit: undefined, isOverview: false })).toEqual([])
  })

  test('is all but the one that is lit', () => {
    for (const isOverview of [true, false])
      expect(brightOf({ size, parts, lit: 'tile 3/3', isOverview })).toEqual([third.rect])
  })

  test('is nothing where the hit is the whole, or where nothing was found', () => {
    const whole = part('whole', [0, 0, 750, 3000], 'risky')
    expect(brightOf({ size, parts: [whole], lit: 'whole', isOverview: true })).toEqual([])
    expect(brightOf({ size, parts: [first], lit: undefined, isOverview: true })).toEqual([])
  })

  test('leaves the hits alone where they overlap, too', () => {
    const drawn = renderToStaticMarkup(<PartOutlines size={size} parts={parts} lit={undefined} isOverview />)
    // One path for all of them: where two overlap it is not dimmed again.
    expect(drawn).toContain('d="M0 900h750v1000h-750zM0 1800h750v1000h-750z" fill="#000"')
    expect(drawn.match(/<rect/g)).toHaveLength(3)
  })
})
