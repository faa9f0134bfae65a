import type { Database } from 'better-sqlite3'
import { perConnection } from '../base/sqlite/per-connection.ts'

/**
 * Finds results that may be used again, and assets of the same bytes, by their hashes. Hashes fall anywhere in an index: one by one,
 * each dirties a page of its own and writes it to the log. Therefore they go in many at a time and in their order (`index`), apart
 * from the checks' own commits; until then what this process ended is in memory, and what others did is read from the ledger.
 */
export interface Hashes {
  /** Notes that the result may be used again; inside the commit that ends it by this row of the ledger. */
  put(key: string, result: ResultId, seq: number): void
  /** The latest result that was put under this key and is not in the index yet, whatever has become of it since. */
  young(key: string): ResultId | null
  /** Rows of the ledger that the index does not know. */
  behind(): number
  /** Takes up to `limit` of them in; inside a commit. */
  index(limit: number): void
}

export interface ResultId {
  readonly asset: number
  readonly profile: number
}

interface Young extends ResultId {
  readonly seq: number
}

/** Hexadecimal digits by which rows are found; whether it is the same hash is seen in the row itself. */
const keyDigits = 16

export const hashesOf = perConnection(createHashes)

function createHashes(raw: Database): Hashes {
  const through = raw.prepare<[], number>('SELECT through FROM hashed').pluck()
  const head = raw.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM ledger').pluck()
  const version = raw.prepare<[], number>('PRAGMA data_version').pluck()
  const newer = raw.prepare<[number], Young & { readonly key: string }>(
    `SELECT l.seq, r.asset, r.profile, lower(hex(substr(r.reuse_key, 1, ${keyDigits / 2}))) AS key
     FROM ledger l JOIN results r ON r.asset = l.asset AND r.ledger_seq = l.seq
     WHERE l.seq > +? AND l.kind = 'result' AND r.reuse_key IS NOT NULL ORDER BY l.seq`,
  )
  const addReusable = raw.prepare<[number, number]>(
    `INSERT OR IGNORE INTO reusable SELECT substr(r.reuse_key, 1, ${keyDigits / 2}) AS key, r.asset, r.profile
     FROM ledger l JOIN results r ON r.asset = l.asset AND r.ledger_seq = l.seq
     WHERE l.seq > +? AND l.seq <= +? AND l.kind = 'result' AND r.reuse_key IS NOT NULL ORDER BY key`,
  )
  const addSameBytes = raw.prepare<[number, number]>(
    `INSERT OR IGNORE INTO same_bytes SELECT DISTINCT substr(a.sha256, 1, ${keyDigits}) AS hash, a.id
     FROM ledger l JOIN assets a ON a.id = l.asset
     WHERE l.seq > +? AND l.seq <= +? AND a.sha256 IS NOT NULL ORDER BY hash`,
  )
  const setThrough = raw.prepare<[number]>('UPDATE hashed SET through = ?')

  const results = new Map<string, Young>()
  let seenVersion: number | null = null
  let seen = 0
  let isFresh = false
  /** Another process has written: what it ended is in the ledger. What this one ended is read again with it, to no harm. */
  const catchUp = () => {
    // Once in a turn of the event loop: to look costs as much as to find.
    if (isFresh) return
    isFresh = true
    setImmediate(() => {
      isFresh = false
    })
    const present = version.get() ?? 0
    if (present === seenVersion) return
    seenVersion = present
    seen = Math.max(seen, through.get() ?? 0)
    for (const { key, seq, asset, profile } of newer.iterate(seen)) {
      results.set(key, { asset, profile, seq })
      seen = seq
    }
  }

  return {
    put: (key, { asset, profile }, seq) => {
      results.set(key.slice(0, keyDigits), { asset, profile, seq })
    },
    young: key => {
      catchUp()
      return results.get(key.slice(0, keyDigits)) ?? null
    },
    behind: () => (head.get() ?? 0) - (through.get() ?? 0),
    index: limit => {
      const from = through.get() ?? 0
      const to = Math.min(head.get() ?? 0, from + limit)
      // What was taken in the last time is durable by now.
      for (const [key, { seq }] of results) if (seq <= from) results.delete(key)
      if (to <= from) return
      addReusable.run(from, to)
      addSameBytes.run(from, to)
      setThrough.run(to)
    },
  }
}
