import { beforeEach, describe, expect, test } from 'vitest'
import { everything } from '../../../../../renderer/state/grid/filter.ts'
import {
  assetsAt,
  beginDeciding,
  beginLoading,
  endBatch,
  extendTo,
  extendToFocus,
  focusOn,
  type GridState,
  initialGrid,
  landOnWork,
  loadColumns,
  refreshOrder,
  selectAll,
  setFilter,
  setSort,
  stay,
  takeDecision,
  takeDelta,
  takeHits,
  takeRuled,
  targets,
  toggleBeside,
  toggleSelected,
  undecidedFrom,
} from '../../../../../renderer/state/grid/grid.ts'
import { gridDecisions, gridOutcomes } from '../../../../../shared/grid.ts'
import { columnsOf, deltaOf } from './columns.ts'

const outcome = (name: (typeof gridOutcomes)[number]) => gridOutcomes.indexOf(name)
const decision = (name: (typeof gridDecisions)[number]) => gridDecisions.indexOf(name)

type Step = (state: GridState) => Partial<GridState>
function through(state: GridState, ...steps: readonly Step[]): GridState {
  let now = state
  for (const step of steps) now = { ...now, ...step(now) }
  return now
}

/** Four assets in the order risky, review, no hit, no hit. Made anew, because deltas change the columns in place. */
let opened: GridState
beforeEach(() => {
  opened = through(initialGrid, state =>
    loadColumns(
      state,
      columnsOf([
        { outcome: outcome('pass') },
        { outcome: outcome('risky') },
        { outcome: outcome('review') },
        { outcome: outcome('pass') },
      ]),
    ),
  )
})

describe('landing on the work', () => {
  const decided = decision('approve')

  test('a batch is opened at the most urgent that is undecided, however it is sorted', () => {
    const assets = columnsOf([
      { outcome: outcome('pass') },
      { outcome: outcome('risky'), decision: decided },
      { outcome: outcome('review') },
      { outcome: outcome('risky') },
    ])
    const now = through(
      initialGrid,
      state => setSort(state, { by: 'path', reversed: false }),
      state => loadColumns(state, assets),
    )
    expect(now.focus).toBe(3)
  })

  test('where all is decided it is the first that is shown', () => {
    const all = columnsOf([{ decision: decided }, { outcome: outcome('risky'), decision: decided }])
    expect(through(initialGrid, state => loadColumns(state, all)).focus).toBe(1)
  })

  test('who chooses a view is put on the first work in it, and the view shows it even if it had the focus', () => {
    const there = through(opened, state => focusOn(state, 3))
    const now = through(
      there,
      state => setFilter(state, everything),
      state => landOnWork(state, null),
    )
    expect(now.focus).toBe(1)
    expect(now.landings).toBe(there.landings + 1)
    expect(through(now, state => landOnWork(state, null)).landings).toBe(now.landings + 1)
  })

  test('what a view finds only after a search is landed on when it is found, unless one has moved on', () => {
    const searching = through(
      opened,
      state => setFilter(state, { ...everything, query: 'tea' }),
      state => landOnWork(state, null),
    )
    const found = (state: GridState) => takeHits(state, { query: 'tea', assets: Float64Array.of(10, 30) })
    expect(through(searching, found).focus).toBe(2)
    expect(through(searching, state => focusOn(state, 0), found).focus).toBe(0)
  })

  /** All pending, then what was found, with the end of the batch told before or after it. */
  const running = () => through(initialGrid, state => loadColumns(state, columnsOf([{}, {}, {}])))
  const results = deltaOf(1, [
    { position: 0, outcome: outcome('pass') },
    { position: 1, outcome: outcome('review') },
    { position: 2, outcome: outcome('risky') },
  ])
  const arrive: readonly Step[] = [state => takeDelta(state, results), state => refreshOrder(state, null)]
  const end: Step = state => endBatch(state, null)

  test('the end of a batch lands on its work, whether its last results came before or come after', () => {
    expect(through(running(), ...arrive).focus).toBe(0)
    expect(through(running(), ...arrive, end).focus).toBe(2)
    expect(through(running(), end, ...arrive).focus).toBe(2)
    const reread = (state: GridState) => loadColumns(state, columnsOf([{ outcome: 2 }, { outcome: 6 }, { outcome: 2 }]))
    expect(through(running(), end, reread).focus).toBe(1)
  })

  test('nothing moves under the hands of who has begun: by a move, a decision, a selection or any key about the asset', () => {
    const begun: readonly Step[] = [
      state => focusOn(state, 0),
      state => toggleSelected(state, 0),
      state => extendTo(state, 0),
      state => stay(state, null),
    ]
    for (const step of begun) {
      expect(through(running(), step, end, ...arrive).focus).toBe(0)
      expect(through(running(), step, ...arrive, end).focus).toBe(0)
    }
    const decidedOne = through(running(), state => beginDeciding(state, Uint32Array.of(0)), end, ...arrive)
    expect(decidedOne.focus).toBe(1)
  })

  test('results that come long after the end move nothing', () => {
    const ended = through(running(), ...arrive, end)
    const pushed = deltaOf(2, [
      { position: 0, outcome: outcome('risky') },
      { position: 2, outcome: outcome('pass') },
    ])
    expect(
      through(
        ended,
        state => takeDelta(state, pushed),
        state => refreshOrder(state, null),
      ).focus,
    ).toBe(2)
  })
})

