import { type FailureCode, failureCodes } from '../../../shared/failures.ts'
import { invoke } from '../../base/bridge.ts'
import { wordsOf } from '../../base/i18n/index.ts'
import { tellDone } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import type { CommandHandlers } from '../../state/commands.ts'
import { askEncoding } from '../../state/encoding-question.ts'
import {
  assetsAt,
  dispatchGrid,
  focusedAsset,
  focusOn,
  targets,
  undecidedFrom,
  useGrid,
} from '../../state/grid/grid.ts'
import { rows } from '../../state/grid/live.ts'
import { allowCalls, recheckBatch } from '../../state/recheck.ts'
import { dispatchViewState, setNoting } from '../../state/view-state.ts'
import { decide, takeBack } from './decide.ts'
import { words } from './words.ts'

const t = wordsOf('review', words)

function toUndecided(step: 1 | -1): void {
  const position = undecidedFrom(useGrid.getState(), step)
  if (position === -1) tellDone(t('allDecided'))
  else dispatchGrid(focusOn, position)
}

async function copyEvidence(): Promise<void> {
  const asset = focusedAsset(useGrid.getState())
  if (asset === null) return
  const done = await invoke('asset.copyEvidence', { asset, check: null })
  if (done !== undefined) tellDone(t('evidenceCopied'))
}

function beginNote(): void {
  const state = useGrid.getState()
  const assets = assetsAt(state, targets(state))
  const [first] = assets
  if (first === undefined) return
  // Of several assets the notes may differ, so nothing is offered to be overwritten.
  dispatchViewState(setNoting, { assets, note: assets.length === 1 ? (rows.get(first)?.note ?? '') : '' })
}

function recheck(): void {
  const { batch } = useApp.getState()
  if (batch !== null) void recheckBatch(batch, null)
}

/** What is selected, or else what has the focus. */
function recheckThese(): void {
  const state = useGrid.getState()
  const assets = assetsAt(state, targets(state))
  if (state.table !== null && assets.length > 0) void recheckBatch(state.table.batch, assets)
}

/** Those of them that are not checked for this reason; a decision about the others is not meant. */
function withReason(code: FailureCode): { readonly batch: string; readonly assets: readonly number[] } | null {
  const state = useGrid.getState()
  const { table } = state
  if (table === null) return null
  const reason = failureCodes.indexOf(code) + 1
  const assets = assetsAt(
    state,
    targets(state).filter(position => table.reason[position] === reason),
  )
  return assets.length === 0 ? null : { batch: table.batch, assets }
}

function allowTheseCalls(): void {
  const waiting = withReason('calls_over_limit')
  if (waiting === null) tellDone(t('nothingWaits'))
  else void allowCalls(waiting.batch, waiting.assets)
}

function stateTheirEncoding(): void {
  const texts = withReason('undecodable_text')
  if (texts === null) tellDone(t('nothingUndecoded'))
  else askEncoding(texts)
}

export const reviewCommands = {
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
  copyEvidence: () => void copyEvidence(),
  recheck,
  recheckThese,
  allowCalls: allowTheseCalls,
  stateEncoding: stateTheirEncoding,
} as const satisfies CommandHandlers
