import { useApp } from '../../state/app.ts'
import type { Contribution } from '../../state/contribution.ts'
import { useDetail } from '../../state/detail.ts'
import { dispatchGrid, focusedAsset, selectNone, useGrid } from '../../state/grid/grid.ts'
import { saveSettings } from '../../state/load.ts'
import {
  dispatchViewState,
  openLoupe,
  reveal,
  stepPart,
  toggleBlur,
  toggleZoom,
  useViewState,
} from '../../state/view-state.ts'
import { connectInspector } from './load-detail.ts'
import { hitsOf, partsOf } from './parts.ts'

export const inspector: Contribution = {
  id: 'inspector',
  commands: {
    open: () => withAsset(() => dispatchViewState(openLoupe, !useViewState.getState().loupe)),
    close,
    zoom: () =>
      withAsset(() => {
        if (!useViewState.getState().loupe) dispatchViewState(openLoupe, true)
        dispatchViewState(toggleZoom, null)
      }),
    nextPart: () => toPart(1),
    previousPart: () => toPart(-1),
    // By key it lasts while the key is held (frame/keyboard.ts); by a click until the focus moves on.
    reveal: () =>
      withAsset(asset => dispatchViewState(reveal, useViewState.getState().revealed === asset ? null : asset)),
    blurAll: () => dispatchViewState(toggleBlur, null),
    grey: () => void saveSettings({ grey: !useApp.getState().settings.grey }),
  },
  connect: connectInspector,
}

/** One step back: out of the loupe, then out of the selection. */
function close(): void {
  if (useViewState.getState().loupe) dispatchViewState(openLoupe, false)
  else if (useGrid.getState().selected.count > 0) dispatchGrid(selectNone, null)
}

function toPart(by: 1 | -1): void {
  const { detail } = useDetail.getState()
  if (detail !== null) dispatchViewState(stepPart, { by, count: hitsOf(partsOf(detail)).length })
}

function withAsset(use: (asset: number) => void): void {
  const asset = focusedAsset(useGrid.getState())
  if (asset !== null) use(asset)
}
