import type { Clock } from '../../base/clock.ts'
import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import type { StoreWriter } from '../ports.ts'
import { createAssetColumns } from './asset-columns.ts'
import { createAssetWrites } from './asset-writes.ts'
import { createBatchWrites } from './batch-writes.ts'
import { createCheckWrites } from './check-writes.ts'
import { createHitWrites } from './hit-writes.ts'
import { createLikenessWrites } from './likeness.ts'
import { createOpenResultWrites, pageSize } from './open-results.ts'
import { createPushWrites } from './push-writes.ts'
import { createResultWrites } from './result-writes.ts'
import { createReviewWrites } from './review-writes.ts'
import { createIndexer } from './search.ts'
import { createWaiverWrites, createWaiving } from './waiver-writes.ts'
import { createWriteContext } from './write-context.ts'

export type LedgerCommands = ReturnType<typeof createCommands>

/**
 * All writes. Each method only runs statements: the caller puts it inside `database.commit`, alone or with others that must become
 * durable together.
 */
export function createCommands(
  database: GroupCommitDatabase,
  clock: Pick<Clock, 'now'>,
  /** Told of every asset whose grid columns change. */
  touched: (batch: string, asset: number) => void,
) {
  const context = createWriteContext(database, clock, touched)
  const columns = createAssetColumns(context)
  const results = createResultWrites(context, columns)
  const { clearChecks, ...checks } = createCheckWrites(context)
  const waiving = createWaiving(context)
  const { concludeAnew, ...hits } = createHitWrites(context, checks, results, waiving.waiverOf)
  return {
    ...createBatchWrites(context),
    ...createAssetWrites(context, columns, results),
    ...checks,
    ...results,
    ...hits,
    ...createWaiverWrites(context, waiving, { concludeAnew }),
    ...createOpenResultWrites(context, columns, results, { clearChecks }),
    ...createReviewWrites(context),
    ...createPushWrites(context),
    ...createLikenessWrites(context),
    /** Takes up to `limit` rows into the search index; returns how many. */
    index: createIndexer(context.raw),
  }
}

/** `requeue`, page by page: a large batch must hold neither the write lock nor the window. */
export async function requeueAll(
  { database, commands }: { readonly database: GroupCommitDatabase; readonly commands: LedgerCommands },
  batch: string,
  which: Parameters<StoreWriter['requeue']>[1],
): Promise<void> {
  if ('assets' in which) {
    for (let from = 0; from < which.assets.length; from += pageSize) {
      const assets = which.assets.slice(from, from + pageSize)
      await database.commit(() => commands.requeue(batch, { ...which, assets }))
    }
    return
  }
  for (let last: number | null = 0; last !== null; ) {
    const after: number = last
    const page = 'versions' in which ? { ...which, after } : { reasons: which, after }
    last = await database.commit(() => commands.requeue(batch, page))
  }
}
