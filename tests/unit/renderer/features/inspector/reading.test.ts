import { beforeEach, describe, expect, test } from 'vitest'
import type { Bridge } from '../../../../../shared/ipc.ts'
import type { AssetDetail } from '../../../../../shared/screening.ts'
import { columnsOf } from '../../state/grid/columns.ts'

/** The loupe by keyboard: what is longer than the stage is read before the next asset comes. */

Reflect.set(globalThis, 'prescreen', { pathOf: () => '', on: () => () => undefined } as unknown as Bridge)
const { readOn, setStage } = await import('../../../../../renderer/features/inspector/reading.ts')
const { initialDetail, useDetail } = await import('../../../../../renderer/state/detail.ts')
const { dispatchGrid, focusOn, initialGrid, loadColumns, useGrid } = await import(
  '../../../../../renderer/state/grid/grid.ts'
)

/** As much of an element as scrolls. */
function stageOf(height: number, fullHeight: number) {
  const host = {
    scrollLeft: 0,
    scrollTop: 0,
    clientWidth: 1000,
    clientHeight: height,
    scrollWidth: 1000,
    scrollHeight: fullHeight,
    scrollTo: ({ top }: { readonly top: number }) => {
      host.scrollTop = top
    },
  }
  return { host: host as unknown as HTMLElement, zoom: null }
}
const index = () => useGrid.getState().order.indexOf(useGrid.getState().focus)
let leave: () => void = () => undefined
const show = (stage: ReturnType<typeof stageOf>) => {
  leave = setStage(stage)
}
const pressed = { isHeld: false }
const held = { isHeld: true }

beforeEach(() => {
  leave()
  useGrid.setState(initialGrid)
  dispatchGrid(loadColumns, columnsOf([{}, {}, {}, {}]))
  dispatchGrid(focusOn, useGrid.getState().order[1] ?? 0)
  useDetail.setState({ ...initialDetail, asset: 1, detail: { id: 1 } as AssetDetail })
})

describe('a poster of 13 000 pixels', () => {
  test('is read from top to bottom with one key, and only then left for the next', () => {
    const stage = stageOf(800, 13_000)
    show(stage)
    const tops = [0]
    for (let presses = 0; presses < 100 && index() === 1; presses += 1) {
      readOn('pageDown', pressed)
      tops.push(stage.host.scrollTop)
    }
    expect(index()).toBe(2)
    expect(Math.max(...tops)).toBe(12_200)
    expect(Math.max(...tops.map((top, at) => top - (tops[at - 1] ?? 0)))).toBeLessThan(800)
  })

  test('is not left by a key that is held, nor by Home and End', () => {
    const stage = stageOf(800, 13_000)
    show(stage)
    for (let repeats = 0; repeats < 150; repeats += 1) readOn('down', held)
    expect(stage.host.scrollTop).toBe(12_200)
    readOn('end', pressed)
    expect(index()).toBe(1)
    readOn('home', pressed)
    expect(stage.host.scrollTop).toBe(0)
    readOn('home', pressed)
    expect(index()).toBe(1)
  })

  test('is left upwards at its top, and to the side at once', () => {
    show(stageOf(800, 13_000))
    readOn('up', pressed)
    expect(index()).toBe(0)
    readOn('right', pressed)
    expect(index()).toBe(1)
  })
})

describe('what is wholly in view', () => {
  test('is left by every key that goes on, and the edges hold', () => {
    show(stageOf(800, 800))
    for (const move of ['pageDown', 'down', 'right'] as const) readOn(move, pressed)
    expect(index()).toBe(3)
    readOn('home', pressed)
    expect(index()).toBe(0)
    readOn('end', held)
    expect(index()).toBe(3)
  })

  test('that is not there yet is waited for by who reads, and not by who leafs through', () => {
    useDetail.setState(initialDetail)
    for (const move of ['pageDown', 'down', 'up'] as const) readOn(move, pressed)
    expect(index()).toBe(1)
    readOn('right', held)
    expect(index()).toBe(2)
  })
})
