import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import { parsedBody } from './body.ts'
import { canonicalJson } from './chain.ts'
import { digestLength, shortDigest } from './digests.ts'
import type { BatchRow } from './rows.ts'
import type { Finding } from './verify.ts'
import { type AssetLedgerRow, sameTimeMs } from './verify-asset.ts'
import type { BatchEvents } from './verify-events.ts'

/** What of a batch is not as its rows of the ledger say; `row` is null where the ledger knows no such batch. */
interface BatchContradiction {
  readonly row: number | null
  readonly field: keyof typeof words
}

const words = {
  batch: { zh: '记录', en: 'record' },
  practice: { zh: '演练标记', en: 'mark for practice' },
  profiles: { zh: '应用档案', en: 'profiles' },
  inputs: { zh: '输入', en: 'inputs' },
  options: { zh: '设置', en: 'options' },
  name: { zh: '名称', en: 'name' },
  times: { zh: '起止时间', en: 'times' },
  state: { zh: '状态', en: 'state' },
  notice: { zh: '停止原因', en: 'reason to stop' },
  walked: { zh: '收集进度', en: 'walk through the inputs' },
  skipped: { zh: '略过的文件', en: 'list of skipped files' },
} as const

const objectSchema = z.record(z.string(), z.unknown())
/** Older programs wrote fewer members: only what a row contains is compared. */
const startSchema = z.object({
  event: z.literal('start'),
  form: z.literal(2).optional(),
  name: z.string(),
  inputs: z.unknown().optional(),
  options: z.unknown().optional(),
  profiles: z.array(objectSchema).optional(),
  profilesDigest: z.string().optional(),
})
type Start = z.infer<typeof startSchema>
const optionsSchema = z.object({ event: z.literal('options'), options: z.unknown() })
const renameSchema = z.object({ event: z.literal('rename'), name: z.string() })
const profilesSchema = z.array(objectSchema)
const states: ReadonlySet<unknown> = new Set(['running', 'paused', 'done', 'cancelled', 'interrupted'])

/** Compares every batch with its rows of the ledger: whether it was practice, whose accounts were asked, about what, and how it went. */
export async function verifyBatches(
  raw: Database,
  events: BatchEvents,
  pause: () => Promise<void>,
): Promise<Finding | null> {
  const read = raw.prepare<[string], BatchRow>('SELECT * FROM batches WHERE id = ?')
  const ids = raw.prepare<[], string>('SELECT id FROM batches UNION SELECT batch FROM skipped ORDER BY 1').pluck().all()
  for (const id of new Set([...ids, ...events.batches()])) {
    const rows = events.rowsOf(id)
    const batch = read.get(id)
    const own = rows.filter(({ kind }) => kind === 'batch')
    if (batch === undefined) {
      // A row about an export may be younger than what was exported.
      if (own[0] === undefined && !ids.includes(id)) continue
      return own[0] === undefined ? findingOf(id, { row: null, field: 'batch' }) : goneFinding(id, own[0].seq)
    }
    const found = contradictionOf(batch, own) ?? skippedContradiction(raw, batch, rows)
    if (found !== null) return findingOf(id, found)
    await pause()
  }
  return null
}

/** A report says on its cover, and over a signature, whether it is practice: it is not written from a batch that was edited. */
export function requireUntouched(raw: Database, id: string): void {
  const batch = raw.prepare<[string], BatchRow>('SELECT * FROM batches WHERE id = ?').get(id)
  if (batch === undefined) return
  const rows = raw
    .prepare<[string], Omit<AssetLedgerRow, 'body'> & { readonly body: string }>(
      "SELECT seq, at, kind, body FROM ledger WHERE batch = ? AND kind = 'batch' ORDER BY seq",
    )
    .all(id)
    .map(({ body, ...row }) => ({ ...row, body: parsedBody(body) }))
  const found = contradictionOf(batch, rows)
  if (found !== null) throw new Problem('database_corrupt', findingOf(id, found).en)
}

function contradictionOf(batch: BatchRow, rows: readonly AssetLedgerRow[]): BatchContradiction | null {
  const first = rows.find(row => startSchema.safeParse(row.body).success)
  if (first === undefined) return { row: null, field: 'batch' }
  const start = startSchema.parse(first.body)
  const differs = (field: BatchContradiction['field'], row: number | null = first.seq) => ({ row, field })
  const changed = rows.findLast(row => optionsSchema.safeParse(row.body).success)
  const options = changed === undefined ? start.options : changed.body.options
  const asStarted = startContradiction(batch, { ...start, options })
  if (asStarted !== null) return differs(asStarted, asStarted === 'options' ? changed?.seq : first.seq)
  const renamed = rows.findLast(row => renameSchema.safeParse(row.body).success)
  const name = renamed === undefined ? start.name : renameSchema.parse(renamed.body).name
  if (name !== batch.name) return differs('name', renamed?.seq)
  if (!isSameTime(batch.created_at, first)) return differs('times')
  const walked = rows.findLast(row => row.body.event === 'walked')
  if (walked === undefined ? start.form === 2 && batch.walked === 1 : batch.walked !== 1)
    return differs('walked', walked?.seq)
  return stateContradiction(batch, rows.findLast(({ body }) => states.has(body.event)) ?? first)
}

