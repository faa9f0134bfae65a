import { create } from 'zustand'
import type { Decision } from '../../../shared/domain.ts'
import { type AskedSort, type GridColumns, type GridDelta, gridDecisions } from '../../../shared/grid.ts'
import type { IpcProblem } from '../../../shared/ipc.ts'
import { type Bits, bitsOf, hasBit, noBits, positionsIn, withBits } from './bits.ts'
import { everything, type Facets, type Filter, type Found, facetsOf, matching } from './filter.ts'
import { byRisk, type Sort, sorted, urgencyOf } from './sort.ts'
import { fold, isSame, membersAt, type Stacks, sizeAt, unfolded } from './stacks.ts'
import { applyDelta, positionOf, type Table, tableFrom, undecided } from './table.ts'

/**
 * What the grid of the open batch shows and what is chosen in it. Assets are named by position (place in the columns),
 * which never changes; `order` says which positions are shown, and where.
 */
export interface GridState {
  readonly table: Table | null
  /** Rises whenever the table's contents change, which happens in place. */
  readonly tick: number
  readonly filter: Filter
  readonly sort: Sort
  /** Positions that the query of the filter found; null without a query. */
  readonly hits: Bits | null
  /** Positions of the rules of the filter; null without one. */
  readonly ruled: Bits | null
  /** What looks like the asset of the filter; null without one. */
  readonly alike: Alike | null
  /** What the grid draws: of a stack that is folded only the first. */
  readonly order: Uint32Array
  /** Assets that are the same are shown as one. */
  readonly isStacking: boolean
  /** Null where nothing is the same as anything else, or nobody wants to see it so. */
  readonly stacks: Stacks | null
  /** Positions of the stacks that are laid out. */
  readonly laidOut: Bits
  readonly facets: Facets | null
  /** Position with the focus, -1 for none. */
  readonly focus: number
  /** A person has put the focus where it is, or works on what has it: it moves no more by itself. */
  readonly isPlaced: boolean
  /** Rises when the focus is put on the work, for the view to show it even if it was there already. */
  readonly landings: number
  /** The batch has come to its end; what it found may still be on its way into the order. */
  readonly hasEnded: boolean
  readonly selected: Bits
  /** While some are compared: the focus goes from one of these to another; null otherwise. */
  readonly within: Uint32Array | null
  /** Where a range begins: what a person put the focus on last; -1 where the focus came by itself, and a range begins with it. */
  readonly anchor: number
  /** Positions whose decision is on its way; the next undecided one is looked for behind them. */
  readonly deciding: ReadonlySet<number>
  readonly loading: boolean
  readonly problem: IpcProblem | null
}

/** Pictures that look alike, for a look only: nothing is decided by it. */
export interface Alike {
  /** The one that was asked about, then the others, the nearest first. */
  readonly positions: Uint32Array
  readonly bits: Bits
  /** They are shown in that order, until somebody sorts them otherwise. */
  readonly isOrdered: boolean
}

export const initialGrid: GridState = {
  table: null,
  tick: 0,
  filter: everything,
  sort: byRisk,
  hits: null,
  ruled: null,
  alike: null,
  order: new Uint32Array(0),
  isStacking: false,
  stacks: null,
  laidOut: noBits,
  facets: null,
  focus: -1,
  isPlaced: false,
  landings: 0,
  hasEnded: false,
  selected: noBits,
  within: null,
  anchor: -1,
  deciding: new Set(),
  loading: false,
  problem: null,
}

export const useGrid = create<GridState>()(() => initialGrid)

/** `dispatchGrid(setFilter, filter)` */
export function dispatchGrid<Input>(
  transition: (state: GridState, input: Input) => Partial<GridState>,
  input: Input,
): void {
  useGrid.setState(state => transition(state, input))
}

type Derived = Pick<GridState, 'order' | 'stacks'>

function derived(table: Table, state: Omit<GridState, 'table' | 'order' | 'stacks'>): Derived {
  const matched = matching(table, state.filter, state)
  const { alike } = state
  const shown = alike?.isOrdered ? among(alike.positions, matched) : sorted(table, matched, state.sort)
  return state.isStacking && table.hasContent ? fold(table, shown, state) : { order: shown, stacks: null }
}

/** Of some positions those that are among others, in their order. */
function among(positions: Uint32Array, others: Uint32Array): Uint32Array {
  const bits = bitsOf(others)
  return positions.filter(position => hasBit(bits, position))
}

