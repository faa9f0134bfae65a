import { invoke } from '../../base/bridge.ts'
import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { explain } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import { beginDragOut, heardPointer } from '../../state/drag-out.ts'
import { hasBit } from '../../state/grid/bits.ts'
import { assetsAt, type GridState, membersOf, targets, useGrid } from '../../state/grid/grid.ts'
import { useViewState } from '../../state/view-state.ts'
import { isCovered } from './cell-words.ts'
import { positionAt } from './current.ts'
import { words } from './words.ts'

const t = wordsOf('grid', words)

/** What is dragged by the cell of an asset: the selection where it is among that, else it alone, with what lies in its stack. */
export function dragged(state: GridState, position: number): readonly number[] {
  return assetsAt(
    state,
    hasBit(state.selected, position) ? targets(state) : Uint32Array.from(membersOf(state, position)),
  )
}

/** Lets the files of assets be dragged out of their cells to other programs. */
export function mountDragOut(viewport: HTMLElement): () => void {
  // Cells are made by the thousand; only the one that is pressed has to be something that can be dragged.
  const pressed = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const cell = event.target.closest<HTMLElement>('[data-cell]')
    if (cell !== null) cell.draggable = true
  }
  const begun = (event: DragEvent) => {
    const position = positionAt(event.target)
    if (position === -1) return
    // The system drags files, in the browser's place.
    event.preventDefault()
    beginDragOut()
    void drag(position)
  }
  viewport.addEventListener('pointerdown', pressed)
  viewport.addEventListener('dragstart', begun)
  window.addEventListener('pointermove', heardPointer)
  window.addEventListener('pointerdown', heardPointer)
  return () => {
    viewport.removeEventListener('pointerdown', pressed)
    viewport.removeEventListener('dragstart', begun)
    window.removeEventListener('pointermove', heardPointer)
    window.removeEventListener('pointerdown', heardPointer)
  }
}

async function drag(position: number): Promise<void> {
  const state = useGrid.getState()
  const assets = dragged(state, position)
  const done = await invoke('assets.dragOut', { assets: [...assets], isBare: isBare(state, position) })
  if (done === undefined) return
  const { dragged: count, ofNone, gone, changed, most } = done
  const shown = (number: number) => ({ count: number, shown: formatNumber(number) })
  if (assets.length > most) explain(t('drag.many', { ...shown(assets.length), most: formatNumber(most) }))
  else if (ofNone > 0) explain(t(count === 0 ? 'drag.none' : 'drag.someNone', shown(ofNone)))
  if (gone > 0) explain(t('drag.gone', shown(gone)))
  if (changed > 0) explain(t('drag.changed', shown(changed)))
}

/** Whether the picture may be seen while it is dragged: what is blurred in the grid is not shown beside it either. */
function isBare({ table, focus }: GridState, position: number): boolean {
  if (table === null) return false
  const { unblurred, revealed, held } = useViewState.getState()
  const isAsked = unblurred || revealed === table.id[position] || (held && focus === position)
  return isAsked || useApp.getState().settings.blur === 'off' || !isCovered(table, position)
}
