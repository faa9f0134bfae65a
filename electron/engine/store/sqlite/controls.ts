import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type ControlView, controlMeans, controlStates, mergeControls } from '../../../../shared/controls.ts'
import type { EndpointId } from '../../../../shared/domain.ts'
import type { FailureCode } from '../../../../shared/failures.ts'
import { parsedBody, profileIdOf } from '../../ledger/body.ts'
import type { ControlFacts, DayAnswer } from '../records.ts'

/** What a row of kind `control` says besides the evidence of its call. */
const factsSchema: z.ZodType<ControlFacts> = z.object({
  profileId: z.string(),
  endpoint: z.custom<EndpointId>(value => typeof value === 'string'),
  version: z.string(),
  means: z.enum(controlMeans),
  state: z.enum(controlStates),
  reason: z.custom<FailureCode>(value => typeof value === 'string').optional(),
  detail: z.string().optional(),
  /** When the platform was asked, which may have been for an earlier batch. */
  askedAt: z.number(),
  /** What was asked of whom; absent where nothing can be. */
  key: z.string().optional(),
  /** The platform's day. */
  day: z.string(),
  /** The row of the call, where it was made for an earlier batch of the day. */
  answeredBy: z.number().optional(),
  /** The batch whose verdicts are used again, if it is their answer. */
  reusedFrom: z.string().optional(),
})

interface BatchControlViews {
  readonly all: readonly ControlView[]
  readonly own: readonly ControlView[]
  /** The platform's day of each of its own. */
  readonly days: ReadonlyMap<ControlView, string>
}

/** Control checks live in the ledger alone: whatever is reported about them is read from its rows, which nobody can change unnoticed. */
export interface ControlReader {
  /** What stands behind a batch's no-hits, and behind those of its own calls alone; see `mergeControls`. */
  ofBatch(batch: string): BatchControlViews
  /** The day's last answer to this question, looked for in rows that are not older than `since`. */
  answer(key: string, day: string, since: number): DayAnswer | null
}

export function createControlReader(raw: Database): ControlReader {
  const batchRows = raw
    .prepare<[string], string>(
      "SELECT body FROM ledger INDEXED BY ledger_controls_of WHERE kind = 'control' AND batch = ? ORDER BY seq",
    )
    .pluck()
  const lateRows = raw.prepare<[number], { seq: number; body: string }>(
    "SELECT seq, body FROM ledger INDEXED BY ledger_controls WHERE kind = 'control' AND at >= ? ORDER BY seq DESC",
  )
  const newestRow = raw
    .prepare<[string], number | null>(
      "SELECT max(seq) FROM ledger INDEXED BY ledger_controls_of WHERE kind = 'control' AND batch = ?",
    )
    .pluck()
  const rowOf = ({ reason, detail, reusedFrom, day, ...row }: ControlFacts) => {
    const { profileId: profile, endpoint, version, means, state, askedAt: at } = row
    const why = { reason: reason ?? null, detail: detail ?? null }
    const view: ControlView = { profile, endpoint, version, means, state, ...why, at }
    return { view, day, isOwn: reusedFrom === undefined }
  }
  // Asked for with every row of a report and with every look at a batch.
  const known = new Map<string, { readonly newest: number; readonly views: BatchControlViews }>()
  return {
    ofBatch: batch => {
      const newest = newestRow.get(batch) ?? 0
      const before = known.get(batch)
      if (before?.newest === newest) return before.views
      const rows = batchRows.all(batch).flatMap(factsIn).map(rowOf)
      const own = rows.filter(({ isOwn }) => isOwn)
      const views = {
        all: mergeControls(rows.map(({ view }) => view)),
        own: mergeControls(own.map(({ view }) => view)),
        days: new Map(own.map(({ view, day }) => [view, day])),
      }
      known.set(batch, { newest, views })
      return views
    },
    answer: (key, day, since) => {
      for (const { seq, body } of lateRows.iterate(since)) {
        const [row] = factsIn(body)
        if (row?.key !== key || row.day !== day) continue
        const { state, askedAt, answeredBy = seq } = row
        if (state === 'flagged' || state === 'clean') return { seq: answeredBy, state, askedAt }
      }
      return null
    },
  }
}

/** None of a row that somebody has edited: `verify` names it, and what it said counts for nothing. */
function factsIn(body: string): readonly ControlFacts[] {
  const parsed = parsedBody(body)
  const facts = factsSchema.safeParse({ ...parsed, profileId: profileIdOf(parsed) })
  return facts.success ? [facts.data] : []
}
