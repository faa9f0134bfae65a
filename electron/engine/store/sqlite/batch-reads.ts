import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { FailureCode } from '../../../../shared/failures.ts'
import { storedProfileSchema } from '../../../../shared/profile.ts'
import {
  type BatchInputs,
  type BatchProfile,
  type BatchSummary,
  screenOptionsSchema,
  type Tally,
} from '../../../../shared/screening.ts'
import type { BatchRow, StoredBatch } from '../../ledger/rows.ts'
import type { ControlReader } from './controls.ts'

/** What is known of a batch as a whole. */
export interface BatchReads {
  batch(id: string): StoredBatch | null
  /** The batch whose id begins so, if there is exactly one. */
  batchByPrefix(prefix: string): string | null
  batchIds(): readonly string[]
  unfinishedBatches(): readonly StoredBatch[]
  summary(id: string): BatchSummary | null
  skipped(batch: string): readonly { path: string; reason: string }[]
  /** People who decided something in the batch. */
  reviewers(batch: string): readonly string[]

  /** The batch's profiles, by their indices. */
  profilesOf(batch: string): readonly BatchProfile[]
}

/** A batch's inputs that its summary names. */
const inputsShown = 50

export function createBatchReads(raw: Database, controls: Pick<ControlReader, 'ofBatch'>): BatchReads {
  const batchRow = raw.prepare<[string], BatchRow>('SELECT * FROM batches WHERE id = ?')
  const summaryRow = raw.prepare<[string], Omit<BatchRow, 'profiles' | 'inputs' | 'options' | 'owner'>>(
    'SELECT id, name, state, notice, created_at, ended_at, walked, practice FROM batches WHERE id = ?',
  )
  const inputsRow = raw.prepare<[string], string>('SELECT inputs FROM batches WHERE id = ?').pluck()
  const batchPrefix = raw.prepare<[string, string], { id: string }>(
    'SELECT id FROM batches WHERE id >= ? AND id < ? LIMIT 2',
  )
  const batchList = raw.prepare<[], { id: string }>('SELECT id FROM batches ORDER BY created_at DESC, id DESC')
  const unfinished = raw.prepare<[], BatchRow>(
    `SELECT * FROM batches WHERE state IN ('running', 'paused') ORDER BY created_at`,
  )
  const tallyRows = raw.prepare<[string], { profile: number; outcome: string; n: number }>(
    'SELECT profile, outcome, n FROM tallies WHERE batch = ?',
  )
  const skippedCount = raw.prepare<[string], { n: number }>('SELECT count(*) AS n FROM skipped WHERE batch = ?')
  const notedCount = raw
    .prepare<[string], number>('SELECT count(*) FROM assets WHERE batch = ? AND reader_notes IS NOT NULL')
    .pluck()
  const skippedRows = raw.prepare<[string], { path: string; reason: string }>(
    'SELECT path, reason FROM skipped WHERE batch = ? ORDER BY path',
  )
  const reviewerRows = raw
    .prepare<[string], string>(
      "SELECT DISTINCT reviewer FROM assets WHERE batch = ? AND reviewer <> '' ORDER BY reviewer",
    )
    .pluck()

  const inputsOf = memoise((batch: string): BatchInputs => {
    const json = inputsRow.get(batch) ?? '[]'
    const inputs = z.array(z.string()).parse(JSON.parse(json))
    return { count: inputs.length, first: inputs.slice(0, inputsShown), key: hash('sha256', json) }
  })
  const profilesOf = memoise((batch: string): readonly BatchProfile[] => {
    const row = batchRow.get(batch)
    return row === undefined
      ? []
      : stored(row).profiles.map(({ id, name, platform, appid, practice }) => ({ id, name, platform, appid, practice }))
  })

  return {
    batch: id => {
      const row = batchRow.get(id)
      return row === undefined ? null : stored(row)
    },
    batchByPrefix: prefix => {
      const found = batchPrefix.all(prefix, `${prefix}\u{10ffff}`)
      return found.length === 1 ? (found[0]?.id ?? null) : null
    },
    batchIds: () => batchList.all().map(row => row.id),
    unfinishedBatches: () => unfinished.all().map(stored),
    summary: id => {
      const row = summaryRow.get(id)
      if (row === undefined) return null
      const profiles = profilesOf(id)
      const counts = tallyRows.all(id)
      const tallyOf = (profile: number): Tally => {
        const n = (outcome: string) =>
          counts.find(count => count.profile === profile && count.outcome === outcome)?.n ?? 0
        const tally = {
          pending: n('pending'),
          awaiting: n('awaiting'),
          pass: n('pass'),
          rules_only: n('rules_only'),
          review: n('review'),
          risky: n('risky'),
          unchecked: n('unchecked'),
        }
        return { assets: Object.values(tally).reduce((sum, count) => sum + count, 0), ...tally }
      }
      return {
        id,
        name: row.name,
        state: row.state,
        notice: row.notice === null ? null : noticeSchema.parse(JSON.parse(row.notice)),
        createdAt: row.created_at,
        endedAt: row.ended_at,
        walked: row.walked === 1,
        practice: row.practice === 1,
        profiles,
        tally: tallyOf(-1),
        tallyByProfile: profiles.map((_, index) => tallyOf(index)),
        decided: counts.find(count => count.profile === -1 && count.outcome === 'decided')?.n ?? 0,
        noted: notedCount.get(id) ?? 0,
        skipped: skippedCount.get(id)?.n ?? 0,
        inputs: inputsOf(id),
        controls: controls.ofBatch(id).all,
      }
    },
    skipped: batch => skippedRows.all(batch),
    reviewers: batch => reviewerRows.all(batch),
    profilesOf,
  }
}

function stored(row: BatchRow): StoredBatch {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    createdAt: row.created_at,
    walked: row.walked === 1,
    practice: row.practice === 1,
    profiles: z.array(storedProfileSchema).parse(JSON.parse(row.profiles)),
    inputs: z.array(z.string()).parse(JSON.parse(row.inputs)),
    options: screenOptionsSchema.parse(JSON.parse(row.options)),
    owner: row.owner,
  }
}

const noticeSchema = z.object({
  code: z.custom<FailureCode>(value => typeof value === 'string'),
  detail: z.string(),
  untilMs: z.number().nullable(),
  passes: z.boolean().exactOptional(),
})

function memoise<T>(read: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return key => {
    const value = known.get(key) ?? read(key)
    known.set(key, value)
    return value
  }
}
