import type { Database } from 'better-sqlite3'
import type { GroupCommitDatabase } from '../base/sqlite/group-commit.ts'
import type { Appender } from '../ledger/append.ts'
import type { WaiverRecord } from '../ledger/rows.ts'
import type { SigningKey } from '../ledger/signing.ts'
import { headOf, knownKeys, signHead } from '../ledger/signing-book.ts'
import { waiverBody } from './sqlite/waiver-writes.ts'

export interface Pruned {
  readonly batches: number
  readonly rows: number
}

/**
 * Removes batches that are older than the retention setting, oldest first, together with the ledger's rows up to there. A signed
 * checkpoint row keeps number and hash of the last row that went, so that the rest of the chain still verifies, and the public keys
 * that were introduced before it. What is kept is whole: a batch goes only when nothing newer lies among its rows or reuses its verdicts.
 */
export async function prune(
  database: GroupCommitDatabase,
  appender: Appender,
  key: () => Promise<SigningKey>,
  before: number,
): Promise<Pruned> {
  let pruned: Pruned = { batches: 0, rows: 0 }
  for (;;) {
    if (nextGroup(database, before) === null) return pruned
    const signer = await key()
    // One group of batches a transaction; which it is, is decided under the write lock.
    const done = await database.commit(() => pruneGroup(database, appender, signer, before))
    if (done === null) return pruned
    pruned = { batches: pruned.batches + done.batches, rows: pruned.rows + done.rows }
  }
}

interface Group {
  readonly batches: readonly string[]
  /** Last row of the ledger that goes. */
  readonly through: number
}

/** The oldest batches whose rows form a beginning of the ledger, as few as possible; null when there are none to prune. */
function nextGroup({ raw }: GroupCommitDatabase, before: number): Group | null {
  const anyOld = raw.prepare<[number], 1>('SELECT 1 FROM batches WHERE created_at < ? LIMIT 1').pluck()
  if (anyOld.get(before) === undefined) return null
  const oldest = raw.prepare<[], { id: string; state: string; first: number; last: number | null }>(
    `SELECT b.id, b.state, min(l.seq) AS first, max(l.seq) AS last FROM batches b JOIN ledger l ON l.batch = b.id
     GROUP BY b.id ORDER BY first`,
  )
  const lastOfAssets = raw
    .prepare<[string], number | null>(
      'SELECT max(l.seq) FROM assets a JOIN ledger l ON l.asset = a.id WHERE a.batch = ?',
    )
    .pluck()
  const firstYoung =
    raw.prepare<[number], number | null>('SELECT min(seq) FROM ledger WHERE at >= ?').pluck().get(before) ??
    Number.MAX_SAFE_INTEGER
  const lender = raw
    .prepare<[string], string>(
      `SELECT DISTINCT r.batch FROM assets a JOIN results r ON r.reused_from = a.id WHERE a.batch = ?`,
    )
    .pluck()

  const batches: string[] = []
  let last = 0
  const rows = oldest.all()
  for (const [index, batch] of rows.entries()) {
    // What runs or is paused goes on by itself, and is kept whatever its age. What was interrupted years ago is over: kept for good, it
    // would keep all that is younger too.
    if (batch.state === 'running' || batch.state === 'paused') return null
    batches.push(batch.id)
    last = Math.max(last, batch.last ?? 0, lastOfAssets.get(batch.id) ?? 0)
    if (last >= firstYoung) return null
    const next = rows[index + 1]?.first ?? Number.MAX_SAFE_INTEGER
    if (last > next) continue
    const isReusedElsewhere = batches.some(id => lender.all(id).some(borrower => !batches.includes(borrower)))
    if (!isReusedElsewhere) return { batches, through: last }
  }
  return null
}

