import type { CallInput, ReportPictures } from '../../shared/ipc.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import { filterToText, isEverything } from '../grid/filter.ts'
import { assetsAt, type GridState, targets } from '../stores/grid.ts'

export type ScopeKind = 'batch' | 'filter' | 'selection'
type ExportScope = CallInput<'reports.export'>['scope']

/** What a format shows of images unless told otherwise; null for one that shows none. */
export function usualPictures(format: CallInput<'reports.export'>['format']): ReportPictures | null {
  if (format === 'html' || format === 'pdf') return 'blurred'
  return format === 'xlsx' ? 'none' : null
}

/** What can be exported of the batch now, with how many assets; the narrowest is last. */
export function scopesOf(
  batch: BatchSummary,
  grid: GridState,
): readonly { readonly kind: ScopeKind; readonly assets: number }[] {
  const isShown = grid.table?.batch === batch.id
  return [
    { kind: 'batch' as const, assets: batch.tally.assets },
    ...(isShown && !isEverything(grid.filter) && grid.order.length > 0
      ? [{ kind: 'filter' as const, assets: grid.order.length }]
      : []),
    ...(isShown && grid.selected.count > 0 ? [{ kind: 'selection' as const, assets: grid.selected.count }] : []),
  ]
}

/** The scope as the call wants it: by the assets of this moment, with the filter's text for the report's head. */
export function scopeOf(kind: ScopeKind, batch: BatchSummary, grid: GridState): ExportScope {
  if (kind === 'batch') return { of: 'batch', batch: batch.id }
  return {
    of: 'assets',
    batch: batch.id,
    assets: assetsAt(grid, kind === 'filter' ? grid.order : targets(grid)),
    filter: filterToText(grid.filter),
  }
}
