import { bitsOf, hasBit } from './bits.ts'
import { type GridState, shownPositions } from './grid.ts'
import { positionOf } from './table.ts'

/** What of the focused asset others may share; rules are looked up by the main process, see `selectAssets`. */
export type SharedColumn = 'folder' | 'label' | 'outcome'

/** Selects what is shown and has the same value as the focused asset, which is in the selection itself. */
export function selectSame(state: GridState, column: SharedColumn): Partial<GridState> {
  const { table, focus } = state
  if (table === null || focus === -1) return {}
  const value = table[column][focus]
  return chosen(state, position => table[column][position] === value)
}

/** Selects of these assets what is shown. */
export function selectAssets(state: GridState, assets: Iterable<number>): Partial<GridState> {
  const { table } = state
  if (table === null) return {}
  const wanted = bitsOf([...assets].map(asset => positionOf(table, asset)).filter(position => position !== -1))
  return chosen(state, position => hasBit(wanted, position))
}

function chosen(state: GridState, isWanted: (position: number) => boolean): Partial<GridState> {
  return { selected: bitsOf(shownPositions(state).filter(isWanted)), anchor: state.focus, isPlaced: true }
}