function startContradiction(batch: BatchRow, start: Start): BatchContradiction['field'] | null {
  const accounts = profilesSchema.safeParse(parsed(batch.profiles))
  if (start.profiles !== undefined) {
    if (!accounts.success || !agree(start.profiles, accounts.data)) return 'profiles'
    const wasPractice = start.profiles.some(profile => profile.practice === true)
    const isKnown = start.profiles.every(profile => typeof profile.practice === 'boolean')
    if (isKnown && batch.practice !== (wasPractice ? 1 : 0)) return 'practice'
  }
  if (start.profilesDigest !== undefined && start.profilesDigest !== shortDigest(batch.profiles)) return 'profiles'
  for (const field of ['inputs', 'options'] as const) {
    const recorded = start[field]
    if (recorded !== undefined && canonicalJson(recorded) !== canonicalJson(parsed(batch[field]))) return field
  }
  return null
}

/** By the last row about the batch's state; that of its start when there is none. */
function stateContradiction(batch: BatchRow, last: AssetLedgerRow): BatchContradiction | null {
  const { event, notice, noticeDigest, form } = last.body
  const state = event === 'start' ? 'running' : event
  const hasEnded = state === 'done' || state === 'cancelled'
  if (batch.state !== state) return { row: last.seq, field: 'state' }
  if (hasEnded ? batch.ended_at === null || !isSameTime(batch.ended_at, last) : batch.ended_at !== null)
    return { row: last.seq, field: 'times' }
  const present = batch.notice === null ? undefined : parsedBody(batch.notice).code
  const digest = form === 2 && batch.notice !== null ? shortDigest(batch.notice) : undefined
  return notice === present && noticeDigest === digest ? null : { row: last.seq, field: 'notice' }
}

/** Rows of an older form were written a moment later than the table. */
function isSameTime(time: number, { at, body }: AssetLedgerRow): boolean {
  return body.form === 2 ? time === at : Math.abs(time - at) <= sameTimeMs
}

/** What a walk left out, and why; programs of before did not say. */
function skippedContradiction(
  raw: Database,
  { id }: BatchRow,
  rows: readonly AssetLedgerRow[],
): BatchContradiction | null {
  const recorded = new Map<string, number>()
  for (const { seq, kind, body } of rows) {
    if (kind !== 'skipped' || typeof body.skipped !== 'string') continue
    for (let at = 0; at < body.skipped.length; at += digestLength)
      recorded.set(body.skipped.slice(at, at + digestLength), seq)
  }
  const isOld = rows.some(({ body }) => body.event === 'start' && body.form === undefined)
  const present = raw.prepare<[string], { path: string; reason: string }>(
    'SELECT path, reason FROM skipped WHERE batch = ?',
  )
  for (const { path, reason } of present.iterate(id)) {
    if (!recorded.delete(shortDigest(path, reason)) && !isOld) return { row: firstSeq(rows), field: 'skipped' }
  }
  const [missing] = recorded.values()
  return missing === undefined ? null : { row: missing, field: 'skipped' }
}

function firstSeq(rows: readonly AssetLedgerRow[]): number | null {
  return rows.find(({ kind }) => kind === 'skipped')?.seq ?? rows[0]?.seq ?? null
}

type Members = Readonly<Record<string, unknown>>

function agree(recorded: readonly Members[], present: readonly Members[]): boolean {
  return (
    recorded.length === present.length &&
    recorded.every((profile, index) =>
      Object.entries(profile).every(
        ([name, value]) => canonicalJson(value) === canonicalJson(present[index]?.[name] ?? null),
      ),
    )
  )
}

function goneFinding(id: string, row: number): Finding {
  return {
    row,
    what: 'table',
    zh: `账本第 ${row} 行记录的对象（批次 ${id}）已从数据表中删除；账本本身前后相连。`,
    en: `What row ${row} of the ledger is about (batch ${id}) was removed from the tables; the ledger itself is whole.`,
  }
}

function findingOf(id: string, { row, field }: BatchContradiction): Finding {
  const { zh, en } = words[field]
  return row === null
    ? {
        row: 0,
        what: 'table',
        zh: `批次 ${id} 在账本中没有记录：数据表被改动。`,
        en: `Batch ${id} is not in the ledger: the tables were changed.`,
      }
    : {
        row,
        what: 'table',
        zh: `批次 ${id} 的${zh}与账本第 ${row} 行不符：数据表被改动，以账本为准。`,
        en: `The ${en} of batch ${id} does not agree with row ${row} of the ledger: the tables were changed; the ledger holds.`,
      }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
