import type { Database } from 'better-sqlite3'
import { schemaVersion } from '../base/sqlite/schema.ts'
import { parsedBody, profileIndexOf } from './body.ts'
import { columnsOf, since } from './older-files.ts'
import type { CheckRecord, HitRecord } from './rows.ts'
import {
  type AssetLedgerRow,
  type AssetMaterial,
  compareAsset,
  type Difference,
  isOldForm,
  type StoredAsset,
  type StoredResult,
  type StoredReview,
} from './verify-asset.ts'
import { createDerivedCounter, type DerivedCounts } from './verify-counts.ts'
import type { BatchEvents, Found } from './verify-events.ts'

/** What comparing some of the assets came to. Plain data: it may come from another thread. */
export interface Compared {
  /** The first asset that is not as the ledger says. */
  readonly contradiction: (Difference & { readonly asset: number }) | null
  /** Rows of the ledger that were written by a program that recorded less: what they lack is not compared. */
  readonly oldRows: number
  readonly counts: DerivedCounts
}

/**
 * Compares what the tables say at present of assets (what the grid and the reports show) with the ledger rows that they came from: a verdict
 * or a decision that was edited in place leaves the chain whole, but no longer agrees with it. Takes pages of assets from the cursor until
 * none is left; `pause` is called between two, with the last asset of the one before.
 */
export async function compareAssets(
  raw: Database,
  events: BatchEvents,
  cursor: Cursor,
  pause: (through: number) => Promise<void>,
): Promise<Compared> {
  const counter = createDerivedCounter()
  const read = pageReader(raw, events)
  let oldRows = 0
  for (const { first, last } of pagesOf(raw, events, cursor)) {
    for (const { id, asset, found, ...material } of read(first, last)) {
      const { rows, results } = material
      const difference = asset === null ? lost(rows, found) : compareFound({ ...material, asset, found })
      if (difference !== null) {
        // What comes after it need not be looked at; pages that come before are with those who took them.
        finish(cursor)
        return { contradiction: { ...difference, asset: id }, oldRows, counts: counter.counts }
      }
      for (const row of rows) if (isOldForm(row)) oldRows += 1
      if (asset !== null) counter.take(asset, results)
    }
    await pause(last)
  }
  return { contradiction: null, oldRows, counts: counter.counts }
}

/** The number of the last asset that somebody took: threads take pages of assets in turns, in the order of their numbers. */
export type Cursor = BigInt64Array<SharedArrayBuffer>

export function createCursor(): Cursor {
  return new BigInt64Array(new SharedArrayBuffer(8)).fill(BigInt(Number.MIN_SAFE_INTEGER))
}

function finish(cursor: Cursor): void {
  Atomics.store(cursor, 0, BigInt(Number.MAX_SAFE_INTEGER))
}

/** Assets, and rows of the ledger, that are compared before yielding to the event loop. */
const pageAssets = 1_000
const pageRows = 8_000

/** First and last number of each page of assets that this thread is to compare. */
function* pagesOf(
  raw: Database,
  events: BatchEvents,
  cursor: Cursor,
): Generator<{ readonly first: number; readonly last: number }> {
  const sources = [
    'id FROM assets WHERE id',
    ...[
      'ledger',
      'results',
      'checks',
      'reviews',
      ...(hasHits(raw) ? ['hits'] : []),
      ...(hasPieces(raw) ? ['asset_pieces'] : []),
    ].map(table => `asset FROM ${table} WHERE asset`),
  ]
  const nexts = sources.map(source => raw.prepare<[number], number>(`SELECT ${source} > ? ORDER BY 1 LIMIT 1`).pluck())
  const rowsIn = raw
    .prepare<[number, number], number>('SELECT count(*) FROM ledger WHERE asset BETWEEN ? AND ?')
    .pluck()
  for (;;) {
    const taken = Atomics.load(cursor, 0)
    const after = Number(taken)
    const [first] = [...nexts.flatMap(next => next.get(after) ?? []), ...events.nextFound(after)].sort((a, b) => a - b)
    if (first === undefined) return
    let size = pageAssets
    while (size > 1 && (rowsIn.get(first, first + size - 1) ?? 0) > pageRows) size = Math.ceil(size / 4)
    const last = first + size - 1
    if (Atomics.compareExchange(cursor, 0, taken, BigInt(last)) === taken) yield { first, last }
  }
}

/** What the file says of an asset, which may be gone from its table. */
interface Gathered extends Omit<AssetMaterial, 'asset' | 'found'> {
  readonly id: number
  readonly asset: StoredAsset | null
  readonly found: Found | null
}

