import type { Evidence, FinalConclusion } from '../../../shared/conclusion.ts'
import type { ControlMeans, ControlState } from '../../../shared/controls.ts'
import type {
  AssetKind,
  Decision,
  EndpointId,
  PartPlace,
  PlatformId,
  TextRange,
  Verdict,
} from '../../../shared/domain.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { GridOutcome } from '../../../shared/grid.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { Remark } from '../../../shared/remarks/index.ts'
import type { RuleSeverity, RuleText, WaiverReach } from '../../../shared/rules.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { PushEvent } from '../checkers/wechat/push/push-event.ts'
import type { Reading } from '../formats/family.ts'
import type { AssetRecord, AssetResult, ResultRecord } from '../ledger/rows.ts'
import type { Later } from './stored-pushes.ts'

/** A batch as it begins. */
export interface NewBatch {
  readonly id: string
  readonly name: string
  readonly profiles: readonly Profile[]
  readonly inputs: readonly string[]
  readonly options: ScreenOptions
  readonly practice: boolean
  readonly owner: string
}

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
  /** What it is made of; left out for an asset of one piece. */
  readonly pieces?: AssetPieces | null
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

/** What a result refers to: the asset as it was then, and when a reused outcome was made. */
export interface ResultContext {
  readonly path?: string | undefined
  readonly sha256?: string | undefined
  readonly screenedAt?: number | undefined
  readonly late?: true | undefined
  /** Of rules: a digest of the hits, and how many were counted and not kept. */
  readonly hits?: string | undefined
  readonly moreHits?: number | undefined
  /** It is concluded anew from what was found before, and keeps its time. */
  readonly again?: true | undefined
}

export type Requeued =
  | { readonly reasons: readonly FailureCode[]; readonly after: number }
  /** `isKept`: with what was answered about their parts. */
  | { readonly assets: readonly number[]; readonly isKept?: boolean }
  | { readonly profile: number; readonly versions: readonly string[]; readonly after: number }

/** What is left out stays as it is. */
export interface ReviewChange {
  readonly asset: number
  readonly decision?: Decision | null
  readonly reason?: number | null
  readonly note?: string | null
}

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

/** A row of a report: an asset as one profile sees it. */
export interface ReportRow {
  readonly asset: Pick<
    AssetRecord,
    | 'id'
    | 'batch'
    | 'path'
    | 'sha256'
    | 'kind'
    | 'bytes'
    | 'decision'
    | 'decision_reason'
    | 'note'
    | 'reviewer'
    | 'decided_at'
    | 'reading'
    | 'reader_notes'
    | 'rules'
  >
  readonly result: Pick<
    ResultRecord,
    | 'profile'
    | 'state'
    | 'outcome'
    | 'reason'
    | 'detail'
    | 'labels'
    | 'parts'
    | 'checked'
    | 'reused_from'
    | 'reused_profile'
    | 'screened_at'
    | 'rules'
  >
  readonly endpoints: string | null
  readonly rids: string | null
  readonly traceIds: string | null
  readonly rowHash: Uint8Array | null
  /** A pass of a reader that reads such an asset in another way today. */
  readonly isOlderReading: boolean
  /** Rules that the asset was hit by, as `book/rule`, the worst first; those whose every hit is fine apart. */
  readonly hits: { readonly open: readonly string[]; readonly fine: readonly string[] }
}

/** Words that are fine everywhere from now on, under a rule as severe as this at most. */
export interface StandingWaiver {
  readonly id: number
  readonly book: string
  readonly rule: string
  /** As they are compared: see `comparedWords`. */
  readonly words: string
  readonly severity: RuleSeverity
}

/** What a report's cover and lists need of one result. */
export interface HistoryFact {
  readonly asset: number
  readonly batch: string
  /** Index into the batch's profiles. */
  readonly profile: number
  /** The named profile's; without one the asset's worst, so that what another profile flagged is never listed as passed. */
  readonly outcome: AssetRecord['outcome']
  readonly decision: Decision | null
  readonly flags: number
  /** JSON. */
  readonly labels: string
  readonly reviewer: string | null
}

/** What the platform said to a control question. */
export interface DayAnswer {
  readonly seq: number
  readonly state: 'flagged' | 'clean'
  readonly askedAt: number
}

/** An asset of the same bytes as another. */
export interface EarlierAsset {
  readonly batch: string
  readonly asset: number
  readonly path: string
  readonly outcome: GridOutcome
  readonly decision: Decision | null
  /** When it was screened, or its batch made; in milliseconds since the epoch. */
  readonly at: number
}

export interface ReceivedPush {
  readonly event: PushEvent
  /** How sure it is that the platform sent it. */
  readonly authenticity: string
}

export interface PushPage {
  readonly relay: string
  readonly position: number
  readonly pushes: readonly ReceivedPush[]
}

/** A result that was concluded, or corrected, by a push or by its absence. */
export interface Settled {
  readonly batch: string
  readonly asset: number
  readonly profile: number
  readonly end: AssetResult
}

