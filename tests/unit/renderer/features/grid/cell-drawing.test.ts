import { expect, test } from 'vitest'
import { setHidden } from '../../../../../renderer/features/grid/cell-drawing.ts'

test('what is hidden already is not hidden again, for which the browser would restyle it', () => {
  const sets: boolean[] = []
  let isHidden = true
  const node = {
    get hidden() {
      return isHidden
    },
    set hidden(value: boolean) {
      sets.push(value)
      isHidden = value
    },
  }
  for (const wanted of [true, false, false, true, true]) setHidden(node, wanted)
  expect(sets).toEqual([false, true])
})