export const beginLoading = ({ landings, isStacking }: GridState, filter: Filter): Partial<GridState> => ({
  ...initialGrid,
  landings,
  isStacking,
  filter,
  ruled: ruledUntilKnown(filter, null),
  loading: true,
})
export const failLoading = (_: GridState, problem: IpcProblem): Partial<GridState> => ({ loading: false, problem })

/** New columns: of another batch, or of the same one after a delta was missed, which keeps focus and selection. */
export function loadColumns(state: GridState, columns: GridColumns): Partial<GridState> {
  const table = tableFrom(columns)
  const same = state.table?.batch === table.batch
  if (same) table.asked = state.table?.asked ?? null
  const kept = same ? state : { ...state, selected: noBits, laidOut: noBits }
  const { order, stacks } = derived(table, kept)
  const next = { table, tick: state.tick + 1, order, stacks, facets: facetsOf(table), loading: false, problem: null }
  return {
    ...next,
    ...(same ? { focus: keptFocus(state, table, order) } : {}),
    ...(same && state.hasEnded && hasPending(state) ? landed({ ...state, ...next }) : {}),
    ...(same
      ? {}
      : {
          focus: firstWork(table, order),
          selected: noBits,
          within: null,
          laidOut: noBits,
          anchor: -1,
          deciding: new Set<number>(),
        }),
  }
}

/** Contents only; `refreshOrder` follows when there is time for it. */
export function takeDelta(state: GridState, delta: GridDelta): Partial<GridState> {
  const { table, deciding } = state
  if (table === null) return {}
  // Another change of an asset, as by its screening, may come before its decision: until that is there it stays decided about.
  const decided = deciding.size === 0 ? [] : newlyDecided(table, delta).filter(position => deciding.has(position))
  if (applyDelta(table, delta) !== 'applied') return {}
  if (decided.length === 0) return { tick: state.tick + 1 }
  const left = new Set(deciding)
  for (const position of decided) left.delete(position)
  return { tick: state.tick + 1, deciding: left }
}

const newlyDecided = (table: Table, delta: GridDelta): number[] =>
  [...delta.position].filter((position, at) => delta.decision[at] !== table.decision[position])

/** Sorts and filters again. A focused asset that fell out hands the focus to the one that took its place. */
export function refreshOrder(state: GridState, _: null): Partial<GridState> {
  const { table } = state
  if (table === null) return {}
  const next = { ...ordered(state, table), facets: facetsOf(table) }
  return state.hasEnded && hasPending(state) ? { ...next, ...landed({ ...state, ...next }) } : next
}

const hasPending = ({ facets }: GridState): boolean => (facets?.outcome.pending ?? 0) > 0

/** The most urgent of what is shown and not decided yet; the first of all where everything is decided. */
function firstWork(table: Table, order: Uint32Array, deciding: ReadonlySet<number> = new Set()): number {
  const urgency = urgencyOf(table)
  let first = -1
  for (const position of order) {
    if (table.decision[position] !== undecided || deciding.has(position)) continue
    if (first === -1 || urgency(position) > urgency(first)) first = position
  }
  return first === -1 ? (order[0] ?? -1) : first
}

/** Puts the focus on the first work, because a person has gone to what is shown. */
export function landOnWork(state: GridState, _: null): Partial<GridState> {
  return state.table === null ? {} : landed({ ...state, isPlaced: false })
}

/** The batch has ended: who has not begun with anything in it begins with the first work. */
export function endBatch(state: GridState, _: null): Partial<GridState> {
  return { hasEnded: true, ...landed(state) }
}
export const resumeBatch = (_: GridState, __: null): Partial<GridState> => ({ hasEnded: false })

/** What a person looks at must not change under the key that decides about it. */
export const stay = (_: GridState, __: null): Partial<GridState> => ({ isPlaced: true })

function landed(state: GridState): Partial<GridState> {
  const { table, order, deciding } = state
  if (table === null || state.isPlaced || state.selected.count > 0) return {}
  const focus = firstWork(table, order, deciding)
  return { focus, anchor: -1, isPlaced: false, landings: state.landings + 1 }
}

/** What is shown, and where; how many there are of each kind does not depend on it. */
function ordered(state: GridState, table: Table): Partial<GridState> {
  const next = derived(table, state)
  return { ...next, focus: keptFocus(state, table, next.order) }
}

