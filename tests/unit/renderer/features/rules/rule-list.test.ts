import { expect, test } from 'vitest'
import { steppedTo } from '../../../../../renderer/features/rules/stepping.ts'

const list = { position: 5, last: 99, page: 10 }

test('keys lead through a list and not out of it', () => {
  expect(steppedTo('ArrowDown', list)).toBe(6)
  expect(steppedTo('ArrowUp', list)).toBe(4)
  expect(steppedTo('PageDown', list)).toBe(14)
  expect(steppedTo('PageUp', list)).toBe(0)
  expect(steppedTo('Home', list)).toBe(0)
  expect(steppedTo('End', list)).toBe(99)
  expect(steppedTo('ArrowDown', { ...list, position: 99 })).toBe(99)
  // Nothing is chosen yet.
  expect(steppedTo('ArrowDown', { ...list, position: -1 })).toBe(0)
  expect(steppedTo('ArrowUp', { ...list, position: -1 })).toBe(0)
})

test('other keys lead nowhere', () => {
  expect(steppedTo('a', list)).toBeNull()
  expect(steppedTo('Enter', list)).toBeNull()
})
