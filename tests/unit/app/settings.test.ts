import { expect, test } from 'vitest'
import { evidentChanges, reviewerOf } from '../../../electron/engine/app/settings.ts'
import { settingsSchema } from '../../../shared/settings.ts'

const before = settingsSchema.parse({})

test('Whether new batches are checked by rules, and by those of which trades, is a change for the ledger', () => {
  expect(evidentChanges(before, { ...before, rules: false, density: 200 })).toEqual({ rules: false })
  expect(evidentChanges(before, { ...before, ruleScopes: ['food'] })).toEqual({ ruleScopes: ['food'] })
  expect(evidentChanges(before, { ...before, ruleScopes: null })).toBeNull()
})

test('Who answers for an act is who is set, else who is logged in', () => {
  expect(reviewerOf(() => ({ ...before, reviewer: '林' }), { USER: 'lin' })()).toBe('林')
  expect(reviewerOf(() => before, { USER: 'lin' })()).toBe('lin')
  expect(reviewerOf(() => before, {})()).toBe('')
})
