import { hash } from 'node:crypto'
import { z } from 'zod'
import { type ControlState, worstControl } from '../../../shared/controls.ts'
import type { Decision, PartPlace, Rect, Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { failureCodes } from '../../../shared/failures.ts'
import {
  type GridColumns,
  type GridDelta,
  gridDecisions,
  gridFlags,
  gridKinds,
  gridOutcomes,
} from '../../../shared/grid.ts'
import { storedProfileSchema } from '../../../shared/profile.ts'
import type { Remark } from '../../../shared/remarks/index.ts'
import {
  type AssetRow,
  type BatchInputs,
  type BatchProfile,
  type BatchSummary,
  type CheckView,
  type ResultView,
  type ReviewEvent,
  screenOptionsSchema,
  type Tally,
} from '../../../shared/screening.ts'
import { olderReadingSql } from '../formats/readings.ts'
import { createEvidence, type ReusedResult } from '../ledger/borne-out.ts'
import type { AssetRecord, BatchRow, CheckRecord, ResultRecord, StoredBatch } from '../ledger/rows.ts'
import type { SentCheck } from './commands.ts'
import { createControlReader } from './controls.ts'
import type { LedgerDatabase } from './database.ts'
import { readerNotesOf } from './reader-notes.ts'
import { createSearchReader } from './search.ts'

/** One asset that has something left to check, with what is already known of it. */
export interface OpenAsset {
  readonly id: number
  readonly path: string
  readonly source: string
  /** Profiles (indices) whose result is still open. */
  readonly profiles: readonly number[]
  /** Whether it was at work before, so that parts of it may be known. */
  readonly isBegun: boolean
}

/** A part that was checked in an earlier run of the same batch. */
export interface DonePart {
  readonly profile: number
  readonly part: string
  readonly partHash: string
  readonly endpoint: string
  readonly version: string
  readonly verdict: Verdict
  readonly label: number | null
  readonly score: number | null
}

/** A part whose push is still to come. */
export interface AwaitingPart {
  readonly profile: number
  readonly part: string
  readonly partHash: string
  readonly endpoint: string
  readonly version: string
}

export interface Reusable {
  readonly asset: number
  readonly profile: number
  readonly outcome: Verdict
  readonly labels: readonly number[]
  readonly score: number | null
  readonly parts: number
  readonly screenedAt: number
  /** What the reader noted of these bytes then. */
  readonly notes: readonly Remark[]
}

/** All reads. Nothing here can write, by type and by use. */
export interface LedgerQueries {
  batch(id: string): StoredBatch | null
  /** The batch whose id begins so, if there is exactly one. */
  batchByPrefix(prefix: string): string | null
  batchIds(): readonly string[]
  unfinishedBatches(): readonly StoredBatch[]
  summary(id: string): BatchSummary | null
  openAssets(batch: string, after: number, limit: number): readonly OpenAsset[]
  hasOpen(batch: string): boolean
  doneParts(asset: number): readonly DonePart[]
  awaitingParts(asset: number): readonly AwaitingPart[]
  /** How many of the batch's results await a push, and since when the oldest does. */
  awaiting(batch: string): { readonly results: number; readonly since: number | null }
  hasAwaiting(batch: string): boolean
  /** The checks that this trace id was given to. */
  checksByTrace(app: string, traceId: string): readonly CheckRecord[]
  checksOfResult(asset: number, profile: number): readonly CheckRecord[]
  /** The trace id under which the same bytes wait already, asked in the same way. */
  pendingTrace(same: Pick<CheckRecord, 'app' | 'endpoint' | 'version' | 'part_hash' | 'transform'>): string | null
  overdue(now: number, limit: number): readonly CheckRecord[]
  /** When the next push is given up; null when none is awaited. */
  nextDue(): number | null
  /** Profiles that await pushes, or gave up on some after `since`, by their batches. */
  expecting(since: number): readonly { readonly batch: string; readonly profile: number }[]
  relayPosition(relay: string): number
  /** Screened from `since` to `until`: what is dated later was so by a clock that has been set back since. */
  reusable(key: string, since: number, until: number): Reusable | null
  asset(id: number): AssetRecord | null
  results(asset: number): readonly ResultRecord[]
  checks(asset: number): readonly CheckView[]
  reviews(asset: number): readonly ReviewEvent[]
  reviewAct(act: string): readonly { asset: number; batch: string }[]
  /** The decision, reason and note an asset had before an act. */
  beforeAct(act: string, asset: number): { decision: Decision | null; reason: number | null; note: string | null }
  afterAct(act: string, asset: number): { decision: Decision | null; reason: number | null; note: string | null }
  earlier(
    sha256: string,
    except: number,
  ): readonly { batch: string; asset: number; path: string; outcome: string; decision: Decision | null; at: number }[]
  skipped(batch: string): readonly { path: string; reason: string }[]
  /** Passes of earlier versions, of kinds that are read differently today, in the order of the assets. */
  olderPasses(batch: string): readonly number[]
  rows(assets: readonly number[]): readonly AssetRow[]
  columns(batch: string, revision: number): GridColumns
  cells(batch: string, assets: readonly number[], from: number, revision: number, folders: FolderIndex): GridDelta
  /** Whether something is yet to be taken into the search index. */
  hasUnindexed(): boolean
  search(batch: string, query: string): Float64Array
  /** Every label that a profile found in an asset of the batch. */
  labels(batch: string): IterableIterator<{ readonly asset: number; readonly label: number }>
  /** Rows for reports, in the batch's order. */
  reportRows(batch: string, assets: readonly number[] | null): IterableIterator<ReportRow>
  reportCount(batch: string, assets: readonly number[] | null): number
  head(): { seq: number; hash: Uint8Array } | null
  /** People who decided something in the batch. */
  reviewers(batch: string): readonly string[]
  /** What stands behind a result's no-hit: the worst over the endpoints that were asked; null where nothing is known of them. */
  controlOf(row: ReportRow): ControlState | null
  /** Bodies of an asset's ledger rows of one kind, oldest first. */
  ledgerBodies(asset: number, kind: string): readonly unknown[]
}

/** The stored flags with those that follow from how an asset was read. */
export const flagsSql = (alias: string): string =>
  `${alias}.flags | iif(${alias}.reader_notes IS NULL, 0, ${gridFlags.readerNotes})
    | iif(${alias}.outcome = 'pass' AND ${olderReadingSql(alias)}, ${gridFlags.olderReading}, 0)`
/** What a cell of the grid shows. */
const cellColumns = `position, id, path, kind, outcome, decision, ${flagsSql('assets')}, label, score, reason, screened_at`
/** A batch's inputs that its summary names. */
const inputsShown = 50
/** Cells that are read at once. */
const columnsAtOnce = 10_000

const reportAssetColumns = [
  'id',
  'batch',
  'path',
  'sha256',
  'kind',
  'bytes',
  'decision',
  'decision_reason',
  'note',
  'reviewer',
  'decided_at',
  'reading',
  'reader_notes',
] as const satisfies readonly (keyof AssetRecord)[]
const reportResultColumns = [
  'profile',
  'state',
  'outcome',
  'reason',
  'detail',
  'labels',
  'parts',
  'checked',
  'reused_from',
  'reused_profile',
  'screened_at',
] as const satisfies readonly (keyof ResultRecord)[]

const ofChecks = `FROM checks c WHERE c.asset = coalesce(r.reused_from, r.asset) AND c.profile = coalesce(r.reused_profile, r.profile)`
/** Everything of a `ReportRow`, of assets `a` and their results `r`; see `reportRow`. */
export const reportSelect = `SELECT ${reportAssetColumns.map(name => `a.${name}`).join(', ')},
    ${reportResultColumns.map(name => `r.${name}`).join(', ')},
    (SELECT group_concat(DISTINCT c.endpoint) ${ofChecks}), (SELECT group_concat(c.rid, ' ') ${ofChecks}),
    (SELECT group_concat(c.trace_id, ' ') ${ofChecks}), l.hash, r.outcome = 'pass' AND ${olderReadingSql('a')}
  FROM assets a JOIN results r ON r.asset = a.id LEFT JOIN ledger l ON l.seq = r.ledger_seq`

export interface ReportRow {
  readonly asset: Pick<AssetRecord, (typeof reportAssetColumns)[number]>
  readonly result: Pick<ResultRecord, (typeof reportResultColumns)[number]>
  readonly endpoints: string | null
  readonly rids: string | null
  readonly traceIds: string | null
  readonly rowHash: Uint8Array | null
  /** A pass of a reader that reads such an asset in another way today. */
  readonly isOlderReading: boolean
}

/** Numbers for folders in the order in which they are met; one per open grid. */
export interface FolderIndex {
  readonly names: string[]
  numberOf(path: string): number
}

export function createFolderIndex(): FolderIndex {
  const numbers = new Map<string, number>([['', 0]])
  const names = ['']
  return {
    names,
    numberOf: path => {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
      const known = numbers.get(folder)
      if (known !== undefined) return known
      numbers.set(folder, names.length)
      names.push(folder)
      return names.length - 1
    },
  }
}

type ReusableRecord = ReusedResult & { outcome: Verdict; screened_at: number }

export function createQueries(database: LedgerDatabase, folderIndexOf: (batch: string) => FolderIndex): LedgerQueries {
  const raw = database.raw
  const isBorneOut = createEvidence(raw)
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
  const openRows = raw.prepare<
    [string, number, number],
    { id: number; path: string; source: string; profiles: string; begun: 0 | 1 }
  >(
    `SELECT a.id, a.path, a.source, group_concat(r.profile) AS profiles,
       EXISTS (SELECT 1 FROM checks c WHERE c.asset = a.id) AS begun FROM results r JOIN assets a ON a.id = r.asset
     WHERE r.batch = ? AND r.state <> 'done' AND r.state = 'queued' AND r.asset > ? GROUP BY r.asset ORDER BY r.asset LIMIT ?`,
  )
  const anyOpen = raw.prepare<[string], { one: 1 }>(
    `SELECT 1 AS one FROM results WHERE batch = ? AND state <> 'done' LIMIT 1`,
  )
  const doneChecks = raw.prepare<[number], CheckRecord & { verdict: Verdict }>(
    // Below zero are those of a former screening, kept for whoever took its verdict (commands.ts).
    `SELECT * FROM checks WHERE asset = ? AND profile >= 0 AND state = 'done' AND verdict IS NOT NULL`,
  )
  const awaitingChecks = raw.prepare<[number], CheckRecord>(
    `SELECT * FROM checks WHERE asset = ? AND state = 'awaiting'`,
  )
  const awaitingRow = raw.prepare<[string], { results: number; since: number | null }>(
    `SELECT count(*) AS results, min(screened_at) AS since FROM results WHERE batch = ? AND state = 'awaiting'`,
  )
  const anyAwaiting = raw.prepare<[string], { one: 1 }>(
    `SELECT 1 AS one FROM results WHERE batch = ? AND state = 'awaiting' LIMIT 1`,
  )
  const tracedChecks = raw.prepare<[string, string], CheckRecord>('SELECT * FROM checks WHERE trace_id = ? AND app = ?')
  const resultChecks = raw.prepare<[number, number], CheckRecord>(
    'SELECT * FROM checks WHERE asset = ? AND profile = ?',
  )
  const pendingRow = raw.prepare<unknown[], { trace_id: string }>(
    `SELECT trace_id FROM checks WHERE state = 'awaiting' AND part_hash = @part_hash AND app = @app AND endpoint = @endpoint
     AND version = @version AND transform IS @transform LIMIT 1`,
  )
  const overdueChecks = raw.prepare<[number, number], CheckRecord>(
    `SELECT * FROM checks WHERE state = 'awaiting' AND due_at <= ? ORDER BY due_at LIMIT ?`,
  )
  const nextDueRow = raw.prepare<[], { due: number | null }>(
    `SELECT min(due_at) AS due FROM checks WHERE state = 'awaiting'`,
  )
  const expectingRows = raw.prepare<[number], { batch: string; profile: number }>(
    `SELECT DISTINCT a.batch, c.profile FROM (
       SELECT asset, profile FROM checks WHERE state = 'awaiting'
       UNION ALL SELECT asset, profile FROM checks WHERE reason = 'push_overdue' AND due_at > ?
     ) c JOIN assets a ON a.id = c.asset`,
  )
  const positionRow = raw.prepare<[string], { position: number }>(
    'SELECT position FROM relay_positions WHERE relay = ?',
  )
  // `+?`: a bare parameter makes SQLite prepare the statement anew for each value, in case a partial index fits that one.
  const reusableRows = raw.prepare<[Buffer, number, number], ReusableRecord>(
    `SELECT * FROM results WHERE reuse_key = +? AND screened_at BETWEEN +? AND +? AND reused_from IS NULL AND state = 'done'
     AND (outcome = 'pass' OR outcome = 'review' OR outcome = 'risky') ORDER BY screened_at DESC`,
  )
  const assetRow = raw.prepare<[number], AssetRecord>('SELECT * FROM assets WHERE id = ?')
  const isOlder = raw.prepare<[number], 0 | 1>(`SELECT ${olderReadingSql('assets')} FROM assets WHERE id = ?`).pluck()
  const olderPassRows = raw
    .prepare<[string], number>(
      `SELECT id FROM assets WHERE batch = ? AND outcome = 'pass' AND ${olderReadingSql('assets')} ORDER BY id`,
    )
    .pluck()
  const notedCount = raw
    .prepare<[string], number>('SELECT count(*) FROM assets WHERE batch = ? AND reader_notes IS NOT NULL')
    .pluck()
  const resultRows = raw.prepare<[number], ResultRecord>('SELECT * FROM results WHERE asset = ? ORDER BY profile')
  const checkRows = raw.prepare<[number], CheckRecord & { body: string | null }>(
    'SELECT c.*, l.body FROM checks c LEFT JOIN ledger l ON l.seq = c.ledger_seq WHERE c.asset = ? ORDER BY c.profile, c.id',
  )
  const reviewRows = raw.prepare<[number], ReviewEvent>(
    'SELECT id, at, reviewer, action, decision, reason, note FROM reviews WHERE asset = ? ORDER BY id',
  )
  const actRows = raw.prepare<[string], { asset: number; batch: string }>(
    'SELECT r.asset, a.batch FROM reviews r JOIN assets a ON a.id = r.asset WHERE r.act = ? ORDER BY r.id',
  )
  type Reviewed = { decision: Decision | null; reason: number | null; note: string | null }
  const beforeRow = raw.prepare<[string, number, number], Reviewed>(
    `SELECT decision, reason, note FROM reviews
     WHERE id < (SELECT min(id) FROM reviews WHERE act = ? AND asset = ?) AND asset = ? ORDER BY id DESC LIMIT 1`,
  )
  const afterRow = raw.prepare<[string, number], Reviewed>(
    'SELECT decision, reason, note FROM reviews WHERE act = ? AND asset = ? ORDER BY id DESC LIMIT 1',
  )
  const earlierRows = raw.prepare<
    [{ sha256: string; except: number }],
    { batch: string; asset: number; path: string; outcome: string; decision: Decision | null; at: number }
  >(
    `SELECT a.batch, a.id AS asset, a.path, a.outcome, a.decision, coalesce(a.screened_at, b.created_at) AS at
     FROM assets a JOIN batches b ON b.id = a.batch
     WHERE a.sha256 = @sha256 AND a.id <> @except ORDER BY at DESC LIMIT 20`,
  )
  const skippedRows = raw.prepare<[string], { path: string; reason: string }>(
    'SELECT path, reason FROM skipped WHERE batch = ? ORDER BY path',
  )
  const columnRows = raw
    .prepare<[string, number, number], CellTuple>(
      `SELECT ${cellColumns} FROM assets WHERE batch = ? AND position >= ? ORDER BY position LIMIT ?`,
    )
    .raw(true)
  const assetCount = raw.prepare<[string], { n: number }>('SELECT count(*) AS n FROM assets WHERE batch = ?')
  const pathOrder = raw.prepare<[string], number>('SELECT position FROM assets WHERE batch = ? ORDER BY path')
  const cellRow = raw.prepare<[number], CellTuple>(`SELECT ${cellColumns} FROM assets WHERE id = ?`).raw(true)
  const search = createSearchReader(raw)
  const unindexed = raw.prepare<[], { one: 1 }>('SELECT 1 AS one FROM search_queue LIMIT 1')
  const idRange = raw.prepare<[string], { first: number | null; last: number | null; n: number }>(
    'SELECT min(id) AS first, max(id) AS last, count(*) AS n FROM assets WHERE batch = ?',
  )
  const isOfBatch = raw.prepare<[number, string], 1>('SELECT 1 FROM assets WHERE id = ? AND batch = ?').pluck()
  const headRow = raw.prepare<[], { seq: number; hash: Buffer }>(
    'SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1',
  )
  const labelRows = raw.prepare<[string], { asset: number; label: number }>(
    `SELECT a.id AS asset, l.value AS label FROM assets a JOIN results r ON r.asset = a.id, json_each(r.labels) l
     WHERE a.batch = ? ORDER BY a.position, r.profile, l.key`,
  )
  const reviewerRows = raw
    .prepare<[string], string>(
      "SELECT DISTINCT reviewer FROM assets WHERE batch = ? AND reviewer <> '' ORDER BY reviewer",
    )
    .pluck()
  const bodyRows = raw
    .prepare<[number, string], string>('SELECT body FROM ledger WHERE asset = ? AND kind = ? ORDER BY seq')
    .pluck()
  // As arrays: making an object of forty columns takes four times as long as reading them.
  const reportBatch = raw
    .prepare<[string]>(`${reportSelect} WHERE a.batch = ? ORDER BY a.position, r.profile`)
    .raw(true)
  const reportAsset = raw
    .prepare<[string, number]>(`${reportSelect} WHERE a.batch = ? AND a.id = ? ORDER BY r.profile`)
    .raw(true)
  const resultCount = raw.prepare<[string], { n: number }>(
    'SELECT coalesce(sum(n), 0) AS n FROM tallies WHERE batch = ? AND profile >= 0',
  )

  const controls = createControlReader(raw)
  const controlOf = ({ asset, result, endpoints }: ReportRow): ControlState | null => {
    if (endpoints === null) return null
    // A verdict that is used again is backed by what was found out when it was made.
    const batch = result.reused_from === null ? asset.batch : (assetRow.get(result.reused_from)?.batch ?? '')
    const profile = profilesOf(batch)[result.reused_profile ?? result.profile]?.id
    const asked = endpoints.split(',')
    const behind = controls.ofBatch(batch).own.filter(view => view.profile === profile && asked.includes(view.endpoint))
    return worstControl(behind.map(view => view.state))
  }

  const stored = (row: BatchRow): StoredBatch => ({
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
  })
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

  const resultView = (batch: string, result: ResultRecord): ResultView => ({
    profile: profilesOf(batch)[result.profile]?.id ?? String(result.profile),
    state: result.state,
    outcome: result.outcome === 'pending' || result.outcome === 'awaiting' ? null : result.outcome,
    reason: result.reason,
    detail: result.detail,
    labels: z.array(z.number()).parse(JSON.parse(result.labels)),
    score: result.score,
    parts: result.parts,
    checked: result.checked,
    reused: result.reused_from !== null,
    screenedAt: result.screened_at,
  })

  const rowOf = (asset: AssetRecord): AssetRow => ({
    id: asset.id,
    path: asset.path,
    kind: asset.kind,
    bytes: asset.bytes,
    width: asset.width,
    height: asset.height,
    excerpt: asset.excerpt,
    results: resultRows.all(asset.id).map(result => resultView(asset.batch, result)),
    decision: asset.decision,
    decisionReason: asset.decision_reason,
    note: asset.note,
    readerNotes: readerNotesOf(asset.reader_notes),
    isOlderReading: asset.outcome === 'pass' && isOlder.get(asset.id) === 1,
  })

  const checksOf = (asset: number): readonly CheckView[] => {
    const own = assetRow.get(asset)
    if (own === undefined) return []
    const profiles = profilesOf(own.batch)
    const view = (check: CheckRecord & { body: string | null }, profile: number, from: number | null): CheckView => ({
      id: check.id,
      profile: profiles[profile]?.id ?? String(profile),
      part: check.part,
      ...whereabouts(check),
      endpoint: check.endpoint,
      version: check.version,
      state: check.state,
      verdict: check.verdict,
      reason: check.reason,
      detail: check.detail,
      errcode: check.errcode,
      label: check.label,
      score: check.score,
      rid: check.rid,
      traceId: check.trace_id,
      attempts: check.attempts,
      ms: check.ms,
      at: check.at,
      dueAt: check.state === 'awaiting' ? check.due_at : null,
      reusedFrom: from,
      reply: replyOf(check.body),
    })
    const made = checkRows
      .all(asset)
      .filter(check => check.profile >= 0)
      .map(check => view(check, check.profile, null))
    const reused = resultRows.all(asset).flatMap(({ profile, reused_from: from, reused_profile: other }) =>
      from === null
        ? []
        : checkRows
            .all(from)
            .filter(check => check.profile === other)
            .map(check => view(check, profile, from)),
    )
    return [...made, ...reused]
  }

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
    openAssets: (batch, after, limit) =>
      openRows.all(batch, after, limit).map(row => ({
        id: row.id,
        path: row.path,
        source: row.source,
        profiles: row.profiles.split(',').map(Number).sort(),
        isBegun: row.begun === 1,
      })),
    hasOpen: batch => anyOpen.get(batch) !== undefined,
    doneParts: asset =>
      doneChecks.all(asset).map(check => ({
        profile: check.profile,
        part: check.part,
        partHash: check.part_hash,
        endpoint: check.endpoint,
        version: check.version,
        verdict: check.verdict,
        label: check.label,
        score: check.score,
      })),
    awaitingParts: asset =>
      awaitingChecks.all(asset).map(check => ({
        profile: check.profile,
        part: check.part,
        partHash: check.part_hash,
        endpoint: check.endpoint,
        version: check.version,
      })),
    awaiting: batch => awaitingRow.get(batch) ?? { results: 0, since: null },
    hasAwaiting: batch => anyAwaiting.get(batch) !== undefined,
    checksByTrace: (app, traceId) => tracedChecks.all(traceId, app),
    checksOfResult: (asset, profile) => resultChecks.all(asset, profile),
    pendingTrace: same => pendingRow.get(same)?.trace_id ?? null,
    overdue: (now, limit) => overdueChecks.all(now, limit),
    nextDue: () => nextDueRow.get()?.due ?? null,
    expecting: since => expectingRows.all(since),
    relayPosition: relay => positionRow.get(relay)?.position ?? 0,
    reusable: (key, since, until) => {
      const row = reusableRows.all(Buffer.from(key, 'hex'), since, until).find(isBorneOut)
      return row === undefined
        ? null
        : {
            asset: row.asset,
            profile: row.profile,
            outcome: row.outcome,
            labels: z.array(z.number()).parse(JSON.parse(row.labels)),
            score: row.score,
            parts: row.parts,
            screenedAt: row.screened_at,
            notes: readerNotesOf(assetRow.get(row.asset)?.reader_notes ?? null),
          }
    },
    asset: id => assetRow.get(id) ?? null,
    results: asset => resultRows.all(asset),
    checks: checksOf,
    reviews: asset => reviewRows.all(asset),
    reviewAct: act => actRows.all(act),
    beforeAct: (act, asset) => beforeRow.get(act, asset, asset) ?? { decision: null, reason: null, note: null },
    afterAct: (act, asset) => afterRow.get(act, asset) ?? { decision: null, reason: null, note: null },
    earlier: (sha256, except) => earlierRows.all({ sha256, except }),
    skipped: batch => skippedRows.all(batch),
    olderPasses: batch => olderPassRows.all(batch),
    rows: assets => assets.flatMap(id => assetRow.get(id) ?? []).map(rowOf),
    columns: (batch, revision) => {
      const folders = folderIndexOf(batch)
      const length = assetCount.get(batch)?.n ?? 0
      const columns = emptyColumns(length)
      let index = 0
      // Some at a time: one by one they take twice as long, and all at once more memory than the columns themselves.
      for (let page = columnRows.all(batch, 0, columnsAtOnce); page.length > 0; ) {
        for (const cell of page) {
          putCell(columns, index, cell, folders)
          index += 1
        }
        const [last = 0] = page.at(-1) ?? []
        page = columnRows.all(batch, last + 1, columnsAtOnce)
      }
      const pathRank = new Uint32Array(length)
      pathOrder
        .pluck(true)
        .all(batch)
        .forEach((position, rank) => {
          pathRank[position] = rank
        })
      return { batch, revision, ...columns, pathRank, folders: [...folders.names] }
    },
    cells: (batch, assets, from, revision, folders) => {
      const known = folders.names.length
      const rows = assets.map(id => cellRow.get(id)).filter(row => row !== undefined)
      const columns = emptyColumns(rows.length)
      const position = new Uint32Array(rows.length)
      for (const [index, cell] of rows.entries()) {
        position[index] = cell[0]
        putCell(columns, index, cell, folders)
      }
      return { batch, from, revision, position, ...columns, folders: folders.names.slice(known) }
    },
    hasUnindexed: () => unindexed.get() !== undefined,
    search: (batch, query) => {
      const range = idRange.get(batch)
      if (range?.first == null || range.last === null) return new Float64Array()
      const found = search.within(query, range.first, range.last)
      // Batches that were dropped at the same time share a range of ids.
      const isAlone = range.last - range.first + 1 === range.n
      return Float64Array.from(isAlone ? found : found.filter(id => isOfBatch.get(id, batch) !== undefined))
    },
    labels: batch => labelRows.iterate(batch),
    *reportRows(batch, assets) {
      if (assets === null) for (const row of reportBatch.iterate(batch)) yield reportRow(row)
      else for (const id of assets) for (const row of reportAsset.iterate(batch, id)) yield reportRow(row)
    },
    reportCount: (batch, assets) =>
      assets === null ? (resultCount.get(batch)?.n ?? 0) : assets.length * profilesOf(batch).length,
    head: () => headRow.get() ?? null,
    controlOf,
    reviewers: batch => reviewerRows.all(batch),
    ledgerBodies: (asset, kind) => bodyRows.all(asset, kind).map((body): unknown => JSON.parse(body)),
  }
}

