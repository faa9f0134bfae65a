import type { Evidence } from '../../../shared/conclusion.ts'
import type { AssetKind, Decision, PartPlace, PlatformId, Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import { gridFlags } from '../../../shared/grid.ts'
import { Problem } from '../../../shared/problems.ts'
import type { Profile } from '../../../shared/profile.ts'
import { encodeRemarks, type Remark } from '../../../shared/remarks/index.ts'
import type { BatchState, BatchSummary, ReviewEvent, ScreenOptions } from '../../../shared/screening.ts'
import type { Clock } from '../base/clock.ts'
import type { Reading } from '../formats/family.ts'
import { createAppender } from '../ledger/append.ts'
import { sha256 } from '../ledger/chain.ts'
import { type FactColumns, factsDigest, foundDigest, parkedDigest, runsOf, shortDigest } from '../ledger/digests.ts'
import { type OutcomeRecord, reviewFlags, worstOf } from '../ledger/outcomes.ts'
import { type AssetRecord, type CheckRecord, parseLabels, type ResultEnd, type ResultRecord } from '../ledger/rows.ts'
import { aggregate, partEndOf } from './aggregate.ts'
import type { LedgerDatabase } from './database.ts'
import { createIndexer, createSearchWriter } from './search.ts'

export interface NewAsset {
  readonly path: string
  /** JSON from which the content can be opened again after a restart. */
  readonly source: string
  readonly kind: AssetKind | null
  readonly bytes: number | null
  /** First lines of a text that was found with its words; null until it is read. */
  readonly excerpt: string | null
  /** Known without reading: the asset ends unchecked at once. */
  readonly failure: { readonly code: FailureCode; readonly detail: string } | null
}

export interface AssetFacts {
  readonly kind: AssetKind
  readonly bytes: number
  readonly sha256: string
  readonly width: number | null
  readonly height: number | null
  readonly encoding: string | null
  readonly excerpt: string | null
  /** The beginning of a text, for the search; null for anything else. */
  readonly text: string | null
  readonly reading: Reading
  readonly notes: readonly Remark[]
}

export interface NewCheck {
  readonly asset: number
  readonly profile: number
  readonly place: PartPlace
  readonly endpoint: string
  readonly version: string
  readonly partHash: string
  readonly transform: string | null
  /** When its row is written, in milliseconds since the epoch. */
  readonly at: number
}

/** A check whose row is there. */
export interface SentCheck extends NewCheck {
  readonly id: number
}

/** How a check ended; exactly one of verdict and failure. */
export type CheckEnd = {
  readonly attempts: number
  readonly ms: number
  readonly evidence: Evidence | null
} & (
  | { readonly verdict: Verdict; readonly failure: null }
  | { readonly verdict: null; readonly failure: { readonly code: FailureCode; readonly detail: string } }
)

/** A check that the platform took and will answer by a push. */
export interface WaitingCheck {
  /** Whose trace id it is; see `appOf`. */
  readonly app: string
  readonly traceId: string
  /** When the push is given up. */
  readonly dueAt: number
  readonly attempts: number
  readonly ms: number
  /** The reply that gave the trace id; null when another check of the same bytes waits for it already. */
  readonly evidence: Evidence | null
}

/** Whose call it was; and of a push, how it came. */
export interface CallContext {
  readonly profile?: string | undefined
  readonly platform?: PlatformId | undefined
  readonly appid?: string | undefined
  readonly practice?: boolean | undefined
  /** How sure it is that the platform sent it. */
  readonly authenticity?: string | undefined
  /** It came before the reply that gave its trace id. */
  readonly early?: true | undefined
  /** It came after it had been given up. */
  readonly late?: true | undefined
  /** The check of the same bytes that it was for. */
  readonly sharedWith?: number | undefined
}

/** Of what a result speaks: the asset as it was then, and when an outcome that is used again was made. */
export interface ResultContext {
  readonly path?: string | undefined
  readonly sha256?: string | undefined
  readonly screenedAt?: number | undefined
  readonly late?: true | undefined
}

/**
 * All writes. Each method only runs statements: the caller puts it inside `database.commit`, alone or with others that
 * must become durable together.
 */
export interface LedgerCommands {
  createBatch(batch: {
    id: string
    name: string
    profiles: readonly Profile[]
    inputs: readonly string[]
    options: ScreenOptions
    practice: boolean
    owner: string
  }): void
  /**
   * Ignores what the batch has already (a walk is repeated after a restart). Returns the ids of assets that ended at once because
   * of a failure known without reading.
   */
  addAssets(batch: string, profiles: number, found: readonly NewAsset[]): readonly number[]
  addSkipped(batch: string, left: readonly { readonly path: string; readonly reason: string }[]): void
  setWalked(batch: string): void
  setState(batch: string, state: BatchState, notice: BatchSummary['notice'], owner: string | null): void
  rename(batch: string, name: string): void
  recordFacts(asset: number, facts: AssetFacts): void
  /** The row that must be durable before the first attempt leaves. */
  beginCheck(check: NewCheck): number
  /** The check was answered by a reply, or (`push`) by what came or failed to come later. */
  endCheck(check: SentCheck, end: CheckEnd, context: CallContext, by?: 'call' | 'push'): void
  /** From here on the trace id is durable. */
  awaitCheck(check: number, waiting: WaitingCheck, context: CallContext): void
  /** `later` is what the result is concluded from once its pushes are there. */
  awaitResult(asset: number, profile: number, later: string, parts: number, checked: number): void
  /** Keeps a push whose trace id no check has; the first one counts. */
  parkPush(app: string, traceId: string, conclusion: string): void
  /** Hands out a parked push, once. */
  takeParked(app: string, traceId: string): string | null
  dropParked(before: number): void
  setRelayPosition(relay: string, position: number): void
  /** With `facts` where the asset is read to its end with this result. */
  endResult(asset: number, profile: number, end: ResultEnd, context: ResultContext, facts?: AssetFacts): void
  /**
   * Ends what is still open in the batch (of one profile alone: what is still to be sent): as risky or for review where a part is known
   * to be, else as unchecked, which `requeue` takes up again. A thousand a call, so that a large batch does not hold the write lock: call
   * it until it returns none.
   */
  endOpen(
    batch: string,
    profile: number | null,
    code: FailureCode,
    detail: string,
  ): readonly { readonly asset: number; readonly profile: number }[]
  /**
   * Takes up again what is unchecked for one of these reasons, in the order of the assets and a thousand of them a call like `endOpen`:
   * returns the last one, to go on after, or null when there were none. The assets that are named are checked again whatever they
   * came to. See `requeueAll`.
   */
  requeue(batch: string, which: Requeued): number | null
  /** Throws `not_found` when there is no such asset. */
  review(act: string, reviewer: string, action: ReviewEvent['action'], changes: readonly ReviewChange[]): void
  /** Takes up to `limit` rows into the search index; returns how many. */
  index(limit: number): number
  append(kind: string, batch: string | null, body: Readonly<Record<string, unknown>>): void
  appendOf(kind: string, asset: number, body: Readonly<Record<string, unknown>>): void
}

export type Requeued =
  | { readonly reasons: readonly FailureCode[]; readonly after: number }
  | { readonly assets: readonly number[] }

/** What is left out stays as it is. */
export interface ReviewChange {
  readonly asset: number
  readonly decision?: Decision | null
  readonly reason?: number | null
  readonly note?: string | null
}

/** Results that are ended or taken up again in one transaction. */
const pageSize = 1000

/** `requeue`, page by page: a large batch must hold neither the write lock nor the window. */
export async function requeueAll(
  { database, commands }: { readonly database: LedgerDatabase; readonly commands: LedgerCommands },
  batch: string,
  which: readonly FailureCode[] | { readonly assets: readonly number[] },
): Promise<void> {
  if ('assets' in which) {
    for (let from = 0; from < which.assets.length; from += pageSize) {
      const assets = which.assets.slice(from, from + pageSize)
      await database.commit(() => commands.requeue(batch, { assets }))
    }
    return
  }
  for (let last: number | null = 0; last !== null; ) {
    const after: number = last
    last = await database.commit(() => commands.requeue(batch, { reasons: which, after }))
  }
}

export function createCommands(
  database: LedgerDatabase,
  clock: Clock,
  /** Told of every asset whose grid columns change. */
  onTouched: (batch: string, asset: number) => void,
): LedgerCommands {
  const raw = database.raw
  const appender = createAppender(raw, clock)
  const search = createSearchWriter(raw)

  const insertBatch = raw.prepare(
    `INSERT INTO batches (id, name, state, created_at, practice, profiles, inputs, options, owner)
     VALUES (@id, @name, 'running', @createdAt, @practice, @profiles, @inputs, @options, @owner)`,
  )
  const nextPosition = raw.prepare<[string], { next: number }>(
    // `+?` for the same reason as in `reusable` (queries.ts).
    'SELECT position + 1 AS next FROM assets WHERE batch = +? ORDER BY position DESC LIMIT 1',
  )
  const insertAsset = raw.prepare(
    `INSERT INTO assets (batch, position, path, source, source_key, kind, bytes, excerpt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (batch, source_key) DO NOTHING`,
  )
  const insertResult = raw.prepare('INSERT INTO results (asset, profile, batch) VALUES (?, ?, ?)')
  const insertSkipped = raw.prepare('INSERT INTO skipped (batch, path, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const updateWalked = raw.prepare('UPDATE batches SET walked = 1 WHERE id = ?')
  const updateState = raw.prepare('UPDATE batches SET state = ?, notice = ?, ended_at = ?, owner = ? WHERE id = ?')
  const updateName = raw.prepare('UPDATE batches SET name = ? WHERE id = ?')
  const insertCheck = raw.prepare(
    `INSERT INTO checks (asset, profile, part, rect, frame, range_start, range_end, line, col, endpoint, version, part_hash, transform, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (asset, profile, part) DO NOTHING`,
  )
  /** The same part of an earlier run: what was learnt then is in the ledger. */
  const restartCheck = raw.prepare<unknown[], { id: number }>(
    `UPDATE checks SET rect = ?, frame = ?, range_start = ?, range_end = ?, line = ?, col = ?, endpoint = ?, version = ?,
       part_hash = ?, transform = ?, at = ?, state = 'sent', verdict = NULL, reason = NULL, detail = NULL, errcode = NULL,
       label = NULL, score = NULL, rid = NULL, trace_id = NULL, attempts = 0, ms = NULL, ledger_seq = NULL, app = NULL, due_at = NULL
     WHERE asset = ? AND profile = ? AND part = ? RETURNING id`,
  )
  const finishCheck = raw.prepare(
    `UPDATE checks SET state = 'done', verdict = ?, reason = ?, detail = ?, errcode = ?, label = ?, score = ?, rid = ?, trace_id = ?,
     attempts = ?, ms = ?, ledger_seq = ? WHERE id = ?`,
  )
  const waitCheck = raw.prepare(
    `UPDATE checks SET state = 'awaiting', app = @app, trace_id = @traceId, due_at = @dueAt, attempts = @attempts, ms = @ms,
     ledger_seq = @seq WHERE id = @id`,
  )
  const waitResult = raw.prepare(
    `UPDATE results SET state = 'awaiting', outcome = 'awaiting', reason = NULL, detail = NULL, labels = '[]', score = NULL,
     parts = ?, checked = ?, screened_at = ?, later = ? WHERE asset = ? AND profile = ?`,
  )
  const insertParked = raw.prepare(
    'INSERT INTO parked_pushes (app, trace_id, received_at, conclusion) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const takeParked = raw.prepare<[string, string], { conclusion: string; received_at: number }>(
    'DELETE FROM parked_pushes WHERE app = ? AND trace_id = ? RETURNING conclusion, received_at',
  )
  const readParked = raw
    .prepare<[string, string, number], string>(
      'SELECT conclusion FROM parked_pushes WHERE app = ? AND trace_id = ? AND received_at = ?',
    )
    .pluck()
  const deleteParked = raw.prepare('DELETE FROM parked_pushes WHERE received_at < ?')
  const movePosition = raw.prepare(
    'INSERT INTO relay_positions VALUES (?, ?) ON CONFLICT DO UPDATE SET position = max(position, excluded.position)',
  )
  const readPosition = raw.prepare<[string], number>('SELECT position FROM relay_positions WHERE relay = ?').pluck()
  const readCheck = raw.prepare<[number], CheckRecord>('SELECT * FROM checks WHERE id = ?')
  const finishResult = raw.prepare(
    `UPDATE results SET state = 'done', outcome = ?, reason = ?, detail = ?, labels = ?, score = ?, parts = ?, checked = ?,
     reused_from = ?, reused_profile = ?, reuse_key = ?, screened_at = ?, ledger_seq = ? WHERE asset = ? AND profile = ?`,
  )
  const readAsset = raw.prepare<[number], AssetRecord>('SELECT * FROM assets WHERE id = ?')
  // Only what the grid's columns come from.
  const readShown = raw.prepare<[number], Shown>('SELECT batch, flags, decision, note FROM assets WHERE id = ?')
  /** The same, and how many profiles judge it: read with every result that ends. */
  const readOpen = raw.prepare<[number, number], Shown & Pick<AssetRecord, 'source'> & { readonly profiles: number }>(
    `SELECT a.batch, a.source, a.flags, a.decision, a.note,
       (SELECT count(*) FROM results WHERE asset = a.id) AS profiles
     FROM results r JOIN assets a ON a.id = r.asset WHERE r.asset = +? AND r.profile = +?`,
  )
  const readOutcomes = raw.prepare<[number], OutcomeRecord>(
    'SELECT outcome, reason, labels, score, reused_from, screened_at FROM results WHERE asset = ? ORDER BY profile',
  )
  const readResults = raw.prepare<[number], ResultRecord>('SELECT * FROM results WHERE asset = ? ORDER BY profile')
  const shownColumns = 'outcome = ?, reason = ?, label = ?, score = ?, flags = ?, screened_at = ?'
  const factColumns =
    'kind = ?, bytes = ?, sha256 = ?, width = ?, height = ?, encoding = ?, excerpt = ?, reading = ?, reader_notes = ?'
  const updateShown = raw.prepare(`UPDATE assets SET ${shownColumns} WHERE id = ?`)
  const updateFacts = raw.prepare(`UPDATE assets SET ${factColumns} WHERE id = ?`)
  const updateShownAndFacts = raw.prepare(`UPDATE assets SET ${shownColumns}, ${factColumns} WHERE id = ?`)
  const openResults = raw.prepare<[{ batch: string; profile: number | null }], QueuedResult>(
    `SELECT asset, profile FROM results WHERE batch = @batch AND state <> 'done'
     AND profile = coalesce(@profile, profile) AND (state = 'queued' OR @profile IS NULL) LIMIT ${pageSize}`,
  )
  const endOpenResult = raw.prepare(
    `UPDATE results SET state = 'done', outcome = 'unchecked', reason = ?, detail = ?, screened_at = ?, ledger_seq = ?
     WHERE asset = ? AND profile = ?`,
  )
  const judgedParts = raw.prepare<
    [number, number],
    Pick<CheckRecord, 'verdict' | 'label' | 'score' | 'reason' | 'detail'>
  >(`SELECT verdict, label, score, reason, detail FROM checks WHERE asset = ? AND profile = ? AND state = 'done'`)
  const uncheckedResults = raw.prepare<[{ batch: string; reasons: string; after: number }], QueuedResult>(
    `WITH unchecked AS (SELECT asset, profile FROM results WHERE batch = @batch AND asset > @after AND state = 'done'
       AND outcome = 'unchecked' AND reason IN (SELECT value FROM json_each(@reasons)))
     SELECT asset, profile FROM unchecked
     WHERE asset <= (SELECT max(asset) FROM (SELECT DISTINCT asset FROM unchecked ORDER BY asset LIMIT ${pageSize}))
     ORDER BY asset, profile`,
  )
  const requeueResult = raw.prepare(
    `UPDATE results SET state = 'queued', outcome = 'pending', reason = NULL, detail = NULL, labels = '[]', score = NULL, parts = 0,
     checked = 0, reused_from = NULL, reused_profile = NULL, reuse_key = NULL, screened_at = NULL, later = NULL
     WHERE asset = ? AND profile = ?`,
  )
  const dropChecks = raw.prepare('DELETE FROM checks WHERE asset = ? AND profile = ?')
  const isLent = raw
    .prepare<[number, number], 1>('SELECT 1 FROM results WHERE reused_from = ? AND reused_profile = ? LIMIT 1')
    .pluck()
  const nextKept = raw
    .prepare<[number], number>('SELECT min(coalesce(min(profile), 0), 0) - 1 FROM checks WHERE asset = ?')
    .pluck()
  const keepChecks = raw.prepare('UPDATE checks SET profile = ? WHERE asset = ? AND profile = ?')
  const keepLent = raw.prepare('UPDATE results SET reused_profile = ? WHERE reused_from = ? AND reused_profile = ?')
  const insertReview = raw.prepare(
    'INSERT INTO reviews (asset, act, at, reviewer, action, decision, reason, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const readReviewed = raw.prepare<[number], Reviewed>(
    'SELECT batch, path, sha256, outcome, flags, decision, decision_reason AS reason, note FROM assets WHERE id = ?',
  )
  const updateReview = raw.prepare(
    `UPDATE assets SET decision = @decision, decision_reason = @reason, note = @note, reviewer = @reviewer, decided_at = @at,
       flags = @flags WHERE id = @id`,
  )

  /** The columns of `assets` that hold the facts. */
  const factColumnsOf = ({ kind, bytes, sha256, width, height, encoding, excerpt, reading, notes }: AssetFacts) => {
    const readerNotes = notes.length === 0 ? null : encodeRemarks(notes)
    return { kind, bytes, sha256, width, height, encoding, excerpt, reading, reader_notes: readerNotes }
  }
  /** What the ledger tells of them. */
  const factsBody = (source: string, columns: FactColumnValues) => ({
    facts: factsDigest({ source, ...columns }),
    notes: columns.reader_notes ?? undefined,
    reading: columns.reading ?? undefined,
  })
  /** Brings the asset's grid columns in line with its results and its decision. */
  const refresh = (id: number) => {
    const asset = readShown.get(id)
    if (asset === undefined) return
    const results = readOutcomes.all(id)
    const worst = worstOf(results)
    const [label] = worst === undefined ? [] : parseLabels(worst.labels)
    const outcome = worst?.outcome ?? 'pending'
    const flags =
      (results.some(result => result.reused_from !== null) ? gridFlags.reused : 0) |
      (asset.flags & gridFlags.tiled) |
      (new Set(results.map(result => result.outcome)).size > 1 ? gridFlags.split : 0) |
      reviewFlags(asset.decision, outcome, asset.note)
    const screenedAt = results.reduce<number | null>(
      (latest, { screened_at: at }) => (at !== null && at > (latest ?? 0) ? at : latest),
      null,
    )
    updateShown.run(outcome, worst?.reason ?? null, label ?? null, worst?.score ?? null, flags, screenedAt, id)
    onTouched(asset.batch, id)
  }
  /** What `refresh` comes to where one profile alone judges the asset, which is nearly always. */
  const refreshFromOne = (id: number, asset: Shown, end: ResultEnd, at: number, facts: FactValues | undefined) => {
    const flags =
      (end.reusedFrom === null ? 0 : gridFlags.reused) |
      ((asset.flags & gridFlags.tiled) | (end.tiled ? gridFlags.tiled : 0)) |
      reviewFlags(asset.decision, end.outcome, asset.note)
    const shown = [end.outcome, end.reason, end.labels[0] ?? null, end.score, flags, at]
    if (facts === undefined) updateShown.run(...shown, id)
    else updateShownAndFacts.run(...shown, ...facts, id)
    onTouched(asset.batch, id)
  }
  /**
   * Makes room for other checks of the result. Those by which other assets were judged stay what they were for these: under a number
   * below zero that no profile has.
   */
  const clearChecks = (asset: number, profile: number) => {
    if (isLent.get(asset, profile) === undefined) return dropChecks.run(asset, profile)
    const kept = nextKept.get(asset)
    keepChecks.run(kept, asset, profile)
    appender.append({ kind: 'kept', batch: null, asset, body: { as: kept, form: 2, profileIndex: profile } })
    return keepLent.run(kept, asset, profile)
  }
  const labelsOfAsset = (asset: number) => [
    ...new Set(readResults.all(asset).flatMap(result => parseLabels(result.labels))),
  ]
  const markTiled = raw.prepare('UPDATE assets SET flags = flags | ? WHERE id = ?')

  const appendRelay = (body: Readonly<Record<string, unknown>>) =>
    appender.append({ kind: 'relay', batch: null, asset: null, body: { form: 2, ...body } })
  /** Pushes that were parked since the relay's position was last noted, in the same transaction; most are another program's. */
  const newlyParked = new Map<string, { readonly app: string; readonly traceId: string; readonly at: number }>()
  /** When each came, and its digest. What a transaction parked that came to nothing is not there. */
  const takeNewlyParked = (): readonly (readonly [number, string])[] => {
    const parked = [...newlyParked.values()].flatMap(({ app, traceId, at }) => {
      const conclusion = readParked.get(app, traceId, at)
      return conclusion === undefined ? [] : [[at, parkedDigest(app, traceId, at, conclusion)] as const]
    })
    newlyParked.clear()
    return parked
  }

  const commands: LedgerCommands = {
    createBatch: batch => {
      const createdAt = clock.now()
      const profiles = JSON.stringify(batch.profiles)
      insertBatch.run({
        id: batch.id,
        name: batch.name,
        createdAt,
        practice: batch.practice ? 1 : 0,
        profiles,
        inputs: JSON.stringify(batch.inputs),
        options: JSON.stringify(batch.options),
        owner: batch.owner,
      })
      const body = {
        event: 'start',
        form: 2,
        name: batch.name,
        inputs: batch.inputs,
        options: batch.options,
        profiles: batch.profiles.map(profileBody),
        profilesDigest: shortDigest(profiles),
      }
      appender.append({ kind: 'batch', batch: batch.id, asset: null, body }, createdAt)
    },

    addAssets: (batch, profiles, found) => {
      let position = nextPosition.get(batch)?.next ?? 0
      const ended: number[] = []
      const runs: AddedRun[] = []
      for (const asset of found) {
        const key = sha256(asset.source).subarray(0, 16)
        const { path, source, kind, bytes, excerpt } = asset
        const added = insertAsset.run(batch, position, path, source, key, kind, bytes, excerpt)
        if (added.changes === 0) continue
        const id = Number(added.lastInsertRowid)
        noteAdded(runs, id, position, key, foundDigest(asset))
        position += 1
        search.put(id, 'path', asset.path)
        for (let profile = 0; profile < profiles; profile += 1) {
          insertResult.run(id, profile, batch)
          if (asset.failure !== null) {
            commands.endResult(id, profile, failed(asset.failure.code, asset.failure.detail), { path: asset.path })
          }
        }
        if (asset.failure !== null) ended.push(id)
        onTouched(batch, id)
      }
      for (const run of runs)
        appender.append({ kind: 'found', batch, asset: null, body: { ...run, form: 2, profiles } })
      return ended
    },

    addSkipped: (batch, left) => {
      const added = left.filter(({ path, reason }) => insertSkipped.run(batch, path, reason).changes === 1)
      if (added.length === 0) return
      const skipped = added.map(({ path, reason }) => shortDigest(path, reason)).join('')
      appender.append({ kind: 'skipped', batch, asset: null, body: { form: 2, skipped } })
    },

    setWalked: batch => {
      updateWalked.run(batch)
      appender.append({ kind: 'batch', batch, asset: null, body: { event: 'walked', form: 2 } })
    },

    setState: (batch, state, notice, owner) => {
      const at = clock.now()
      const ended = state === 'done' || state === 'cancelled' ? at : null
      const json = notice === null ? null : JSON.stringify(notice)
      updateState.run(state, json, ended, owner, batch)
      const body = {
        event: state,
        form: 2,
        notice: notice?.code,
        noticeDigest: json === null ? undefined : shortDigest(json),
      }
      appender.append({ kind: 'batch', batch, asset: null, body }, at)
    },

    rename: (batch, name) => {
      updateName.run(name, batch)
      appender.append({ kind: 'batch', batch, asset: null, body: { event: 'rename', form: 2, name } })
    },

    recordFacts: (asset, facts) => {
      const { path, source } = readAsset.get(asset) ?? { path: undefined, source: '' }
      const columns = factColumnsOf(facts)
      if (facts.text !== null) search.put(asset, 'text', facts.text)
      updateFacts.run(...Object.values(columns), asset)
      const body = { ...factsBody(source, columns), form: 2, path, sha256: columns.sha256 }
      appender.append({ kind: 'facts', batch: null, asset, body })
    },

    beginCheck: ({ asset, profile, place, endpoint, version, partHash, transform, at }) => {
      const facts = [
        place.rect === null ? null : JSON.stringify(place.rect),
        place.frame,
        place.range?.[0] ?? null,
        place.range?.[1] ?? null,
        place.line,
        place.column,
        endpoint,
        version,
        partHash,
        transform,
        at,
      ]
      const added = insertCheck.run(asset, profile, place.name, ...facts)
      if (added.changes === 1) return Number(added.lastInsertRowid)
      const row = restartCheck.get(...facts, asset, profile, place.name)
      if (row === undefined) throw new Error('the check row was not written')
      return row.id
    },

    endCheck: (check, end, context, by = 'call') => {
      const { asset, place, endpoint, version, partHash, transform, at } = check
      const { evidence, failure, verdict, attempts, ms } = end
      const seq = appender.append({
        kind: by,
        batch: null,
        asset,
        // In the order of canonical JSON, for `canonicalJson` to have nothing to sort.
        body: {
          appid: context.appid,
          attempts,
          authenticity: context.authenticity,
          check: check.id,
          col: place.column ?? undefined,
          detail: failure?.detail,
          early: context.early,
          endpoint,
          errcode: evidence?.errcode,
          errmsg: evidence?.errmsg,
          frame: place.frame ?? undefined,
          httpStatus: evidence?.httpStatus,
          label: evidence?.label,
          late: context.late,
          line: place.line ?? undefined,
          ms,
          outcome: verdict ?? 'unchecked',
          part: place.name,
          partHash,
          platform: context.platform,
          practice: context.practice,
          profileId: context.profile,
          range: place.range ?? undefined,
          reason: failure?.code,
          rect: place.rect ?? undefined,
          reply: evidence?.reply,
          rid: evidence?.rid,
          score: evidence?.score,
          sentAt: at,
          sharedWith: context.sharedWith,
          traceId: evidence?.traceId,
          transform: transform ?? undefined,
          version,
        },
      })
      const ended = finishCheck.run(
        verdict,
        failure?.code ?? null,
        failure?.detail ?? null,
        evidence?.errcode ?? null,
        evidence?.label ?? null,
        evidence?.score ?? null,
        evidence?.rid ?? null,
        evidence?.traceId ?? null,
        attempts,
        ms,
        seq,
        check.id,
      )
      if (ended.changes === 0) throw new Error(`check ${check.id} is gone`)
    },

    awaitCheck: (check, waiting, { profile, ...context }) => {
      const row = readCheck.get(check)
      if (row === undefined) throw new Error(`check ${check} is gone`)
      const { app, traceId, dueAt, attempts, ms, evidence } = waiting
      const seq = appender.append({
        kind: 'call',
        batch: null,
        asset: row.asset,
        body: {
          ...context,
          profileId: profile,
          check,
          part: row.part,
          rect: row.rect === null ? undefined : JSON.parse(row.rect),
          frame: row.frame ?? undefined,
          range: row.range_start === null ? undefined : [row.range_start, row.range_end],
          line: row.line ?? undefined,
          col: row.col ?? undefined,
          endpoint: row.endpoint,
          version: row.version,
          partHash: row.part_hash,
          transform: row.transform ?? undefined,
          sentAt: row.at,
          outcome: 'awaiting',
          attempts,
          ms,
          httpStatus: evidence?.httpStatus,
          errcode: evidence?.errcode,
          errmsg: evidence?.errmsg,
          rid: evidence?.rid,
          traceId,
          dueAt,
          reply: evidence?.reply,
        },
      })
      waitCheck.run({ id: check, app, traceId, dueAt, attempts, ms, seq })
    },

    awaitResult: (asset, profile, later, parts, checked) => {
      const at = clock.now()
      waitResult.run(parts, checked, at, later, asset, profile)
      const body = { checked, form: 2, later: shortDigest(later), parts, profileIndex: profile }
      appender.append({ kind: 'await', batch: null, asset, body }, at)
      refresh(asset)
    },

    parkPush: (app, traceId, conclusion) => {
      const at = clock.now()
      const { changes } = insertParked.run(app, traceId, at, conclusion)
      if (changes === 1) newlyParked.set(JSON.stringify([app, traceId]), { app, traceId, at })
    },

    takeParked: (app, traceId) => {
      const taken = takeParked.get(app, traceId)
      if (taken === undefined) return null
      const { conclusion, received_at: receivedAt } = taken
      appendRelay({ event: 'taken', parked: parkedDigest(app, traceId, receivedAt, conclusion) })
      return conclusion
    },

    dropParked: before => {
      if (deleteParked.run(before).changes > 0) appendRelay({ before, event: 'dropped' })
    },

    setRelayPosition: (relay, position) => {
      const isNew = position > (readPosition.get(relay) ?? -1)
      if (!isNew && newlyParked.size === 0) return
      movePosition.run(relay, position)
      const parked = takeNewlyParked()
      const present = readPosition.get(relay)
      appendRelay({ event: 'read', parked: parked.length === 0 ? undefined : parked, position: present, relay })
    },

    endResult: (asset, profile, end, context, facts) => {
      const { outcome, reason, detail, labels, score, parts, checked, reusedFrom, reusedProfile } = end
      const open = readOpen.get(asset, profile)
      if (open === undefined) throw new Error(`asset ${asset} has no result of profile ${profile}`)
      const at = clock.now()
      const reuseKey = end.reuseKey === null ? null : Buffer.from(end.reuseKey, 'hex')
      const columns = facts === undefined ? null : factColumnsOf(facts)
      const read = columns === null ? null : factsBody(open.source, columns)
      const seq = appender.append(
        {
          kind: reusedFrom === null ? 'result' : 'reuse',
          batch: null,
          asset,
          // In the order of canonical JSON, as above.
          body: {
            checked,
            detail: detail ?? undefined,
            facts: read?.facts,
            form: 2,
            key: reuseKey?.toString('base64url'),
            labels,
            late: context.late,
            notes: read?.notes,
            outcome,
            parts,
            path: context.path,
            profileIndex: profile,
            reading: read?.reading,
            reason: reason ?? undefined,
            reusedFrom: reusedFrom ?? undefined,
            reusedProfile: reusedProfile ?? undefined,
            score: score ?? undefined,
            screenedAt: context.screenedAt,
            sha256: context.sha256,
            tiled: end.tiled || undefined,
          },
        },
        at,
      )
      finishResult.run(
        outcome,
        reason,
        detail,
        JSON.stringify(labels),
        score,
        parts,
        checked,
        reusedFrom,
        reusedProfile,
        reuseKey,
        at,
        seq,
        asset,
        profile,
      )
      if (facts !== undefined && facts.text !== null) search.put(asset, 'text', facts.text)
      const factValues = columns === null ? undefined : Object.values(columns)
      if (open.profiles === 1) {
        if (labels.length > 0) search.putLabels(asset, labels)
        refreshFromOne(asset, open, end, at, factValues)
        return
      }
      if (factValues !== undefined) updateFacts.run(...factValues, asset)
      if (labels.length > 0) search.putLabels(asset, labelsOfAsset(asset))
      if (end.tiled) markTiled.run(gridFlags.tiled, asset)
      refresh(asset)
    },

    endOpen: (batch, profile, code, detail) => {
      const open = openResults.all({ batch, profile })
      const untold = open.filter(result => {
        // What was found in a part stays found, whatever becomes of the others.
        const end = aggregate(judgedParts.all(result.asset, result.profile).map(partEndOf), { code, detail })
        if (end.outcome === 'unchecked') return true
        const { path, sha256, kind } = readAsset.get(result.asset) ?? { path: '', sha256: null, kind: null }
        const tiled = kind === 'image' && end.parts > 1
        const context = { path, sha256: sha256 ?? undefined }
        commands.endResult(result.asset, result.profile, { ...end, ...notReused, tiled }, context)
        return false
      })
      if (untold.length === 0) return open
      const at = clock.now()
      const body = {
        outcome: 'unchecked',
        reason: code,
        detail,
        assets: untold.length,
        form: 2,
        profileIndex: profile ?? undefined,
        results: runsOf(untold),
      }
      const seq = appender.append({ kind: 'result', batch, asset: null, body }, at)
      for (const result of untold) {
        endOpenResult.run(code, detail, at, seq, result.asset, result.profile)
        refresh(result.asset)
      }
      return open
    },

    requeue: (batch, which) => {
      const again =
        'assets' in which
          ? which.assets
              .flatMap(asset => readResults.all(asset))
              // What is still queued is about to be checked anyway; its rows must not vanish under the calls that are out.
              .filter(result => result.state !== 'queued' && readAsset.get(result.asset)?.batch === batch)
          : uncheckedResults.all({ batch, reasons: JSON.stringify(which.reasons), after: which.after })
      const assets = new Set(again.map(result => result.asset))
      for (const { asset, profile } of again) requeueResult.run(asset, profile)
      if ('assets' in which) for (const { asset, profile } of again) clearChecks(asset, profile)
      for (const asset of assets) refresh(asset)
      if (assets.size > 0) {
        const dropped = 'assets' in which || undefined
        const body = { event: 'requeue', assets: assets.size, dropped, form: 2, results: runsOf(again) }
        appender.append({ kind: 'batch', batch, asset: null, body })
      }
      return again.at(-1)?.asset ?? null
    },

    review: (act, reviewer, action, changes) => {
      const at = clock.now()
      for (const change of changes) {
        const id = change.asset
        const asset = readReviewed.get(id)
        if (asset === undefined) throw new Problem('not_found', `asset ${id}`)
        const { decision, reason, note } = { ...asset, ...change }
        const review = Number(insertReview.run(id, act, at, reviewer, action, decision, reason, note).lastInsertRowid)
        updateReview.run({
          id,
          decision,
          reason,
          note,
          reviewer,
          at: decision === null ? null : at,
          flags:
            (asset.flags & ~(gridFlags.disagreement | gridFlags.noted)) | reviewFlags(decision, asset.outcome, note),
        })
        if (note !== asset.note) search.put(id, 'note', note)
        const kind = action === 'note' ? 'note' : action === 'undo' || action === 'redo' ? action : 'decision'
        const body = {
          act,
          action,
          reviewer,
          decision,
          form: 2,
          reason: reason ?? undefined,
          review,
          note: note ?? undefined,
          machine: asset.outcome,
          path: asset.path,
          sha256: asset.sha256 ?? undefined,
        }
        appender.append({ kind, batch: asset.batch, asset: id, body }, at)
        onTouched(asset.batch, id)
      }
    },

    index: createIndexer(raw),

    append: (kind, batch, body) => {
      appender.append({ kind, batch, asset: null, body })
    },

    appendOf: (kind, asset, body) => {
      appender.append({ kind, batch: null, asset, body })
    },
  }
  return commands
}

export function failed(reason: FailureCode, detail: string): ResultEnd {
  return {
    outcome: 'unchecked',
    reason,
    detail,
    labels: [],
    score: null,
    parts: 0,
    checked: 0,
    ...notReused,
    tiled: false,
  }
}

const notReused = { reusedFrom: null, reusedProfile: null, reuseKey: null } as const

/** What the ledger tells of a profile: enough to know whose account was asked, and nothing secret. */
function profileBody(profile: Profile): Record<string, unknown> {
  const { id, name, platform, appid, practice, baseUrl, scene, sharePercent } = profile
  return { id, name, platform, appid, practice, baseUrl, scene, sharePercent }
}

/** Assets with consecutive numbers, as the ledger tells of them. */
interface AddedRun {
  readonly first: number
  readonly position: number
  count: number
  /** Their source keys, and their digests (digests.ts), one after the other. */
  keys: string
  found: string
}

function noteAdded(runs: AddedRun[], id: number, position: number, key: Buffer, digest: string): void {
  const last = runs.at(-1)
  const keyDigits = key.toString('hex')
  if (last === undefined || last.first + last.count !== id) {
    runs.push({ first: id, position, count: 1, keys: keyDigits, found: digest })
    return
  }
  last.count += 1
  last.keys += keyDigits
  last.found += digest
}

type FactColumnValues = Omit<FactColumns, 'source'>
type FactValues = readonly (string | number | null)[]
type Shown = Pick<AssetRecord, 'batch' | 'flags' | 'decision' | 'note'>
type QueuedResult = Pick<ResultRecord, 'asset' | 'profile'>
type Reviewed = Pick<AssetRecord, 'batch' | 'path' | 'sha256' | 'outcome' | 'flags' | 'decision' | 'note'> & {
  readonly reason: number | null
}
