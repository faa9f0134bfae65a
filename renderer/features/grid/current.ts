import { type Layout, layoutOf } from './layout.ts'
import type { Surface } from './surface.ts'

/** The surface that is on screen, for what moves by rows and columns. */
let current: Surface | null = null

export function setCurrentSurface(surface: Surface | null): void {
  current = surface
}

export const gridLayout = (): Layout => current?.layout() ?? layoutOf({ count: 0, width: 0, height: 0, density: 176 })
