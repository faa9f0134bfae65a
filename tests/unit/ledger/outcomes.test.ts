import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comparedOf, findingOf, type OutcomeRecord, worstOf } from '../../../electron/engine/ledger/outcomes.ts'
import { concludeRules } from '../../../electron/engine/store/aggregate.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { gridOutcomes } from '../../../shared/grid.ts'
import { ruleFindings } from '../../../shared/rules.ts'

const none = { labels: '[]', score: null, reused_from: null, screened_at: null } as const

const platform = fc.constantFrom(...gridOutcomes.filter(outcome => outcome !== 'rules_only')).map(
  (outcome): OutcomeRecord => ({
    ...none,
    outcome,
    reason: outcome === 'unchecked' ? 'timeout' : null,
    rules: null,
  }),
)
const missing = fc.constantFrom(null, 'left_out' as const, 'kind_not_taken' as const, 'too_large' as const)
const rules = fc
  .record({
    found: fc.constantFrom(...ruleFindings),
    missing,
    parts: fc.nat(3),
    unseen: fc.nat(3),
    isOpen: fc.boolean(),
  })
  .map(({ found, missing: code, parts, unseen, isOpen }): OutcomeRecord => {
    if (isOpen) return { ...none, outcome: 'pending', reason: null, rules: 'unread' }
    const end = concludeRules(found, {
      parts,
      checked: Math.max(0, parts - unseen),
      missing: code === null ? null : { code, detail: '' },
    })
    return { ...none, outcome: end.outcome, reason: end.reason, rules: end.rules ?? 'unread' }
  })

const shown = (results: readonly OutcomeRecord[]) => worstOf(comparedOf(results))?.outcome
const order = ['pass', 'unchecked', 'awaiting', 'pending', 'review', 'risky']

describe('an asset before rules', () => {
  test('never passes by rules, and is looked at by rules only where all of it was', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 3 }), results => {
        const outcome = shown(results)
        expect(outcome).not.toBe('pass')
        if (outcome !== 'rules_only') return
        expect(results.every(result => result.outcome === 'rules_only' && result.reason === null)).toBe(true)
        expect(['none', 'notice']).toContain(findingOf(results))
      }),
    )
  })

  test('is never better than what a platform said of it, and passes only where every platform says so', () => {
    const both = fc.tuple(fc.array(platform, { minLength: 1, maxLength: 2 }), fc.array(rules, { maxLength: 2 }))
    fc.assert(
      fc.property(both, ([platforms, others]) => {
        const alone = shown(platforms) ?? 'pending'
        const together = shown([...platforms, ...others]) ?? 'pending'
        expect(order.indexOf(together)).toBeGreaterThanOrEqual(order.indexOf(alone))
        expect(together).not.toBe('rules_only')
        if (together === 'pass') expect(platforms.every(({ outcome }) => outcome === 'pass')).toBe(true)
      }),
    )
  })
})

describe('what rules found in an asset', () => {
  test('is the worst; nothing is known where they did not look and nothing holds it up', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(platform, rules), { maxLength: 4 }), results => {
        const own = results.flatMap(({ rules: found }) => found ?? [])
        const finding = findingOf(results)
        if (own.includes('forbidden')) expect(finding).toBe('forbidden')
        else if (own.includes('evidence')) expect(finding).toBe('evidence')
        else if (own.length === 0 || own.includes('unread')) expect(finding).toBeNull()
        else expect(finding).toBe(own.includes('notice') ? 'notice' : 'none')
      }),
    )
  })
})

test.each([
  ['none', null, 'rules_only', 'none', null],
  ['notice', null, 'rules_only', 'notice', null],
  ['evidence', null, 'review', 'evidence', null],
  ['forbidden', null, 'risky', 'forbidden', null],
  ['none', 'left_out', 'unchecked', undefined, 'left_out'],
  ['notice', 'left_out', 'unchecked', undefined, 'left_out'],
  ['forbidden', 'left_out', 'risky', 'forbidden', 'left_out'],
] as const)('%s with %s missing comes to %s', (found, code, outcome, finding, reason) => {
  const reasonOf = (given: FailureCode | null) => (given === null ? null : { code: given, detail: '' })
  const end = concludeRules(found, { parts: 1, checked: 1, missing: reasonOf(code) })
  expect([end.outcome, end.rules, end.reason, end.reuseKey]).toEqual([outcome, finding, reason, null])
})
