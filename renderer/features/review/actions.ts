import { spotlight } from '@mantine/spotlight'
import { flushSync } from 'react-dom'
import { invoke } from '../../base/bridge.ts'
import { wordsOf } from '../../base/i18n/index.ts'
import { tellDone } from '../../base/notices.ts'
import { act, showOverlay, showView, useApp } from '../../state/app.ts'
import { useDetail } from '../../state/detail.ts'
import {
  actGrid,
  assetsAt,
  focusedAsset,
  focusOn,
  selectAll,
  selectNone,
  targets,
  toggleSelected,
  undecidedFrom,
  useGrid,
} from '../../state/grid/grid.ts'
import { rows } from '../../state/grid/live.ts'
import { saveSettings } from '../../state/load.ts'
import { actLook, openLoupe, reveal, setNoting, stepPart, toggleBlur, toggleZoom, useLook } from '../../state/look.ts'
import { openDialog, startSample } from '../drop/planning.ts'
import { hitsOf, partsOf } from '../inspector/parts.ts'
import type { CommandId } from './commands.ts'
import { decide, takeBack } from './decide.ts'
import { words } from './words.ts'

const t = wordsOf('review', words)

function toUndecided(step: 1 | -1): void {
  const position = undecidedFrom(useGrid.getState(), step)
  if (position === -1) tellDone(t('allDecided'))
  else actGrid(focusOn, position)
}

/** One step back: out of the loupe, then out of the selection. */
function close(): void {
  if (useLook.getState().loupe) actLook(openLoupe, false)
  else if (useGrid.getState().selected.count > 0) actGrid(selectNone, null)
}

function toPart(by: 1 | -1): void {
  const { detail } = useDetail.getState()
  if (detail !== null) actLook(stepPart, { by, count: hitsOf(partsOf(detail)).length })
}

function withAsset(use: (asset: number) => void): void {
  const asset = focusedAsset(useGrid.getState())
  if (asset !== null) use(asset)
}

async function copyEvidence(asset: number): Promise<void> {
  const done = await invoke('asset.copyEvidence', { asset, check: null })
  if (done !== undefined) tellDone(t('evidenceCopied'))
}

function beginNote(): void {
  const state = useGrid.getState()
  const assets = assetsAt(state, targets(state))
  const [first] = assets
  if (first === undefined) return
  // Of several assets the notes may differ, so nothing is offered to be overwritten.
  actLook(setNoting, { assets, note: assets.length === 1 ? (rows.get(first)?.note ?? '') : '' })
}

function search(): void {
  // On screen before it can take the focus: the loupe covers it, and another view has none.
  flushSync(() => {
    actLook(openLoupe, false)
    act(showView, 'grid')
  })
  document.querySelector<HTMLInputElement>('[data-search]')?.focus()
}

async function recheck(): Promise<void> {
  const { batch } = useApp.getState()
  if (batch !== null) await invoke('batches.recheck', { batch, assets: null })
}

/** What each command does. */
export const actions: Readonly<Record<CommandId, () => void>> = {
  approve: () => decide('approve'),
  reject: () => decide('reject'),
  escalate: () => decide('escalate'),
  defer: () => decide('defer'),
  clear: () => decide(null),
  note: beginNote,
  undo: () => takeBack('undo'),
  redo: () => takeBack('redo'),
  next: () => toUndecided(1),
  previous: () => toUndecided(-1),
  open: () => withAsset(() => actLook(openLoupe, !useLook.getState().loupe)),
  close,
  zoom: () =>
    withAsset(() => {
      if (!useLook.getState().loupe) actLook(openLoupe, true)
      actLook(toggleZoom, null)
    }),
  nextPart: () => toPart(1),
  previousPart: () => toPart(-1),
  // By key it lasts while the key is held (review/listen.ts); by a click until the focus moves on.
  reveal: () => withAsset(asset => actLook(reveal, useLook.getState().revealed === asset ? null : asset)),
  blurAll: () => actLook(toggleBlur, null),
  grey: () => void saveSettings({ grey: !useApp.getState().settings.grey }),
  copyEvidence: () => withAsset(asset => void copyEvidence(asset)),
  select: () => {
    const { focus } = useGrid.getState()
    if (focus !== -1) actGrid(toggleSelected, focus)
  },
  selectAll: () => actGrid(selectAll, null),
  openFiles: () => void openDialog('files'),
  openFolder: () => void openDialog('folder'),
  sample: () => void startSample(),
  export: () => act(showOverlay, 'export'),
  recheck: () => void recheck(),
  palette: () => spotlight.open(),
  search,
  keys: () => act(showOverlay, 'keys'),
  showGrid: () => act(showView, 'grid'),
  showHistory: () => act(showView, 'history'),
  showQueue: () => act(showView, 'queue'),
  showProfiles: () => act(showView, 'profiles'),
  showSettings: () => act(showView, 'settings'),
}
