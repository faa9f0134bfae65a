import { expect, test } from 'vitest'
import { everything } from '../../../../../renderer/state/grid/filter.ts'
import { withShape } from '../../../../../renderer/state/grid/shape.ts'

const risky = { ...everything, outcome: ['risky' as const] }

test('each view keeps its own shape, whatever is searched for in it', () => {
  const shapes = withShape(withShape({}, risky, 'list'), everything, 'grid')
  expect(shapes).toEqual({ 'outcome=risky': 'list', '': 'grid' })
  expect(withShape(shapes, { ...risky, query: '红包' }, 'grid')).toEqual({ '': 'grid', 'outcome=risky': 'grid' })
})

test('views that nobody comes back to are forgotten, those changed longest ago first', () => {
  let shapes = {}
  for (let label = 0; label < 150; label += 1)
    shapes = withShape(shapes, { ...everything, label: [20_000 + label] }, 'list')
  expect(Object.keys(shapes)).toHaveLength(100)
  expect(Object.keys(shapes).at(0)).toBe('label=20050')
})