/** A row of `cellColumns`. */
type CellTuple = [
  position: number,
  id: number,
  path: string,
  kind: AssetRecord['kind'],
  outcome: AssetRecord['outcome'],
  decision: Decision | null,
  flags: number,
  label: number | null,
  score: number | null,
  reason: FailureCode | null,
  at: number | null,
]

type ReportTuple = [
  id: number,
  batch: string,
  path: string,
  sha256: string | null,
  kind: AssetRecord['kind'],
  bytes: number | null,
  decision: Decision | null,
  decisionReason: number | null,
  note: string | null,
  reviewer: string | null,
  decidedAt: number | null,
  reading: string | null,
  readerNotes: string | null,
  profile: number,
  state: ResultRecord['state'],
  outcome: ResultRecord['outcome'],
  reason: FailureCode | null,
  detail: string | null,
  labels: string,
  parts: number,
  checked: number,
  reusedFrom: number | null,
  reusedProfile: number | null,
  screenedAt: number | null,
  endpoints: string | null,
  rids: string | null,
  traceIds: string | null,
  rowHash: Uint8Array | null,
  isOlderReading: 0 | 1,
]

/** A row of `reportSelect`, read as an array. */
export function reportRow(row: unknown): ReportRow {
  const [id, batch, path, sha256, kind, bytes, decision, decisionReason, note, reviewer, decidedAt, ...more] =
    row as ReportTuple
  const [reading, readerNotes, ...rest] = more
  const [profile, state, outcome, reason, detail, labels, parts, checked, reusedFrom, reusedProfile, ...last] = rest
  const [screenedAt, ...computed] = last
  const [endpoints, rids, traceIds, rowHash, isOlderReading] = computed
  return {
    asset: {
      id,
      batch,
      path,
      sha256,
      kind,
      bytes,
      decision,
      decision_reason: decisionReason,
      note,
      reviewer,
      decided_at: decidedAt,
      reading,
      reader_notes: readerNotes,
    },
    result: {
      profile,
      state,
      outcome,
      reason,
      detail,
      labels,
      parts,
      checked,
      reused_from: reusedFrom,
      reused_profile: reusedProfile,
      screened_at: screenedAt,
    },
    endpoints,
    rids,
    traceIds,
    rowHash,
    isOlderReading: isOlderReading === 1,
  }
}

