import type { GridDelta } from '../../../shared/grid.ts'
import type { StoreReader } from '../store/ports.ts'
import type { EventHub } from './events.ts'

/** Collects which assets changed and turns them into deltas of the grid's columns, for batches whose columns were asked for. */
export interface GridFeed {
  touched(batch: string, asset: number): void
  revision(batch: string): number
  /** From now on deltas are sent for this batch. */
  watch(batch: string): void
}

interface Watched {
  revision: number
  assets: Set<number>
}

/** The most assets in one delta; the rest follows with the next. */
const largestDelta = 20_000

export function createGridFeed(events: EventHub, reader: Pick<StoreReader, 'cells'>): GridFeed {
  const watched = new Map<string, Watched>()

  const announce = (batch: string, state: Watched) => {
    events.soon('grid', batch, (): Promise<GridDelta> | null => {
      if (state.assets.size === 0) return null
      const assets = [...state.assets].slice(0, largestDelta)
      for (const asset of assets) state.assets.delete(asset)
      const from = state.revision
      state.revision += 1
      if (state.assets.size > 0) queueMicrotask(() => announce(batch, state))
      return reader.cells(batch, assets, from, state.revision)
    })
  }

  return {
    touched: (batch, asset) => {
      const state = watched.get(batch)
      if (state === undefined) return
      state.assets.add(asset)
      announce(batch, state)
    },
    revision: batch => watched.get(batch)?.revision ?? 0,
    watch: batch => {
      if (!watched.has(batch)) watched.set(batch, { revision: 0, assets: new Set() })
    },
  }
}