describe('opening a batch', () => {
  test('shows the most urgent first and puts the focus on it', () => {
    expect(Array.from(opened.order)).toEqual([1, 2, 0, 3])
    expect(opened.focus).toBe(1)
  })

  test('reading the same batch again keeps focus and selection', () => {
    const again = through(
      opened,
      state => toggleSelected(state, 0),
      state => loadColumns(state, { ...columnsOf([{}, {}, {}, {}]), revision: 9 }),
    )
    expect(again.focus).toBe(0)
    expect(again.selected.count).toBe(1)
  })

  test('another batch begins without what was chosen in the last one', () => {
    const other = through(
      opened,
      state => selectAll(state, null),
      state => beginLoading(state, everything),
    )
    expect(other.selected.count).toBe(0)
    expect(other.table).toBeNull()
  })
})

describe('live updates', () => {
  test('change what is shown without moving focus or selection', () => {
    const before = through(opened, state => toggleSelected(state, 3))
    const now = through(
      before,
      state => takeDelta(state, deltaOf(1, [{ position: 0, outcome: outcome('risky') }])),
      state => refreshOrder(state, null),
    )
    expect(Array.from(now.order)).toEqual([0, 1, 2, 3])
    expect(now.focus).toBe(3)
    expect(Array.from(targets(now))).toEqual([3])
  })

  test('when the focused asset leaves the filter, the one that takes its place has the focus', () => {
    const risky = through(
      opened,
      state => setFilter(state, { ...everything, outcome: ['risky', 'review'] }),
      state => focusOn(state, 1),
      state => takeDelta(state, deltaOf(1, [{ position: 1, outcome: outcome('pass') }])),
      state => refreshOrder(state, null),
    )
    expect(Array.from(risky.order)).toEqual([2])
    expect(risky.focus).toBe(2)
  })

  test('of another batch or from the past are not taken', () => {
    expect(takeDelta(opened, { ...deltaOf(1, [{ position: 0 }]), batch: 'b_1111111111' })).toEqual({})
  })
})

describe('selecting', () => {
  test('a range follows the order shown, not the order of discovery', () => {
    const range = through(
      opened,
      state => focusOn(state, 1),
      state => extendTo(state, 0),
    )
    expect(Array.from(targets(range))).toEqual([0, 1, 2])
    expect(range.focus).toBe(0)
  })

  test('is extended to the focus from what is selected nearest to it', () => {
    const one = through(
      opened,
      state => toggleSelected(state, 1),
      state => focusOn(state, 0),
    )
    expect(Array.from(targets(through(one, state => extendToFocus(state, null))))).toEqual([0, 1, 2])
    const last = through(one, state => toggleSelected(state, 3))
    const back = through(
      last,
      state => focusOn(state, 0),
      state => extendToFocus(state, null),
    )
    expect(Array.from(targets(back))).toEqual([0, 1, 3])
    expect(back.focus).toBe(0)
  })

  test('is extended from nothing to the focus alone', () => {
    expect(Array.from(targets(through(opened, state => extendToFocus(state, null))))).toEqual([1])
    expect(extendToFocus(initialGrid, null)).toEqual({})
  })

  test('one beside what a person went to is two, and goes on one by one', () => {
    const two = through(
      opened,
      state => focusOn(state, 0),
      state => toggleBeside(state, 3),
    )
    expect(Array.from(targets(two))).toEqual([0, 3])
    expect(two.focus).toBe(3)
    const three = through(two, state => toggleBeside(state, 2))
    expect(Array.from(targets(three))).toEqual([0, 2, 3])
    expect(Array.from(targets(through(three, state => toggleBeside(state, 0))))).toEqual([2, 3])
  })

  test('nothing that has the focus by itself is taken along, nor what was just taken out', () => {
    const beside = (...steps: readonly Step[]) =>
      Array.from(targets(through(opened, ...steps, state => toggleBeside(state, 3))))
    expect(opened.focus).toBe(1)
    expect(beside()).toEqual([3])
    // A decision has moved the focus on.
    expect(
      beside(
        state => focusOn(state, 1),
        state => beginDeciding(state, Uint32Array.of(1)),
      ),
    ).toEqual([3])
    expect(
      beside(
        state => focusOn(state, 1),
        state => setFilter(state, { ...everything, outcome: ['pass'] }),
      ),
    ).toEqual([3])
    expect(
      beside(
        state => toggleBeside(state, 2),
        state => toggleBeside(state, 2),
      ),
    ).toEqual([3])
  })

  test('all means all in the filter', () => {
    const some = through(
      opened,
      state => setFilter(state, { ...everything, outcome: ['pass'] }),
      state => selectAll(state, null),
    )
    expect(some.selected.count).toBe(2)
    expect(assetsAt(some, targets(some))).toEqual([10, 40])
  })

  test('another filter lets go of the selection, so that nothing unseen is decided', () => {
    const changed = through(
      opened,
      state => selectAll(state, null),
      state => setFilter(state, { ...everything, outcome: ['risky'] }),
    )
    expect(changed.selected.count).toBe(0)
  })

  test('another order keeps it', () => {
    const changed = through(
      opened,
      state => toggleSelected(state, 3),
      state => setSort(state, { by: 'path', reversed: false }),
    )
    expect(Array.from(targets(changed))).toEqual([3])
  })

  test('with nothing selected a decision is about what has the focus', () => {
    expect(Array.from(targets(opened))).toEqual([1])
  })
})

