import { create } from 'zustand'
import type { Decision } from '../../shared/domain.ts'
import { type GridOutcome, gridOutcomes } from '../../shared/grid.ts'
import { invoke } from '../bridge.ts'
import { positionOf, type Table } from '../grid/table.ts'
import { openAsset } from '../history/open-asset.ts'
import { formatNumber, wordsOf } from '../i18n/index.ts'
import { announce } from '../shell/announce.ts'
import { useApp } from '../stores/app.ts'
import { actGrid, assetsAt, beginDeciding, endDeciding, focusOn, targets, useGrid } from '../stores/grid.ts'
import { actLook, armReason, useLook } from '../stores/look.ts'
import { words } from './words.ts'

/** Above this many assets a decision is asked back, with how many of each verdict it would touch. */
export const askAbove = 20

export interface Question {
  readonly decision: Decision | null
  readonly reason: number | null
  readonly positions: Uint32Array
  readonly counts: Readonly<Record<GridOutcome, number>>
}

export const useQuestion = create<{ readonly question: Question | null }>()(() => ({ question: null }))

const t = wordsOf('review', words)

/** Decides what is selected, or else what has the focus; null clears. Answers to keys never wait for the disk. */
export function decide(decision: Decision | null): void {
  const state = useGrid.getState()
  const positions = targets(state)
  if (state.table === null || positions.length === 0) return
  const reason = decision === null ? null : useLook.getState().reason
  if (positions.length > askAbove) {
    const counts = outcomesOf(state.table, positions)
    useQuestion.setState({ question: { decision, reason, positions, counts } })
    return
  }
  carryOut(positions, decision, reason)
}

export function answerQuestion(answer: 'yes' | 'no'): void {
  const { question } = useQuestion.getState()
  useQuestion.setState({ question: null })
  if (question !== null && answer === 'yes') carryOut(question.positions, question.decision, question.reason)
}

export function outcomesOf(table: Table, positions: Uint32Array): Record<GridOutcome, number> {
  const counts: Record<GridOutcome, number> = { pending: 0, awaiting: 0, pass: 0, unchecked: 0, review: 0, risky: 0 }
  for (const position of positions) counts[gridOutcomes[table.outcome[position] ?? 0] ?? 'pending'] += 1
  return counts
}

// One after the other, in the order of the keys: undo must find the decision that was made before it.
let last: Promise<void> = Promise.resolve()
export function inTurn(step: () => Promise<void>): void {
  last = last.then(step, step)
}

function carryOut(positions: Uint32Array, decision: Decision | null, reason: number | null): void {
  const assets = assetsAt(useGrid.getState(), positions)
  actGrid(beginDeciding, positions)
  actLook(armReason, null)
  inTurn(async () => {
    const done = await invoke('review.decide', { assets, decision, reason })
    actGrid(endDeciding, positions)
    if (done === undefined) return
    announce(
      t(decision === null ? 'said.clear' : `said.${decision}`, {
        count: done.changed,
        shown: formatNumber(done.changed),
      }),
    )
  })
}

export function takeBack(direction: 'undo' | 'redo'): void {
  inTurn(async () => {
    const done = await invoke(direction === 'undo' ? 'review.undo' : 'review.redo', {})
    if (done === undefined) return
    if (done === null) {
      announce(t(direction === 'undo' ? 'nothingToUndo' : 'nothingToRedo'))
      return
    }
    const first = done.assets[0]
    if (first !== undefined) focusOnDecided(done.batch, first)
    const count = done.assets.length
    announce(t(direction === 'undo' ? 'undone' : 'redone', { count, shown: formatNumber(count) }))
  })
}

function focusOnDecided(batch: string, asset: number): void {
  if (useApp.getState().batch !== batch) {
    openAsset(batch, asset)
    return
  }
  // The filter stays: the change that brings the asset back under it is still on its way.
  const { table } = useGrid.getState()
  const position = table === null ? -1 : positionOf(table, asset)
  if (position !== -1) actGrid(focusOn, position)
}

export function saveNote(note: string): void {
  const state = useGrid.getState()
  const assets = assetsAt(state, targets(state))
  if (assets.length === 0) return
  inTurn(async () => {
    const done = await invoke('review.note', { assets, note })
    if (done !== undefined) announce(t('noteSaved'))
  })
}
