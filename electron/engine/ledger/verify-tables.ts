import type { Database } from 'better-sqlite3'
import type { CheckRecord } from './rows.ts'
import type { Finding } from './verify.ts'
import {
  type AssetLedgerRow,
  type AssetMaterial,
  compareAsset,
  type Difference,
  isOldForm,
  type Part,
  type StoredAsset,
  type StoredResult,
  type StoredReview,
} from './verify-asset.ts'
import { verifyBatches } from './verify-batches.ts'
import { createDerivedCounter, type DerivedCounts, verifyDerived } from './verify-derived.ts'
import { type BatchEvents, type Found, parsedBody, readBatchEvents } from './verify-events.ts'

/** What comparing some of the assets came to. Plain data: it may come from another thread. */
export interface Compared {
  /** The first asset that is not as the ledger says. */
  readonly contradiction: (Difference & { readonly asset: number }) | null
  /** Rows of the ledger that were written by a program that told less: what they lack is not compared. */
  readonly oldRows: number
  readonly counts: DerivedCounts
}

/**
 * Compares what the tables say at present of assets (what the grid and the reports show) with the ledger rows that they came from: a verdict
 * or a decision that was edited in place leaves the chain whole, but no longer agrees with it. Takes pages of assets from the cursor until
 * none is left; `pause` is called between two.
 */
export async function compareAssets(raw: Database, cursor: Cursor, pause: () => Promise<void>): Promise<Compared> {
  const counter = createDerivedCounter(raw)
  let oldRows = 0
  for (const page of pagesOf(raw, readBatchEvents(raw), cursor)) {
    for (const asset of page.ids) {
      const found = page.compare(asset)
      if (found === null) continue
      // What comes after it need not be looked at; pages that come before are with those who took them.
      finish(cursor)
      return { contradiction: { ...found, asset }, oldRows, counts: counter.counts }
    }
    oldRows += page.oldRows
    counter.take(page.assets, page.results, page.rowsOf)
    await pause()
  }
  return { contradiction: null, oldRows, counts: counter.counts }
}

/** What the assets came to, taken together, and then batches, counts and indexes. */
export async function verifyRest(
  raw: Database,
  compared: readonly Compared[],
  pause: () => Promise<void>,
): Promise<{ readonly finding: Finding | null; readonly oldRows: number }> {
  const events = readBatchEvents(raw)
  let oldRows = 0
  for (const batch of events.batches()) oldRows += events.rowsOf(batch).filter(isOldForm).length
  for (const each of compared) oldRows += each.oldRows
  const [first] = compared
    .flatMap(({ contradiction }) => contradiction ?? [])
    .sort((one, other) => one.asset - other.asset)
  const finding =
    first === undefined
      ? ((await verifyBatches(raw, events, pause)) ??
        (await verifyDerived(
          raw,
          compared.map(({ counts }) => counts),
          pause,
        )))
      : contradiction(first.part, first.asset, first.seq)
  return { finding, oldRows }
}

/** The number of the last asset that somebody took: threads take pages of assets in turns, in the order of their numbers. */
export type Cursor = BigInt64Array<SharedArrayBuffer>

export function createCursor(): Cursor {
  return new BigInt64Array(new SharedArrayBuffer(8)).fill(BigInt(Number.MIN_SAFE_INTEGER))
}

function finish(cursor: Cursor): void {
  Atomics.store(cursor, 0, BigInt(Number.MAX_SAFE_INTEGER))
}

interface Page {
  readonly ids: readonly number[]
  readonly assets: readonly StoredAsset[]
  readonly results: readonly StoredResult[]
  rowsOf(asset: number): readonly AssetLedgerRow[]
  readonly oldRows: number
  compare(asset: number): Difference | null
}

/** Assets, and rows of the ledger, that are compared between two breaths. */
const pageAssets = 1_000
const pageRows = 8_000

function* pagesOf(raw: Database, events: BatchEvents, cursor: Cursor): Generator<Page> {
  const sources = [
    'id FROM assets WHERE id',
    ...['ledger', 'results', 'checks', 'reviews'].map(table => `asset FROM ${table} WHERE asset`),
  ]
  const nexts = sources.map(source => raw.prepare<[number], number>(`SELECT ${source} > ? ORDER BY 1 LIMIT 1`).pluck())
  const rowsIn = raw
    .prepare<[number, number], number>('SELECT count(*) FROM ledger WHERE asset BETWEEN ? AND ?')
    .pluck()
  const read = pageReader(raw, events)
  for (;;) {
    const taken = Atomics.load(cursor, 0)
    const after = Number(taken)
    const [first] = [...nexts.flatMap(next => next.get(after) ?? []), ...events.nextFound(after)].sort((a, b) => a - b)
    if (first === undefined) return
    let size = pageAssets
    while (size > 1 && (rowsIn.get(first, first + size - 1) ?? 0) > pageRows) size = Math.ceil(size / 4)
    const last = first + size - 1
    if (Atomics.compareExchange(cursor, 0, taken, BigInt(last)) === taken) yield read(first, last)
  }
}

type Read = (first: number, last: number) => Page

