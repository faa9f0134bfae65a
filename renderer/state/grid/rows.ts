import type { AssetRow } from '../../../shared/screening.ts'
import { createLruCache } from './lru-cache.ts'

/** Details of assets that were in view lately; asks for those in view that it has not, in one call at a time. */
export interface RowCache {
  get(asset: number): AssetRow | undefined
  /** Asks for what is missing of `assets`; a later call takes the place of one that has not left yet. */
  want(assets: readonly number[]): void
  /** What is known of them is out of date: it stays until the new arrives. */
  outdate(assets: Iterable<number>): void
  clear(): void
}

export function createRowCache(given: {
  readonly fetch: (assets: number[]) => Promise<readonly AssetRow[] | undefined>
  readonly arrived: () => void
  readonly capacity: number
}): RowCache {
  const rows = createLruCache<number, AssetRow>(given.capacity)
  const outdated = new Set<number>()
  let wanted: readonly number[] = []
  let asking = false
  let generation = 0

  const missing = (): number[] => wanted.filter(asset => !rows.has(asset) || outdated.has(asset))

  async function ask(): Promise<void> {
    if (asking) return
    const assets = missing()
    if (assets.length === 0) return
    asking = true
    const asked = generation
    for (const asset of assets) outdated.delete(asset)
    const answer = await given.fetch(assets)
    asking = false
    if (asked === generation && answer !== undefined) {
      for (const row of answer) rows.set(row.id, row)
      // What was asked for and is not there any more would otherwise be asked for again and again.
      const got = new Set(answer.map(row => row.id))
      wanted = wanted.filter(asset => got.has(asset) || !assets.includes(asset))
      given.arrived()
    }
    // A failed request is not repeated here: the next draw of the grid asks again.
    if (answer !== undefined) void ask()
  }

  return {
    get: rows.get,
    want(assets) {
      wanted = assets
      void ask()
    },
    outdate(assets) {
      for (const asset of assets) if (rows.has(asset)) outdated.add(asset)
    },
    clear() {
      generation += 1
      rows.clear()
      outdated.clear()
      wanted = []
    },
  }
}
