import { flushSync } from 'react-dom'
import { dispatch, openBatch, useApp } from './app.ts'
import { everything } from './grid/filter.ts'
import { dispatchGrid, focusOn, type GridState, setFilter, shownAt, toggleStack, useGrid } from './grid/grid.ts'
import { positionOf } from './grid/table.ts'

let stopWaiting: (() => void) | null = null

/** Opens the batch, and puts the focus on the asset once the grid has its columns. */
export function openAsset(batch: string, asset: number): void {
  stopWaiting?.()
  // The grid has to be on screen before the focus moves, for it follows moves only.
  flushSync(() => dispatch(openBatch, batch))
  if (isLoaded(useGrid.getState(), batch)) {
    focusAsset(asset)
    return
  }
  const stop = useGrid.subscribe(state => {
    const isElsewhere = useApp.getState().batch !== batch
    if (!isElsewhere && state.problem === null && !isLoaded(state, batch)) return
    stop()
    stopWaiting = null
    if (!isElsewhere && state.problem === null) focusAsset(asset)
  })
  stopWaiting = stop
}

const isLoaded = (state: GridState, batch: string): boolean => state.table?.batch === batch && !state.loading

function focusAsset(asset: number): void {
  const { table } = useGrid.getState()
  if (table === null) return
  const position = positionOf(table, asset)
  if (position === -1) return
  // A filter that hides the asset would leave the person in front of something else.
  if (shownAt(useGrid.getState(), position) === -1) dispatchGrid(setFilter, everything)
  const shown = shownAt(useGrid.getState(), position)
  if (shown !== position && shown !== -1) {
    // It is this one that was asked for, not another that is the same.
    dispatchGrid(focusOn, shown)
    dispatchGrid(toggleStack, null)
  }
  dispatchGrid(focusOn, position)
}
