import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createHoverWatch, restMs } from '../../../../../renderer/features/grid/hover-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched() {
  const told: string[] = []
  const watch = createHoverWatch({ rested: (x, y) => told.push(`${x} ${y}`), ended: () => told.push('gone') })
  return { told, watch }
}

describe('the preview beside the pointer', () => {
  test('comes when the pointer has rested, and goes with its next move', () => {
    const { told, watch } = watched()
    watch.moved(10, 10)
    vi.advanceTimersByTime(restMs - 1)
    watch.moved(20, 10)
    vi.advanceTimersByTime(restMs - 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual(['20 10'])
    watch.moved(22, 11)
    expect(told).toEqual(['20 10'])
    watch.moved(40, 10)
    expect(told).toEqual(['20 10', 'gone'])
  })

  test('is gone with a key, and does not come back by what moves below a resting pointer', () => {
    const { told, watch } = watched()
    watch.moved(10, 10)
    vi.advanceTimersByTime(restMs)
    watch.end()
    watch.moved(10, 10)
    vi.advanceTimersByTime(10 * restMs)
    expect(told).toEqual(['10 10', 'gone'])
  })

  test('never comes when a key was pressed before the pointer had rested', () => {
    const { told, watch } = watched()
    watch.moved(10, 10)
    watch.end()
    vi.advanceTimersByTime(10 * restMs)
    expect(told).toEqual([])
  })
})
