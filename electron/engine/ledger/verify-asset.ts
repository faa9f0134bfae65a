import { gridFlags } from '../../../shared/grid.ts'
import { type Body, profileIdOf, profileIndexOf } from './body.ts'
import { factsDigest, foundDigest, hitsDigest, piecesDigest, shortDigest } from './digests.ts'
import { comparedOf, findingOf, reviewFlags, worstOf } from './outcomes.ts'
import { type AssetRecord, appOf, type CheckRecord, type HitRecord, parseLabels, type ResultRecord } from './rows.ts'

/**
 * Replays the ledger's rows of one asset and compares what they come to with what the tables say of it. Rows of an older form say less:
 * what they lack is not compared, and whether a row is one of them its own body says, which is part of the chain.
 */

export interface AssetLedgerRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly body: Body
}

/** What befell results of many assets at once. */
export interface SharedEvent {
  readonly seq: number
  readonly at: number
  readonly kind: 'requeue' | 'ended'
  readonly profile: number
  readonly body: Body
}

/** Keys are read as hexadecimal digits: better-sqlite3 takes longer to hand out bytes. */
export type StoredAsset = AssetRecord & { readonly source_key: string; readonly pieces: string | null }
export type StoredResult = ResultRecord & { readonly batch: string; readonly reuse_key: string | null }
export interface StoredReview {
  readonly id: number
  readonly asset: number
  readonly act: string
  readonly at: number
  readonly reviewer: string
  readonly action: string
  readonly decision: AssetRecord['decision']
  readonly reason: number | null
  readonly note: string | null
}

/** What the ledger records of a batch, as far as its assets need it. */
export interface BatchContext {
  readonly profiles: readonly string[]
  /** It was begun by a program whose rows said less. */
  readonly isOld: boolean
  /** Rows that do not say which results they took up again. */
  readonly oldRequeues: readonly number[]
  /** Rows that do not say which results they ended, by number. */
  readonly oldEnds: ReadonlyMap<number, AssetLedgerRow>
}

export interface AssetMaterial {
  readonly asset: StoredAsset
  readonly results: readonly StoredResult[]
  readonly checks: readonly CheckRecord[]
  readonly hits: readonly HitRecord[]
  readonly reviews: readonly StoredReview[]
  readonly rows: readonly AssetLedgerRow[]
  readonly events: readonly SharedEvent[]
  readonly batch: BatchContext
  /** As the walk found it; null where the ledger does not tell. */
  readonly found: {
    readonly position: number
    /** How many were to judge it. */
    readonly profiles: number
    readonly key: string
    readonly digest: string
    /** Those that look on this machine. */
    readonly local: readonly number[]
  } | null
  /** Under which number below zero the lender's checks were kept after this row; null where they were not. */
  keptAs(lender: number, profile: number, after: number): number | null
}

export type Part = 'facts' | 'results' | 'checks' | 'hits' | 'decision' | 'outcome' | 'reviews' | 'gone'

export interface Difference {
  readonly part: Part
  /** The row of the ledger that is contradicted, or that has lost what it is about. */
  readonly seq: number | null
}

/** Moments that rows of an older form do not share with the tables are read one after the other. */
export const sameTimeMs = 60_000

const reviewKinds: ReadonlySet<string> = new Set(['decision', 'note', 'undo', 'redo'])

export function compareAsset(material: AssetMaterial): Difference | null {
  const recorded = replay(material)
  return (
    compareFacts(material, recorded) ??
    compareResults(material, recorded) ??
    compareChecks(material, recorded) ??
    compareHits(material, recorded) ??
    compareReviews(material, recorded) ??
    compareShown(material, recorded)
  )
}

/** Kinds of rows that say more than they did; the others are as they always were. */
const hasForm: ReadonlySet<string> = new Set(['batch', 'result', 'reuse', 'decision', 'note', 'undo', 'redo'])

/** Whether a row was written by a program that recorded less than this one. */
export function isOldForm({ kind, body }: { readonly kind: string; readonly body: Body }): boolean {
  if (kind === 'call' || kind === 'push') return body.check === undefined
  return hasForm.has(kind) && body.form === undefined
}

