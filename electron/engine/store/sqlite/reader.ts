import type { Database } from 'better-sqlite3'
import { createFolderIndex, type FolderIndex } from '../folder-index.ts'
import type { ReportSnapshot, StoreHistory, StoreReader, StoreReports } from '../ports.ts'
import { createControlReader } from './controls.ts'
import type { HistoryReads } from './history.ts'
import { createHistoryReader } from './history-rows.ts'
import type { LedgerQueries } from './queries.ts'

/** Makes a read one that a server could answer: what it throws rejects. */
type Answer = <Args extends readonly unknown[], Result>(
  read: (...args: Args) => Result,
) => (...args: Args) => Promise<Result>

export function createStoreReader(
  raw: Database,
  queries: LedgerQueries,
  indexNow: () => void,
  answer: Answer,
): StoreReader {
  const controls = createControlReader(raw)
  return {
    batch: answer(queries.batch),
    batchByPrefix: answer(queries.batchByPrefix),
    unfinishedBatches: answer(queries.unfinishedBatches),
    summaries: answer(() => queries.batchIds().flatMap(id => queries.summary(id) ?? [])),
    summary: answer(queries.summary),
    openAssets: answer(queries.openAssets),
    hasOpen: answer(queries.hasOpen),
    knownParts: answer(asset => ({ judged: queries.doneParts(asset), awaited: queries.awaitingParts(asset) })),
    checkCount: answer(queries.checkCount),
    awaiting: answer(queries.awaiting),
    hasAwaiting: answer(queries.hasAwaiting),
    pendingTrace: answer(queries.pendingTrace),
    nextDue: answer(queries.nextDue),
    expecting: answer(since =>
      queries.expecting(since).flatMap(({ batch, profile }) => queries.batch(batch)?.profiles[profile] ?? []),
    ),
    relayPosition: answer(queries.relayPosition),
    isReusable: answer((key, since, until) => queries.reusable(key, since, until) !== null),
    asset: answer(queries.asset),
    rows: answer(queries.rows),
    checks: answer(queries.checks),
    pieces: answer(queries.pieces),
    reviews: answer(queries.reviews),
    ruled: answer(queries.ruled),
    rulesOf: answer(queries.rulesOf),
    assetsOfRule: answer(queries.assetsOfRule),
    standingWaivers: answer(queries.standingWaivers),
    earlier: answer(queries.earlier),
    ledgerBodies: answer(queries.ledgerBodies),
    olderPasses: answer(queries.olderPasses),
    reviewAct: answer(queries.reviewAct),
    dayAnswer: answer(controls.answer),
    columns: answer(queries.columns),
    sortKeys: answer(queries.sortKeys),
    cells: answer(queries.cells),
    search: answer((batch, query) => {
      indexNow()
      return queries.search(batch, query)
    }),
    pictureLikenesses: answer(queries.pictureLikenesses),
  }
}

export function createStoreHistory(history: HistoryReads, indexNow: () => void, answer: Answer): StoreHistory {
  return {
    summary: answer(history.summary),
    breakdown: answer(history.breakdown),
    search: answer((query, limit) => {
      indexNow()
      return history.search(query, limit)
    }),
    olderReadings: answer(history.olderReadings),
    compare: answer(history.compare),
  }
}

/** Rows of the present; see `createReportSnapshot` for those of one moment. */
export function createReportRows(
  queries: Pick<LedgerQueries, 'reportRows' | 'controlOf'>,
  answer: Answer,
): Pick<StoreReports, 'rows' | 'controls'> {
  return {
    rows: (batch, assets) => pages(queries.reportRows(batch, assets)),
    controls: answer(rows => rows.map(queries.controlOf)),
  }
}

export interface SnapshotParts {
  readonly raw: Database
  readonly queries: LedgerQueries
  head(): { readonly seq: number; readonly hash: string } | null
  requireUntouched(batch: string): void
  close(): void
}

/** Rows that are handed over at once. */
const pageRows = 1_000

export function createReportSnapshot(parts: SnapshotParts, answer: Answer): ReportSnapshot {
  const { raw, queries, head, requireUntouched, close } = parts
  return {
    ...createReportRows(queries, answer),
    summary: answer(queries.summary),
    asset: answer(queries.asset),
    pieces: answer(queries.pieces),
    assetRows: answer(queries.rows),
    checks: answer(queries.checks),
    reviews: answer(queries.reviews),
    ruled: answer(queries.ruled),
    rulesOf: answer(queries.rulesOf),
    assetsOfRule: answer(queries.assetsOfRule),
    ledgerBodies: answer(queries.ledgerBodies),
    head: answer(head),
    count: answer(queries.reportCount),
    columns: answer(batch => queries.columns(batch, 0)),
    labels: batch => pages(inPages(queries.labels(batch))),
    reviewers: answer(queries.reviewers),
    requireUntouched: answer(requireUntouched),
    history: filter => {
      const reader = createHistoryReader(raw, filter)
      return { rows: () => pages(inPages(reader.rows())), facts: () => pages(inPages(reader.facts())) }
    },
    close: answer(close),
  }
}

async function* pages<T>(read: Iterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  for (const page of read) yield page
}

function* inPages<T>(rows: Iterable<T>): Generator<readonly T[]> {
  let page: T[] = []
  for (const row of rows) {
    page.push(row)
    if (page.length < pageRows) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

/** Numbers of folders, one list for each batch. */
export function createFolderIndexes(): (batch: string) => FolderIndex {
  const known = new Map<string, FolderIndex>()
  return batch => {
    const folders = known.get(batch) ?? createFolderIndex()
    known.set(batch, folders)
    return folders
  }
}
