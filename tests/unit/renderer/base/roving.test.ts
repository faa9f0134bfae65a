import { expect, test } from 'vitest'
import { rovedIndex } from '../../../../renderer/base/roving.ts'

const press = (key: string, more: Partial<Parameters<typeof rovedIndex>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
})
const column = { axis: 'column', index: 2, count: 5, caret: null } as const
const row = { ...column, axis: 'row' } as const

test('In a column the arrows up and down lead on, in a row those to the sides; the edges hold.', () => {
  expect(rovedIndex(press('ArrowDown'), column)).toBe(3)
  expect(rovedIndex(press('ArrowUp'), { ...column, index: 0 })).toBe(0)
  expect(rovedIndex(press('ArrowRight'), { ...row, index: 4 })).toBe(4)
  expect(rovedIndex(press('ArrowLeft'), row)).toBe(1)
  expect(rovedIndex(press('Home'), row)).toBe(0)
  expect(rovedIndex(press('End'), column)).toBe(4)
})

test('Arrows across are those of the grid, and of a slider in a row.', () => {
  for (const key of ['ArrowLeft', 'ArrowRight']) expect(rovedIndex(press(key), column)).toBeNull()
  for (const key of ['ArrowUp', 'ArrowDown', 'PageDown']) expect(rovedIndex(press(key), row)).toBeNull()
})

test('A field is left only at the end of what is typed in it, and keeps Home and End.', () => {
  for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End'])
    expect(rovedIndex(press(key), { ...row, caret: 'within' })).toBeNull()
  expect(rovedIndex(press('ArrowLeft'), { ...row, caret: 'start' })).toBe(1)
  expect(rovedIndex(press('ArrowRight'), { ...row, caret: 'start' })).toBeNull()
  expect(rovedIndex(press('ArrowRight'), { ...row, caret: 'end' })).toBe(3)
  expect(rovedIndex(press('ArrowLeft'), { ...row, caret: 'both' })).toBe(1)
  expect(rovedIndex(press('Home'), { ...row, caret: 'start' })).toBeNull()
})

test('What has a modifier, or composes, is left alone.', () => {
  for (const more of [
    { ctrlKey: true },
    { shiftKey: true },
    { altKey: true },
    { metaKey: true },
    { isComposing: true },
  ])
    expect(rovedIndex(press('ArrowDown', more), column)).toBeNull()
})