interface RecordedResult {
  readonly state: ResultRecord['state']
  /** The row that brought it there. */
  readonly row: AssetLedgerRow | null
  readonly outcome: unknown
  readonly reason: unknown
  readonly detail: unknown
  readonly labels: string
  readonly score: unknown
  readonly parts: unknown
  readonly checked: unknown
  readonly reusedFrom: unknown
  readonly reusedProfile: unknown
  readonly key: unknown
  readonly screenedAt: number | null
  readonly ledgerSeq: number | null
  readonly later: unknown
  /** Of what looks on this machine. */
  readonly rules: unknown
  readonly hits: unknown
  readonly moreHits: unknown
}

interface Recorded {
  readonly results: Map<number, RecordedResult>
  /** The newest call or push of a part, by profile and part. */
  readonly checks: Map<string, AssetLedgerRow>
  /** The same for checks that were kept because other assets reuse their verdict, by number and part. */
  readonly kept: Map<string, AssetLedgerRow>
  /** The calls by which parts came to wait for a push. */
  readonly waits: Map<string, AssetLedgerRow>
  /** Profiles of results that were left to their pushes by an older program, which did not say so. */
  readonly oldWaits: Set<string>
  readonly reviews: AssetLedgerRow[]
  facts: AssetLedgerRow | null
  /** The newest row that names the bytes. */
  bytes: AssetLedgerRow | null
  isTiled: boolean
  hasOldResults: boolean
}

const queued: RecordedResult = {
  state: 'queued',
  row: null,
  outcome: 'pending',
  reason: null,
  detail: null,
  labels: '[]',
  score: null,
  parts: 0,
  checked: 0,
  reusedFrom: null,
  reusedProfile: null,
  key: null,
  screenedAt: null,
  ledgerSeq: null,
  later: null,
  rules: null,
  hits: null,
  moreHits: null,
}

const keyOf = (owner: unknown, part: unknown) => `${owner}\n${part}`

/** Used for one asset after the other: to make its collections anew for each takes a tenth of the time of a comparison. */
const scratch: Recorded = {
  results: new Map(),
  checks: new Map(),
  kept: new Map(),
  waits: new Map(),
  oldWaits: new Set(),
  reviews: [],
  facts: null,
  bytes: null,
  isTiled: false,
  hasOldResults: false,
}

function cleared(recorded: Recorded): Recorded {
  for (const each of [recorded.results, recorded.checks, recorded.kept, recorded.waits, recorded.oldWaits]) {
    if (each.size > 0) each.clear()
  }
  recorded.reviews.length = 0
  recorded.facts = null
  recorded.bytes = null
  recorded.isTiled = false
  recorded.hasOldResults = false
  return recorded
}

function replay({ rows, events, batch }: AssetMaterial): Recorded {
  const recorded = cleared(scratch)
  let next = 0
  for (const row of rows) {
    for (let event = events[next]; event !== undefined && event.seq < row.seq; event = events[next]) {
      applyEvent(recorded, event, batch)
      next += 1
    }
    applyRow(recorded, row, batch)
  }
  for (const event of events.slice(next)) applyEvent(recorded, event, batch)
  return recorded
}

