import { expect, test } from 'vitest'
import { paneOrder } from '../../../../renderer/frame/panes.ts'

test('Panes come in their order and around the end, the one with the keys last.', () => {
  expect(paneOrder(1, 4, 1)).toEqual([2, 3, 0, 1])
  expect(paneOrder(1, 4, -1)).toEqual([0, 3, 2, 1])
})

test('Where no pane has the keys, one begins at the edge.', () => {
  expect(paneOrder(-1, 3, 1)).toEqual([0, 1, 2])
  expect(paneOrder(-1, 3, -1)).toEqual([2, 1, 0])
})
