import type { GroupCommitDatabase } from '../../base/sqlite/group-commit.ts'
import type { FolderIndex } from '../folder-index.ts'
import { type AssetReads, createAssetReads } from './asset-reads.ts'
import { type BatchReads, createBatchReads } from './batch-reads.ts'
import { type CheckReads, createCheckReads } from './check-reads.ts'
import { createControlReader } from './controls.ts'
import { createGridReads, type GridReads } from './grid-reads.ts'
import { createHitReads, type HitReads } from './hit-reads.ts'
import { createLikenessReads, type LikenessReads } from './likeness.ts'
import { createOpenReads, type OpenReads } from './open-reads.ts'
import { createReportReads, type ReportReads } from './report-reads.ts'
import { createReviewReads, type ReviewReads } from './review-reads.ts'

/** All reads. Nothing here can write, by type and by use. */
export type LedgerQueries = BatchReads &
  AssetReads &
  OpenReads &
  CheckReads &
  ReviewReads &
  HitReads &
  GridReads &
  LikenessReads &
  ReportReads

export function createQueries(
  { raw }: Pick<GroupCommitDatabase, 'raw'>,
  folderIndexOf: (batch: string) => FolderIndex,
): LedgerQueries {
  const controls = createControlReader(raw)
  const batches = createBatchReads(raw, controls)
  const assets = createAssetReads(raw, batches)
  return {
    ...batches,
    ...assets,
    ...createOpenReads(raw),
    ...createCheckReads(raw, batches, assets),
    ...createReviewReads(raw),
    ...createHitReads(raw, assets),
    ...createGridReads(raw, folderIndexOf),
    ...createLikenessReads(raw),
    ...createReportReads(raw, batches, assets, controls),
  }
}
