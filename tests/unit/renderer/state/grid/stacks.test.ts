import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everything } from '../../../../../renderer/state/grid/filter.ts'
import {
  beginDeciding,
  extendTo,
  focusOn,
  type GridState,
  initialGrid,
  loadColumns,
  refreshOrder,
  selectAll,
  setFilter,
  setSort,
  setStacking,
  shownAt,
  shownCount,
  shownPositions,
  takeDelta,
  targets,
  toggleSelected,
  toggleStack,
} from '../../../../../renderer/state/grid/grid.ts'
import { isSame, sizeAt } from '../../../../../renderer/state/grid/stacks.ts'
import { gridDecisions, gridFlags, gridOutcomes } from '../../../../../shared/grid.ts'
import { columnsOf, deltaOf, someAsset } from './columns.ts'

const outcome = (name: (typeof gridOutcomes)[number]) => gridOutcomes.indexOf(name)
const [risky, review, pass] = [outcome('risky'), outcome('review'), outcome('pass')]

type Step = (state: GridState) => Partial<GridState>
function through(state: GridState, ...steps: readonly Step[]): GridState {
  let now = state
  for (const step of steps) now = { ...now, ...step(now) }
  return now
}

/** Five assets, of which 0, 2 and 4 are the same. */
const opened = (changes: Parameters<typeof columnsOf>[0] = []): GridState =>
  through(
    initialGrid,
    state => setStacking(state, true),
    state =>
      loadColumns(
        state,
        columnsOf(
          [
            { outcome: risky, content: 7, folder: 1 },
            { outcome: risky, content: 9 },
            { outcome: risky, content: 7 },
            { outcome: pass, content: 8 },
            { outcome: risky, content: 7 },
          ].map((asset, at) => ({ ...asset, ...changes[at] })),
          ['', 'spring'],
        ),
      ),
  )