describe('deciding', () => {
  test('moves on to the next undecided at once, before the answer is there', () => {
    const now = through(opened, state => beginDeciding(state, Uint32Array.of(1)))
    expect(now.focus).toBe(2)
    expect(now.deciding.has(1)).toBe(true)
    expect(undecidedFrom({ ...now, focus: 3 }, 1)).toBe(2)
  })

  test('is over when the delta of the decision arrives', () => {
    const now = through(
      opened,
      state => beginDeciding(state, Uint32Array.of(1)),
      state => takeDelta(state, deltaOf(1, [{ position: 1, decision: decision('reject') }])),
    )
    expect(now.deciding.size).toBe(0)
  })

  test('goes on while something else of the asset changes, so that the next key is not about it once more', () => {
    const now = through(
      opened,
      state => beginDeciding(state, Uint32Array.of(1, 2)),
      state => takeDelta(state, deltaOf(1, [{ position: 1, outcome: outcome('review') }])),
    )
    expect([...now.deciding]).toEqual([1, 2])
    expect(undecidedFrom({ ...now, focus: 3 }, 1)).toBe(0)
  })

  test('is over, and shown, when it is durable, before the delta is there; what comes with that counts', () => {
    const now = through(
      opened,
      state => beginDeciding(state, Uint32Array.of(1, 2)),
      state => takeDecision(state, { positions: Uint32Array.of(1), decision: 'reject' }),
    )
    expect([...now.deciding]).toEqual([2])
    expect(now.table?.decision[1]).toBe(decision('reject'))
    expect(now.tick).toBeGreaterThan(opened.tick)
    const later = through(now, state => takeDelta(state, deltaOf(1, [{ position: 1, decision: decision('approve') }])))
    expect(later.table?.decision[1]).toBe(decision('approve'))
    expect(takeDecision(later, { positions: Uint32Array.of(1), decision: null }).deciding).toBeDefined()
    expect(later.table?.decision[1]).toBe(decision('undecided'))
  })

  test('when all is decided there is no next', () => {
    const all = through(opened, state =>
      takeDelta(
        state,
        deltaOf(
          1,
          [0, 1, 2, 3].map(position => ({ position, decision: 1 })),
        ),
      ),
    )
    expect(undecidedFrom(all, 1)).toBe(-1)
    expect(through(all, state => beginDeciding(state, Uint32Array.of(1))).focus).toBe(1)
  })

  test('next and previous go around the end', () => {
    expect(undecidedFrom({ ...opened, focus: 3 }, 1)).toBe(1)
    expect(undecidedFrom({ ...opened, focus: 1 }, -1)).toBe(3)
  })
})

describe('searching', () => {
  const type = () => through(opened, state => setFilter(state, { ...everything, query: '红包' }))

  test('shows what was found', () => {
    const found = through(type(), state => takeHits(state, { query: '红包', assets: Float64Array.of(30, 40) }))
    expect(Array.from(found.order)).toEqual([2, 3])
  })

  test('an answer to what has been typed over is thrown away', () => {
    expect(takeHits(type(), { query: '红', assets: Float64Array.of(30) })).toEqual({})
  })

  test('emptied, shows everything again', () => {
    const found = through(
      type(),
      state => takeHits(state, { query: '红包', assets: Float64Array.of(30) }),
      state => setFilter(state, everything),
    )
    expect(found.order.length).toBe(4)
  })
})

describe('filtering by rule', () => {
  const rule = ['cn-advertising/absolute-best']
  const choose = () => through(opened, state => setFilter(state, { ...everything, rule }))

  test('shows nothing before it is known where the rule was found, so that nothing is decided by mistake', () => {
    expect(choose().order.length).toBe(0)
  })

  test('shows where it was found', () => {
    const found = through(choose(), state => takeRuled(state, { rules: rule, assets: [30, 40] }))
    expect(Array.from(found.order)).toEqual([2, 3])
  })

  test('an answer about rules that are not chosen any more is thrown away', () => {
    expect(takeRuled(choose(), { rules: [...rule, 'house/other'], assets: [30] })).toEqual({})
  })

  test('stays while another axis is changed, and ends with the filter', () => {
    const found = through(
      choose(),
      state => takeRuled(state, { rules: rule, assets: [30] }),
      state => setFilter(state, { ...state.filter, kind: ['image'] }),
    )
    expect(Array.from(found.order)).toEqual([2])
    expect(through(found, state => setFilter(state, everything)).order.length).toBe(4)
  })
})
