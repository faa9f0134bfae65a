import type { AssetKind, Decision, EndpointId, Outcome, PlatformId, Verdict } from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { GridOutcome } from '../../../shared/grid.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { RuleFinding, RuleSeverity, WaiverReach } from '../../../shared/rules.ts'
import type { BatchState, ScreenOptions } from '../../../shared/screening.ts'

/** Rows as SQLite gives them, with the words of the schema; queries parse the JSON columns. */
export interface BatchRow {
  readonly id: string
  readonly name: string
  readonly state: BatchState
  readonly notice: string | null
  readonly created_at: number
  readonly ended_at: number | null
  readonly walked: 0 | 1
  readonly practice: 0 | 1
  readonly profiles: string
  readonly inputs: string
  readonly options: string
  readonly owner: string | null
}

/** A batch with everything needed to go on with it. */
export interface StoredBatch {
  readonly id: string
  readonly name: string
  readonly state: BatchState
  readonly createdAt: number
  readonly walked: boolean
  readonly practice: boolean
  /** As they were when the batch began, without secrets. */
  readonly profiles: readonly Profile[]
  readonly inputs: readonly string[]
  readonly options: ScreenOptions
  readonly owner: string | null
}

export interface AssetRecord {
  readonly id: number
  readonly batch: string
  readonly position: number
  readonly path: string
  readonly source: string
  readonly kind: AssetKind | null
  readonly bytes: number | null
  readonly sha256: string | null
  readonly width: number | null
  readonly height: number | null
  readonly encoding: string | null
  readonly excerpt: string | null
  readonly outcome: GridOutcome
  readonly reason: FailureCode | null
  readonly label: number | null
  readonly score: number | null
  readonly flags: number
  readonly screened_at: number | null
  readonly decision: Decision | null
  readonly decision_reason: number | null
  readonly note: string | null
  readonly reviewer: string | null
  readonly decided_at: number | null
  /** A `Reading`; null for what was read before readings had versions. */
  readonly reading: string | null
  readonly reader_notes: string | null
  readonly rules: RuleFinding | null
}

export interface ResultRecord {
  readonly asset: number
  readonly profile: number
  readonly state: 'queued' | 'awaiting' | 'done'
  readonly outcome: GridOutcome
  readonly reason: FailureCode | null
  readonly detail: string | null
  readonly labels: string
  readonly score: number | null
  readonly parts: number
  readonly checked: number
  readonly reused_from: number | null
  readonly reused_profile: number | null
  /** While awaiting: since when. */
  readonly screened_at: number | null
  readonly ledger_seq: number | null
  readonly later: string | null
  /** Null where a platform is asked; `unread` until it is known. */
  readonly rules: RuleFinding | 'unread' | null
  readonly more_hits: number | null
}

export interface CheckRecord {
  readonly id: number
  readonly asset: number
  readonly profile: number
  readonly part: string
  readonly rect: string | null
  readonly frame: number | null
  readonly range_start: number | null
  readonly range_end: number | null
  readonly line: number | null
  readonly col: number | null
  readonly endpoint: EndpointId
  readonly version: string
  readonly part_hash: string
  readonly transform: string | null
  readonly state: 'sent' | 'awaiting' | 'done'
  readonly verdict: Verdict | null
  readonly reason: FailureCode | null
  readonly detail: string | null
  readonly errcode: number | null
  readonly label: number | null
  readonly score: number | null
  readonly rid: string | null
  readonly trace_id: string | null
  readonly attempts: number
  readonly ms: number | null
  readonly at: number
  readonly ledger_seq: number | null
  readonly app: string | null
  readonly due_at: number | null
}

/** A place where a rule applies. */
export interface HitRecord {
  readonly id: number
  readonly batch: string
  readonly asset: number
  readonly profile: number
  readonly check_id: number
  readonly book: string
  readonly rule: string
  readonly severity: RuleSeverity
  readonly rule_text: string
  readonly book_version: string
  readonly range_start: number | null
  readonly range_end: number | null
  readonly line: number | null
  readonly col: number | null
  readonly matched: string
  readonly words: string
  readonly before: string
  readonly after: string
  readonly waiver: number | null
}

/** Words that somebody found fine in spite of a rule. */
export interface WaiverRecord {
  readonly id: number
  readonly reach: WaiverReach
  readonly reason: string
  readonly reviewer: string
  readonly at: number
  readonly batch: string
  readonly asset: number
  readonly book: string
  readonly rule: string
  readonly words: string
  readonly severity: RuleSeverity
  readonly range_start: number | null
  readonly around: string
  readonly ended_at: number | null
}

/** Whose trace id it is: they are unique within an app only. */
export function appOf(app: { readonly platform: PlatformId; readonly appid: string }): string {
  return `${app.platform}:${app.appid}`
}

/** What screening an asset came to for one profile. */
export interface AssetResult {
  readonly outcome: Outcome
  readonly reason: FailureCode | null
  readonly detail: string | null
  /** Worst first. */
  readonly labels: readonly number[]
  readonly score: number | null
  readonly parts: number
  readonly checked: number
  readonly reusedFrom: number | null
  /** Index of the profile in the batch that the outcome was taken from. */
  readonly reusedProfile: number | null
  /** SHA-256 over bytes and settings, hexadecimal; null when the outcome must not be reused. */
  readonly reuseKey: string | null
  readonly tiled: boolean
  /** Of what looks on this machine: absent where a platform was asked, or where not all of it was looked at and nothing holds it up. */
  readonly rules?: RuleFinding
}

/** The column `labels`, which is written by this program only. */
export function parseLabels(json: string): readonly number[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.filter(item => typeof item === 'number') : []
}
