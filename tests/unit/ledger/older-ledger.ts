import type { Database } from 'better-sqlite3'
import { canonicalJson, chainHash, chainStart } from '../../../electron/engine/ledger/chain.ts'
import type { LedgerRow } from '../../../electron/engine/ledger/verify.ts'

/** Kinds of rows that programs before schema 60 did not write. */
const newKinds = ['found', 'skipped', 'facts', 'await', 'kept', 'relay']
/** What they did not say. */
const newMembers = [
  ...['form', 'check', 'line', 'col', 'facts', 'notes', 'reading', 'key', 'reusedProfile', 'tiled'],
  ...['profilesDigest', 'noticeDigest', 'results', 'dropped', 'review', 'action'],
]
/** What was called otherwise before schema 80. */
const oldNames: Readonly<Record<string, string>> = { profileId: 'profile', profileIndex: 'profile' }

/** Writes the ledger as a program before schema 60 would have written it. */
export function makeOld(raw: Database): void {
  writeAgain(raw, ({ kind }, said) =>
    newKinds.includes(kind) || said.event === 'walked'
      ? null
      : Object.fromEntries(Object.entries(said).filter(([name]) => !newMembers.includes(name))),
  )
}

/** Writes the ledger with the names of before schema 80, without signatures, which would be others. */
export function withOldNames(raw: Database): void {
  writeAgain(raw, ({ kind }, said) => (kind === 'seal' || kind === 'key' ? null : said))
}

/** Rows for which `rewrite` returns null are left out, and the rest is chained anew. */
function writeAgain(
  raw: Database,
  rewrite: (row: LedgerRow, said: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | null,
): void {
  const rows = raw.prepare<[], LedgerRow>('SELECT * FROM ledger ORDER BY seq').all()
  raw.exec('DELETE FROM ledger')
  const insert = raw.prepare(
    'INSERT INTO ledger (seq, at, kind, batch, asset, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const numbers = new Map<number, number>()
  let previous: Uint8Array = chainStart
  for (const row of rows) {
    const kept = rewrite(row, JSON.parse(row.body) as Record<string, unknown>)
    if (kept === null) continue
    const body = canonicalJson(
      Object.fromEntries(Object.entries(kept).map(([name, value]) => [oldNames[name] ?? name, value])),
    )
    const seq = numbers.size + 1
    const hash = chainHash(previous, { ...row, seq, body })
    numbers.set(row.seq, seq)
    insert.run(seq, row.at, row.kind, row.batch, row.asset, body, hash)
    previous = hash
  }
  for (const table of ['results', 'checks']) {
    for (const [was, is] of numbers)
      raw.prepare(`UPDATE ${table} SET ledger_seq = -? WHERE ledger_seq = ?`).run(is, was)
    raw.exec(`UPDATE ${table} SET ledger_seq = -ledger_seq`)
  }
}
