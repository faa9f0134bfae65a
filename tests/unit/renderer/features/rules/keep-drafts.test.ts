import { expect, test } from 'vitest'
import { draftsFrom } from '../../../../../renderer/features/rules/keep-drafts.ts'

const draft = { key: 'house', yaml: 'new', stored: 'old', was: 'v1' }

test('drafts come back as they were kept', () => {
  expect(draftsFrom(JSON.stringify([draft, { ...draft, key: '+1', was: null }]))).toHaveLength(2)
})

test('what is no draft is none, and keeps nothing from starting', () => {
  expect(draftsFrom(null)).toEqual([])
  expect(draftsFrom('{ broken')).toEqual([])
  expect(draftsFrom('{"key":"house"}')).toEqual([])
  expect(draftsFrom(JSON.stringify([draft, null, 3, { ...draft, yaml: 1 }, { ...draft, was: 2 }]))).toEqual([draft])
})
