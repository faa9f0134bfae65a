import type { Database } from 'better-sqlite3'
import type { AssetLedgerRow, StoredAsset, StoredResult } from './verify-asset.ts'

/** What assets and results come to, counted where they are compared. Plain data. */
export interface DerivedCounts {
  readonly tallies: Map<string, number>
  /** Results that may be used again, and assets whose bytes are known, up to the row to which they were taken in. */
  results: number
  bytes: number
  /** Assets whose bytes were named after that. */
  readonly late: Set<number>
}

export interface DerivedCounter {
  readonly counts: DerivedCounts
  take(asset: StoredAsset, results: readonly StoredResult[], rows: readonly AssetLedgerRow[]): void
}

export function createDerivedCounter(raw: Database): DerivedCounter {
  const counts: DerivedCounts = { tallies: new Map(), results: 0, bytes: 0, late: new Set() }
  const through = takenInThrough(raw)
  return {
    counts,
    take: ({ id, batch, outcome, decision, sha256 }, results, rows) => {
      count(counts, tallyKey(batch, -1, outcome), 1)
      if (decision !== null) count(counts, tallyKey(batch, -1, 'decided'), 1)
      for (const { batch, profile, outcome, reuse_key: key, ledger_seq: seq } of results) {
        count(counts, tallyKey(batch, profile, outcome), 1)
        if (key !== null && seq !== null && seq <= through) counts.results += 1
      }
      if (sha256 === null) return
      const named = rows.findLast(({ body, kind }) => typeof body.sha256 === 'string' && tellsBytes(kind))
      if (named !== undefined && named.seq <= through) counts.bytes += 1
      else if (through > 0) counts.late.add(id)
    },
  }
}

function count({ tallies }: DerivedCounts, key: string, rows: number): void {
  tallies.set(key, (tallies.get(key) ?? 0) + rows)
}

export function takenInThrough(raw: Database): number {
  return raw.prepare<[], number | null>('SELECT max(through) FROM hashed').pluck().get() ?? 0
}

export function summed(parts: readonly DerivedCounts[]): DerivedCounts {
  const sum: DerivedCounts = { tallies: new Map(), results: 0, bytes: 0, late: new Set() }
  for (const { tallies, results, bytes, late } of parts) {
    for (const [key, rows] of tallies) count(sum, key, rows)
    sum.results += results
    sum.bytes += bytes
    for (const asset of late) sum.late.add(asset)
  }
  return sum
}

function tellsBytes(kind: string): boolean {
  return kind === 'result' || kind === 'reuse' || kind === 'facts'
}

export function tallyKey(batch: string, profile: number, outcome: string): string {
  return `${profile}\n${outcome}\n${batch}`
}