function keptFocus(state: GridState, table: Table, order: Uint32Array): number {
  if (state.focus === -1) return order[0] ?? -1
  if (order.includes(state.focus) || state.within?.includes(state.focus)) return state.focus
  const same = state.isStacking ? order.find(position => isSame(table, position, state.focus)) : undefined
  if (same !== undefined) return same
  const index = state.order.indexOf(state.focus)
  return order[Math.min(Math.max(index, 0), order.length - 1)] ?? -1
}

export function setFilter(state: GridState, filter: Filter): Partial<GridState> {
  // Until the new query is answered what the last one found stays, so that nothing flickers while typing.
  const hits = filter.query === '' ? null : state.hits
  const ruled = ruledUntilKnown(filter, state.ruled)
  const alike = filter.like === null ? null : state.alike
  if (state.table === null) return { filter, hits, ruled, alike }
  const next = { ...state, filter, hits, ruled, alike, selected: noBits }
  return { filter, hits, ruled, alike, selected: noBits, anchor: -1, ...ordered(next, state.table) }
}

/** Shows nothing but what looks like an asset, which comes first and has the focus. */
export function showAlike(
  state: GridState,
  found: { readonly asset: number; readonly name: string; readonly assets: Iterable<number> },
): Partial<GridState> {
  const { table, filter } = state
  const { asset, name, assets } = found
  const focus = table === null ? -1 : positionOf(table, asset)
  if (table === null || focus === -1) return {}
  const positions = Uint32Array.from([...assets].map(each => positionOf(table, each)).filter(at => at >= 0))
  const alike = { positions, bits: bitsOf(positions), isOrdered: true }
  const like = { asset, name, before: filter.like?.before ?? filter }
  const shown = { filter: { ...everything, like }, alike, hits: null, ruled: null, selected: noBits, focus }
  return { ...shown, anchor: focus, isPlaced: true, ...ordered({ ...state, ...shown }, table) }
}

/** What the main process found for a query; ignored when another has been typed since. */
export function takeHits(
  state: GridState,
  found: { readonly query: string; readonly assets: Float64Array },
): Partial<GridState> {
  const table = state.table
  if (table === null || found.query !== state.filter.query) return {}
  const hits = positionsOf(table, found.assets)
  return showFound(state, table, { hits })
}

/** Assets that the rules were found in; ignored when others have been chosen since. */
export function takeRuled(
  state: GridState,
  found: { readonly rules: readonly string[]; readonly assets: Iterable<number> },
): Partial<GridState> {
  const table = state.table
  if (table === null || found.rules !== state.filter.rule) return {}
  const ruled = positionsOf(table, found.assets)
  return showFound(state, table, { ruled })
}

function showFound(state: GridState, table: Table, found: Partial<Pick<Found, 'hits' | 'ruled'>>): Partial<GridState> {
  const next = { ...found, ...ordered({ ...state, ...found }, table) }
  return { ...next, ...landed({ ...state, ...next }) }
}

/** Nothing until the rules have been looked up: what they were not found in must not be decided about as if they were. */
const ruledUntilKnown = (filter: Filter, known: Bits | null): Bits | null =>
  filter.rule.length === 0 ? null : (known ?? noBits)

const positionsOf = (table: Table, assets: Iterable<number>): Bits =>
  bitsOf([...assets].map(asset => positionOf(table, asset)).filter(position => position >= 0))

export function setSort(state: GridState, sort: Sort): Partial<GridState> {
  const alike = state.alike === null ? null : { ...state.alike, isOrdered: false }
  return state.table === null ? { sort } : { sort, alike, ...ordered({ ...state, sort, alike }, state.table) }
}

/** Sorts by what was asked for; ignored when another batch has been opened since. */
export function sortByAsked(
  state: GridState,
  found: { readonly batch: string; readonly sort: Sort; readonly by: AskedSort; readonly keys: Uint32Array },
): Partial<GridState> {
  const { batch, sort, by, keys } = found
  if (state.table?.batch !== batch) return {}
  state.table.asked = { by, keys }
  return { ...setSort(state, sort), tick: state.tick + 1 }
}

/** Shows what is the same as one, or every asset by itself. */
export function setStacking(state: GridState, isStacking: boolean): Partial<GridState> {
  if (state.table === null || state.isStacking === isStacking) return { isStacking }
  return { isStacking, laidOut: noBits, ...ordered({ ...state, isStacking, laidOut: noBits }, state.table) }
}

