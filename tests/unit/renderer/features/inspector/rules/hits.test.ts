import { describe, expect, test } from 'vitest'
import { partsOf } from '../../../../../../renderer/features/inspector/parts.ts'
import {
  countsOf,
  firstOfEach,
  inOrder,
  isSaidByRules,
} from '../../../../../../renderer/features/inspector/rules/hits.ts'
import { rulesProfile } from '../../../../../../shared/rules.ts'
import type { CheckView } from '../../../../../../shared/screening.ts'
import { ruleHit, ruleText, waiver } from './hit-fixtures.ts'

const notice = ruleText({ rule: 'contact', severity: 'notice' })

describe('the hits of an asset', () => {
  test('come worst first, then by their place, and what is fine last', () => {
    const hits = [
      ruleHit(1, { text: notice, range: [0, 2] }),
      ruleHit(2, { range: [30, 34] }),
      ruleHit(3, { range: [5, 9] }),
      ruleHit(4, { range: [1, 3], waiver }),
      ruleHit(5, { text: notice, range: null }),
    ]
    expect(inOrder(hits).map(({ id }) => id)).toEqual([3, 2, 5, 1, 4])
  })

  test('are counted by severity, and what is fine counts as that alone', () => {
    const hits = [ruleHit(1), ruleHit(2, { waiver }), ruleHit(3, { text: notice })]
    expect(countsOf(hits)).toEqual({ forbidden: 1, evidence: 0, notice: 1, fine: 1 })
  })

  test('say all of a rule once', () => {
    expect([...firstOfEach([ruleHit(1), ruleHit(2), ruleHit(3, { text: notice })])]).toEqual([1, 3])
  })
})

describe('the result of rules', () => {
  test('is told in their own words where they looked, and where there was nothing that they can look at', () => {
    expect(isSaidByRules({ profile: rulesProfile, reason: null }, { rules: 'none' })).toBe(true)
    expect(isSaidByRules({ profile: rulesProfile, reason: 'kind_not_taken' }, { rules: null })).toBe(true)
  })

  test('is unchecked, with its reason, where they should have looked and could not', () => {
    expect(isSaidByRules({ profile: rulesProfile, reason: 'undecodable_text' }, { rules: null })).toBe(false)
    expect(isSaidByRules({ profile: rulesProfile, reason: 'left_out' }, { rules: 'forbidden' })).toBe(false)
  })

  test('never takes the place of a platform’s', () => {
    expect(isSaidByRules({ profile: 'p_brand', reason: null }, { rules: 'forbidden' })).toBe(false)
  })

  test('draws no part: rules mark words, and a passage that they object to is not what a platform flagged', () => {
    const check = { part: 'chunk 1/1', range: [0, 9], rect: null, frame: null, verdict: 'risky', reason: null } as const
    const checks = [
      { ...check, profile: rulesProfile },
      { ...check, profile: 'p_brand', verdict: 'pass' },
    ] as unknown as CheckView[]
    expect(partsOf({ checks, pieces: null }).map(({ verdict }) => verdict)).toEqual(['pass'])
  })
})