function applyRow(recorded: Recorded, row: AssetLedgerRow, batch: BatchContext): void {
  const { kind, body } = row
  if (typeof body.sha256 === 'string' && !reviewKinds.has(kind)) recorded.bytes = row
  if (body.facts !== undefined) recorded.facts = row
  if (kind === 'call' || kind === 'push') {
    const profile = profileIdOf(body)
    const key = keyOf(profile, body.part)
    recorded.checks.set(key, row)
    if (body.outcome === 'awaiting') {
      recorded.waits.set(key, row)
      if (body.check === undefined) recorded.oldWaits.add(String(profile))
    } else if (kind === 'call') recorded.waits.delete(key)
  } else if (kind === 'result' || kind === 'reuse') {
    const profile = Number(profileIndexOf(body))
    recorded.results.set(profile, resultOf(row, recorded.results.get(profile) ?? queued))
    if (body.tiled === true) recorded.isTiled = true
    if (body.form === undefined) recorded.hasOldResults = true
  } else if (kind === 'await') {
    const profile = Number(profileIndexOf(body))
    const before = recorded.results.get(profile) ?? queued
    recorded.results.set(profile, {
      ...before,
      state: 'awaiting',
      row,
      outcome: 'awaiting',
      reason: null,
      detail: null,
      labels: '[]',
      score: null,
      parts: body.parts,
      checked: body.checked,
      screenedAt: row.at,
      later: body.later,
    })
  } else if (kind === 'kept') {
    moveChecks(recorded, batch.profiles[Number(profileIndexOf(body))], body.as)
  } else if (reviewKinds.has(kind)) {
    recorded.reviews.push(row)
  }
}

function resultOf(row: AssetLedgerRow, before: RecordedResult): RecordedResult {
  const { body } = row
  return {
    state: 'done',
    row,
    outcome: body.outcome,
    reason: body.reason ?? null,
    detail: body.detail ?? null,
    labels: JSON.stringify(body.labels ?? []),
    score: body.score ?? null,
    parts: body.parts,
    checked: body.checked,
    reusedFrom: body.reusedFrom ?? null,
    reusedProfile: body.reusedProfile ?? null,
    key: body.key ?? null,
    // What is concluded anew from the same hits keeps its time.
    screenedAt: body.again === true ? (before.screenedAt ?? row.at) : row.at,
    ledgerSeq: row.seq,
    later: before.later,
    rules: body.rules ?? null,
    hits: body.hits ?? null,
    moreHits: body.moreHits ?? null,
  }
}

function applyEvent(recorded: Recorded, { kind, profile, seq, at, body }: SharedEvent, batch: BatchContext): void {
  const before = recorded.results.get(profile) ?? queued
  const row = { seq, at, kind: 'result', body }
  if (kind === 'ended') {
    const { reason, detail } = body
    const ended = { state: 'done', outcome: 'unchecked', reason, detail, screenedAt: at, ledgerSeq: seq, row } as const
    recorded.results.set(profile, { ...before, ...ended })
    return
  }
  recorded.results.set(profile, { ...queued, row, ledgerSeq: before.ledgerSeq })
  recorded.oldWaits.delete(String(batch.profiles[profile]))
  if (body.dropped !== true) return
  moveChecks(recorded, batch.profiles[profile], null)
}

/** The checks of a result make room for others: they are kept under a number, or dropped. */
function moveChecks({ checks, kept, waits }: Recorded, owner: string | undefined, as: unknown): void {
  for (const [key, check] of checks) {
    if (profileIdOf(check.body) !== owner) continue
    checks.delete(key)
    const wait = waits.get(key)
    waits.delete(key)
    if (as === null) continue
    const keptKey = keyOf(as, check.body.part)
    kept.set(keptKey, check)
    if (wait !== undefined) waits.set(keptKey, wait)
  }
}

/** Whether a row that does not say which results it took up again may have taken up this one since. */
function mayHaveBeenRequeued({ oldRequeues }: BatchContext, since: number | undefined): boolean {
  return oldRequeues.some(seq => seq > (since ?? 0))
}

function compareFacts({ asset, found, batch, rows }: AssetMaterial, recorded: Recorded): Difference | null {
  const differs = (seq: number | null): Difference => ({ part: 'facts', seq })
  if (found === null && !batch.isOld) return differs(null)
  if (found !== null && (found.position !== asset.position || found.key !== asset.source_key)) return differs(null)
  const misnamed = rows.find(({ body }) => typeof body.path === 'string' && body.path !== asset.path)
  if (misnamed !== undefined) return differs(misnamed.seq)
  const { facts, bytes } = recorded
  if (facts !== null) {
    const { body, seq } = facts
    const isSame =
      body.facts === factsDigest(asset) &&
      (body.reading ?? null) === asset.reading &&
      (body.notes ?? null) === asset.reader_notes &&
      (body.pieces ?? null) === piecesDigest(asset.pieces)
    return isSame ? null : differs(seq)
  }
  if (bytes !== null) return bytes.body.sha256 === asset.sha256 ? null : differs(bytes.seq)
  if (found === null) return null
  const { sha256, width, height, encoding, reading, reader_notes: notes, pieces } = asset
  const isUnread = [sha256, width, height, encoding, reading, notes, pieces].every(each => each === null)
  return isUnread && found.digest === foundDigest(asset) ? null : differs(null)
}

