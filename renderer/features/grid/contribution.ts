import { IconLayoutGrid } from '@tabler/icons-react'
import { flushSync } from 'react-dom'
import { dispatch, showView, useApp } from '../../state/app.ts'
import { endComparing, isComparing } from '../../state/comparing.ts'
import type { Contribution } from '../../state/contribution.ts'
import { dispatchGrid, selectAll, toggleSelected, toggleStack, useGrid } from '../../state/grid/grid.ts'
import { connectGrid } from '../../state/grid/live.ts'
import { connectShape, toggleShape } from '../../state/grid/shape.ts'
import { saveSettings } from '../../state/load.ts'
import { type SearchScope, useSearchScope } from '../../state/search-scope.ts'
import { dispatchViewState, openLoupe } from '../../state/view-state.ts'
import { connectLookAlikes, lookAlike } from './look-alikes.ts'
import { selectShared, selectSharedRule } from './select-same.ts'

export const grid: Contribution = {
  id: 'grid',
  view: { id: 'grid', command: 'showGrid', Icon: IconLayoutGrid, Content: null },
  commands: {
    select: () => {
      const { focus } = useGrid.getState()
      if (focus !== -1 && !isComparing()) dispatchGrid(toggleSelected, focus)
    },
    selectAll: () => {
      if (!isComparing()) dispatchGrid(selectAll, null)
    },
    selectSameFolder: () => selectShared('folder'),
    selectSameLabel: () => selectShared('label'),
    selectSameRule: () => void selectSharedRule(),
    selectSameVerdict: () => selectShared('outcome'),
    looksLike: () => void lookAlike(),
    stacks: () => void saveSettings({ stacks: !useApp.getState().settings.stacks }),
    toggleStack: () => dispatchGrid(toggleStack, null),
    listView: toggleShape,
    search: () => search('batch'),
    searchAll: () => search('all'),
  },
  connect: () => {
    connectGrid()
    connectShape()
    connectLookAlikes()
  },
}

/** Goes to the one search; what is typed in it is kept, for either. */
function search(scope: SearchScope): void {
  // On screen before it can take the focus: the loupe covers it, and another view has none.
  flushSync(() => {
    endComparing()
    dispatchViewState(openLoupe, false)
    dispatch(showView, 'grid')
  })
  useSearchScope.setState({ scope })
  document.querySelector<HTMLInputElement>('[data-search]')?.focus()
}
