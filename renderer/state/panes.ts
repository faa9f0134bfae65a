import { create } from 'zustand'
import { useApp } from './app.ts'
import { saveSettings } from './load.ts'

/**
 * The side bar and the inspector: beside the grid where the window has the width for them, and there a person's own choice is
 * remembered; over the grid, for as long as they are called, where it has not.
 */
export type Pane = 'sideBar' | 'inspector'

/** From which width of the window on there is room beside a grid of three columns. */
export const roomFrom: Readonly<Record<Pane, number>> = { sideBar: 1080, inspector: 860 }

interface PanesState {
  readonly hasRoom: Readonly<Record<Pane, boolean>>
  /** What lies over the grid. */
  readonly drawer: Pane | null
}

export const usePanes = create<PanesState>()(() => ({ hasRoom: { sideBar: true, inspector: true }, drawer: null }))

/** `beside` the grid, `over` it, or `away`: of the side bar, the views' icons stay. */
export function usePane(pane: Pane): 'beside' | 'over' | 'away' {
  const hasRoom = usePanes(state => state.hasRoom[pane])
  const isCalled = usePanes(state => state.drawer === pane)
  const isWanted = useApp(state => state.settings[pane])
  if (hasRoom) return isWanted ? 'beside' : 'away'
  return isCalled ? 'over' : 'away'
}

export function togglePane(pane: Pane): void {
  const { hasRoom, drawer } = usePanes.getState()
  if (hasRoom[pane]) void saveSettings({ [pane]: !useApp.getState().settings[pane] })
  else usePanes.setState({ drawer: drawer === pane ? null : pane })
}

/** False when nothing lay over the grid. */
export function closeDrawer(): boolean {
  if (usePanes.getState().drawer === null) return false
  usePanes.setState({ drawer: null })
  return true
}

/** Follows the width of the window. */
export function connectPanes(): void {
  for (const pane of ['sideBar', 'inspector'] as const) {
    const query = matchMedia(`(min-width: ${roomFrom[pane]}px)`)
    const follow = () =>
      usePanes.setState(({ hasRoom, drawer }) => ({
        hasRoom: { ...hasRoom, [pane]: query.matches },
        drawer: query.matches && drawer === pane ? null : drawer,
      }))
    follow()
    query.addEventListener('change', follow)
  }
}