function compareResults(
  { results, asset, batch, found, keptAs }: AssetMaterial,
  recorded: Recorded,
): Difference | null {
  for (const [profile, { row }] of recorded.results) {
    if (!results.some(result => result.profile === profile)) return { part: 'gone', seq: row?.seq ?? null }
  }
  const isWhole =
    found === null || (results.length === found.profiles && results.every((each, at) => each.profile === at))
  if (!isWhole) return { part: 'results', seq: null }
  for (const result of results) {
    const expected = recorded.results.get(result.profile) ?? queued
    const isLocal = found?.local.includes(result.profile) ?? false
    const rules = isLocal ? (expected.rules ?? 'unread') : expected.rules
    const isSame = result.rules === rules && result.more_hits === expected.moreHits && result.batch === asset.batch
    if (isSame && isAsRecorded(result, expected, recorded, batch, keptAs)) continue
    return { part: 'results', seq: expected.row?.seq ?? result.ledger_seq }
  }
  return null
}

function isAsRecorded(
  result: StoredResult,
  recorded: RecordedResult,
  { oldWaits }: Recorded,
  batch: BatchContext,
  keptAs: AssetMaterial['keptAs'],
): boolean {
  const { row } = recorded
  const isOldWait = oldWaits.has(String(batch.profiles[result.profile]))
  if (isSameResult(result, recorded, isOldWait, keptAs)) return true
  // What rows of an older form leave open.
  const ended = batch.oldEnds.get(result.ledger_seq ?? 0)
  if (result.state === 'done' && ended !== undefined && ended.seq > (row?.seq ?? 0)) {
    const { outcome, reason, detail } = ended.body
    const isClose = Math.abs((result.screened_at ?? 0) - ended.at) <= sameTimeMs
    return isClose && outcome === result.outcome && reason === result.reason && (detail ?? null) === result.detail
  }
  if (result.state === 'awaiting') return isOldWait && result.outcome === 'awaiting'
  return (
    result.state === 'queued' &&
    mayHaveBeenRequeued(batch, row?.seq) &&
    isSameResult(result, { ...queued, ledgerSeq: result.ledger_seq }, false, keptAs)
  )
}

function isSameResult(
  result: StoredResult,
  recorded: RecordedResult,
  isOldWait: boolean,
  keptAs: AssetMaterial['keptAs'],
): boolean {
  const { row } = recorded
  const isOld = row !== null && isOldForm(row)
  const isSame =
    result.state === recorded.state &&
    result.outcome === recorded.outcome &&
    result.reason === recorded.reason &&
    result.detail === recorded.detail &&
    result.labels === recorded.labels &&
    result.score === recorded.score &&
    result.parts === recorded.parts &&
    result.checked === recorded.checked &&
    result.reused_from === recorded.reusedFrom &&
    result.ledger_seq === recorded.ledgerSeq
  if (!isSame) return false
  if (!isOldWait && (result.later === null ? null : shortDigest(result.later)) !== recorded.later) return false
  if (isOld) return Math.abs((result.screened_at ?? 0) - (recorded.screenedAt ?? 0)) <= sameTimeMs
  if (result.screened_at !== recorded.screenedAt) return false
  if (keyText(result.reuse_key) !== recorded.key) return false
  if (result.reused_from === null || row === null) return result.reused_profile === recorded.reusedProfile
  const lent = Number(recorded.reusedProfile)
  return result.reused_profile === (keptAs(result.reused_from, lent, row.seq) ?? lent)
}