/** Lays the focused stack out, or folds the one that the focus is in. */
export function toggleStack(state: GridState, _: null): Partial<GridState> {
  const { table, stacks, focus } = state
  if (table === null || stacks === null || focus === -1) return {}
  const isOut = stacks.isLaidOut[focus] === 1
  if (!isOut && sizeAt(stacks, focus) === 1) return {}
  const members = isOut ? state.order.filter(position => isSame(table, position, focus)) : membersOf(state, focus)
  const laidOut = withBits(state.laidOut, members, isOut ? 'out' : 'in')
  return { laidOut, isPlaced: true, ...ordered({ ...state, laidOut }, table) }
}

/** All that the cell at a position stands for. */
export const membersOf = ({ table, stacks }: GridState, position: number): readonly number[] =>
  table === null ? [position] : membersAt(table, stacks, position)

/** All that the grid shows, in its order, what lies in stacks too. */
export const shownPositions = ({ table, stacks, order }: GridState): Uint32Array =>
  table === null ? order : unfolded(table, stacks, order)

/** How many that are. */
export const shownCount = ({ stacks, order }: GridState): number => stacks?.assets ?? order.length

/** The position whose cell shows an asset; -1 where none does. */
export function shownAt({ table, stacks, order }: GridState, position: number): number {
  if (order.includes(position)) return position
  if (table === null || stacks === null) return -1
  return order.find(first => sizeAt(stacks, first) > 1 && isSame(table, first, position)) ?? -1
}

/** Focus by position; the selection stays. */
export const focusOn = (_: GridState, position: number): Partial<GridState> => ({
  focus: position,
  anchor: position,
  isPlaced: true,
})

/** Points at an asset to do something about it: with all that is selected where it is among that, alone otherwise. */
export function pointAt(state: GridState, position: number): Partial<GridState> {
  const focus = { focus: position, anchor: position, isPlaced: true }
  return hasBit(state.selected, position) ? focus : { ...focus, selected: noBits }
}

/** Keeps the focus among some, or lets it go again. */
export const keepWithin = (
  { anchor }: GridState,
  kept: Pick<GridState, 'within' | 'focus' | 'selected'>,
): Partial<GridState> => ({ ...kept, anchor: kept.within === null ? anchor : kept.focus, isPlaced: true })

/** Selects what is being drawn over, besides `base`; the focus stays, or the view would follow it. */
export function selectTouched(
  { table, stacks }: GridState,
  touched: { readonly positions: Uint32Array; readonly base: Bits | null },
): Partial<GridState> {
  // What lies in a stack goes with its cell.
  const positions = table === null ? touched.positions : unfolded(table, stacks, touched.positions)
  return { selected: withBits(touched.base ?? noBits, positions, 'in'), isPlaced: true }
}

/** What comes next goes on from what was selected. */
export function endTouching({ order, selected, focus }: GridState, _: null): Partial<GridState> {
  if (selected.count === 0 || hasBit(selected, focus)) return {}
  const anchor = order.find(position => hasBit(selected, position)) ?? -1
  return { anchor }
}

/** What was selected before; of another batch it would be something else. */
export function giveBack(
  state: GridState,
  before: { readonly batch: string | undefined; readonly selected: Bits },
): Partial<GridState> {
  return before.batch === state.table?.batch ? { selected: before.selected } : {}
}

export function toggleSelected(state: GridState, position: number): Partial<GridState> {
  const present = hasBit(state.selected, position) ? 'out' : 'in'
  return { ...focusOn(state, position), selected: withBits(state.selected, membersOf(state, position), present) }
}

/**
 * What is pointed at joins the selection or leaves it. What a person had gone to before begins the selection, so that going to one asset
 * and choosing a second are two; what only got the focus by itself was chosen by nobody and stays out.
 */
export function toggleBeside(state: GridState, position: number): Partial<GridState> {
  const { selected, focus, anchor, order } = state
  const isFirst = selected.count === 0 && focus !== position && anchor === focus && order.includes(focus)
  if (isFirst) return toggleSelected({ ...state, selected: withBits(noBits, membersOf(state, focus), 'in') }, position)
  const next = toggleSelected(state, position)
  // Taken out by hand, it does not come in again with the next.
  return next.selected?.count === 0 ? { ...next, anchor: -1 } : next
}

