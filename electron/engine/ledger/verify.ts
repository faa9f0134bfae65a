import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { VerifyResult } from '../../../shared/ipc.ts'
import { chainHash, chainStart } from './chain.ts'

interface LedgerRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly batch: string | null
  readonly asset: number | null
  readonly body: string
  readonly hash: Buffer
}

/** Walks the chain from its start and names the first row that does not fit. */
export function verifyLedger(raw: Database): VerifyResult {
  let previous: Uint8Array = chainStart
  let rows = 0
  for (const row of raw
    .prepare<[], LedgerRow>('SELECT seq, at, kind, batch, asset, body, hash FROM ledger ORDER BY seq')
    .iterate()) {
    if (row.seq !== rows + 1)
      return broken(rows, `第 ${rows + 1} 行缺失或顺序被改动。`, `Row ${rows + 1} is missing or was moved.`)
    const expected = chainHash(previous, row)
    if (!expected.equals(row.hash)) {
      return broken(
        rows,
        `第 ${row.seq} 行的内容或其之前的记录被改动。`,
        `Row ${row.seq} was changed, or something before it.`,
      )
    }
    previous = row.hash
    rows += 1
  }
  return {
    intact: true,
    rows,
    zh: `${rows} 行记录前后相连,未发现改动。末尾是否被截断,只能对照此前导出的报告判断。`,
    en: `All ${rows} rows follow from one another; no change was found. Whether the end was cut off can only be told against an earlier export.`,
    fingerprint: fingerprintOf(previous),
  }
}

function broken(rows: number, zh: string, en: string): VerifyResult {
  return { intact: false, rows, zh, en, fingerprint: '' }
}

/** Short form of the head for people to compare. */
function fingerprintOf(hash: Uint8Array): string {
  return createHash('sha256').update(hash).digest('hex').slice(0, 16)
}
