import { create } from 'zustand'
import type { Decision } from '../../../shared/domain.ts'
import { type GridOutcome, gridOutcomes } from '../../../shared/grid.ts'
import { announce } from '../../base/announce.ts'
import { attempt, invoke } from '../../base/bridge.ts'
import { formatNumber, wordsOf } from '../../base/i18n/index.ts'
import { tellDone } from '../../base/notices.ts'
import { useApp } from '../../state/app.ts'
import {
  assetsAt,
  beginDeciding,
  dispatchGrid,
  endDeciding,
  focusOn,
  shownAt,
  takeDecision,
  targets,
  useGrid,
} from '../../state/grid/grid.ts'
import { rows } from '../../state/grid/live.ts'
import { positionOf, type Table } from '../../state/grid/table.ts'
import { openAsset } from '../../state/open-asset.ts'
import { reasonsNow } from '../../state/reasons.ts'
import { countDecision } from '../../state/review-session.ts'
import { armReason, dispatchViewState, useViewState } from '../../state/view-state.ts'
import { words } from './words.ts'

/** Above this many assets a decision is asked back, with how many of each verdict it would touch. */
export const askAbove = 20

/** About assets by name: which they are must not depend on what is in the grid when it is answered. */
export interface Question extends Choice {
  readonly counts: Readonly<Record<GridOutcome, number>>
}

interface Choice {
  readonly batch: string
  readonly assets: readonly number[]
  readonly decision: Decision | null
  readonly reason: number | null
}

export const useQuestion = create<{ readonly question: Question | null }>()(() => ({ question: null }))

const t = wordsOf('review', words)

/**
 * Decides what is selected, or else what has the focus; null clears. Answers to keys never wait for the disk. What has the focus when the
 * key goes down counts as seen, for it alone is marked as what keys are about; a key that repeats decides nothing (base/keys.ts).
 */
export function decide(decision: Decision | null): void {
  const state = useGrid.getState()
  const positions = targets(state)
  if (state.table === null || positions.length === 0) return
  const choice: Choice = {
    batch: state.table.batch,
    assets: assetsAt(state, positions),
    decision,
    reason: decision === null ? null : useViewState.getState().reason,
  }
  if (positions.length > askAbove) {
    useQuestion.setState({ question: { ...choice, counts: outcomesOf(state.table, positions) } })
    return
  }
  carryOut(choice)
  // A stack is one decision, however many are in it.
  if (decision !== null && state.selected.count <= 1) countDecision(performance.now())
}

/** A question about a batch that is no longer the open one would be answered by somebody who looks at another. */
export function connectQuestion(): void {
  useApp.subscribe(({ batch }) => {
    const { question } = useQuestion.getState()
    if (question !== null && question.batch !== batch) answerQuestion('no')
  })
}

export function answerQuestion(answer: 'yes' | 'no'): void {
  const { question } = useQuestion.getState()
  useQuestion.setState({ question: null })
  if (question !== null && answer === 'yes') carryOut(question)
}

export function outcomesOf(table: Table, positions: Uint32Array): Record<GridOutcome, number> {
  const counts: Record<GridOutcome, number> = {
    pending: 0,
    awaiting: 0,
    pass: 0,
    rules_only: 0,
    unchecked: 0,
    review: 0,
    risky: 0,
  }
  for (const position of positions) counts[gridOutcomes[table.outcome[position] ?? 0] ?? 'pending'] += 1
  return counts
}

// One after the other, in the order of the keys: undo must find the decision that was made before it.
let last: Promise<void> = Promise.resolve()
export function inTurn(step: () => Promise<void>): void {
  last = last.then(step, step)
}

function carryOut(choice: Choice): void {
  const { batch, assets, decision, reason } = choice
  dispatchGrid(beginDeciding, positionsOf(batch, assets))
  dispatchViewState(armReason, null)
  const own = { choice, atMs: performance.now(), focus: useGrid.getState().focus }
  open = decision === null || reason !== null ? null : own
  inTurn(async () => {
    const done = await invoke('review.decide', { assets: [...assets], decision, reason })
    const positions = positionsOf(batch, assets)
    if (done === undefined) {
      dispatchGrid(endDeciding, positions)
      if (open === own) open = null
      return
    }
    dispatchGrid(takeDecision, { positions, decision })
    const said = t(decision === null ? 'said.clear' : `said.${decision}`, {
      count: done.changed,
      shown: formatNumber(done.changed),
    })
    // One is seen where it was decided; of many, most are out of sight.
    if (assets.length > 1) tellDone(said)
    else announce(said)
  })
}

/** Where they are in the grid; nowhere when another batch is in it. */
function positionsOf(batch: string, assets: readonly number[]): Uint32Array {
  const { table } = useGrid.getState()
  if (table?.batch !== batch) return new Uint32Array(0)
  return Uint32Array.from(assets.map(asset => positionOf(table, asset)).filter(position => position !== -1))
}

/** For so long, in milliseconds, a digit after a decision is taken to be about it. */
const justAfterMs = 5_000

