import { gridFlags } from '../../../../shared/grid.ts'
import { Problem } from '../../../../shared/problems.ts'
import type { ReviewEvent } from '../../../../shared/screening.ts'
import { reviewFlags } from '../../ledger/outcomes.ts'
import type { AssetRecord } from '../../ledger/rows.ts'
import type { ReviewChange } from '../records.ts'
import type { WriteContext } from './write-context.ts'

type Reviewed = Pick<AssetRecord, 'batch' | 'path' | 'sha256' | 'outcome' | 'flags' | 'decision' | 'note'> & {
  readonly reason: number | null
}

export function createReviewWrites({ raw, clock, appender, search, touched }: WriteContext) {
  const insertReview = raw.prepare(
    'INSERT INTO reviews (asset, act, at, reviewer, action, decision, reason, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const readReviewed = raw.prepare<[number], Reviewed>(
    'SELECT batch, path, sha256, outcome, flags, decision, decision_reason AS reason, note FROM assets WHERE id = ?',
  )
  const updateReview = raw.prepare(
    `UPDATE assets SET decision = @decision, decision_reason = @reason, note = @note, reviewer = @reviewer, decided_at = @at,
       flags = @flags WHERE id = @id`,
  )

  return {
    /** Throws `not_found` when there is no such asset. */
    review: (act: string, reviewer: string, action: ReviewEvent['action'], changes: readonly ReviewChange[]): void => {
      const at = clock.now()
      for (const change of changes) {
        const id = change.asset
        const asset = readReviewed.get(id)
        if (asset === undefined) throw new Problem('not_found', `asset ${id}`)
        const { decision, reason, note } = { ...asset, ...change }
        const review = Number(insertReview.run(id, act, at, reviewer, action, decision, reason, note).lastInsertRowid)
        updateReview.run({
          id,
          decision,
          reason,
          note,
          reviewer,
          at: decision === null ? null : at,
          flags:
            (asset.flags & ~(gridFlags.disagreement | gridFlags.noted)) | reviewFlags(decision, asset.outcome, note),
        })
        if (note !== asset.note) search.put(id, 'note', note)
        const kind = action === 'note' ? 'note' : action === 'undo' || action === 'redo' ? action : 'decision'
        const body = {
          act,
          action,
          reviewer,
          decision,
          form: 2,
          reason: reason ?? undefined,
          review,
          note: note ?? undefined,
          machine: asset.outcome,
          path: asset.path,
          sha256: asset.sha256 ?? undefined,
        }
        appender.append({ kind, batch: asset.batch, asset: id, body }, at)
        touched(asset.batch, id)
      }
    },
  }
}
