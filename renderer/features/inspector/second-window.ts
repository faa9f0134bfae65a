import type { LoupeLook } from '../../../shared/loupe.ts'
import { bridge, invoke } from '../../base/bridge.ts'
import { useApp } from '../../state/app.ts'
import { useDetail } from '../../state/detail.ts'
import { focusedAsset, useGrid } from '../../state/grid/grid.ts'
import { useViewState } from '../../state/view-state.ts'

/** Tells the second window what has the focus in this one, for as long as it is open. */

let isOpen = false
let revision = 0
let told = ''
let timer: ReturnType<typeof setTimeout> | undefined

/** Uncovered there is what is uncovered here, and nothing longer. */
export function lookNow(): LoupeLook {
  const { held, revealed, unblurred, reviewing, piece, part, hit } = useViewState.getState()
  const asset = useApp.getState().view === 'grid' ? focusedAsset(useGrid.getState()) : null
  const stays = unblurred || (reviewing && useApp.getState().settings.reveal === 'stay')
  return { asset, revision, isUncovered: stays || held || (asset !== null && revealed === asset), piece, part, hit }
}

async function tell(): Promise<void> {
  const look = lookNow()
  const text = JSON.stringify(look)
  if (text === told) return
  told = text
  const answer = await invoke('loupe.show', look)
  if (answer !== undefined) isOpen = answer.isOpen
}

/** Of many changes in one turn the last is told. */
function tellSoon(): void {
  if (!isOpen || timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    void tell()
  })
}

export async function toggleSecondWindow(): Promise<void> {
  const answer = await invoke('loupe.toggle', {})
  if (answer === undefined) return
  isOpen = answer.isOpen
  told = ''
  tellSoon()
}

export function connectSecondWindow(): void {
  bridge.on('loupeClosed', () => {
    isOpen = false
  })
  useGrid.subscribe((state, before) => {
    if (state.focus !== before.focus || state.table !== before.table) tellSoon()
  })
  useViewState.subscribe(tellSoon)
  useApp.subscribe((state, before) => {
    // It may be open already where this page was loaded again.
    if (state.ready && !before.ready) void tell()
    else if (state.view !== before.view || state.settings !== before.settings) tellSoon()
  })
  useDetail.subscribe((state, before) => {
    // Read again, since something of it has changed.
    if (state.detail === before.detail || state.detail?.id !== before.detail?.id) return
    revision += 1
    tellSoon()
  })
}