/** As rows of the ledger have it. */
function keyText(digits: string | null): string | null {
  return digits === null ? null : Buffer.from(digits, 'hex').toString('base64url')
}

function compareChecks(material: AssetMaterial, recorded: Recorded): Difference | null {
  const { checks, batch } = material
  const present = new Set<AssetLedgerRow>()
  for (const check of checks) {
    const isKept = check.profile < 0
    const key = keyOf(isKept ? check.profile : batch.profiles[check.profile], check.part)
    const newest = (isKept ? recorded.kept : recorded.checks).get(key)
    if (check.state === 'sent') {
      // On its way: the ledger gets its row with the answer. What was answered before was so before it left.
      if (check.ledger_seq !== null || (newest !== undefined && newest.at > check.at)) return differs(newest)
      if (newest !== undefined) present.add(newest)
      continue
    }
    const row = newest ?? rowOfOlderKind(check, material)
    if (row === undefined || row.seq !== check.ledger_seq) return { part: 'checks', seq: row?.seq ?? check.ledger_seq }
    if (!isSameCheck(check, row, recorded.waits.get(key))) return differs(row)
    present.add(row)
  }
  for (const rows of [recorded.checks, recorded.kept]) {
    for (const row of rows.values()) {
      if (!present.has(row) && !mayHaveBeenRequeued(batch, row.seq)) return { part: 'gone', seq: row.seq }
    }
  }
  return null
}

const differs = (row: AssetLedgerRow | undefined): Difference => ({ part: 'checks', seq: row?.seq ?? null })

/** Rows that name no profile of the batch, and checks that an older program kept without a row about it. */
function rowOfOlderKind(check: CheckRecord, { rows, batch }: AssetMaterial): AssetLedgerRow | undefined {
  const row = rows.find(({ seq }) => seq === check.ledger_seq)
  if (row === undefined || (row.kind !== 'call' && row.kind !== 'push')) return undefined
  const isUnnamed = !batch.profiles.includes(String(profileIdOf(row.body)))
  const isKept = check.profile < 0 && mayHaveBeenRequeued(batch, row.seq)
  return isUnnamed || isKept ? row : undefined
}

function isSameCheck(check: CheckRecord, { body }: AssetLedgerRow, wait: AssetLedgerRow | undefined): boolean {
  const isAwaiting = body.outcome === 'awaiting'
  const recorded = (name: string) => body[name] ?? null
  const isSame =
    check.part === body.part &&
    check.endpoint === body.endpoint &&
    check.version === body.version &&
    check.part_hash === body.partHash &&
    check.transform === recorded('transform') &&
    check.at === body.sentAt &&
    check.state === (isAwaiting ? 'awaiting' : 'done') &&
    (check.verdict ?? (isAwaiting ? 'awaiting' : 'unchecked')) === body.outcome &&
    check.reason === recorded('reason') &&
    check.detail === recorded('detail') &&
    check.errcode === (isAwaiting ? null : recorded('errcode')) &&
    check.label === recorded('label') &&
    check.score === recorded('score') &&
    check.rid === (isAwaiting ? null : recorded('rid')) &&
    check.trace_id === recorded('traceId') &&
    check.attempts === body.attempts &&
    check.ms === body.ms
  return isSame && isSamePlace(check, body) && isSameWait(check, wait?.body)
}

function isSamePlace(check: CheckRecord, body: Body): boolean {
  const isOld = body.check === undefined
  // What waits for a push had no place in an older program's row; its push has.
  if (isOld && body.outcome === 'awaiting') return true
  const [start, end] = Array.isArray(body.range) ? body.range : [null, null]
  const isSame =
    check.rect === (body.rect === undefined ? null : JSON.stringify(body.rect)) &&
    check.frame === (body.frame ?? null) &&
    check.range_start === start &&
    check.range_end === end
  if (!isSame || isOld) return isSame
  return check.id === body.check && check.line === (body.line ?? null) && check.col === (body.col ?? null)
}

