import type { Move } from '../../base/keys.ts'
import { useDetail } from '../../state/detail.ts'
import { dispatchGrid, focusOn, useGrid } from '../../state/grid/grid.ts'
import { turnPage } from './leaves.ts'
import { readStep } from './zoom.ts'

/** What the loupe shows as far as keys and commands have to do with it: its scrolling element, and the picture's size on it. */
export interface Stage {
  readonly host: HTMLElement
  /** Null for a text, which has one size. */
  readonly zoom: { step(by: 1 | -1): void; toggle(): void; fit(): void } | null
}

let current: Stage | null = null

/** The one on screen in the loupe; what is returned takes it away again. */
export function setStage(stage: Stage): () => void {
  current = stage
  return () => {
    if (current === stage) current = null
  }
}

export const stageZoom = (): Stage['zoom'] => current?.zoom ?? null

/** Scrolls what is on the stage, if there is more of it that way. */
export function scrollStage(move: Move): void {
  const step = current === null ? 'none' : readStep(current.host, move)
  if (typeof step === 'object') current?.host.scrollTo(step)
}

const forward: readonly Move[] = ['right', 'down', 'pageDown', 'end']
const readingMoves: readonly Move[] = ['up', 'down', 'pageUp', 'pageDown', 'home', 'end']

/**
 * In the loupe: scrolls what is longer than the stage, and goes on to the next asset, or back to the one before, at its end. A key that
 * is held stops there, so that nothing is passed over unread.
 */
export function readOn(move: Move, press: { readonly isHeld: boolean }): void {
  const { detail } = useDetail.getState()
  // Not there yet: who reads waits for it, who leafs through does not.
  if (detail === null && readingMoves.includes(move)) return
  const step = current === null ? 'none' : readStep(current.host, move)
  if (typeof step === 'object') {
    current?.host.scrollTo(step)
    return
  }
  if (step === 'end' && (press.isHeld || move === 'home' || move === 'end')) return
  // The arrows to both sides are for leafing through assets.
  if (
    readingMoves.includes(move) &&
    move !== 'home' &&
    move !== 'end' &&
    detail !== null &&
    turnPage(detail, forward.includes(move) ? 1 : -1)
  )
    return
  const { order, focus } = useGrid.getState()
  const index = order.indexOf(focus)
  const to = move === 'home' ? 0 : move === 'end' ? order.length - 1 : index + (forward.includes(move) ? 1 : -1)
  const position = order[to]
  if (position !== undefined) dispatchGrid(focusOn, position)
}
