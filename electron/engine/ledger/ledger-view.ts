import type { Database } from 'better-sqlite3'
import { type KnownKey, knownKeys } from './signing-book.ts'
import { openSnapshot } from './verify.ts'

/** What a report is compared with: a snapshot of a ledger. The caller must close it. */
export interface LedgerView {
  /** Keys that the ledger has introduced, those of pruned rows included. */
  keys(): readonly KnownKey[]
  /** Numbers of the first and the last row; null when there are none. */
  range(): { readonly first: number; readonly last: number } | null
  /** Hexadecimal; null when there is no such row. */
  hashOf(seq: number): string | null
  /** The hashes of all rows in order, hexadecimal. */
  hashes(): IterableIterator<string>
  close(): void
}

/** `target` is a data directory or an open database. Throws `Problem` when there is no database to read. */
export function openLedgerView(target: string | Database): LedgerView {
  const { raw, close } = openSnapshot(target)
  const hashRow = raw.prepare<[number], Buffer>('SELECT hash FROM ledger WHERE seq = ?').pluck()
  const hashRows = raw.prepare<[], Buffer>('SELECT hash FROM ledger').pluck()
  const rangeRow = raw.prepare<[], { first: number | null; last: number | null }>(
    'SELECT min(seq) AS first, max(seq) AS last FROM ledger',
  )
  return {
    keys: () => knownKeys(raw),
    range: () => {
      const { first, last } = rangeRow.get() ?? { first: null, last: null }
      return first === null || last === null ? null : { first, last }
    },
    hashOf: seq => hashRow.get(seq)?.toString('hex') ?? null,
    *hashes() {
      for (const hash of hashRows.iterate()) yield hash.toString('hex')
    },
    close,
  }
}