/** Everything between the anchor and `position`, in the order shown, joins the selection; the focus goes there. */
export function extendTo(state: GridState, position: number): Partial<GridState> {
  const anchor = state.anchor === -1 ? state.focus : state.anchor
  const from = state.order.indexOf(anchor)
  const to = state.order.indexOf(position)
  if (from === -1 || to === -1) return { focus: position }
  const range = rangeOf(state, from, to)
  return { focus: position, anchor, isPlaced: true, selected: withBits(state.selected, range, 'in') }
}

/** From what is selected nearest to the focus up to it; only itself when nothing is. */
export function extendToFocus(state: GridState, _: null): Partial<GridState> {
  const { order, focus, selected } = state
  const to = order.indexOf(focus)
  if (to === -1) return {}
  const isSelected = (index: number) => index >= 0 && index < order.length && hasBit(selected, order[index] ?? 0)
  let away = 1
  while (away < order.length && !isSelected(to - away) && !isSelected(to + away)) away += 1
  const from = isSelected(to - away) ? to - away : isSelected(to + away) ? to + away : to
  return { selected: withBits(selected, rangeOf(state, from, to), 'in') }
}

/** What the cells from one to another stand for. */
function rangeOf({ table, stacks, order }: GridState, from: number, to: number): Uint32Array {
  const range = order.subarray(Math.min(from, to), Math.max(from, to) + 1)
  return table === null ? range : unfolded(table, stacks, range)
}

export const selectAll = (state: GridState, _: null): Partial<GridState> => ({
  selected: bitsOf(shownPositions(state)),
})
export const selectNone = (_: GridState, __: null): Partial<GridState> => ({ selected: noBits })

/** The nearest undecided asset in a direction, around the end; -1 when there is none. */
export function undecidedFrom(state: GridState, step: 1 | -1): number {
  const { table } = state
  const order = state.within ?? state.order
  if (table === null || order.length === 0) return -1
  const start = order.indexOf(state.focus)
  for (let way = 1; way <= order.length; way += 1) {
    const index = (((start + step * way) % order.length) + order.length) % order.length
    const position = order[index] ?? 0
    if (position === state.focus || state.deciding.has(position)) continue
    if (table.decision[position] === undecided) return position
  }
  return -1
}

/** Marks decisions as on their way and lets go of the selection; one alone moves on to the next undecided. */
export function beginDeciding(state: GridState, positions: Uint32Array): Partial<GridState> {
  const deciding = new Set(state.deciding)
  for (const position of positions) deciding.add(position)
  const next = undecidedFrom({ ...state, deciding }, 1)
  const focus = next === -1 ? state.focus : next
  return { deciding, selected: noBits, focus, anchor: -1, isPlaced: true }
}

export function endDeciding(state: GridState, positions: Uint32Array): Partial<GridState> {
  if (state.deciding.size === 0) return {}
  const deciding = new Set(state.deciding)
  for (const position of positions) deciding.delete(position)
  return { deciding }
}

/** Decisions that are durable: the change that tells of them may come a moment later, and of thousands in pieces. */
export function takeDecision(
  state: GridState,
  decided: { readonly positions: Uint32Array; readonly decision: Decision | null },
): Partial<GridState> {
  const { table } = state
  if (table === null) return {}
  const decision = gridDecisions.indexOf(decided.decision ?? 'undecided')
  for (const position of decided.positions) table.decision[position] = decision
  return { tick: state.tick + 1, ...endDeciding(state, decided.positions) }
}

/** What a decision would touch: the selection, or else what has the focus, with all that lies in its stack. */
export function targets(state: GridState): Uint32Array {
  if (state.selected.count > 0) return positionsIn(state.selected)
  return state.focus === -1 ? new Uint32Array(0) : Uint32Array.from(membersOf(state, state.focus))
}

/** How many that are. */
export function targetCount(state: GridState): number {
  if (state.selected.count > 0) return state.selected.count
  return state.focus === -1 ? 0 : membersOf(state, state.focus).length
}

/** Ids of assets at positions, for calls to the main process. */
export function assetsAt(state: GridState, positions: Uint32Array): number[] {
  const table = state.table
  return table === null ? [] : Array.from(positions, position => table.id[position] ?? 0)
}

/** Id of the focused asset, or null. */
export const focusedAsset = (state: GridState): number | null =>
  state.table === null || state.focus === -1 ? null : (state.table.id[state.focus] ?? null)
