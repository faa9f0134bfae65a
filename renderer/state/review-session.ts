import { create } from 'zustand'
import { type GridState, shownPositions, useGrid } from './grid/grid.ts'
import { undecided } from './grid/table.ts'

/** What is gone through in review mode, and how fast decisions are made in this session of the program. */
export interface ReviewSession {
  readonly batch: string | null
  /** All that was shown when it began: what is decided falls out of most views, and still counts. */
  readonly positions: Uint32Array
  /** When the last decisions on one asset each were made, in milliseconds of one clock. */
  readonly decidedAt: readonly number[]
}

export const initialSession: ReviewSession = { batch: null, positions: new Uint32Array(0), decidedAt: [] }

export const useReviewSession = create<ReviewSession>()(() => initialSession)

export function beginSession(): void {
  const grid = useGrid.getState()
  useReviewSession.setState({ batch: grid.table?.batch ?? null, positions: shownPositions(grid) })
}

/** So many are enough to tell a rate by, and so many tell it as it is now. */
const enough = 5
const latest = 30
/** Who takes longer has done something else meanwhile, in milliseconds. */
const pauseMs = 60_000

export function countDecision(atMs: number): void {
  useReviewSession.setState(({ decidedAt }) => ({ decidedAt: [...decidedAt, atMs].slice(-latest - 1) }))
}

/** Decisions a minute, null while there are too few; pauses do not count. */
export function ratePerMinute(decidedAt: readonly number[]): number | null {
  const gaps = decidedAt.slice(1).flatMap((at, before) => {
    const gap = at - (decidedAt[before] ?? at)
    return gap <= pauseMs ? [gap] : []
  })
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  return gaps.length < enough || total === 0 ? null : (60_000 * gaps.length) / total
}

export interface Progress {
  readonly done: number
  readonly total: number
  readonly perMinute: number | null
  /** Whole minutes, at least one; null while the rate is not known, and at the end. */
  readonly minutesLeft: number | null
}

export function progressOf(session: ReviewSession, grid: Pick<GridState, 'table' | 'deciding'>): Progress {
  const { table, deciding } = grid
  const positions = table?.batch === session.batch ? session.positions : []
  let done = 0
  for (const position of positions) {
    if (table?.decision[position] !== undecided || deciding.has(position)) done += 1
  }
  const total = positions.length
  const perMinute = ratePerMinute(session.decidedAt)
  const minutesLeft = perMinute === null || done === total ? null : Math.max(1, Math.round((total - done) / perMinute))
  return { done, total, perMinute, minutesLeft }
}

/** The next undecided after the focus, around the end, as they will come. */
export function upcoming({ table, order, focus, deciding }: GridState, count: number): readonly number[] {
  const found: number[] = []
  if (table === null) return found
  const start = order.indexOf(focus)
  for (let way = 1; way < order.length && found.length < count; way += 1) {
    const position = order[(start + way) % order.length] ?? 0
    if (position !== focus && table.decision[position] === undecided && !deciding.has(position)) found.push(position)
  }
  return found
}

/** Looked ahead at: so many of the undecided, and in the loupe also the one that is next by the arrows. */
const undecidedAhead = 2

/** What comes next in the loupe, whether by a decision or by an arrow; in review mode it is by decisions. */
export function comingNext(state: GridState, isReviewing: boolean): Uint32Array {
  const next = isReviewing ? undefined : state.order[state.order.indexOf(state.focus) + 1]
  return Uint32Array.from(new Set([...(next === undefined ? [] : [next]), ...upcoming(state, undecidedAhead)]))
}