const noticeSchema = z.object({
  code: z.custom<FailureCode>(value => typeof value === 'string'),
  detail: z.string(),
  untilMs: z.number().nullable(),
  passes: z.boolean().exactOptional(),
})

function emptyColumns(length: number) {
  return {
    id: new Float64Array(length),
    outcome: new Uint8Array(length),
    decision: new Uint8Array(length),
    kind: new Uint8Array(length),
    flags: new Uint8Array(length),
    label: new Int32Array(length),
    score: new Uint8Array(length),
    reason: new Uint8Array(length),
    folder: new Uint32Array(length),
    screenedAt: new Uint32Array(length),
  }
}

function putCell(
  columns: ReturnType<typeof emptyColumns>,
  index: number,
  [, id, path, kind, outcome, decision, flags, label, score, reason, at]: CellTuple,
  folders: FolderIndex,
): void {
  columns.id[index] = id
  columns.outcome[index] = gridOutcomes.indexOf(outcome)
  columns.decision[index] = decision === null ? 0 : gridDecisions.indexOf(decision)
  columns.kind[index] = kind === null ? 0 : gridKinds.indexOf(kind)
  columns.flags[index] = flags
  columns.label[index] = label ?? 0
  columns.score[index] = score ?? 255
  columns.reason[index] = reason === null ? 0 : failureCodes.indexOf(reason) + 1
  columns.folder[index] = folders.numberOf(path)
  columns.screenedAt[index] = at === null ? 0 : Math.floor(at / 1000)
}

/** A check's row as the commands take it. */
export function sentCheckOf(row: CheckRecord): SentCheck {
  return {
    id: row.id,
    asset: row.asset,
    profile: row.profile,
    place: { name: row.part, ...whereabouts(row) },
    endpoint: row.endpoint,
    version: row.version,
    partHash: row.part_hash,
    transform: row.transform,
    at: row.at,
  }
}

/** Where a check's part stands in its asset. */
function whereabouts(row: CheckRecord): Omit<PartPlace, 'name'> {
  return {
    rect: row.rect === null ? null : rectOf(row.rect),
    frame: row.frame,
    range: row.range_start === null || row.range_end === null ? null : [row.range_start, row.range_end],
    line: row.line,
    column: row.col,
  }
}

function rectOf(json: string): Rect {
  return z.tuple([z.number(), z.number(), z.number(), z.number()]).parse(JSON.parse(json))
}

function replyOf(body: string | null): string | null {
  if (body === null) return null
  const parsed = z.object({ reply: z.string().nullish() }).safeParse(JSON.parse(body))
  return parsed.success ? (parsed.data.reply ?? null) : null
}

function memoise<T>(read: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return key => {
    const value = known.get(key) ?? read(key)
    known.set(key, value)
    return value
  }
}
