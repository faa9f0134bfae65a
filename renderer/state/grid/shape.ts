import { create } from 'zustand'
import type { Settings } from '../../../shared/settings.ts'
import { useApp } from '../app.ts'
import { saveSettings } from '../load.ts'
import { type Filter, filterToText } from './filter.ts'
import { useGrid } from './grid.ts'

/** Whether the assets are cells or the lines of a list. Each view keeps how it was shown last; a new one is as the one before. */
export type Shape = Settings['shapes'][string]

export const useShape = create<{ readonly shape: Shape }>()(() => ({ shape: 'grid' }))

/** More views than anybody comes back to. */
const kept = 100

/** Words that are looked for make no view of their own. */
const viewOf = (filter: Filter): string => filterToText({ ...filter, query: '' })

/** The shapes of all views with one of them changed; the view that was changed longest ago goes first. */
export function withShape(shapes: Settings['shapes'], filter: Filter, shape: Shape): Settings['shapes'] {
  const view = viewOf(filter)
  const others = Object.entries(shapes).filter(([known]) => known !== view)
  return Object.fromEntries([...others, [view, shape] as const].slice(-kept))
}

export function toggleShape(): void {
  const shape = useShape.getState().shape === 'list' ? 'grid' : 'list'
  useShape.setState({ shape })
  void saveSettings({ shapes: withShape(useApp.getState().settings.shapes, useGrid.getState().filter, shape) })
}

export function connectShape(): void {
  const follow = () => {
    const shape = useApp.getState().settings.shapes[viewOf(useGrid.getState().filter)]
    if (shape !== undefined && shape !== useShape.getState().shape) useShape.setState({ shape })
  }
  useGrid.subscribe((state, before) => {
    if (state.filter !== before.filter) follow()
  })
  useApp.subscribe((state, before) => {
    if (state.settings.shapes !== before.settings.shapes) follow()
  })
}
