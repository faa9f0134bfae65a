import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { tellDone } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import type { CommandHandlers } from '../../state/commands.ts'
import {
  beginComparing,
  choiceOf,
  connectComparing,
  endComparing,
  isComparing,
  mostCompared,
} from '../../state/comparing.ts'
import type { Contribution } from '../../state/contribution.ts'
import { useDetail } from '../../state/detail.ts'
import { dispatchGrid, focusedAsset, landOnWork, selectNone, useGrid } from '../../state/grid/grid.ts'
import { undecided } from '../../state/grid/table.ts'
import { saveSettings } from '../../state/load.ts'
import { closeDrawer } from '../../state/panes.ts'
import { beginSession } from '../../state/review-session.ts'
import { provideShownPiece } from '../../state/shown-piece.ts'
import {
  beginFine,
  beginReviewing,
  dispatchViewState,
  lightPart,
  openLoupe,
  reveal,
  setZoom,
  stepHit,
  toggleBlur,
  useViewState,
} from '../../state/view-state.ts'
import { leafAt, leavesOf, partFrom, turnPage } from './leaves.ts'
import { connectInspector } from './load-detail.ts'
import { stageZoom } from './reading.ts'
import { inOrder } from './rules/hits.ts'
import { connectSecondWindow, toggleSecondWindow } from './second-window.ts'
import { words } from './words.ts'

const t = wordsOf('inspector', words)

/** What a stage can do to itself, in whichever window it is. */
export const zoomCommands = {
  zoom: () => stageZoom()?.toggle(),
  zoomIn: () => stageZoom()?.step(1),
  zoomOut: () => stageZoom()?.step(-1),
  zoomFit: () => stageZoom()?.fit(),
} as const satisfies CommandHandlers

export const inspector: Contribution = {
  id: 'inspector',
  commands: {
    open: () => {
      endComparing()
      withAsset(() => dispatchViewState(openLoupe, !useViewState.getState().loupe))
    },
    close,
    reviewMode,
    compare,
    ...zoomCommands,
    zoom: () =>
      withAsset(() => {
        if (useViewState.getState().loupe || isComparing()) {
          zoomCommands.zoom()
          return
        }
        dispatchViewState(openLoupe, true)
        dispatchViewState(setZoom, 1)
      }),
    loupeWindow: () => void toggleSecondWindow(),
    nextPage: () => toPage(1),
    previousPage: () => toPage(-1),
    nextPart: () => toPart(1),
    previousPart: () => toPart(-1),
    nextHit: () => toHit(1),
    previousHit: () => toHit(-1),
    fineHere,
    // By key it lasts while the key is held (frame/keyboard.ts); by a click until the focus moves on.
    reveal: () =>
      withAsset(asset => dispatchViewState(reveal, useViewState.getState().revealed === asset ? null : asset)),
    blurAll: () => dispatchViewState(toggleBlur, null),
    grey: () => void saveSettings({ grey: !useApp.getState().settings.grey }),
  },
  connect: () => {
    connectInspector()
    provideShownPiece(shownPicture)
    connectComparing()
    connectSecondWindow()
  },
}

/** One after the other, from the first work on where the focus is on something that is decided. */
function reviewMode(): void {
  endComparing()
  if (useViewState.getState().reviewing) {
    dispatchViewState(openLoupe, false)
    return
  }
  const { table, focus } = useGrid.getState()
  if (table === null || focus === -1) return
  beginSession()
  if (table.decision[focus] !== undecided) dispatchGrid(landOnWork, null)
  dispatchViewState(beginReviewing, null)
}

/** One step back: out of the loupe, then out of what lies over the grid, then out of the selection. */
function close(): void {
  if (isComparing()) endComparing()
  else if (useViewState.getState().loupe) dispatchViewState(openLoupe, false)
  else if (!closeDrawer() && useGrid.getState().selected.count > 0) dispatchGrid(selectNone, null)
}

/** What is selected, or what has the focus under its profiles; the same key again ends it. */
function compare(): void {
  if (isComparing()) {
    endComparing()
    return
  }
  const { batch, batches } = useApp.getState()
  const profiles = batches.find(({ id }) => id === batch)?.profiles.length ?? 0
  const choice = choiceOf(useGrid.getState(), profiles)
  if (!('positions' in choice)) {
    const count = { count: choice.count, shown: formatNumber(choice.count) }
    tellDone(
      choice.of === 'few'
        ? t('compareFew', { most: mostCompared })
        : t('compareMany', { ...count, most: mostCompared }),
    )
    return
  }
  dispatchViewState(openLoupe, false)
  beginComparing(choice.of, choice.positions)
}

function toPart(by: 1 | -1): void {
  const { detail } = useDetail.getState()
  if (detail !== null) dispatchViewState(lightPart, partFrom(detail, useViewState.getState(), by))
}

function shownPicture(asset: number): string | null {
  const { detail } = useDetail.getState()
  if (detail === null || detail.id !== asset) return null
  const leaf = leavesOf(detail)[leafAt(detail, useViewState.getState())]
  return leaf?.kind === 'picture' ? (leaf.piece?.name ?? null) : null
}

function toPage(by: 1 | -1): void {
  const { detail } = useDetail.getState()
  if (detail !== null) turnPage(detail, by)
}

function toHit(by: 1 | -1): void {
  const hits = inOrder(useDetail.getState().detail?.ruled?.hits ?? []).map(({ id }) => id)
  dispatchViewState(stepHit, { by, hits })
}

/** About the hit that is lit, or else the first that counts. */
function fineHere(): void {
  const hits = inOrder(useDetail.getState().detail?.ruled?.hits ?? [])
  const lit = useViewState.getState().hit
  const hit = hits.find(({ id }) => id === lit) ?? hits[0]
  if (hit?.waiver === null) dispatchViewState(beginFine, hit.id)
}

function withAsset(use: (asset: number) => void): void {
  const asset = focusedAsset(useGrid.getState())
  if (asset !== null) use(asset)
}
