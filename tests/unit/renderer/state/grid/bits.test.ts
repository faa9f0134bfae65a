import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsOf, hasBit, noBits, positionsIn, withBits } from '../../../../../renderer/state/grid/bits.ts'

const somePositions = fc.array(fc.nat(5000), { maxLength: 200 })

test('a selection holds exactly what was put in and not taken out', () => {
  fc.assert(
    fc.property(somePositions, somePositions, (put, taken) => {
      const bits = withBits(bitsOf(put), taken, 'out')
      const expected = [...new Set(put)].filter(position => !taken.includes(position)).sort((a, b) => a - b)
      expect(Array.from(positionsIn(bits))).toEqual(expected)
      expect(bits.count).toBe(expected.length)
      for (const position of [...put, ...taken]) expect(hasBit(bits, position)).toBe(expected.includes(position))
    }),
  )
})

test('a selection that is being shown does not change under it', () => {
  const before = bitsOf([1, 2, 3])
  withBits(before, [2], 'out')
  expect(Array.from(positionsIn(before))).toEqual([1, 2, 3])
  expect(noBits.count).toBe(0)
})
