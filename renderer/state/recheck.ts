import type { Encoding } from '../../shared/encodings.ts'
import { gridOutcomes } from '../../shared/grid.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import { invoke } from '../base/bridge.ts'
import { formatNumber, wordsOf } from '../base/i18n/index.ts'
import { words } from '../base/i18n/words.ts'
import { tellDone } from '../base/notices.ts'
import { dispatch, upsertBatch, useApp } from './app.ts'
import { useGrid } from './grid/grid.ts'
import { positionOf } from './grid/table.ts'

const t = wordsOf('common', words)

/** Checks again what ended unchecked, or exactly the named assets; what it came to is said once it has ended. */
export const recheckBatch = (batch: string, assets: readonly number[] | null): Promise<void> =>
  follow(batch, assets, () => invoke('batches.recheck', { batch, assets: assets === null ? null : [...assets] }))

/** Goes on with what waits for a yes to more calls. */
export const allowCalls = (batch: string, assets: readonly number[]): Promise<void> =>
  follow(batch, assets, () => invoke('batches.allowCalls', { batch, assets: [...assets] }))

/** Goes on with films of more frames than were sent. */
export const allowFrames = (batch: string, assets: readonly number[]): Promise<void> =>
  follow(batch, assets, () => invoke('batches.allowFrames', { batch, assets: [...assets] }))

/** Checks texts again, read in this encoding. */
export const stateEncoding = (batch: string, assets: readonly number[], encoding: Encoding): Promise<void> =>
  follow(batch, assets, () => invoke('batches.stateEncoding', { batch, assets: [...assets], encoding }))

async function follow(
  batch: string,
  assets: readonly number[] | null,
  again: () => Promise<BatchSummary | undefined>,
): Promise<void> {
  const before = batchOf(batch)
  const count = assets?.length ?? before?.tally.unchecked ?? 0
  const answer = await again()
  if (answer === undefined || count === 0) return
  // Its events may have come before the answer, and are newer then.
  if (batchOf(batch) === before) dispatch(upsertBatch, answer)
  const tellIfEnded = (): boolean => {
    const now = batchOf(batch)
    if (now !== undefined && isAtWork(now)) return false
    if (now !== undefined)
      tellDone(recheckedText(count, assets === null ? now.tally.unchecked : uncheckedOf(batch, assets)))
    return true
  }
  if (tellIfEnded()) return
  const stop = useApp.subscribe(() => {
    if (tellIfEnded()) stop()
  })
}

/** `still`: those that are not checked even now; null where another batch is in the grid, which alone knows of single assets. */
export function recheckedText(count: number, still: number | null): string {
  const shown = { count, shown: formatNumber(count) }
  if (still === null) return t('rechecked', shown)
  return still === 0 ? t('recheckedAll', shown) : t('recheckedSome', { ...shown, still: formatNumber(still) })
}

const batchOf = (id: string): BatchSummary | undefined => useApp.getState().batches.find(batch => batch.id === id)

const isAtWork = ({ state, tally }: BatchSummary): boolean =>
  state === 'running' || state === 'paused' || tally.pending + tally.awaiting > 0

function uncheckedOf(batch: string, assets: readonly number[]): number | null {
  const { table } = useGrid.getState()
  if (table?.batch !== batch) return null
  const unchecked = gridOutcomes.indexOf('unchecked')
  return assets.filter(asset => table.outcome[positionOf(table, asset)] === unchecked).length
}
