import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import { canonicalJson } from './chain.ts'
import type { Finding } from './verify.ts'

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
} as const

const objectSchema = z.record(z.string(), z.unknown())
/** Older programs wrote fewer members: only what a row contains is compared. */
const startSchema = z.object({
  event: z.literal('start'),
  name: z.string(),
  inputs: z.unknown().optional(),
  options: z.unknown().optional(),
  profiles: z.array(objectSchema).optional(),
})
const renameSchema = z.object({ event: z.literal('rename'), name: z.string() })
const profilesSchema = z.array(objectSchema)

interface BatchRow {
  readonly id: string
  readonly name: string
  readonly practice: number
  readonly profiles: string
  readonly inputs: string
  readonly options: string
}

const columns = 'id, name, practice, profiles, inputs, options'

/** Compares every batch with its rows of the ledger: whether it was practice, whose accounts were asked, about what, and its name. */
export async function verifyBatches(raw: Database, signal: AbortSignal | undefined): Promise<Finding | null> {
  const ids = raw.prepare<[], string>('SELECT id FROM batches ORDER BY id').pluck().all()
  for (const [index, id] of ids.entries()) {
    const found = contradictionOf(raw, id)
    if (found !== null) return findingOf(id, found)
    if (index % 100 !== 99) continue
    await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  return null
}

/** A report says on its cover, and over a signature, whether it is practice: it is not written from a batch that was edited. */
export function requireUntouched(raw: Database, id: string): void {
  const found = contradictionOf(raw, id)
  if (found !== null) throw new Problem('database_corrupt', findingOf(id, found).en)
}

function contradictionOf(raw: Database, id: string): BatchContradiction | null {
  const batch = raw.prepare<[string], BatchRow>(`SELECT ${columns} FROM batches WHERE id = ?`).get(id)
  if (batch === undefined) return null
  const rows = raw
    .prepare<[string], { seq: number; body: string }>(
      "SELECT seq, body FROM ledger WHERE batch = ? AND kind = 'batch' ORDER BY seq",
    )
    .all(id)
    .map(({ seq, body }) => ({ seq, body: parsed(body) }))
  const first = rows.find(row => startSchema.safeParse(row.body).success)
  if (first === undefined) return { row: null, field: 'batch' }
  const start = startSchema.parse(first.body)
  const differs = (field: BatchContradiction['field'], row = first.seq) => ({ row, field })

  const accounts = profilesSchema.safeParse(parsed(batch.profiles))
  if (start.profiles !== undefined) {
    if (!accounts.success || !agree(start.profiles, accounts.data)) return differs('profiles')
    const wasPractice = start.profiles.some(profile => profile.practice === true)
    const isKnown = start.profiles.every(profile => typeof profile.practice === 'boolean')
    if (isKnown && (batch.practice === 1) !== wasPractice) return differs('practice')
  }
  for (const field of ['inputs', 'options'] as const) {
    const recorded = start[field]
    if (recorded !== undefined && canonicalJson(recorded) !== canonicalJson(parsed(batch[field]))) return differs(field)
  }
  const renamed = rows.findLast(row => renameSchema.safeParse(row.body).success)
  const name = renamed === undefined ? start.name : renameSchema.parse(renamed.body).name
  return name === batch.name ? null : differs('name', renamed?.seq)
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
