import type { StoredAsset, StoredResult } from './verify-asset.ts'

/** What assets and results come to, counted where they are compared. Plain data. */
export interface DerivedCounts {
  readonly tallies: Map<string, number>
}

export interface DerivedCounter {
  readonly counts: DerivedCounts
  take(asset: StoredAsset, results: readonly StoredResult[]): void
}

export function createDerivedCounter(): DerivedCounter {
  const counts: DerivedCounts = { tallies: new Map() }
  return {
    counts,
    take: ({ batch, outcome, decision }, results) => {
      count(counts, tallyKey(batch, -1, outcome), 1)
      if (decision !== null) count(counts, tallyKey(batch, -1, 'decided'), 1)
      for (const { batch, profile, outcome } of results) count(counts, tallyKey(batch, profile, outcome), 1)
    },
  }
}

function count({ tallies }: DerivedCounts, key: string, rows: number): void {
  tallies.set(key, (tallies.get(key) ?? 0) + rows)
}

export function summed(parts: readonly DerivedCounts[]): DerivedCounts {
  const sum: DerivedCounts = { tallies: new Map() }
  for (const { tallies } of parts) for (const [key, rows] of tallies) count(sum, key, rows)
  return sum
}

export function tallyKey(batch: string, profile: number, outcome: string): string {
  return `${profile}\n${outcome}\n${batch}`
}