describe('a stack', () => {
  test('is one cell for assets that are the same, and counts stay those of assets', () => {
    const state = opened()
    expect([...state.order]).toEqual([0, 1, 3])
    expect([...state.order].map(position => sizeAt(state.stacks, position))).toEqual([3, 1, 1])
    expect(shownCount(state)).toBe(5)
    expect(state.facets?.outcome.risky).toBe(4)
    expect([...shownPositions(state)]).toEqual([0, 2, 4, 1, 3])
  })

  test('is decided, selected and exported whole', () => {
    const state = opened()
    expect([...targets(through(state, now => focusOn(now, 0)))]).toEqual([0, 2, 4])
    const chosen = through(state, now => toggleSelected(now, 0))
    expect(chosen.selected.count).toBe(3)
    expect([...targets(chosen)]).toEqual([0, 2, 4])
    expect(through(chosen, now => toggleSelected(now, 0)).selected.count).toBe(0)
    expect(
      through(
        state,
        now => focusOn(now, 3),
        now => extendTo(now, 0),
      ).selected.count,
    ).toBe(5)
    expect(through(state, now => selectAll(now, null)).selected.count).toBe(5)
  })

  test('is left at once by what comes to differ, also before it is drawn anew', () => {
    const decided = gridDecisions.indexOf('approve')
    const changed = through(opened(), now => takeDelta(now, deltaOf(1, [{ position: 2, outcome: review, content: 7 }])))
    expect([...targets(through(changed, now => focusOn(now, 0)))]).toEqual([0, 4])
    expect([...through(changed, now => refreshOrder(now, null)).order]).toEqual([0, 1, 2, 3])
    const judged = through(
      opened(),
      now => takeDelta(now, deltaOf(1, [{ position: 4, outcome: risky, decision: decided, content: 7 }])),
      now => refreshOrder(now, null),
    )
    expect([...judged.order]).toEqual([0, 1, 4, 3])
  })

  test.each([
    ['verdict', { outcome: review }],
    ['decision', { decision: 2 }],
    ['label', { label: 20_002 }],
    ['confidence', { score: 90 }],
    ['finding', { rules: 3 }],
    ['note', { flags: gridFlags.noted }],
    ['reading', { content: 6 }],
  ])('is not made over a difference of the %s', (_, change) => {
    expect([...opened([{}, {}, change]).order]).toContain(2)
  })

  test('does not mind that a verdict was reused', () => {
    expect([...opened([{}, {}, { flags: gridFlags.reused }]).order]).toEqual([0, 1, 3])
  })

  test('is not made of what has no content to be the same', () => {
    const state = opened([{ content: 0 }, {}, { content: 0 }, {}, { content: 0 }])
    expect(state.stacks).toBeNull()
    expect(state.order).toHaveLength(5)
  })

  test('takes in what comes to be the same', () => {
    const state = through(
      opened([{}, {}, { content: 0, outcome: outcome('pending') }]),
      now => takeDelta(now, deltaOf(1, [{ position: 2, outcome: risky, content: 7 }])),
      now => refreshOrder(now, null),
    )
    expect([...state.order]).toEqual([0, 1, 3])
  })

  test('is laid out beside its first and folded again, with the focus kept', () => {
    const out = through(
      opened(),
      now => focusOn(now, 0),
      now => toggleStack(now, null),
    )
    expect([...out.order]).toEqual([0, 2, 4, 1, 3])
    expect([0, 2, 4].every(position => out.stacks?.isLaidOut[position] === 1)).toBe(true)
    expect([...targets(through(out, now => focusOn(now, 2)))]).toEqual([2])
    const folded = through(
      out,
      now => focusOn(now, 4),
      now => toggleStack(now, null),
    )
    expect([...folded.order]).toEqual([0, 1, 3])
    expect(folded.focus).toBe(0)
  })

  test('stays apart from what is selected of it, so that nothing more is decided than was selected', () => {
    const state = through(
      opened(),
      now => focusOn(now, 0),
      now => toggleStack(now, null),
      now => toggleSelected(now, 4),
      now => toggleStack(now, null),
    )
    expect([...targets(state)]).toEqual([4])
    expect([...state.order]).toContain(4)
  })

  test('follows filter and sort, and finds the cell that shows an asset', () => {
    const state = through(opened(), now => setFilter(now, { ...everything, folder: ['spring'] }))
    expect([...state.order]).toEqual([0])
    expect(shownAt(state, 4)).toBe(-1)
    const sorted = through(opened(), now => setSort(now, { by: 'path', reversed: true }))
    expect([...sorted.order]).toEqual([4, 3, 1])
    expect(shownAt(sorted, 0)).toBe(4)
  })

  test('is passed over as a whole once it is being decided', () => {
    const state = through(
      opened(),
      now => focusOn(now, 0),
      now => beginDeciding(now, targets(now)),
    )
    expect(state.focus).toBe(1)
  })

  test('is nothing where nobody asked for it', () => {
    expect([...through(opened(), now => setStacking(now, false)).order]).toEqual([0, 1, 2, 4, 3])
  })
})

test('whatever the assets, each is shown once and only with what is the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ asset: someAsset, content: fc.nat(3) }), { maxLength: 60 }),
      fc.array(fc.nat(59)),
      (assets, taps) => {
        let state = through(
          initialGrid,
          now => setStacking(now, true),
          now => loadColumns(now, columnsOf(assets.map(({ asset, content }) => ({ ...asset, decision: 0, content })))),
        )
        for (const tap of taps.filter(tap => tap < assets.length))
          state = through(
            state,
            now => focusOn(now, shownAt(now, tap)),
            now => toggleStack(now, null),
          )
        const shown = [...shownPositions(state)]
        expect(shown.toSorted((a, b) => a - b)).toEqual(assets.map((_, at) => at))
        for (const position of shown) {
          const { table } = state
          const cell = shownAt(state, position)
          if (table !== null && cell !== position) expect(isSame(table, cell, position)).toBe(true)
        }
      },
    ),
  )
})
