import { gridFlags } from '../../../../shared/grid.ts'
import { encodeRemarks } from '../../../../shared/remarks/index.ts'
import { type FactColumns, factsDigest, piecesDigest } from '../../ledger/digests.ts'
import { comparedOf, findingOf, type OutcomeRecord, reviewFlags, worstOf } from '../../ledger/outcomes.ts'
import { type AssetRecord, type AssetResult, parseLabels } from '../../ledger/rows.ts'
import type { AssetFacts } from '../records.ts'
import type { WriteContext } from './write-context.ts'

type FactColumnValues = Omit<FactColumns, 'source'>
type FactValues = readonly (string | number | null)[]
/** What the grid's columns come from, besides the results. */
export type Shown = Pick<AssetRecord, 'batch' | 'flags' | 'decision' | 'note'>

const shownColumns = 'outcome = ?, reason = ?, label = ?, score = ?, flags = ?, screened_at = ?, rules = ?'
const factColumns =
  'kind = ?, bytes = ?, sha256 = ?, width = ?, height = ?, encoding = ?, excerpt = ?, reading = ?, reader_notes = ?'

/** The columns of `assets` that follow from an asset's results, its facts and its decision. */
export function createAssetColumns({ raw, touched }: WriteContext) {
  // Only what the grid's columns come from.
  const readShown = raw.prepare<[number], Shown>('SELECT batch, flags, decision, note FROM assets WHERE id = ?')
  const readOutcomes = raw.prepare<[number], OutcomeRecord>(
    'SELECT outcome, reason, labels, score, reused_from, screened_at, rules FROM results WHERE asset = ? ORDER BY profile',
  )
  const updateShown = raw.prepare(`UPDATE assets SET ${shownColumns} WHERE id = ?`)
  const updateFacts = raw.prepare(`UPDATE assets SET ${factColumns} WHERE id = ?`)
  const updateShownAndFacts = raw.prepare(`UPDATE assets SET ${shownColumns}, ${factColumns} WHERE id = ?`)
  const putPieces = raw.prepare('INSERT OR REPLACE INTO asset_pieces (asset, pieces) VALUES (?, ?)')
  const dropPieces = raw.prepare('DELETE FROM asset_pieces WHERE asset = ?')
  const markTiled = raw.prepare('UPDATE assets SET flags = flags | ? WHERE id = ?')

  /** Brings the asset's grid columns in line with its results and its decision. */
  const refresh = (id: number) => {
    const asset = readShown.get(id)
    if (asset === undefined) return
    const results = readOutcomes.all(id)
    const compared = comparedOf(results)
    const worst = worstOf(compared)
    const [label] = worst === undefined ? [] : parseLabels(worst.labels)
    const outcome = worst?.outcome ?? 'pending'
    const flags =
      (results.some(result => result.reused_from !== null) ? gridFlags.reused : 0) |
      (asset.flags & gridFlags.tiled) |
      (new Set(compared.map(result => result.outcome)).size > 1 ? gridFlags.split : 0) |
      reviewFlags(asset.decision, outcome, asset.note)
    const screenedAt = results.reduce<number | null>(
      (latest, { screened_at: at }) => (at !== null && at > (latest ?? 0) ? at : latest),
      null,
    )
    const [reason, score] = [worst?.reason ?? null, worst?.score ?? null]
    updateShown.run(outcome, reason, label ?? null, score, flags, screenedAt, findingOf(results), id)
    touched(asset.batch, id)
  }
  /** What `refresh` comes to where one profile alone judges the asset, which is nearly always. */
  const refreshFromOne = (id: number, asset: Shown, end: AssetResult, at: number, facts: FactValues | undefined) => {
    const flags =
      (end.reusedFrom === null ? 0 : gridFlags.reused) |
      ((asset.flags & gridFlags.tiled) | (end.tiled ? gridFlags.tiled : 0)) |
      reviewFlags(asset.decision, end.outcome, asset.note)
    const shown = [end.outcome, end.reason, end.labels[0] ?? null, end.score, flags, at, end.rules ?? null]
    if (facts === undefined) updateShown.run(...shown, id)
    else updateShownAndFacts.run(...shown, ...facts, id)
    touched(asset.batch, id)
  }

  return {
    refresh,
    refreshFromOne,
    setFacts: (asset: number, values: FactValues) => updateFacts.run(...values, asset),
    /** `pieces` as `piecesColumnOf` gives it. */
    setPieces: (asset: number, pieces: string | null) => {
      if (pieces === null) dropPieces.run(asset)
      else putPieces.run(asset, pieces)
    },
    markTiled: (asset: number) => markTiled.run(gridFlags.tiled, asset),
  }
}

export type AssetColumns = ReturnType<typeof createAssetColumns>

/** The columns of `assets` that hold the facts. */
export function factColumnsOf({ kind, bytes, sha256, width, height, encoding, excerpt, reading, notes }: AssetFacts) {
  const readerNotes = notes.length === 0 ? null : encodeRemarks(notes)
  return { kind, bytes, sha256, width, height, encoding, excerpt, reading, reader_notes: readerNotes }
}
/** What is kept of an asset of several pieces. */
export function piecesColumnOf({ pieces }: AssetFacts): string | null {
  return pieces == null ? null : JSON.stringify(pieces)
}

/** What the ledger records of them. */
export function factsBody(source: string, columns: FactColumnValues, pieces: string | null) {
  return {
    facts: factsDigest({ source, ...columns }),
    notes: columns.reader_notes ?? undefined,
    pieces: piecesDigest(pieces) ?? undefined,
    reading: columns.reading ?? undefined,
  }
}
