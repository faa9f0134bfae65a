import type { Database } from 'better-sqlite3'
import type { Decision } from '../../../../shared/domain.ts'
import { type FailureCode, failureCodes } from '../../../../shared/failures.ts'
import {
  type GridColumns,
  type GridDelta,
  gridDecisions,
  gridFlags,
  gridKinds,
  gridOutcomes,
  gridRules,
} from '../../../../shared/grid.ts'
import { olderReadingSql } from '../../formats/readings.ts'
import type { AssetRecord } from '../../ledger/rows.ts'
import type { FolderIndex } from '../folder-index.ts'
import type { ColumnOptions } from '../ports.ts'
import { createContentMark, sameSql } from './content-mark.ts'
import { createSearchReader } from './search.ts'

/** The columns of a batch, whole or in part, and what a search finds among its assets. */
export interface GridReads {
  columns(batch: string, revision: number, options?: ColumnOptions): GridColumns
  cells(batch: string, assets: readonly number[], from: number, revision: number): GridDelta
  /** Whether something is yet to be taken into the search index. */
  hasUnindexed(): boolean
  search(batch: string, query: string): Float64Array
  /** Every label that a profile found in an asset of the batch. */
  labels(batch: string): IterableIterator<{ readonly asset: number; readonly label: number }>
}

/** The stored flags with those that follow from how an asset was read. */
export const flagsSql = (alias: string): string =>
  `${alias}.flags | iif(${alias}.reader_notes IS NULL, 0, ${gridFlags.readerNotes})
    | iif(${alias}.outcome = 'pass' AND ${olderReadingSql(alias)}, ${gridFlags.olderReading}, 0)`
/** What a cell of the grid shows. */
const cellColumns = `position, id, path, kind, outcome, decision, ${flagsSql('assets')}, label, score, reason, screened_at, rules`
/** Cells that are read at once. */
const columnsAtOnce = 10_000

export function createGridReads(raw: Database, folderIndexOf: (batch: string) => FolderIndex): GridReads {
  const columnRowsOf = (columns: string) =>
    raw
      .prepare<[string, number, number], CellTuple>(
        `SELECT ${columns} FROM assets WHERE batch = ? AND position >= ? ORDER BY position LIMIT ?`,
      )
      .raw(true)
  const plainRows = columnRowsOf(cellColumns)
  const markedRows = columnRowsOf(`${cellColumns}, ${sameSql('assets')}`)
  const mark = createContentMark()
  const assetCount = raw.prepare<[string], { n: number }>('SELECT count(*) AS n FROM assets WHERE batch = ?')
  const pathOrder = raw.prepare<[string], number>('SELECT position FROM assets WHERE batch = ? ORDER BY path')
  const cellRow = raw
    .prepare<[number], CellTuple>(`SELECT ${cellColumns}, ${sameSql('assets')} FROM assets WHERE id = ?`)
    .raw(true)
  const search = createSearchReader(raw)
  const unindexed = raw.prepare<[], { one: 1 }>('SELECT 1 AS one FROM search_queue LIMIT 1')
  const idRange = raw.prepare<[string], { first: number | null; last: number | null; n: number }>(
    'SELECT min(id) AS first, max(id) AS last, count(*) AS n FROM assets WHERE batch = ?',
  )
  const isOfBatch = raw.prepare<[number, string], 1>('SELECT 1 FROM assets WHERE id = ? AND batch = ?').pluck()
  const labelRows = raw.prepare<[string], { asset: number; label: number }>(
    `SELECT a.id AS asset, l.value AS label FROM assets a JOIN results r ON r.asset = a.id, json_each(r.labels) l
     WHERE a.batch = ? ORDER BY a.position, r.profile, l.key`,
  )

  return {
    columns: (batch, revision, { stacks } = { stacks: false }) => {
      const columnRows = stacks ? markedRows : plainRows
      const folders = folderIndexOf(batch)
      const length = assetCount.get(batch)?.n ?? 0
      const columns = emptyColumns(length)
      const marks = contentColumns(stacks ? length : 0)
      let index = 0
      // Some at a time: one by one they take twice as long, and all at once more memory than the columns themselves.
      for (let page = columnRows.all(batch, 0, columnsAtOnce); page.length > 0; ) {
        for (const cell of page) {
          putCell(columns, index, cell, folders)
          if (stacks) putContent(marks, index, cell, mark)
          index += 1
        }
        const [last = 0] = page.at(-1) ?? []
        page = columnRows.all(batch, last + 1, columnsAtOnce)
      }
      const pathRank = new Uint32Array(length)
      pathOrder
        .pluck(true)
        .all(batch)
        .forEach((position, rank) => {
          pathRank[position] = rank
        })
      return { batch, revision, ...columns, ...marks, pathRank, folders: [...folders.names] }
    },
    cells: (batch, assets, from, revision) => {
      const folders = folderIndexOf(batch)
      const known = folders.names.length
      const rows = assets.map(id => cellRow.get(id)).filter(row => row !== undefined)
      const columns = emptyColumns(rows.length)
      const marks = contentColumns(rows.length)
      const position = new Uint32Array(rows.length)
      for (const [index, cell] of rows.entries()) {
        position[index] = cell[0]
        putCell(columns, index, cell, folders)
        putContent(marks, index, cell, mark)
      }
      return { batch, from, revision, position, ...columns, ...marks, folders: folders.names.slice(known) }
    },
    hasUnindexed: () => unindexed.get() !== undefined,
    search: (batch, query) => {
      const range = idRange.get(batch)
      if (range?.first == null || range.last === null) return new Float64Array()
      const found = search.within(query, range.first, range.last)
      // Batches that were dropped at the same time share a range of ids.
      const isAlone = range.last - range.first + 1 === range.n
      return Float64Array.from(isAlone ? found : found.filter(id => isOfBatch.get(id, batch) !== undefined))
    },
    labels: batch => labelRows.iterate(batch),
  }
}

