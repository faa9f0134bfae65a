import { onDemand } from '../base/on-demand.tsx'
import { dispatch, showOverlay } from '../state/app.ts'
import type { Contribution } from '../state/contribution.ts'
import { connectFinished } from '../state/finished.ts'
import { connectPanes, togglePane } from '../state/panes.ts'
import { connectContextMenu, openByKey } from './context-menu.ts'
import { connectKeyboard } from './keyboard.ts'
import { toPane } from './panes.ts'
import { connectTitle } from './title.ts'

/** What the window itself adds, by the same means as a feature. */
export const frame: Contribution = {
  id: 'frame',
  overlays: { about: onDemand(async () => (await import('./about.tsx')).AboutDialog) },
  commands: {
    about: () => dispatch(showOverlay, 'about'),
    contextMenu: openByKey,
    nextPane: () => toPane(1),
    previousPane: () => toPane(-1),
    toggleSideBar: () => togglePane('sideBar'),
    toggleInspector: () => togglePane('inspector'),
  },
  connect: () => {
    connectKeyboard()
    connectContextMenu()
    connectTitle()
    connectFinished()
    connectPanes()
  },
}
