import { expect, test } from 'vitest'
import { usualChoice } from '../../../../../renderer/features/drop/usual-choice.ts'
import { rulesProfile } from '../../../../../shared/rules.ts'

const all = [{ id: 'practice-wechat' }, { id: 'p_brand' }, { id: rulesProfile }]

test('a new batch asks whom the last one asked, and rules as the settings say', () => {
  expect(usualChoice({ lastProfiles: ['p_brand'], rules: true }, all)).toEqual({ profiles: ['p_brand'], rules: true })
  expect(usualChoice({ lastProfiles: ['p_brand'], rules: false }, all)).toEqual({ profiles: ['p_brand'], rules: false })
})

test('rules are no account, also where they stand among those of last time', () => {
  expect(usualChoice({ lastProfiles: [rulesProfile], rules: true }, all).profiles).toEqual(['practice-wechat'])
})

test('rules alone are asked alone again, but not where they were switched off meanwhile', () => {
  expect(usualChoice({ lastProfiles: [], rules: true }, all)).toEqual({ profiles: [], rules: true })
  expect(usualChoice({ lastProfiles: [], rules: false }, all).profiles).toEqual(['practice-wechat'])
})

test('where there are no rules nobody is asked for them', () => {
  expect(usualChoice({ lastProfiles: [], rules: true }, [{ id: 'p' }])).toEqual({ profiles: ['p'], rules: false })
})