/** A row of `cellColumns`, and of `sameSql` where that was asked for. */
type CellTuple = [
  position: number,
  id: number,
  path: string,
  kind: AssetRecord['kind'],
  outcome: AssetRecord['outcome'],
  decision: Decision | null,
  flags: number,
  label: number | null,
  score: number | null,
  reason: FailureCode | null,
  at: number | null,
  rules: AssetRecord['rules'],
  sha256?: string | null,
  same?: string | null,
]

const contentColumns = (length: number) => ({
  content: new Uint32Array(length),
  contentRest: new Uint32Array(length),
})

function putContent(
  columns: ReturnType<typeof contentColumns>,
  index: number,
  { 12: sha256, 13: same }: CellTuple,
  mark: (sha256: string, same: string) => readonly [number, number],
): void {
  // What has no bytes yet is the same as nothing.
  if (sha256 == null || same == null) return
  const [content, rest] = mark(sha256, same)
  columns.content[index] = content
  columns.contentRest[index] = rest
}

function emptyColumns(length: number) {
  return {
    id: new Float64Array(length),
    outcome: new Uint8Array(length),
    decision: new Uint8Array(length),
    kind: new Uint8Array(length),
    flags: new Uint8Array(length),
    rules: new Uint8Array(length),
    label: new Int32Array(length),
    score: new Uint8Array(length),
    reason: new Uint8Array(length),
    folder: new Uint32Array(length),
    screenedAt: new Uint32Array(length),
  }
}

function putCell(
  columns: ReturnType<typeof emptyColumns>,
  index: number,
  [, id, path, kind, outcome, decision, flags, label, score, reason, at, rules]: CellTuple,
  folders: FolderIndex,
): void {
  columns.id[index] = id
  columns.outcome[index] = gridOutcomes.indexOf(outcome)
  columns.decision[index] = decision === null ? 0 : gridDecisions.indexOf(decision)
  columns.kind[index] = kind === null ? 0 : gridKinds.indexOf(kind)
  columns.flags[index] = flags
  columns.rules[index] = rules === null ? 0 : gridRules.indexOf(rules)
  columns.label[index] = label ?? 0
  columns.score[index] = score ?? 255
  columns.reason[index] = reason === null ? 0 : failureCodes.indexOf(reason) + 1
  columns.folder[index] = folders.numberOf(path)
  columns.screenedAt[index] = at === null ? 0 : Math.floor(at / 1000)
}
