import { beforeEach, describe, expect, test } from 'vitest'
import { everything } from '../../../../renderer/state/grid/filter.ts'
import {
  beginDeciding,
  focusOn,
  initialGrid,
  loadColumns,
  setFilter,
  useGrid,
} from '../../../../renderer/state/grid/grid.ts'
import {
  beginSession,
  countDecision,
  initialSession,
  progressOf,
  ratePerMinute,
  upcoming,
  useReviewSession,
} from '../../../../renderer/state/review-session.ts'
import { columnsOf } from './grid/columns.ts'

const every = (count: number, gapMs: number) => Array.from({ length: count }, (_, at) => at * gapMs)

describe('the rate of decisions', () => {
  test('is told once there are enough of them', () => {
    expect(ratePerMinute([])).toBeNull()
    expect(ratePerMinute(every(5, 10_000))).toBeNull()
    expect(ratePerMinute(every(6, 10_000))).toBe(6)
  })

  test('leaves out pauses, in which nobody was deciding', () => {
    const afterLunch = every(6, 10_000).map(at => at + 3_600_000)
    expect(ratePerMinute([...every(6, 10_000), ...afterLunch])).toBe(6)
  })

  test('is that of the last thirty', () => {
    for (const at of every(200, 30_000)) countDecision(at)
    for (const at of every(31, 1_500)) countDecision(6_000_000 + at)
    expect(ratePerMinute(useReviewSession.getState().decidedAt)).toBe(40)
  })
})

describe('what is gone through', () => {
  const risky = 6
  beforeEach(() => {
    useReviewSession.setState(initialSession)
    const loaded = loadColumns(
      initialGrid,
      columnsOf([{ outcome: risky }, { outcome: 2 }, { outcome: risky, decision: 1 }, { outcome: risky }]),
    )
    useGrid.setState({ ...initialGrid, ...loaded })
  })
  const progress = () => progressOf(useReviewSession.getState(), useGrid.getState())

  test('is all that was shown when it began: what is decided falls out of the view, and counts', () => {
    useGrid.setState(setFilter(useGrid.getState(), { ...everything, outcome: ['risky'] }))
    beginSession()
    expect(progress()).toEqual({ done: 1, total: 3, perMinute: null, minutesLeft: null })
    useGrid.setState(beginDeciding(useGrid.getState(), Uint32Array.of(0)))
    useGrid.setState(setFilter(useGrid.getState(), { ...everything, outcome: ['risky'], decision: ['undecided'] }))
    expect(progress()).toMatchObject({ done: 2, total: 3 })
  })

  test('takes so many minutes at the rate of this session, and at its end none', () => {
    beginSession()
    for (const at of every(11, 30_000)) countDecision(at)
    expect(progress()).toEqual({ done: 1, total: 4, perMinute: 2, minutesLeft: 2 })
    useGrid.setState(beginDeciding(useGrid.getState(), Uint32Array.of(0, 1, 3)))
    expect(progress()).toEqual({ done: 4, total: 4, perMinute: 2, minutesLeft: null })
  })

  test('is nothing in another batch', () => {
    beginSession()
    useGrid.setState(loadColumns(useGrid.getState(), { ...columnsOf([{}]), batch: 'b_1111111111' }))
    expect(progress()).toMatchObject({ done: 0, total: 0 })
  })

  test('comes in the order of the decisions, around the end, without what is decided', () => {
    useGrid.setState(focusOn(useGrid.getState(), 3))
    expect(upcoming(useGrid.getState(), 8)).toEqual([1, 0])
    expect(upcoming(useGrid.getState(), 1)).toEqual([1])
    useGrid.setState(beginDeciding(useGrid.getState(), Uint32Array.of(3)))
    expect(useGrid.getState().focus).toBe(1)
    expect(upcoming(useGrid.getState(), 8)).toEqual([0])
  })
})