function pageReader(raw: Database, events: BatchEvents): Read {
  type Range = [first: number, last: number]
  const select = <T>(sql: string) => raw.prepare<Range, T>(sql)
  const assets = select<StoredAsset>(
    `SELECT ${columnsOf(raw, 'assets')} FROM assets WHERE id BETWEEN ? AND ? ORDER BY id`,
  )
  const results = select<StoredResult>(
    `SELECT ${columnsOf(raw, 'results')} FROM results WHERE asset BETWEEN ? AND ? ORDER BY asset, profile`,
  )
  const checks = select<CheckRecord>('SELECT * FROM checks WHERE asset BETWEEN ? AND ? ORDER BY asset')
  const reviews = select<StoredReview>('SELECT * FROM reviews WHERE asset BETWEEN ? AND ? ORDER BY asset, id')
  const rows = select<{ seq: number; at: number; kind: string; asset: number; body: string }>(
    'SELECT seq, at, kind, asset, body FROM ledger WHERE asset BETWEEN ? AND ? ORDER BY asset, seq',
  )
  const keptAs = keptReader(raw)

  return (first, last) => {
    const read = {
      assets: assets.all(first, last),
      results: results.all(first, last),
      checks: checks.all(first, last),
      reviews: reviews.all(first, last),
    }
    const told = rows
      .all(first, last)
      .map(({ seq, at, kind, asset, body }) => ({ seq, at, kind, asset, body: parsedBody(body) }))
    const of = {
      results: byAsset(read.results),
      checks: byAsset(read.checks),
      reviews: byAsset(read.reviews),
      rows: byAsset(told),
    }
    const assetOf = new Map(read.assets.map(asset => [asset.id, asset]))
    const shared = events.between(first, last)
    const found = events.found(first, last)
    // Nearly all of them are assets that there are, in their order.
    const ids = new Set(assetOf.keys())
    for (const id of found.keys()) if (!assetOf.has(id)) ids.add(id)
    for (const rows of [read.results, read.checks, read.reviews, told])
      for (const { asset } of rows) if (!assetOf.has(asset)) ids.add(asset)
    return {
      ids: ids.size === assetOf.size ? [...ids] : [...ids].sort((a, b) => a - b),
      assets: read.assets,
      results: read.results,
      rowsOf: of.rows,
      oldRows: told.filter(isOldForm).length,
      compare: id => {
        const asset = assetOf.get(id)
        const rows = of.rows(id)
        const finding = found.get(id) ?? null
        if (asset === undefined) return lost(rows, finding)
        if (finding !== null && finding.batch !== asset.batch) return { part: 'facts', seq: finding.seq }
        return compareAsset({
          asset,
          results: of.results(id),
          checks: of.checks(id),
          reviews: of.reviews(id),
          rows,
          events: shared.get(id) ?? [],
          batch: events.context(asset.batch),
          found: finding,
          keptAs,
        })
      },
    }
  }
}

/** All of them, bytes as hexadecimal digits. */
function columnsOf(raw: Database, table: 'assets' | 'results'): string {
  const columns = raw.prepare<[], { name: string; type: string }>(
    `SELECT name, type FROM pragma_table_info('${table}')`,
  )
  return columns
    .all()
    .map(({ name, type }) => (type === 'BLOB' ? `iif(${name} IS NULL, NULL, lower(hex(${name}))) AS ${name}` : name))
    .join(', ')
}

/** Rows that are in the order of their assets, by asset. */
function byAsset<T extends { readonly asset: number }>(rows: readonly T[]): (asset: number) => readonly T[] {
  const starts = new Map<number, number>()
  for (const [index, { asset }] of rows.entries()) if (!starts.has(asset)) starts.set(asset, index)
  return asset => {
    const start = starts.get(asset)
    if (start === undefined) return []
    let end = start
    while (rows[end]?.asset === asset) end += 1
    return rows.slice(start, end)
  }
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
      .find(body => body.profile === profile)
    return typeof kept?.as === 'number' ? kept.as : null
  }
}

const names: Readonly<Record<Exclude<Part, 'gone'>, { readonly zh: string; readonly en: string }>> = {
  facts: { zh: '来源或内容信息', en: 'description' },
  results: { zh: '机审结论', en: 'verdict' },
  checks: { zh: '送检记录', en: 'record of a check' },
  decision: { zh: '人工结论', en: 'decision' },
  outcome: { zh: '汇总结论', en: 'overall outcome' },
  reviews: { zh: '复核历史', en: 'review history' },
}

function contradiction(part: Part, asset: number, seq: number | null): Finding {
  if (part === 'gone') {
    return {
      row: seq ?? 0,
      what: 'table',
      zh: `账本第 ${seq} 行记录的对象（素材 a_${asset}）已从数据表中删除；账本本身前后相连。`,
      en: `What row ${seq} of the ledger is about (asset a_${asset}) was removed from the tables; the ledger itself is whole.`,
    }
  }
  const { zh, en } = names[part]
  return {
    row: seq ?? 0,
    what: 'table',
    zh:
      seq === null
        ? `素材 a_${asset} 的${zh}在账本中没有记录：数据表被改动。`
        : `素材 a_${asset} 的${zh}与账本第 ${seq} 行不符：数据表被改动，以账本为准。`,
    en:
      seq === null
        ? `The ${en} of asset a_${asset} is not in the ledger: the tables were changed.`
        : `The ${en} of asset a_${asset} does not agree with row ${seq} of the ledger: the tables were changed; the ledger holds.`,
  }
}
