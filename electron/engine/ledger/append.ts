import type { Database } from 'better-sqlite3'
import type { Clock } from '../base/clock.ts'
import { perConnection } from '../base/sqlite/per-connection.ts'
import { canonicalJson, chainHash, chainStart, type LedgerEntry } from './chain.ts'

export interface Appender {
  /**
   * Appends a row and returns its number. Call it only inside a commit: the chain's head is read under the write lock. `at` is given where
   * a table keeps the same moment.
   */
  append(entry: LedgerEntry, at?: number): number
}

interface Head {
  known: { readonly seq: number; readonly hash: Uint8Array } | null
  isKept: boolean
}

const headOf = perConnection((): Head => ({ known: null, isKept: false }))

/**
 * Remembers the chain's head while `write` runs inside one transaction. Outside of that it is read for each row: another process
 * may have appended, or the last transaction was rolled back.
 */
export function keepingHead(raw: Database, write: () => void): void {
  const head = headOf(raw)
  head.known = null
  head.isKept = true
  try {
    write()
  } finally {
    head.known = null
    head.isKept = false
  }
}

export function createAppender(raw: Database, clock: Pick<Clock, 'now'>): Appender {
  const readHead = raw.prepare<[], { seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1',
  )
  const head = headOf(raw)
  const insert = raw.prepare(
    'INSERT INTO ledger (seq, at, kind, batch, asset, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    append: ({ kind, batch, asset, body }, at = clock.now()) => {
      const before = head.known ?? readHead.get() ?? { seq: 0, hash: chainStart }
      const row = { seq: before.seq + 1, at, kind, batch, asset, body: canonicalJson(body) }
      const hash = chainHash(before.hash, row)
      insert.run(row.seq, row.at, row.kind, row.batch, row.asset, row.body, hash)
      if (head.isKept) head.known = { seq: row.seq, hash }
      return row.seq
    },
  }
}
