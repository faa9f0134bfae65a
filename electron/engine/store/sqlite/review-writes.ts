import { gridFlags } from '../../../../shared/grid.ts'
import { Problem } from '../../../../shared/problems.ts'
import type { ReviewEvent } from '../../../../shared/screening.ts'
import { reviewFlags } from '../../ledger/outcomes.ts'
import type { AssetRecord } from '../../ledger/rows.ts'
import type { ReviewChange } from '../records.ts'
import type { WriteContext } from './write-context.ts'

type Reviewed = Pick<AssetRecord, 'id' | 'batch' | 'path' | 'sha256' | 'outcome' | 'flags' | 'decision' | 'note'> & {
  readonly reason: number | null
}

/** What an asset has after a review. */
interface After extends Pick<Reviewed, 'decision' | 'reason' | 'note' | 'flags'> {
  readonly asset: Reviewed
}

export function createReviewWrites({ raw, clock, appender, search, touched }: WriteContext) {
  // Of thousands that are decided at once, whatever is done for all by one statement costs half.
  const insertReviews = raw.prepare(
    `INSERT INTO reviews (asset, act, at, reviewer, action, decision, reason, note)
     SELECT value, @act, @at, @reviewer, @action, @decision, @reason, @note FROM json_each(@assets) ORDER BY key`,
  )
  const readReviewed = raw.prepare<[number], Reviewed>(
    'SELECT id, batch, path, sha256, outcome, flags, decision, decision_reason AS reason, note FROM assets WHERE id = ?',
  )
  const updateReviews = raw.prepare(
    `UPDATE assets SET decision = @decision, decision_reason = @reason, note = @note, reviewer = @reviewer, decided_at = @at,
       flags = @flags WHERE id IN (SELECT value FROM json_each(@assets))`,
  )
  const afterChange = (change: ReviewChange): After => {
    const asset = readReviewed.get(change.asset)
    if (asset === undefined) throw new Problem('not_found', `asset ${change.asset}`)
    const { decision, reason, note } = { ...asset, ...change }
    const kept = asset.flags & ~(gridFlags.disagreement | gridFlags.noted)
    return { asset, decision, reason, note, flags: kept | reviewFlags(decision, asset.outcome, note) }
  }

  return {
    /** Of different assets. Throws `not_found` when there is no such asset. */
    review: (act: string, reviewer: string, action: ReviewEvent['action'], changes: readonly ReviewChange[]): void => {
      const at = clock.now()
      const all = changes.map(afterChange)
      for (const alike of together(all, ({ decision, reason, note, flags }) => [decision, reason, note, flags])) {
        const [{ decision, reason, note, flags }] = alike
        const decidedAt = decision === null ? null : at
        updateReviews.run({ assets: idsOf(alike), decision, reason, note, reviewer, at: decidedAt, flags })
      }
      const kind = action === 'note' ? 'note' : action === 'undo' || action === 'redo' ? action : 'decision'
      for (const run of runs(all, ({ decision, reason, note }) => [decision, reason, note])) {
        const [{ decision, reason, note }] = run
        const inserted = insertReviews.run({ assets: idsOf(run), act, at, reviewer, action, decision, reason, note })
        const first = Number(inserted.lastInsertRowid) - run.length + 1
        for (const [index, { asset }] of run.entries()) {
          if (note !== asset.note) search.put(asset.id, 'note', note)
          // In the order of the names, in which it is written out at a quarter of the cost.
          const body = {
            act,
            action,
            decision,
            form: 2,
            machine: asset.outcome,
            note: note ?? undefined,
            path: asset.path,
            reason: reason ?? undefined,
            review: first + index,
            reviewer,
            sha256: asset.sha256 ?? undefined,
          }
          appender.append({ kind, batch: asset.batch, asset: asset.id, body }, at)
          touched(asset.batch, asset.id)
        }
      }
    },
  }
}

const idsOf = (all: readonly After[]): string => JSON.stringify(all.map(({ asset }) => asset.id))

/** Those that have the same key, wherever they stand. */
function together<T>(all: readonly T[], keyOf: (item: T) => readonly unknown[]): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of all) {
    const key = JSON.stringify(keyOf(item))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** Those that have the same key as the one before, so that the order of all stays. */
function runs<T>(all: readonly T[], keyOf: (item: T) => readonly unknown[]): readonly (readonly [T, ...T[]])[] {
  const found: [T, ...T[]][] = []
  let last = ''
  for (const item of all) {
    const key = JSON.stringify(keyOf(item))
    const run = found.at(-1)
    if (run === undefined || key !== last) found.push([item])
    else run.push(item)
    last = key
  }
  return found
}