function pruneGroup(
  database: GroupCommitDatabase,
  appender: Appender,
  key: SigningKey,
  before: number,
): { batches: number; rows: number } | null {
  const { raw } = database
  const group = nextGroup(database, before)
  if (group === null) return null
  const { through } = group
  const hash = raw.prepare<[number], Buffer>('SELECT hash FROM ledger WHERE seq = ?').pluck().get(through)
  const head = headOf(raw)
  if (hash === undefined || head === null) throw new Error(`the ledger has no row ${through}`)
  const count = raw.prepare<[number], number>('SELECT count(*) FROM ledger WHERE seq <= ?').pluck().get(through) ?? 0
  const over = carryWaivers(raw, appender, through)
  appender.append({
    kind: 'checkpoint',
    batch: null,
    asset: null,
    body: {
      event: 'pruned',
      before,
      rows: count,
      batches: group.batches,
      keys: knownKeys(raw),
      through: signHead(key, { seq: through, hash: hash.toString('hex') }),
      head: signHead(key, head),
    },
  })
  raw.prepare('INSERT INTO pruning (through) VALUES (?)').run(through)
  raw.prepare('DELETE FROM ledger WHERE seq <= ?').run(through)
  raw.prepare('DELETE FROM pruning').run()
  for (const batch of group.batches) for (const sql of ofBatch) raw.prepare(sql).run(batch)
  for (const id of over) raw.prepare('DELETE FROM waivers WHERE id = ?').run(id)
  raw.exec('DELETE FROM rule_texts WHERE digest NOT IN (SELECT rule_text FROM hits)')
  raw.exec('DELETE FROM likenesses WHERE sha256 NOT IN (SELECT sha256 FROM assets WHERE sha256 IS NOT NULL)')
  return { batches: group.batches.length, rows: count }
}

/**
 * What is fine everywhere outlives the batch where it was said: its row is written once more. The others are returned:
 * they go with the hits of their batches.
 */
function carryWaivers(raw: Database, appender: Appender, through: number): readonly number[] {
  const said = raw.prepare<[number], { id: number }>(
    "SELECT DISTINCT body ->> '$.waiver' AS id FROM ledger WHERE (kind = 'fine' OR kind = 'notFine') AND kind = 'fine' AND seq <= ?",
  )
  const read = raw.prepare<[number], WaiverRecord>('SELECT * FROM waivers WHERE id = ?')
  const over: number[] = []
  const isSaidAgain = raw
    .prepare<[number, number], 1>(
      "SELECT 1 FROM ledger WHERE (kind = 'fine' OR kind = 'notFine') AND kind = 'fine' AND seq > ? AND body ->> '$.waiver' = ? LIMIT 1",
    )
    .pluck()
  for (const { id } of said.all(through)) {
    const waiver = read.get(id)
    if (waiver === undefined || isSaidAgain.get(through, id) !== undefined) continue
    if (waiver.reach === 'always' && waiver.ended_at === null) {
      appender.append({ kind: 'fine', batch: null, asset: null, body: { ...waiverBody(waiver), carried: true } })
    } else over.push(id)
  }
  return over
}

/** In the order that the references between the tables want. */
const ofBatch = [
  'DELETE FROM search_queue WHERE id IN (SELECT a.id * 4 + f.column1 FROM assets a, (VALUES (0), (1), (2), (3)) f WHERE a.batch = ?)',
  'DELETE FROM search WHERE rowid IN (SELECT a.id * 4 + f.column1 FROM assets a, (VALUES (0), (1), (2), (3)) f WHERE a.batch = ?)',
  'DELETE FROM reviews WHERE asset IN (SELECT id FROM assets WHERE batch = ?)',
  'DELETE FROM hits WHERE batch = ?',
  'DELETE FROM checks WHERE asset IN (SELECT id FROM assets WHERE batch = ?)',
  'DELETE FROM asset_pieces WHERE asset IN (SELECT id FROM assets WHERE batch = ?)',
  'DELETE FROM results WHERE batch = ?',
  'DELETE FROM assets WHERE batch = ?',
  'DELETE FROM skipped WHERE batch = ?',
  'DELETE FROM tallies WHERE batch = ?',
  'DELETE FROM batches WHERE id = ?',
] as const
