import { useGrid } from '../../state/grid/grid.ts'
import { type Layout, layoutOf } from './layout.ts'
import type { Surface } from './surface.ts'

/** The surface that is on screen, for what moves by rows and columns. */
let current: Surface | null = null

export function setCurrentSurface(surface: Surface | null): void {
  current = surface
}

/** Position of the asset whose cell an event hit; -1 for none. */
export function positionAt(target: EventTarget | null): number {
  const index = current?.indexAt(target) ?? -1
  return index === -1 ? -1 : (useGrid.getState().order[index] ?? -1)
}

export const gridLayout = (): Layout => current?.layout() ?? layoutOf({ count: 0, width: 0, height: 0, density: 176 })
