import type { Database } from 'better-sqlite3'
import { type FailureCode, failureCodes } from '../../../../shared/failures.ts'
import {
  type AskedSort,
  type GridColumns,
  type GridDelta,
  gridDecisions,
  gridFlags,
  gridKinds,
  gridOutcomes,
  gridRules,
} from '../../../../shared/grid.ts'
import { isOlderReading, olderReadingSql } from '../../formats/readings.ts'
import type { FolderIndex } from '../folder-index.ts'
import { nameRanks } from '../name-ranks.ts'
import { createPathRanks } from '../path-ranks.ts'
import type { ColumnOptions } from '../ports.ts'
import { createContentMark, sameSql } from './content-mark.ts'
import { createSearchReader } from './search.ts'

/** The columns of a batch, whole or in part, and what a search finds among its assets. */
export interface GridReads {
  columns(batch: string, revision: number, options?: ColumnOptions): GridColumns
  cells(batch: string, assets: readonly number[], from: number, revision: number): GridDelta
  /** What the batch is sorted by that its columns do not hold, in the same order. */
  sortKeys(batch: string, by: AskedSort): Uint32Array
  /** Whether something is yet to be taken into the search index. */
  hasUnindexed(): boolean
  search(batch: string, query: string): Float64Array
  /** Every label that a profile found in an asset of the batch. */
  labels(batch: string): IterableIterator<{ readonly asset: number; readonly label: number }>
}

const notedSql = (alias: string) => `${alias}.flags | iif(${alias}.reader_notes IS NULL, 0, ${gridFlags.readerNotes})`
/** The stored flags with those that follow from how an asset was read. */
export const flagsSql = (alias: string): string =>
  `${notedSql(alias)} | iif(${alias}.outcome = 'pass' AND ${olderReadingSql(alias)}, ${gridFlags.olderReading}, 0)`

/** A column's text as its index in `values`: SQLite compares faster than a text is handed over. */
const indexSql = (column: string, values: readonly string[]): string =>
  `CASE ${column} ${values.map((value, index) => `WHEN '${value}' THEN ${index}`).join(' ')} ELSE 0 END`

/**
 * What a cell of the grid shows. Each value that is handed over costs as much as any, so the small ones share a number. What reads an
 * asset in another way today is found out here: in SQL it costs more than all the rest of the row.
 */
const shift = { outcome: 0, decision: 3, kind: 6, rules: 9, flags: 12, score: 20 } as const
const smallSql = [
  `(${indexSql('outcome', gridOutcomes)} << ${shift.outcome})`,
  `(${indexSql('decision', gridDecisions)} << ${shift.decision})`,
  `(${indexSql('kind', gridKinds)} << ${shift.kind})`,
  `(${indexSql('rules', gridRules)} << ${shift.rules})`,
  `((${notedSql('assets')}) << ${shift.flags})`,
  `(coalesce(score, 255) << ${shift.score})`,
].join(' | ')
const cellColumns = `id, path, ${smallSql}, label, reason, screened_at / 1000,
  iif(outcome = 'pass', reading, NULL)`
/** What is larger is as large. */
const largestSize = 0xffff_ffff
/** Cells that are read at once. */
const columnsAtOnce = 3_000

