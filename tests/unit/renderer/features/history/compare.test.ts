import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { earlierOf, transitionKey, transitionsOf } from '../../../../../renderer/features/history/compare.ts'
import type { Outcome } from '../../../../../shared/domain.ts'
import { outcomes } from '../../../../../shared/domain.ts'
import type { ComparedAsset } from '../../../../../shared/history.ts'
import type { BatchSummary } from '../../../../../shared/screening.ts'

const change = (from: Outcome | null, to: Outcome | null): ComparedAsset => ({
  path: 'poster.jpg',
  before: { asset: 1, outcome: from, decision: null },
  after: { asset: 2, outcome: to, decision: null },
  hasOtherBytes: false,
})

describe('what has changed', () => {
  test('is sorted by kind of change, what got worse first', () => {
    const changed = [
      change('risky', 'pass'),
      change('risky', 'pass'),
      change('pass', 'review'),
      change('unchecked', 'pass'),
      change('pass', 'risky'),
    ]
    expect(transitionsOf(changed)).toEqual([
      { from: 'pass', to: 'risky', count: 1 },
      { from: 'pass', to: 'review', count: 1 },
      { from: 'unchecked', to: 'pass', count: 1 },
      { from: 'risky', to: 'pass', count: 2 },
    ])
  })

  test('is counted once each, whatever it is', () => {
    const side = fc.constantFrom(...outcomes, null)
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side)), pairs => {
        const transitions = transitionsOf(pairs.map(([from, to]) => change(from, to)))
        expect(transitions.reduce((sum, each) => sum + each.count, 0)).toBe(pairs.length)
        expect(new Set(transitions.map(transitionKey)).size).toBe(transitions.length)
      }),
    )
  })
})

describe('the batch to compare with', () => {
  const batch = (id: string, createdAt: number, key: string): BatchSummary => {
    const tally = { assets: 1, pending: 0, awaiting: 0, pass: 1, rules_only: 0, review: 0, risky: 0, unchecked: 0 }
    return {
      id,
      name: 'Launch',
      state: 'done',
      notice: null,
      createdAt,
      endedAt: createdAt,
      walked: true,
      practice: false,
      profiles: [],
      tally,
      tallyByProfile: [tally],
      decided: 0,
      noted: 0,
      skipped: 0,
      inputs: { count: 2, first: ['a', 'b'], key },
      controls: [],
    }
  }
  const first = batch('b_1', 1, 'ab')
  const other = batch('b_2', 2, 'c')
  const again = batch('b_3', 3, 'ab')
  const last = batch('b_4', 4, 'ab')
  const all = [last, again, other, first]

  test('is the latest one before it of the same inputs', () => {
    expect(earlierOf(all, last)).toBe(again)
    expect(earlierOf(all, again)).toBe(first)
  })

  test('is none for the first of its inputs', () => {
    expect(earlierOf(all, first)).toBeNull()
    expect(earlierOf(all, other)).toBeNull()
  })
})
