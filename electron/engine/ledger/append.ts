import type { Database } from 'better-sqlite3'
import type { Clock } from '../clock.ts'
import { canonicalJson, chainHash, chainStart, type LedgerEntry } from './chain.ts'

export interface Appender {
  /** Appends a row and returns its number. Call it only inside a commit: the chain's head is read under the write lock. */
  append(entry: LedgerEntry): number
}

export function createAppender(raw: Database, clock: Clock): Appender {
  const readHead = raw.prepare<[], { seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1',
  )
  const insert = raw.prepare(
    'INSERT INTO ledger (seq, at, kind, batch, asset, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  return {
    append: ({ kind, batch, asset, body }) => {
      // Read each time, not remembered: another process may have appended, or this transaction's forerunner rolled back.
      const head = readHead.get() ?? { seq: 0, hash: chainStart }
      const row = { seq: head.seq + 1, at: clock.now(), kind, batch, asset, body: canonicalJson(body) }
      insert.run(row.seq, row.at, row.kind, row.batch, row.asset, row.body, chainHash(head.hash, row))
      return row.seq
    },
  }
}