export function createGridReads(raw: Database, folderIndexOf: (batch: string) => FolderIndex): GridReads {
  const columnRowsOf = (columns: string) =>
    raw
      .prepare<[string, number, number], CellTuple>(
        `SELECT ${columns} FROM assets WHERE batch = ? AND position >= ? AND position < ? ORDER BY position`,
      )
      .raw(true)
  const plainRows = columnRowsOf(cellColumns)
  const markedRows = columnRowsOf(`${cellColumns}, ${sameSql('assets')}`)
  const mark = createContentMark()
  const extent = raw.prepare<[string], { n: number; end: number }>(
    'SELECT count(*) AS n, coalesce(max(position) + 1, 0) AS end FROM assets WHERE batch = ?',
  )
  const cellRow = raw
    .prepare<[number], [position: number, ...CellTuple]>(
      `SELECT position, ${cellColumns}, ${sameSql('assets')} FROM assets WHERE id = ?`,
    )
    .raw(true)
  const names = raw.prepare<[string], string>('SELECT path FROM assets WHERE batch = ? ORDER BY position').pluck()
  const sizes = raw
    .prepare<[string], number | null>('SELECT bytes FROM assets WHERE batch = ? ORDER BY position')
    .pluck()
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
      const { n: length, end } = extent.get(batch) ?? { n: 0, end: 0 }
      const columns = emptyColumns(length)
      const paths = createPathRanks()
      const marks = contentColumns(stacks ? length : 0)
      let index = 0
      // Some at a time: one by one they take twice as long, and all at once more memory than the columns themselves.
      for (let start = 0; start < end; start += columnsAtOnce) {
        for (const cell of columnRows.all(batch, start, start + columnsAtOnce)) {
          putCell(columns, index, cell, folders)
          if (stacks) putContent(marks, index, cell, mark)
          paths.add(cell[1])
          index += 1
        }
      }
      return { batch, revision, ...columns, ...marks, pathRank: paths.ranks(), folders: [...folders.names] }
    },
    cells: (batch, assets, from, revision) => {
      const folders = folderIndexOf(batch)
      const known = folders.names.length
      const rows = assets.map(id => cellRow.get(id)).filter(row => row !== undefined)
      const columns = emptyColumns(rows.length)
      const marks = contentColumns(rows.length)
      const position = new Uint32Array(rows.length)
      for (const [index, [place, ...cell]] of rows.entries()) {
        position[index] = place
        putCell(columns, index, cell, folders)
        putContent(marks, index, cell, mark)
      }
      return { batch, from, revision, position, ...columns, ...marks, folders: folders.names.slice(known) }
    },
    sortKeys: (batch, by) =>
      by === 'name'
        ? nameRanks(names.all(batch).map(path => path.slice(path.lastIndexOf('/') + 1)))
        : Uint32Array.from(sizes.all(batch), bytes => Math.min(bytes ?? 0, largestSize)),
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
  id: number,
  path: string,
  small: number,
  label: number | null,
  reason: FailureCode | null,
  seconds: number | null,
  passReading: string | null,
  sha256?: string | null,
  same?: string | null,
]

/** Looking through the whole list for every failure would cost as much as reading its row. */
const reasonNumbers = new Map<FailureCode | null, number>(failureCodes.map((code, index) => [code, index + 1]))

const passIndex = gridOutcomes.indexOf('pass')
const isOlder = (kind: number, reading: string | null): boolean => {
  const name = gridKinds[kind] ?? 'unknown'
  return name !== 'unknown' && isOlderReading(name, reading)
}

const contentColumns = (length: number) => ({
  content: new Uint32Array(length),
  contentRest: new Uint32Array(length),
})

function putContent(
  columns: ReturnType<typeof contentColumns>,
  index: number,
  { 7: sha256, 8: same }: CellTuple,
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
  [id, path, small, label, reason, seconds, passReading]: CellTuple,
  folders: FolderIndex,
): void {
  columns.id[index] = id
  const outcome = (small >> shift.outcome) & 7
  columns.outcome[index] = outcome
  columns.decision[index] = (small >> shift.decision) & 7
  const kind = (small >> shift.kind) & 7
  columns.kind[index] = kind
  columns.rules[index] = (small >> shift.rules) & 7
  const older = outcome === passIndex && kind !== 0 && isOlder(kind, passReading) ? gridFlags.olderReading : 0
  columns.flags[index] = ((small >> shift.flags) & 255) | older
  columns.score[index] = (small >> shift.score) & 255
  columns.label[index] = label ?? 0
  columns.reason[index] = reason === null ? 0 : (reasonNumbers.get(reason) ?? 0)
  columns.folder[index] = folders.numberOf(path)
  columns.screenedAt[index] = seconds ?? 0
}