function pageReader(raw: Database, events: BatchEvents): (first: number, last: number) => Generator<Gathered> {
  type Range = [first: number, last: number]
  const select = <T>(sql: string) => raw.prepare<Range, T>(sql)
  const assets = select<StoredAsset>(
    `SELECT ${columnsOf(raw, 'assets')}, ${piecesColumn(raw)} AS pieces FROM assets WHERE id BETWEEN ? AND ? ORDER BY id`,
  )
  const results = select<StoredResult>(
    `SELECT ${columnsOf(raw, 'results')} FROM results WHERE asset BETWEEN ? AND ? ORDER BY asset, profile`,
  )
  const checks = select<CheckRecord>(
    `SELECT ${columnsOf(raw, 'checks')} FROM checks WHERE asset BETWEEN ? AND ? ORDER BY asset`,
  )
  const hits = hasHits(raw)
    ? select<HitRecord>('SELECT * FROM hits WHERE asset BETWEEN ? AND ? ORDER BY asset, id')
    : null
  const reviews = select<StoredReview>('SELECT * FROM reviews WHERE asset BETWEEN ? AND ? ORDER BY asset, id')
  const rows = select<{ seq: number; at: number; kind: string; asset: number; body: string }>(
    'SELECT seq, at, kind, asset, body FROM ledger WHERE asset BETWEEN ? AND ? ORDER BY asset, seq',
  )
  const keptAs = keptReader(raw)

  return function* (first, last) {
    const assetsOf = inTurn(assets.all(first, last), asset => asset.id)
    const resultsOf = inTurn(results.all(first, last), result => result.asset)
    const checksOf = inTurn(checks.all(first, last), check => check.asset)
    const hitsOf = inTurn(hits?.all(first, last) ?? [], hit => hit.asset)
    const reviewsOf = inTurn(reviews.all(first, last), review => review.asset)
    const rowsOf = inTurn(rows.all(first, last), row => row.asset)
    const shared = events.between(first, last)
    const found = events.found(first, last)
    for (let id = first; id <= last; id += 1) {
      const asset = assetsOf(id)[0] ?? null
      const parsedRows = rowsOf(id).map(({ seq, at, kind, body }) => ({ seq, at, kind, body: parsedBody(body) }))
      const gathered = {
        id,
        asset,
        results: resultsOf(id),
        checks: checksOf(id),
        hits: hitsOf(id),
        reviews: reviewsOf(id),
        rows: parsedRows,
        events: shared.get(id) ?? [],
        batch: events.context(asset?.batch ?? ''),
        found: found.get(id) ?? null,
        keptAs,
      }
      if (asset !== null || isSpokenOf(gathered)) yield gathered
    }
  }
}

function hasPieces(raw: Database): boolean {
  return Number(raw.pragma('user_version', { simple: true })) >= since.pieces
}

function piecesColumn(raw: Database): string {
  return hasPieces(raw) ? '(SELECT p.pieces FROM asset_pieces p WHERE p.asset = assets.id)' : 'NULL'
}

function hasHits(raw: Database): boolean {
  return schemaVersion(raw) >= since.hits
}

function isSpokenOf({ results, checks, hits, reviews, rows, found }: Gathered): boolean {
  return found !== null || [results, checks, hits, reviews, rows].some(each => each.length > 0)
}

/** Splits rows that are sorted by asset into those of each asset; every asset must be asked for, in order. */
function inTurn<T>(rows: readonly T[], assetOf: (row: T) => number): (asset: number) => readonly T[] {
  let next = 0
  return asset => {
    const start = next
    for (let row = rows[next]; row !== undefined && assetOf(row) === asset; row = rows[next]) next += 1
    return rows.slice(start, next)
  }
}

function compareFound(material: AssetMaterial & { readonly found: Found | null }): Difference | null {
  const { asset, found } = material
  if (found !== null && found.batch !== asset.batch) return { part: 'facts', seq: found.seq }
  return compareAsset(material)
}

/** There is no such asset, but something is said of it. */
function lost(rows: readonly AssetLedgerRow[], found: Found | null): Difference {
  const seq = rows[0]?.seq ?? found?.seq ?? null
  return { part: seq === null ? 'facts' : 'gone', seq }
}

function keptReader(raw: Database): AssetMaterial['keptAs'] {
  const rows = raw
    .prepare<[number, number], string>(
      "SELECT body FROM ledger WHERE asset = ? AND seq > ? AND kind = 'kept' ORDER BY seq",
    )
    .pluck()
  return (lender, profile, after) => {
    const kept = rows
      .all(lender, after)
      .map(parsedBody)
      .find(body => profileIndexOf(body) === profile)
    return typeof kept?.as === 'number' ? kept.as : null
  }
}
