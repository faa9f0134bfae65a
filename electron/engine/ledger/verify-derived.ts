import type { Database } from 'better-sqlite3'
import { schemaVersion } from '../base/sqlite/schema.ts'
import { parsedBody } from './body.ts'
import { parkedDigest } from './digests.ts'
import { since } from './older-files.ts'
import type { Finding } from './verify.ts'
import { type DerivedCounts, summed, tallyKey } from './verify-counts.ts'
import { verifyRules } from './verify-rules.ts'

/** What tables say that is derived from others: counted or found again. */

type Pause = () => Promise<void>

/** The counts of all assets, however many counted them. */
export async function verifyDerived(
  raw: Database,
  parts: readonly DerivedCounts[],
  pause: Pause,
): Promise<Finding | null> {
  return compareTallies(raw, summed(parts).tallies) ?? (await verifyAdded(raw, pause))
}

/** What is derived in files of later schemas only. */
export async function verifyAdded(raw: Database, pause: Pause): Promise<Finding | null> {
  const version = schemaVersion(raw)
  return (
    (version < since.search ? null : (verifyPruning(raw) ?? (await verifySearch(raw, pause)))) ??
    (version < since.relayRows ? null : verifyRelays(raw)) ??
    (version < since.hits ? null : verifyRules(raw))
  )
}

interface Tally {
  readonly batch: string
  readonly profile: number
  readonly outcome: string
  readonly n: number
}

/** What the triggers count, counted again. */
function compareTallies(raw: Database, counts: Map<string, number>): Finding | null {
  for (const { batch, profile, outcome, n } of raw
    .prepare<[], Tally>('SELECT batch, profile, outcome, n FROM tallies')
    .iterate()) {
    const key = tallyKey(batch, profile, outcome)
    if ((counts.get(key) ?? 0) !== n) return wrongTally(batch)
    counts.delete(key)
  }
  const [missing] = counts.keys()
  return missing === undefined ? null : wrongTally(missing.slice(missing.indexOf('\n', missing.indexOf('\n') + 1) + 1))
}

function wrongTally(batch: string): Finding {
  return tableFinding(
    `批次 ${batch} 的计数与它的结果不符：数据表被改动。`,
    `The counts of batch ${batch} do not agree with its results: the tables were changed.`,
  )
}

/** What may be deleted from the ledger: nothing, but in the middle of a transaction. */
function verifyPruning(raw: Database): Finding | null {
  const pruning = raw.prepare<[], number>('SELECT count(*) FROM pruning').pluck().get() ?? 0
  return pruning === 0 ? null : tableFinding('数据表 pruning 被改动。', 'The table pruning was changed.')
}

const indexRows = 4_000

/** That everything can be found which is to be: the index keeps no texts that could be compared. */
async function verifySearch(raw: Database, pause: Pause): Promise<Finding | null> {
  const isIn = (field: number) =>
    `(EXISTS (SELECT 1 FROM search_docsize WHERE id = a.id * 4 + ${field}) OR EXISTS (SELECT 1 FROM search_queue WHERE id = a.id * 4 + ${field}))`
  const missing = raw
    .prepare<[number, number], number>(
      `SELECT a.id FROM assets a WHERE a.id BETWEEN ? AND ? AND NOT (${isIn(0)} AND (a.note IS NULL OR ${isIn(2)})
       AND (a.label IS NULL OR ${isIn(3)})) LIMIT 1`,
    )
    .pluck()
  const next = raw.prepare<[number], number | null>('SELECT min(id) FROM assets WHERE id > ?').pluck()
  for (let first = next.get(0) ?? null; first !== null; first = next.get(first + indexRows - 1) ?? null) {
    const asset = missing.get(first, first + indexRows - 1)
    if (asset !== undefined) return wrongIndex(asset)
    await pause()
  }
  return null
}

function wrongIndex(asset: number): Finding {
  return tableFinding(
    `索引 search 与它的来源不符（素材 a_${asset}）：数据表被改动。`,
    `The index search does not agree with what it comes from (asset a_${asset}): the tables were changed.`,
  )
}

/** How far relays were read, and which of their pushes nobody waits for yet. */
function verifyRelays(raw: Database): Finding | null {
  const rows = raw
    .prepare<[], { seq: number; body: string }>("SELECT seq, body FROM ledger WHERE kind = 'relay' ORDER BY seq")
    .all()
  const positions = new Map<unknown, { seq: number; position: unknown }>()
  const parked = new Map<unknown, { seq: number; at: number }>()
  for (const { seq, body: json } of rows) {
    const body = parsedBody(json)
    if (body.event === 'read') positions.set(body.relay, { seq, position: body.position })
    if (body.event === 'taken') parked.delete(body.parked)
    for (const entry of body.event === 'read' && Array.isArray(body.parked) ? body.parked : []) {
      if (Array.isArray(entry)) parked.set(entry[1], { seq, at: Number(entry[0]) })
    }
    if (body.event === 'dropped')
      for (const [digest, { at }] of parked) if (at < Number(body.before)) parked.delete(digest)
  }
  type Parked = { app: string; trace_id: string; received_at: number; conclusion: string }
  for (const push of raw.prepare<[], Parked>('SELECT * FROM parked_pushes').iterate()) {
    const digest = parkedDigest(push.app, push.trace_id, push.received_at, push.conclusion)
    if (!parked.delete(digest)) return wrongPush(push.trace_id)
  }
  const [gone] = parked.values()
  if (gone !== undefined) return wrongRelay(gone.seq)
  for (const { relay, position } of raw
    .prepare<[], { relay: string; position: number }>('SELECT * FROM relay_positions')
    .iterate()) {
    const recorded = positions.get(relay)
    if (recorded === undefined || recorded.position !== position) return wrongRelay(recorded?.seq ?? 0)
    positions.delete(relay)
  }
  const [lost] = positions.values()
  return lost === undefined ? null : wrongRelay(lost.seq)
}

function wrongPush(traceId: string): Finding {
  return tableFinding(
    `推送 ${traceId} 在账本中没有记录：数据表被改动。`,
    `The push ${traceId} is not in the ledger: the tables were changed.`,
  )
}

function wrongRelay(row: number): Finding {
  return {
    ...tableFinding(
      `中继的读取进度或暂存的推送与账本第 ${row} 行不符：数据表被改动，以账本为准。`,
      `How far a relay was read, or a push that was kept, does not agree with row ${row} of the ledger: the tables were changed; the ledger holds.`,
    ),
    row,
  }
}

function tableFinding(zh: string, en: string): Finding {
  return { row: 0, what: 'table', zh, en }
}
