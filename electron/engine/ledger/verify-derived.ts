import type { Database } from 'better-sqlite3'
import { parkedDigest } from './digests.ts'
import type { Finding } from './verify.ts'
import { type Body, isOldForm } from './verify-asset.ts'
import { type DerivedCounts, summed, takenInThrough, tallyKey } from './verify-counts.ts'
import { parsedBody } from './verify-events.ts'

/** What tables say that is derived from others: counted or found again. */

type Pause = () => Promise<void>

/** The counts of all assets, however many counted them. */
export async function verifyDerived(
  raw: Database,
  parts: readonly DerivedCounts[],
  pause: Pause,
): Promise<Finding | null> {
  const counts = summed(parts)
  return (
    compareTallies(raw, counts.tallies) ??
    verifyMarks(raw) ??
    (await verifyReusable(raw, takenInThrough(raw), counts.results, pause)) ??
    (await verifySameBytes(raw, counts.late, counts.bytes, pause)) ??
    (await verifySearch(raw, pause)) ??
    verifyRelays(raw)
  )
}

interface Tally {
  readonly batch: string
  readonly profile: number
  readonly outcome: string
  readonly n: number
}

/** What tallies.ts counts, counted again. */
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

/** How far hashes were taken in, and what may be deleted from the ledger: nothing, but in the middle of a transaction. */
function verifyMarks(raw: Database): Finding | null {
  const head = raw.prepare<[], number | null>('SELECT max(seq) FROM ledger').pluck().get() ?? 0
  const marks = raw.prepare<[], number>('SELECT through FROM hashed').pluck().all()
  const isMarked = marks.length === 1 && (marks[0] ?? -1) >= 0 && (marks[0] ?? 0) <= head
  const pruning = raw.prepare<[], number>('SELECT count(*) FROM pruning').pluck().get() ?? 0
  if (isMarked && pruning === 0) return null
  const table = isMarked ? 'pruning' : 'hashed'
  return tableFinding(`数据表 ${table} 被改动。`, `The table ${table} was changed.`)
}

const indexRows = 4_000

/** Every entry names a result that was once under its key, and every result under a key has its entry. */
async function verifyReusable(raw: Database, through: number, wanted: number, pause: Pause): Promise<Finding | null> {
  type Entry = { key: Buffer; asset: number; profile: number; fits: 0 | 1; seq: number | null }
  const page = raw.prepare<[Buffer, number, number], Entry>(
    `SELECT u.key, u.asset, u.profile, substr(r.reuse_key, 1, 8) IS u.key AS fits, r.ledger_seq AS seq
     FROM reusable u LEFT JOIN results r ON r.asset = u.asset AND r.profile = u.profile
     WHERE (u.key, u.asset, u.profile) > (?, ?, ?) ORDER BY u.key, u.asset, u.profile LIMIT ${indexRows}`,
  )
  const rowsOf = assetRows(raw)
  const wasUnder = ({ key, asset, profile }: Entry) =>
    rowsOf(asset).some(
      row =>
        row.kind === 'result' &&
        row.body.profile === profile &&
        (isOldForm(row) ||
          (typeof row.body.key === 'string' && Buffer.from(row.body.key, 'base64url').subarray(0, 8).equals(key))),
    )
  let found = 0
  for (let last: Entry | undefined, isFirst = true; isFirst || last !== undefined; isFirst = false) {
    const entries = page.all(last?.key ?? Buffer.alloc(0), last?.asset ?? 0, last?.profile ?? 0)
    for (const entry of entries) {
      if (entry.fits === 0 && !wasUnder(entry)) return wrongIndex('reusable', entry.asset)
      if (entry.fits === 1 && entry.seq !== null && entry.seq <= through) found += 1
    }
    last = entries.at(-1)
    await pause()
  }
  return found === wanted ? null : wrongIndex('reusable', null)
}

async function verifySameBytes(
  raw: Database,
  late: ReadonlySet<number>,
  wanted: number,
  pause: Pause,
): Promise<Finding | null> {
  type Entry = { hash: string; asset: number; fits: 0 | 1 }
  const page = raw.prepare<[string, number], Entry>(
    `SELECT s.hash, s.asset, substr(a.sha256, 1, 16) IS s.hash AS fits FROM same_bytes s LEFT JOIN assets a ON a.id = s.asset
     WHERE (s.hash, s.asset) > (?, ?) ORDER BY s.hash, s.asset LIMIT ${indexRows}`,
  )
  const rowsOf = assetRows(raw)
  const was = ({ hash, asset }: Entry) =>
    rowsOf(asset).some(
      row => (typeof row.body.sha256 === 'string' && row.body.sha256.startsWith(hash)) || isOldForm(row),
    )
  let found = 0
  for (let last: Entry | undefined, isFirst = true; isFirst || last !== undefined; isFirst = false) {
    const entries = page.all(last?.hash ?? '', last?.asset ?? 0)
    for (const entry of entries) {
      if (entry.fits === 0 && !was(entry)) return wrongIndex('same_bytes', entry.asset)
      if (entry.fits === 1 && !late.has(entry.asset)) found += 1
    }
    last = entries.at(-1)
    await pause()
  }
  return found === wanted ? null : wrongIndex('same_bytes', null)
}

function assetRows(raw: Database): (asset: number) => readonly { kind: string; body: Body }[] {
  const rows = raw.prepare<[number], { kind: string; body: string }>('SELECT kind, body FROM ledger WHERE asset = ?')
  return asset => rows.all(asset).map(({ kind, body }) => ({ kind, body: parsedBody(body) }))
}

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
    if (asset !== undefined) return wrongIndex('search', asset)
    await pause()
  }
  return null
}

function wrongIndex(table: 'reusable' | 'same_bytes' | 'search', asset: number | null): Finding {
  const zh = asset === null ? '' : `（素材 a_${asset}）`
  const en = asset === null ? '' : ` (asset a_${asset})`
  return tableFinding(
    `索引 ${table} 与它的来源不符${zh}：数据表被改动。`,
    `The index ${table} does not agree with what it comes from${en}: the tables were changed.`,
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
    const told = positions.get(relay)
    if (told === undefined || told.position !== position) return wrongRelay(told?.seq ?? 0)
    positions.delete(relay)
  }
  const [lost] = positions.values()
  return lost === undefined ? null : wrongRelay(lost.seq)
}

function wrongPush(traceId: string): Finding {
  return tableFinding(
    `回调 ${traceId} 在账本中没有记录：数据表被改动。`,
    `The push ${traceId} is not in the ledger: the tables were changed.`,
  )
}

function wrongRelay(row: number): Finding {
  return {
    ...tableFinding(
      `中转服务的读取进度或暂存的回调与账本第 ${row} 行不符：数据表被改动，以账本为准。`,
      `How far a relay was read, or a push that was kept, does not agree with row ${row} of the ledger: the tables were changed; the ledger holds.`,
    ),
    row,
  }
}

function tableFinding(zh: string, en: string): Finding {
  return { row: 0, what: 'table', zh, en }
}
