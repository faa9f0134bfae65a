import type { Database } from 'better-sqlite3'
import { parsedBody, profileIndexOf } from './body.ts'
import { chainHash, chainStart } from './chain.ts'
import type { ResultRecord } from './rows.ts'
import type { LedgerRow } from './verify.ts'

export type ReusedResult = ResultRecord & { readonly reuse_key: Buffer | null }

/**
 * Tells whether the ledger bears a verdict out that is about to be used again: its row says so under the same key, stands between its
 * neighbours in the chain, and is the last word on the asset. A table that was edited never hands a pass to other bytes; what an older
 * program recorded without its key is asked about again.
 */
export function createEvidence(raw: Database): (result: ReusedResult) => boolean {
  const rowAt = raw.prepare<[number], LedgerRow>('SELECT * FROM ledger WHERE seq = ?')
  const newer = raw
    .prepare<[number, number], string>(
      "SELECT body FROM ledger WHERE asset = ? AND seq > ? AND (kind = 'result' OR kind = 'reuse')",
    )
    .pluck()
  const isChained = (row: LedgerRow) => {
    const before = row.seq === 1 ? chainStart : rowAt.get(row.seq - 1)?.hash
    const after = rowAt.get(row.seq + 1)
    // Behind a checkpoint there is no row before the first one; the row after it still follows from it.
    const follows = before === undefined || chainHash(before, row).equals(row.hash)
    return follows && (after === undefined || chainHash(row.hash, after).equals(after.hash))
  }
  return result => {
    const { asset, profile, ledger_seq: seq, reuse_key: key } = result
    const row = seq === null ? undefined : rowAt.get(seq)
    if (row === undefined || key === null || row.kind !== 'result' || row.asset !== asset) return false
    const body = parsedBody(row.body)
    const isSame =
      body.key === key.toString('base64url') &&
      profileIndexOf(body) === profile &&
      body.outcome === result.outcome &&
      JSON.stringify(body.labels ?? []) === result.labels &&
      (body.score ?? null) === result.score &&
      body.parts === result.parts &&
      body.checked === result.checked
    return (
      isSame &&
      isChained(row) &&
      !newer.all(asset, row.seq).some(later => profileIndexOf(parsedBody(later)) === profile)
    )
  }
}
