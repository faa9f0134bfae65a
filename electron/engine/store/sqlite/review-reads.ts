import type { Database } from 'better-sqlite3'
import type { Decision } from '../../../../shared/domain.ts'
import type { ReviewEvent } from '../../../../shared/screening.ts'

/** What people decided, act by act. */
export interface ReviewReads {
  reviews(asset: number): readonly ReviewEvent[]
  reviewAct(act: string): readonly { asset: number; batch: string }[]
  /** The decision, reason and note an asset had before an act. */
  beforeAct(act: string, asset: number): { decision: Decision | null; reason: number | null; note: string | null }
  afterAct(act: string, asset: number): { decision: Decision | null; reason: number | null; note: string | null }
}

type Reviewed = { decision: Decision | null; reason: number | null; note: string | null }

export function createReviewReads(raw: Database): ReviewReads {
  const reviewRows = raw.prepare<[number], ReviewEvent>(
    'SELECT id, at, reviewer, action, decision, reason, note FROM reviews WHERE asset = ? ORDER BY id',
  )
  const actRows = raw.prepare<[string], { asset: number; batch: string }>(
    'SELECT r.asset, a.batch FROM reviews r JOIN assets a ON a.id = r.asset WHERE r.act = ? ORDER BY r.id',
  )
  const beforeRow = raw.prepare<[string, number, number], Reviewed>(
    `SELECT decision, reason, note FROM reviews
     WHERE id < (SELECT min(id) FROM reviews WHERE act = ? AND asset = ?) AND asset = ? ORDER BY id DESC LIMIT 1`,
  )
  const afterRow = raw.prepare<[string, number], Reviewed>(
    'SELECT decision, reason, note FROM reviews WHERE act = ? AND asset = ? ORDER BY id DESC LIMIT 1',
  )

  return {
    reviews: asset => reviewRows.all(asset),
    reviewAct: act => actRows.all(act),
    beforeAct: (act, asset) => beforeRow.get(act, asset, asset) ?? { decision: null, reason: null, note: null },
    afterAct: (act, asset) => afterRow.get(act, asset) ?? { decision: null, reason: null, note: null },
  }
}
