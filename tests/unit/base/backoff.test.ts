import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff, maxAttempts } from '../../../electron/engine/base/concurrency/backoff.ts'

test('waits twice as long at most after every failure, and up to that at random', () => {
  expect([1, 2, 3, 4].map(attempts => backoff(attempts, () => 1))).toEqual([500, 1000, 2000, 4000])
  expect([1, 2, 3, 4].map(attempts => backoff(attempts, () => 0))).toEqual([0, 0, 0, 0])
})

test('gives up after five attempts, or as many as are asked for', () => {
  expect(maxAttempts).toBe(5)
  expect(backoff(5)).toBeNull()
  expect(backoff(1, () => 1, 1)).toBeNull()
  expect(backoff(5, () => 1, 6)).toBe(8000)
})

test('never waits longer than half a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, chance) => {
      const delay = backoff(attempts, () => chance, Number.POSITIVE_INFINITY)
      expect(delay).toBeGreaterThanOrEqual(0)
      expect(delay).toBeLessThanOrEqual(30_000)
    }),
  )
})
