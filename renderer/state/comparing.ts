import { create } from 'zustand'
import { useApp } from './app.ts'
import { type Bits, hasBit, noBits } from './grid/bits.ts'
import { dispatchGrid, focusOn, type GridState, keepWithin, useGrid } from './grid/grid.ts'

/** Assets side by side, or one asset under each of its profiles. */
export interface Comparing {
  readonly of: 'assets' | 'profiles'
  readonly batch: string
  /** What is compared, in the order shown. */
  readonly positions: readonly number[]
  /** What was selected before: while it is compared, keys are about the focused pane alone. */
  readonly before: Bits
}

export const useComparing = create<{ readonly comparing: Comparing | null }>()(() => ({ comparing: null }))
export const isComparing = (): boolean => useComparing.getState().comparing !== null

export const mostCompared = 4

/** What would be compared now: the selected cells, or what has the focus under the profiles of its batch. */
export function choiceOf(
  grid: GridState,
  profiles: number,
): Pick<Comparing, 'of' | 'positions'> | { readonly of: 'few' | 'many'; readonly count: number } {
  const chosen = grid.order.filter(position => hasBit(grid.selected, position))
  if (chosen.length > mostCompared) return { of: 'many', count: chosen.length }
  if (chosen.length > 1) return { of: 'assets', positions: [...chosen] }
  const [position = grid.focus] = chosen
  if (position === -1 || profiles < 2) return { of: 'few', count: chosen.length }
  return { of: 'profiles', positions: [position] }
}

export function beginComparing(of: Comparing['of'], positions: readonly number[]): void {
  const grid = useGrid.getState()
  const [first] = positions
  if (grid.table === null || first === undefined) return
  const focus = positions.includes(grid.focus) ? grid.focus : first
  useComparing.setState({ comparing: { of, batch: grid.table.batch, positions, before: grid.selected } })
  dispatchGrid(keepWithin, { within: Uint32Array.from(positions), focus, selected: noBits })
}

/** Gives back what was selected. */
export function endComparing(): void {
  const { comparing } = useComparing.getState()
  if (comparing === null) return
  useComparing.setState({ comparing: null })
  const { table, focus } = useGrid.getState()
  const selected = table?.batch === comparing.batch ? comparing.before : noBits
  dispatchGrid(keepWithin, { within: null, focus, selected })
}

/** The pane beside the focused one; the outermost stay. */
export function stepPane(by: 1 | -1): void {
  const { comparing } = useComparing.getState()
  if (comparing === null) return
  const position = comparing.positions[comparing.positions.indexOf(useGrid.getState().focus) + by]
  if (position !== undefined) dispatchGrid(focusOn, position)
}

/** Ends with its batch, and where something else takes the focus, as undo does. */
export function connectComparing(): void {
  useGrid.subscribe(({ focus, table }) => {
    const { comparing } = useComparing.getState()
    if (comparing !== null && (table?.batch !== comparing.batch || !comparing.positions.includes(focus))) endComparing()
  })
  useApp.subscribe(({ batch, view }) => {
    const { comparing } = useComparing.getState()
    if (comparing !== null && (batch !== comparing.batch || view !== 'grid')) endComparing()
  })
}
