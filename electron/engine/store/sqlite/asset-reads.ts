import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { AssetRow, ResultView } from '../../../../shared/screening.ts'
import { olderReadingSql } from '../../formats/readings.ts'
import type { AssetRecord, ResultRecord } from '../../ledger/rows.ts'
import { readerNotesOf } from '../reader-notes.ts'
import type { EarlierAsset } from '../records.ts'
import type { BatchReads } from './batch-reads.ts'
import { createPlaceReads } from './place-reads.ts'

/** What is known of one asset, and of assets like it. */
export interface AssetReads {
  asset(id: number): AssetRecord | null
  results(asset: number): readonly ResultRecord[]
  rows(assets: readonly number[]): readonly AssetRow[]
  earlier(sha256: string, except: number): readonly EarlierAsset[]
  /** Passes of earlier versions, of kinds that are read differently today, in the order of the assets. */
  olderPasses(batch: string): readonly number[]
  /** Bodies of an asset's ledger rows of one kind, oldest first. */
  ledgerBodies(asset: number, kind: string): readonly unknown[]
}

export function createAssetReads(raw: Database, { profilesOf }: Pick<BatchReads, 'profilesOf'>): AssetReads {
  const { placesOf } = createPlaceReads(raw)
  const assetRow = raw.prepare<[number], AssetRecord>('SELECT * FROM assets WHERE id = ?')
  const resultRows = raw.prepare<[number], ResultRecord>('SELECT * FROM results WHERE asset = ? ORDER BY profile')
  const isOlder = raw.prepare<[number], 0 | 1>(`SELECT ${olderReadingSql('assets')} FROM assets WHERE id = ?`).pluck()
  const olderPassRows = raw
    .prepare<[string], number>(
      `SELECT id FROM assets WHERE batch = ? AND outcome = 'pass' AND ${olderReadingSql('assets')} ORDER BY id`,
    )
    .pluck()
  const earlierRows = raw.prepare<[{ sha256: string; except: number }], EarlierAsset>(
    `SELECT a.batch, a.id AS asset, a.path, a.outcome, a.decision, coalesce(a.screened_at, b.created_at) AS at
     FROM assets a JOIN batches b ON b.id = a.batch
     WHERE a.sha256 = @sha256 AND a.id <> @except ORDER BY at DESC LIMIT 20`,
  )
  const bodyRows = raw
    .prepare<[number, string], string>('SELECT body FROM ledger WHERE asset = ? AND kind = ? ORDER BY seq')
    .pluck()

  const resultView = (batch: string, result: ResultRecord): ResultView => ({
    profile: profilesOf(batch)[result.profile]?.id ?? String(result.profile),
    state: result.state,
    outcome: result.outcome === 'pending' || result.outcome === 'awaiting' ? null : result.outcome,
    reason: result.reason,
    detail: result.detail,
    labels: z.array(z.number()).parse(JSON.parse(result.labels)),
    score: result.score,
    parts: result.parts,
    checked: result.checked,
    reused: result.reused_from !== null,
    screenedAt: result.screened_at,
  })

  const rowOf = (asset: AssetRecord): AssetRow => ({
    id: asset.id,
    path: asset.path,
    kind: asset.kind,
    bytes: asset.bytes,
    width: asset.width,
    height: asset.height,
    excerpt: asset.excerpt,
    results: resultRows.all(asset.id).map(result => resultView(asset.batch, result)),
    decision: asset.decision,
    decisionReason: asset.decision_reason,
    note: asset.note,
    readerNotes: readerNotesOf(asset.reader_notes),
    isOlderReading: asset.outcome === 'pass' && isOlder.get(asset.id) === 1,
    rules: asset.rules,
    ...placesOf(asset),
  })

  return {
    asset: id => assetRow.get(id) ?? null,
    results: asset => resultRows.all(asset),
    rows: assets => assets.flatMap(id => assetRow.get(id) ?? []).map(rowOf),
    earlier: (sha256, except) => earlierRows.all({ sha256, except }),
    olderPasses: batch => olderPassRows.all(batch),
    ledgerBodies: (asset, kind) => bodyRows.all(asset, kind).map((body): unknown => JSON.parse(body)),
  }
}
