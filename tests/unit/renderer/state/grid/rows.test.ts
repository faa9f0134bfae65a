import { describe, expect, test } from 'vitest'
import { createRowCache } from '../../../../../renderer/state/grid/rows.ts'
import type { AssetRow } from '../../../../../shared/screening.ts'

const row = (id: number, path = `${id}.jpg`): AssetRow => ({
  id,
  path,
  kind: 'image',
  bytes: null,
  width: null,
  height: null,
  excerpt: null,
  results: [],
  decision: null,
  decisionReason: null,
  note: null,
  readerNotes: [],
  isOlderReading: false,
  rules: null,
  passage: null,
  boxes: [],
  document: null,
  rule: null,
})

/** A main process whose answers come when the test says so. */
function slowFetch() {
  const waiting: { assets: readonly number[]; answer: (rows: readonly AssetRow[] | undefined) => void }[] = []
  const fetch = (assets: number[]) =>
    new Promise<readonly AssetRow[] | undefined>(answer => {
      waiting.push({ assets, answer })
    })
  const settle = async (rows: readonly AssetRow[] | undefined) => {
    waiting.shift()?.answer(rows)
    await Promise.resolve()
    await Promise.resolve()
  }
  return { fetch, waiting, settle }
}

describe('details of visible cells', () => {
  test('are asked for in one call, and what scrolled by meanwhile is skipped', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 100 })
    cache.want([1, 2])
    cache.want([3, 4])
    cache.want([5, 6])
    expect(main.waiting.map(call => call.assets)).toEqual([[1, 2]])
    await main.settle([row(1), row(2)])
    expect(main.waiting.map(call => call.assets)).toEqual([[5, 6]])
  })

  test('are kept, so that scrolling back asks nothing', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 100 })
    cache.want([1])
    await main.settle([row(1)])
    cache.want([1])
    expect(main.waiting).toEqual([])
    expect(cache.get(1)?.path).toBe('1.jpg')
  })

  test('that are out of date stay on screen until the new ones are there', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 100 })
    cache.want([1])
    await main.settle([row(1)])
    cache.outdate([1])
    cache.want([1])
    expect(cache.get(1)?.path).toBe('1.jpg')
    await main.settle([row(1, 'renamed.jpg')])
    expect(cache.get(1)?.path).toBe('renamed.jpg')
  })

  test('never fill the memory: the longest unused go first', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 2 })
    cache.want([1, 2])
    await main.settle([row(1), row(2)])
    cache.get(1)
    cache.want([3])
    await main.settle([row(3)])
    expect([cache.get(1)?.id, cache.get(2)?.id, cache.get(3)?.id]).toEqual([1, undefined, 3])
  })

  test('of an asset that is gone are not asked for without end', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 10 })
    cache.want([1, 2])
    await main.settle([row(1)])
    expect(main.waiting).toEqual([])
  })

  test('that could not be had are asked for at the next look, not in a loop', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 10 })
    cache.want([1])
    await main.settle(undefined)
    expect(main.waiting).toEqual([])
    cache.want([1])
    expect(main.waiting.map(call => call.assets)).toEqual([[1]])
  })

  test('of a batch that was left do not come back with its answer', async () => {
    const main = slowFetch()
    const cache = createRowCache({ fetch: main.fetch, arrived: () => undefined, capacity: 10 })
    cache.want([1])
    cache.clear()
    await main.settle([row(1)])
    expect(cache.get(1)).toBeUndefined()
  })
})
