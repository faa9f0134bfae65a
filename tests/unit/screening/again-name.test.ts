import { expect, test } from 'vitest'
import { nameAgain } from '../../../electron/engine/screening/again-name.ts'

test.each([
  ['春季海报', ['春季海报'], '春季海报 (2)'],
  ['春季海报', ['春季海报', '春季海报 (2)'], '春季海报 (3)'],
  ['春季海报 (2)', ['春季海报', '春季海报 (2)'], '春季海报 (3)'],
  // No batch is called "Posters": the number belongs to the name.
  ['Posters (12)', ['Posters (12)'], 'Posters (12) (2)'],
])('%s, screened again where there are %j, is %s', (name, taken, expected) => {
  expect(nameAgain(name, new Set(taken))).toBe(expected)
})

test('a name as long as one may be stays within its limit', () => {
  const name = '长'.repeat(120)
  expect(nameAgain(name, new Set([name]))).toBe(`${'长'.repeat(116)} (2)`)
})