/** Whose trace id it is, and until when its push is awaited. */
function isSameWait(check: CheckRecord, wait: Body | undefined): boolean {
  if (wait === undefined) return check.app === null && check.due_at === null
  const { platform, appid, dueAt } = wait
  const isKnown = typeof platform === 'string' && typeof appid === 'string'
  return check.due_at === dueAt && (!isKnown || check.app === appOf({ platform, appid }))
}

/** What rules found, and what of it is fine: every result that is done says so by a digest. */
function compareHits({ asset, results, hits }: AssetMaterial, recorded: Recorded): Difference | null {
  if (hits.length === 0 && !results.some(({ rules }) => rules !== null)) return null
  const strange = hits.some(hit => hit.batch !== asset.batch || !results.some(({ profile }) => profile === hit.profile))
  if (strange) return { part: 'hits', seq: null }
  for (const { profile, ledger_seq: seq } of results) {
    const own = hits.filter(hit => hit.profile === profile)
    const digest = own.length === 0 ? null : hitsDigest(own)
    if (digest !== (recorded.results.get(profile) ?? queued).hits) return { part: 'hits', seq }
  }
  return null
}

function compareReviews({ asset, reviews }: AssetMaterial, { reviews: rows }: Recorded): Difference | null {
  const last = rows.at(-1)
  const differs = (part: Part, row = last): Difference => ({ part, seq: row?.seq ?? null })
  for (const [index, row] of rows.entries()) {
    const review = reviews[index]
    if (review === undefined) return differs('gone', row)
    if (!isSameReview(review, row)) return differs('reviews', row)
  }
  if (reviews.length > rows.length) return differs('reviews')
  const recorded = (name: string) => last?.body[name] ?? null
  const isSame =
    asset.decision === recorded('decision') &&
    asset.decision_reason === recorded('reason') &&
    asset.note === recorded('note') &&
    asset.reviewer === recorded('reviewer') &&
    asset.decided_at === (asset.decision === null ? null : (reviews.at(-1)?.at ?? null))
  return isSame ? null : differs('decision')
}

function isSameReview(review: StoredReview, { kind, body, at }: AssetLedgerRow): boolean {
  const isSame =
    review.act === body.act &&
    review.reviewer === body.reviewer &&
    review.decision === (body.decision ?? null) &&
    review.reason === (body.reason ?? null) &&
    review.note === (body.note ?? null)
  if (body.form !== undefined)
    return isSame && review.id === body.review && review.action === body.action && review.at === at
  const action = review.action === 'decide' || review.action === 'clear' ? 'decision' : review.action
  return isSame && action === kind && Math.abs(review.at - at) <= sameTimeMs
}

/** What the grid shows, which follows from the results and the decision. */
function compareShown({ asset, results }: AssetMaterial, { isTiled, hasOldResults }: Recorded): Difference | null {
  const compared = comparedOf(results)
  const worst = worstOf(compared)
  const outcome = worst?.outcome ?? 'pending'
  const screenedAt = results.reduce<number | null>(
    (latest, { screened_at: at }) => (at !== null && at > (latest ?? 0) ? at : latest),
    null,
  )
  // Rows of an older form do not say whether a picture was cut.
  const tiled = isTiled || (hasOldResults && (asset.flags & gridFlags.tiled) !== 0)
  const flags =
    (results.some(result => result.reused_from !== null) ? gridFlags.reused : 0) |
    (tiled ? gridFlags.tiled : 0) |
    (compared.some(result => result.outcome !== compared[0]?.outcome) ? gridFlags.split : 0) |
    reviewFlags(asset.decision, outcome, asset.note)
  const isSame =
    asset.outcome === outcome &&
    asset.reason === (worst?.reason ?? null) &&
    asset.label === (worst === undefined ? null : (parseLabels(worst.labels)[0] ?? null)) &&
    asset.score === (worst?.score ?? null) &&
    asset.screened_at === screenedAt &&
    asset.rules === findingOf(results) &&
    asset.flags === flags
  const newest = results.reduce<number | null>(
    (last, { ledger_seq: seq }) => ((seq ?? 0) > (last ?? 0) ? seq : last),
    null,
  )
  return isSame ? null : { part: 'outcome', seq: newest }
}
