import { IconLayoutGrid } from '@tabler/icons-react'
import { flushSync } from 'react-dom'
import { act, showView } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'
import { actGrid, selectAll, toggleSelected, useGrid } from '../../state/grid/grid.ts'
import { connectGrid } from '../../state/grid/live.ts'
import { actViewState, openLoupe } from '../../state/view-state.ts'

export const grid: Contribution = {
  id: 'grid',
  view: { id: 'grid', command: 'showGrid', Icon: IconLayoutGrid, Content: null },
  commands: {
    select: () => {
      const { focus } = useGrid.getState()
      if (focus !== -1) actGrid(toggleSelected, focus)
    },
    selectAll: () => actGrid(selectAll, null),
    search,
  },
  connect: connectGrid,
}

function search(): void {
  // On screen before it can take the focus: the loupe covers it, and another view has none.
  flushSync(() => {
    actViewState(openLoupe, false)
    act(showView, 'grid')
  })
  document.querySelector<HTMLInputElement>('[data-search]')?.focus()
}
