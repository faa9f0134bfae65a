import type { Outcome } from '../../shared/domain.ts'
import type { CallInput, HistoryFilter, ReportPictures } from '../../shared/ipc.ts'
import type { Profile } from '../../shared/profile.ts'
import type { BatchSummary } from '../../shared/screening.ts'
import { filterToText, isEverything } from './grid/filter.ts'
import { assetsAt, type GridState, shownCount, shownPositions, targets } from './grid/grid.ts'

type BatchScope = 'batch' | 'filter' | 'selection'
export type ScopeKind = BatchScope | 'history'
type ExportScope = CallInput<'reports.export'>['scope']

/** What a format shows of images unless told otherwise; null for one that shows none. */
export function usualPictures(format: CallInput<'reports.export'>['format']): ReportPictures | null {
  return format === 'html' || format === 'pdf' || format === 'xlsx' ? 'blurred' : null
}

/** What can be exported of the batch now, with how many assets; the narrowest is last. */
export function scopesOf(
  batch: BatchSummary,
  grid: GridState,
): readonly { readonly kind: BatchScope; readonly assets: number }[] {
  const isShown = grid.table?.batch === batch.id
  return [
    { kind: 'batch' as const, assets: batch.tally.assets },
    ...(isShown && !isEverything(grid.filter) && grid.order.length > 0
      ? [{ kind: 'filter' as const, assets: shownCount(grid) }]
      : []),
    ...(isShown && grid.selected.count > 0 ? [{ kind: 'selection' as const, assets: grid.selected.count }] : []),
  ]
}

/** The scope as the call wants it: by the assets of this moment, with the filter's text for the report's head. */
export function scopeOf(kind: BatchScope, batch: BatchSummary, grid: GridState): ExportScope {
  if (kind === 'batch') return { of: 'batch', batch: batch.id }
  return {
    of: 'assets',
    batch: batch.id,
    assets: assetsAt(grid, kind === 'filter' ? shownPositions(grid) : targets(grid)),
    filter: filterToText(grid.filter),
  }
}

/** What a report across history is asked for: local days as `2026-11-21`, both included; no verdicts for all, null for any. */
export interface HistoryChoice extends Pick<HistoryFilter, 'profile' | 'decision' | 'label'> {
  readonly from: string
  readonly to: string
  readonly outcomes: readonly Outcome[]
  /** As it is typed. */
  readonly query: string
}

/** Profiles that a report can be about: those that there are, then those that are gone and that some batch was screened with. */
export function profilesOf(
  profiles: readonly Pick<Profile, 'id' | 'name'>[],
  batches: readonly BatchSummary[],
): readonly Pick<Profile, 'id' | 'name'>[] {
  const used = batches.flatMap(batch => batch.profiles)
  const all = [...profiles, ...used].map(({ id, name }) => ({ id, name }))
  return [...new Map(all.toReversed().map(each => [each.id, each])).values()].toReversed()
}

/** Null while the days are none, or the last is before the first. */
export function historyScope({ from, to, outcomes, query, ...only }: HistoryChoice): ExportScope | null {
  const [fromMs, endMs] = [midnightOf(from, 0), midnightOf(to, 1)]
  if (fromMs === null || endMs === null || fromMs >= endMs) return null
  return {
    of: 'history',
    fromMs,
    toMs: endMs - 1,
    outcomes: [...outcomes],
    profile: only.profile,
    decision: only.decision,
    label: only.label,
    query: query.trim() === '' ? null : query.trim(),
  }
}

/** When a local day begins, or the one `daysLater` days later. */
function midnightOf(day: string, daysLater: number): number | null {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined || year < 1971 || year > 9998) return null
  const ms = new Date(year, month - 1, date + daysLater).getTime()
  return Number.isNaN(ms) ? null : ms
}
