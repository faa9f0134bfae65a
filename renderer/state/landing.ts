import type { GoTo } from '../../shared/ipc.ts'
import { focusAssets } from '../base/focus.ts'
import { dispatch, openBatch, showView } from './app.ts'
import type { Filter } from './grid/filter.ts'
import { dispatchGrid, landOnWork, setFilter } from './grid/grid.ts'

/** Who goes somewhere goes there to work: the focus is put on the first that is undecided by risk. */

/** Shows what the filter lets through. A key that chose it, as Space does a tab, goes on choosing. */
export function showFiltered(filter: Filter, chosenBy: 'pointer' | 'key'): void {
  dispatchGrid(setFilter, filter)
  dispatchGrid(landOnWork, null)
  if (chosenBy === 'pointer') focusAssets()
}

/** Goes to a view: the keys go there too, however it was chosen. */
export function goToView(filter: Filter): void {
  showFiltered(filter, 'pointer')
}

export function goToBatch(batch: string): void {
  dispatch(openBatch, batch)
  // One that is being read lands when it is there.
  dispatchGrid(landOnWork, null)
  focusAssets()
}

/** Where a notification leads. */
export function goTo(place: GoTo): void {
  if (place.to === 'batch') goToBatch(place.batch)
  else dispatch(showView, place.to)
}

/** What chose, by the event of a click: keys click as well, and nowhere. */
export const chosenBy = (click: { readonly detail: number }): 'pointer' | 'key' =>
  click.detail > 0 ? 'pointer' : 'key'