/** The last decision, while it has no reason: the focus was at `focus` once it had moved on. */
let open: { readonly choice: Choice; readonly atMs: number; readonly focus: number } | null = null

/**
 * Completes the decision that has just been made without a reason; else arms the reason for the next one, or takes it back. The focus has
 * moved on by itself by then, so that the reason would otherwise go to the next asset. A number without a reason does nothing.
 */
export function toggleReason(number: number): void {
  const reason = reasonText(number)
  if (reason === '') return
  const decided = useViewState.getState().reason === null ? justDecided() : null
  if (decided !== null) {
    complete({ ...decided, reason: number })
    return
  }
  dispatchViewState(armReason, number)
  announce(useViewState.getState().reason === null ? t('reasonTakenBack', { reason }) : t('reasonArmed', { reason }))
}

/** Takes back the reason that is armed; false when none is. */
export function disarmReason(): boolean {
  const { reason } = useViewState.getState()
  if (reason === null) return false
  toggleReason(reason)
  return true
}

const reasonText = (number: number): string => reasonsNow()[number - 1] ?? ''

/** Null once there has been time to look at the next asset, or somebody has gone elsewhere or selected something. */
function justDecided(): Choice | null {
  const { table, focus, order, selected } = useGrid.getState()
  if (open === null || table?.batch !== open.choice.batch || selected.count > 0) return null
  // What has fallen out of the filter has handed the focus on by itself.
  const hasMoved = focus !== open.focus && order.includes(open.focus)
  return hasMoved || performance.now() - open.atMs > justAfterMs ? null : open.choice
}

/** The same decision once more, with its reason: nothing that was recorded is changed. */
function complete({ assets, decision, reason }: Choice): void {
  open = null
  inTurn(async () => {
    const done = await invoke('review.decide', { assets: [...assets], decision, reason })
    if (done === undefined || reason === null) return
    const [first] = assets
    const name = first === undefined || assets.length > 1 ? null : await nameOf(first)
    const count = assets.length
    const said = { reason: reasonText(reason) }
    tellDone(
      name === null
        ? t('reasonGiven', { ...said, count, shown: formatNumber(count) })
        : t('reasonGivenNamed', { ...said, name }),
    )
  })
}

export function takeBack(direction: 'undo' | 'redo'): void {
  open = null
  inTurn(async () => {
    const done = await invoke(direction === 'undo' ? 'review.undo' : 'review.redo', {})
    if (done === undefined) return
    if (done === null) {
      tellDone(t(direction === 'undo' ? 'nothingToUndo' : 'nothingToRedo'))
      return
    }
    const [first] = done.assets
    if (first !== undefined) focusOnDecided(done.batch, first)
    const count = done.assets.length
    // By name, because another view or the filter may hide it.
    const name = first === undefined || count > 1 ? null : await nameOf(first)
    tellDone(
      name === null
        ? t(direction === 'undo' ? 'undone' : 'redone', { count, shown: formatNumber(count) })
        : t(direction === 'undo' ? 'undoneNamed' : 'redoneNamed', { name }),
    )
  })
}

async function nameOf(asset: number): Promise<string | null> {
  let path = rows.get(asset)?.path
  if (path === undefined) {
    const answer = await attempt('grid.rows', { assets: [asset] })
    path = 'value' in answer ? answer.value[0]?.path : undefined
  }
  return path === undefined ? null : path.slice(path.lastIndexOf('/') + 1)
}

function focusOnDecided(batch: string, asset: number): void {
  if (useApp.getState().batch !== batch) {
    openAsset(batch, asset)
    return
  }
  const [position] = positionsOf(batch, [asset])
  if (position === undefined) return
  const shown = shownAt(useGrid.getState(), position)
  if (shown !== -1) dispatchGrid(focusOn, shown)
  else focusOnceShown(batch, position)
}

/** A change comes at most this much later, in milliseconds. */
const onItsWayMs = 2_000
let stopWaiting: () => void = () => undefined

/**
 * The filter stays: the change that brings the asset back under it may still be on its way. Until it is there the focus
 * stays where it is, for good when the asset stays hidden; a person who has moved on is not taken back.
 */
function focusOnceShown(batch: string, position: number): void {
  stopWaiting()
  const { focus, filter } = useGrid.getState()
  const unsubscribe = useGrid.subscribe(state => {
    const isElsewhere = state.table?.batch !== batch || state.focus !== focus || state.filter !== filter
    const shown = shownAt(state, position)
    if (!isElsewhere && shown === -1) return
    stopWaiting()
    if (!isElsewhere) dispatchGrid(focusOn, shown)
  })
  const timer = setTimeout(() => stopWaiting(), onItsWayMs)
  stopWaiting = () => {
    unsubscribe()
    clearTimeout(timer)
    stopWaiting = () => undefined
  }
}

export function saveNote(assets: readonly number[], note: string): void {
  inTurn(async () => {
    const done = await invoke('review.note', { assets: [...assets], note })
    if (done !== undefined) tellDone(t('noteSaved'))
  })
}
