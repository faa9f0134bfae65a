import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregate, type PartEnd } from '../../../electron/engine/store/aggregate.ts'
import { failureCodes } from '../../../shared/failures.ts'

const judged = fc.record({
  verdict: fc.constantFrom('pass', 'review', 'risky'),
  label: fc.option(fc.constantFrom(100, 10001, 20001, 20002, 21000)),
  score: fc.option(fc.integer({ min: 0, max: 100 })),
  failure: fc.constant(null),
})
const failure = fc.record({ code: fc.constantFrom(...failureCodes), detail: fc.string() })
const unchecked = fc.record({ verdict: fc.constant(null), failure })
const part: fc.Arbitrary<PartEnd> = fc.oneof({ weight: 3, arbitrary: judged }, { weight: 1, arbitrary: unchecked })
const parts = fc.array(part, { maxLength: 12 })
const missing = fc.option(failure)

describe('an asset', () => {
  test('passes only when there is at least one part, none is missing, and the platform passed each', () => {
    fc.assert(
      fc.property(parts, missing, (ends, gap) => {
        const result = aggregate(ends, gap)
        const isEarned = ends.length > 0 && gap === null && ends.every(end => end.verdict === 'pass')
        expect(result.outcome === 'pass').toBe(isEarned)
        if (result.outcome === 'pass') {
          expect(result.reason).toBeNull()
          expect(result.checked).toBe(result.parts)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('is as bad as its worst part, whatever else failed', () => {
    fc.assert(
      fc.property(parts, missing, (ends, gap) => {
        const { outcome } = aggregate(ends, gap)
        const has = (verdict: string) => ends.some(end => end.verdict === verdict)
        if (has('risky')) expect(outcome).toBe('risky')
        else if (has('review')) expect(outcome).toBe('review')
        else expect(['pass', 'unchecked']).toContain(outcome)
      }),
    )
  })

  test('that is not wholly checked says why, also when a hit decides', () => {
    fc.assert(
      fc.property(parts, missing, (ends, gap) => {
        const { outcome, reason, parts: all, checked } = aggregate(ends, gap)
        expect(all).toBe(ends.length)
        expect(checked).toBe(ends.filter(end => end.verdict !== null).length)
        const isWhole = gap === null && checked === all && all > 0
        expect(reason === null).toBe(isWhole)
        if (outcome === 'unchecked') expect(reason).not.toBeNull()
      }),
    )
  })

  test('has the same outcome in whatever order its parts came back', () => {
    fc.assert(
      fc.property(parts, missing, fc.infiniteStream(fc.nat()), (ends, gap, keys) => {
        const shuffled = ends
          .map(end => ({ end, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ end }) => end)
        const [one, other] = [aggregate(ends, gap), aggregate(shuffled, gap)]
        expect({ ...other, labels: other.labels.toSorted(), reason: null, detail: null }).toEqual({
          ...one,
          labels: one.labels.toSorted(),
          reason: null,
          detail: null,
        })
      }),
    )
  })

  test('names the labels of its hits, the worst verdict first, and never that of normal content', () => {
    fc.assert(
      fc.property(parts, missing, (ends, gap) => {
        const { labels, outcome } = aggregate(ends, gap)
        expect(labels).not.toContain(100)
        if (outcome === 'pass' || outcome === 'unchecked') expect(labels).toEqual([])
        const [first] = labels
        const risky = ends.flatMap(end => (end.verdict === 'risky' && end.label !== 100 ? [end.label] : []))
        if (outcome === 'risky' && risky.some(label => label !== null)) expect(risky).toContain(first)
      }),
    )
  })

  test('without parts is unchecked as empty', () => {
    expect(aggregate([], null)).toMatchObject({ outcome: 'unchecked', reason: 'empty', parts: 0 })
  })
})