/** With what the asset is, to be recorded at the same time; null where that was done or is to be done later. */
export type WithFacts<Check> = Check & { readonly facts: AssetFacts | null }

/** A call that the platform took and will answer by a push. */
export interface CallAccepted extends Pick<WaitingCheck, 'traceId' | 'attempts' | 'ms' | 'evidence' | 'dueAt'> {
  readonly profile: Profile
}

/** How a check ended, after how many attempts and milliseconds. */
export interface CheckEnd {
  readonly conclusion: FinalConclusion
  readonly attempts: number
  readonly ms: number
}

/** How a check ended that was sent by this program. */
export interface CheckEnded {
  readonly check: SentCheck
  readonly end: CheckEnd
  readonly context: CallContext
}

/** The last word of an asset from some of its profiles. */
export interface AssetEnd {
  readonly asset: number
  readonly context: ResultContext
  /** Null where it could not be read. */
  readonly facts: AssetFacts | null
  /** Checks whose ends are not written yet. */
  readonly checks: readonly CheckEnded[]
  /** Results that are concluded, by profile. */
  readonly results: readonly { readonly profile: number; readonly result: AssetResult }[]
  /** Results that wait for pushes. */
  readonly awaited: readonly { readonly profile: number; readonly later: Later }[]
  /** Results of what looks on this machine: what is fine by now is taken off as they are written. */
  readonly looked: readonly Looked[]
}

/** What a profile that looks on this machine found in an asset. */
export interface Looked {
  readonly profile: number
  /** One for each part, begun and ended at once. */
  readonly checks: readonly { readonly check: NewCheck; readonly end: CheckEnd; readonly context: CallContext }[]
  /** The worst first. */
  readonly hits: readonly NewHit[]
  /** Further hits that are not kept; none is more severe than the last that is. */
  readonly more: number
  /** Why not all of the asset was made into parts. */
  readonly missing: { readonly code: FailureCode; readonly detail: string } | null
}

/** A place where a rule applies, before it is kept. */
export interface NewHit {
  /** The part that it was found in. */
  readonly part: string
  readonly rule: RuleText
  /** SHA-256 of the book. */
  readonly bookVersion: string
  /** In the asset's decoded text; null where it has no place there. */
  readonly range: TextRange | null
  readonly line: number | null
  readonly column: number | null
  readonly matched: string
  readonly before: string
  readonly after: string
}

/** Words that somebody finds fine. */
export interface FineWords {
  readonly hits: readonly number[]
  readonly reach: WaiverReach
  readonly reason: string
  readonly reviewer: string
}

/** What came of it. */
export interface Waived {
  /** Waivers that are in force from now on, and those that are not any more. */
  readonly waivers: readonly number[]
  readonly superseded: readonly number[]
  /** Assets of whose hits one counts otherwise than before, with their batches. */
  readonly assets: readonly { readonly batch: string; readonly asset: number }[]
}

/** Asks for an earlier outcome on the same bytes; see `StoreWriter.claimReuse`. */
export interface ClaimRequest {
  readonly batch: string
  readonly asset: number
  /** Index into the batch's profiles. */
  readonly profile: number
  readonly path: string
  /** Over bytes and settings, hexadecimal. */
  readonly key: string
  /** How old the outcome may be, in milliseconds; 0: nothing is used again, and nobody is waited for. */
  readonly reuseMs: number
  readonly facts: AssetFacts
  /** Whose control checks those behind the outcome become; null where none are made. */
  readonly controls: Pick<Profile, 'id' | 'platform' | 'appid' | 'practice'> | null
}

/** What two checks have in common that wait for the same push. */
export interface SameQuestion {
  /** Whose trace ids they are; see `appOf`. */
  readonly app: string
  readonly endpoint: string
  readonly version: string
  readonly partHash: string
  readonly transform: string | null
}

/** The part of a control row's body that is read again. */
export interface ControlFacts {
  readonly profileId: string
  readonly endpoint: EndpointId
  readonly version: string
  readonly means: ControlMeans
  readonly state: ControlState
  readonly reason?: FailureCode | undefined
  readonly detail?: string | undefined
  /** When the platform was asked, which may have been for an earlier batch. */
  readonly askedAt: number
  /** What was asked of whom; absent where nothing can be. */
  readonly key?: string | undefined
  /** The platform's day. */
  readonly day: string
  /** The row of the call, where it was made for an earlier batch of the day. */
  readonly answeredBy?: number | undefined
  /** The batch whose verdicts are used again, if it is their answer. */
  readonly reusedFrom?: string | undefined
}

/** What a picture looks like, by the hash of its bytes; `bits` are eight bytes, null where it is too plain to tell. */
export interface Likeness {
  readonly sha256: string
  readonly bits: Uint8Array | null
}

/** A picture of a batch, and what it looks like if somebody has asked for that before. */
export interface PictureLikeness extends Likeness {
  readonly position: number
  readonly asset: number
  readonly isKnown: boolean
}
