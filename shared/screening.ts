import { z } from 'zod'
import type { CallsByCause } from './call-causes.ts'
import type { ControlView } from './controls.ts'
import type { AssetKind, Decision, EndpointId, Outcome, PlatformId, Rect, TextRange, Verdict } from './domain.ts'
import { imageModes } from './domain.ts'
import { encodings } from './encodings.ts'
import type { FailureCode } from './failures.ts'
import { inputLimits } from './input-limits.ts'
import { callCeiling, mostFrames } from './limits.ts'
import type { AssetPieces } from './pieces.ts'
import type { PlannedDocument } from './planned-documents.ts'
import type { ProblemCode, Said } from './problems.ts'
import type { Remark } from './remarks/index.ts'
import type { Route, RouteReason } from './routes.ts'
import { type RuleFinding, type RuleSeverity, type RulesView, ruleScopes } from './rules.ts'
import type { StillFlagged } from './spans.ts'
import type { UncertainText } from './uncertain-texts.ts'

/** How a batch is checked by rules. */
const rulesOptionsSchema = z.strictObject({
  /** Ids of books, or absolute paths of files; null for the books in force. */
  books: z.array(z.string().min(1).max(32_767)).max(50).nullable().default(null),
  /** Those of which trades; null for all. */
  scopes: z.array(z.enum(ruleScopes)).max(ruleScopes.length).nullable().default(null),
})

/** In place of the column of texts: all columns but that of the pictures. */
export const allTextColumns = '*'

/** A sheet has 16 384 columns; nobody chooses more than these. */
const moreColumnsSchema = z.array(z.string()).max(500).default([])

/** How a batch is to be screened; stored with it, so that a resumed batch goes on in the same way. */
export const screenOptionsSchema = z.strictObject({
  imageMode: z.enum(['auto', ...imageModes]).default('auto'),
  maxTiles: z.int().min(1).max(1000).default(60),
  /** Frames of a film that are sent at most; where more differ it is unchecked. */
  maxFrames: z.int().min(1).max(mostFrames).default(120),
  /** Of single files somebody has allowed more. */
  filmFrames: z
    .array(
      z.strictObject({
        /** Absolute, through the archives that it lies in. */
        path: z.string().min(1).max(32_767),
        maxFrames: z.int().min(1).max(mostFrames),
      }),
    )
    .default([]),
  /** Calls that one asset, or the batch, may take for each profile before somebody is asked; null leaves it to the profile. */
  maxCallsPerAsset: z.int().min(1).max(callCeiling).nullable().default(null),
  maxCallsPerBatch: z.int().min(1).max(callCeiling).nullable().default(null),
  /** Days for which a verdict on identical bytes under the same settings is reused; 0 never. */
  reuseDays: z.int().min(0).max(365).default(7),
  /** Column of a table that holds the text or the image address: header or letter. */
  textColumn: z.string().nullable().default(null),
  urlColumn: z.string().nullable().default(null),
  /** Further columns of texts: each of their cells is an asset too. */
  moreTextColumns: moreColumnsSchema,
  /** Columns of single tables, which come before those of all; a table with neither is not checked. */
  tables: z
    .array(
      z.strictObject({
        /** Absolute. */
        path: z.string().min(1).max(32_767),
        sheet: z.string().max(255).nullable(),
        textColumn: z.string().nullable(),
        urlColumn: z.string().nullable(),
        moreTextColumns: moreColumnsSchema,
      }),
    )
    .max(100)
    .default([]),
  /** What texts are in whose bytes leave it open: at a path, a file or a folder, or with null all of them. The nearest counts. */
  encodings: z
    .array(
      z.strictObject({
        /** Absolute. */
        path: z.string().min(1).max(32_767).nullable(),
        encoding: z.enum(encodings),
      }),
    )
    .max(1000)
    .default([]),
  /** Takes the likeliest columns of a table for which none is named. */
  guessColumns: z.boolean().default(false),
  /** Text files are lists of image addresses, one a line. */
  urlList: z.boolean().default(false),
  allowPrivateUrls: z.boolean().default(false),
  title: z.string().max(200).nullable().default(null),
  nickname: z.string().max(200).nullable().default(null),
  signature: z.string().max(500).nullable().default(null),
  /** When the day's quota is gone: wait for it, or end with the rest unchecked. */
  waitForQuota: z.boolean().default(false),
  /** Whether what readers note lets a pass stand, or counts as left out. */
  notes: z.enum(['keep', 'unchecked']).default('keep'),
  /** What the rules profile goes by, where the batch has one. */
  rules: rulesOptionsSchema.prefault({}),
})
export type ScreenOptions = z.infer<typeof screenOptionsSchema>
export const defaultOptions: ScreenOptions = screenOptionsSchema.parse({})

/** What is dropped: paths, or a pasted text or image. */
export const inputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('path'), path: z.string().min(1).max(32_767) }),
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(inputLimits.textLength) }),
  z.strictObject({
    kind: z.literal('image'),
    name: z.string().max(inputLimits.nameLength),
    bytes: z.instanceof(Uint8Array),
  }),
])
export type Input = z.infer<typeof inputSchema>

export const batchStates = ['running', 'paused', 'done', 'cancelled', 'interrupted'] as const
export type BatchState = (typeof batchStates)[number]

export interface BatchProfile {
  readonly id: string
  readonly name: string
  readonly platform: PlatformId
  readonly appid: string
  readonly practice: boolean
}

/** Assets by outcome; `pending` have none yet, `awaiting` wait for a platform's push. They add up to `assets`. */
export interface Tally {
  readonly assets: number
  readonly pending: number
  readonly awaiting: number
  readonly pass: number
  /** Looked at by rules alone, which hold nothing up. */
  readonly rules_only: number
  readonly review: number
  readonly risky: number
  readonly unchecked: number
}

export interface BatchSummary {
  readonly id: string
  readonly name: string
  readonly state: BatchState
  /** Why it waits or ended early, in words for people; null while all is well. */
  readonly notice: {
    readonly code: FailureCode
    readonly detail: string
    readonly untilMs: number | null
    /** Whether it ends by itself, as a busy platform or a used-up quota does; absent in what 0.1.0 stored. */
    readonly passes?: boolean
  } | null
  readonly createdAt: number
  readonly endedAt: number | null
  /** False while the folders are still being walked: counts may grow. */
  readonly walked: boolean
  readonly practice: boolean
  readonly profiles: readonly BatchProfile[]
  /** Worst outcome of each asset over the profiles. */
  readonly tally: Tally
  readonly tallyByProfile: readonly Tally[]
  readonly decided: number
  /** Assets with reader notes. */
  readonly noted: number
  readonly skipped: number
  readonly inputs: BatchInputs
  /** Whether the platform still detected anything when the batch asked it: one for each profile and endpoint that was used. */
  readonly controls: readonly ControlView[]
}

/** What was given to be screened. A drop can be of ten thousand files, and a summary is sent ten times a second. */
export interface BatchInputs {
  readonly count: number
  /** As many as a person would look through. */
  readonly first: readonly string[]
  /** Equal for batches of the same inputs. */
  readonly key: string
}

/** What a batch would cost, before any check call is made. Grows while the inputs are being read. */
export interface Plan {
  readonly id: string
  readonly done: boolean
  /** Why it was ended before everything had been looked at; what was counted until then says nothing about the rest. */
  readonly problem: { readonly code: ProblemCode; readonly detail: string } | null
  readonly assets: Readonly<Record<AssetKind, number>>
  readonly bytes: number
  /** Files that will end unchecked, and files that are left out, with the reason. The first thousand; `problemCount` counts all. */
  readonly problems: readonly {
    readonly path: string
    readonly code: FailureCode | 'skipped'
    readonly detail: string
  }[]
  readonly problemCount: number
  /** The first hundred. */
  readonly tables: readonly PlannedTable[]
  /** Files of several pieces, the first thousand; `documentCount` counts all. */
  readonly documents: readonly PlannedDocument[]
  readonly documentCount: number
  /** Texts, tables and lists that are not checked for want of an encoding, the first hundred; they are among the problems too. */
  readonly uncertain: readonly UncertainText[]
  readonly uncertainCount: number
  readonly tiledImages: number
  readonly reused: number
  readonly calls: readonly PlannedCalls[]
  /** How many of the calls are the day's control checks. */
  readonly controls: number
  /** What the calls are for; they add up to all of them. */
  readonly causes: CallsByCause
  /** Which route the assets take, and why; those that none can take are among the problems (`needs_relay`). */
  readonly ways: readonly PlannedRoute[]
  /** Milliseconds until the last call has left, at the present limits; null when the quota does not suffice today. */
  readonly durationMs: number | null
}

/** A table that was met, what its first rows show, and what is read of it. */
export interface PlannedTable {
  readonly path: string
  /** The file's absolute path, as the options name it. */
  readonly file: string
  readonly sheet: string | null
  readonly columns: readonly TableColumn[]
  /** What is read, as the options name columns; null for none. */
  readonly textColumn: string | null
  readonly urlColumn: string | null
  readonly moreTextColumns: readonly string[]
  /** False where it is not to be checked. */
  readonly isWanted: boolean
  /** Rows that are not blank, without the header; null while they are being read. */
  readonly rows: number | null
}

export interface TableColumn {
  /** What chooses it: its name, or the letter where that is not sure to be one. */
  readonly key: string
  readonly letter: string
  readonly name: string | null
  /** The first of what it holds, cut short. */
  readonly samples: readonly string[]
}

export interface PlannedCalls {
  readonly profile: string
  readonly endpoint: EndpointId
  readonly parts: number
  readonly perMinute: number | null
  readonly quotaLeft: number | null
}

export interface PlannedRoute {
  readonly profile: string
  readonly kind: AssetKind
  readonly way: Route
  readonly why: RouteReason
  readonly assets: number
}

/** One asset as the grid's visible cells need it. */
export interface AssetRow {
  readonly id: number
  readonly path: string
  readonly kind: AssetKind | null
  readonly bytes: number | null
  readonly width: number | null
  readonly height: number | null
  /** First lines of a text. */
  readonly excerpt: string | null
  readonly results: readonly ResultView[]
  readonly decision: Decision | null
  readonly decisionReason: number | null
  readonly note: string | null
  /** What its reader noted: what no common viewer shows and a person may want to know. */
  readonly readerNotes: readonly Remark[]
  /** A pass of an earlier version, of a kind that is read differently today. */
  readonly isOlderReading: boolean
  /** The worst that rules found, without what somebody found fine; null where they did not look at all of it. */
  readonly rules: RuleFinding | null
  /** Where in a text something was found; null where nothing was, or its place is not known. */
  readonly passage: Passage | null
  /** Where in a picture, on its first frame, something was found. */
  readonly boxes: readonly FoundBox[]
  /** What stands for a document; null for what is one text, picture or recording. */
  readonly document: DocumentCover | null
  /** The title of the worst rule that was found; null for none. */
  readonly rule: Said | null
}

/** What was found at a place, by a platform or by a rule. */
export type FoundTone = 'risky' | 'review' | RuleSeverity

/** The text around the worst that was found in an asset, a few hundred characters. */
export interface Passage {
  readonly text: string
  /** It begins within a line. */
  readonly isCut: boolean
  /** Line of the worst, 1-based; null when it is not known. */
  readonly line: number | null
  /** In UTF-16 units of `text`; the worst first. Only what a platform or a rule named. */
  readonly marks: readonly { readonly range: TextRange; readonly tone: FoundTone }[]
}

/** The picture in a document that something was found in, or its first, as its thumbnail shows it. */
export interface DocumentCover {
  /** Name of its piece; null where the words stand for it. */
  readonly picture: string | null
  /** How many pictures are in it. */
  readonly pictures: number
}

/** A part of a picture that something was found in, in pixels of the upright original. */
export interface FoundBox {
  readonly rect: Rect
  readonly verdict: 'review' | 'risky'
}

/** What one profile's screening of one asset came to. */
export interface ResultView {
  readonly profile: string
  readonly state: 'queued' | 'awaiting' | 'done'
  readonly outcome: Outcome | null
  readonly reason: FailureCode | null
  readonly detail: string | null
  readonly labels: readonly number[]
  readonly score: number | null
  readonly parts: number
  readonly checked: number
  readonly reused: boolean
  /** While awaiting: since when. */
  readonly screenedAt: number | null
}

export interface CheckView {
  readonly id: number
  readonly profile: string
  readonly part: string
  readonly rect: Rect | null
  readonly frame: number | null
  readonly range: TextRange | null
  readonly line: number | null
  readonly column: number | null
  readonly endpoint: EndpointId
  readonly version: string
  readonly state: 'sent' | 'awaiting' | 'done'
  readonly verdict: Verdict | null
  readonly reason: FailureCode | null
  readonly detail: string | null
  readonly errcode: number | null
  readonly label: number | null
  readonly score: number | null
  readonly rid: string | null
  readonly traceId: string | null
  readonly attempts: number
  readonly ms: number | null
  readonly at: number
  /** While awaiting its push: when it is given up. */
  readonly dueAt: number | null
  readonly reusedFrom: number | null
  /** Redacted reply of the platform, for disputes. */
  readonly reply: string | null
}

export interface AssetDetail extends AssetRow {
  readonly batch: string
  readonly sha256: string | null
  /** The decoded (for .docx, .html: extracted) text that `range` refers to; null for images. Cut at 2 MB. */
  readonly text: string | null
  readonly encoding: string | null
  /** Which reader read it, and its version, as `html 2`; null when it was read before these were kept. */
  readonly reading: string | null
  /** Null for an asset of one piece. */
  readonly pieces: AssetPieces | null
  readonly checks: readonly CheckView[]
  /** Null where the batch is not checked by rules. */
  readonly ruled: RulesView | null
  /** The smallest spans that were looked for and found, at most one of each check. */
  readonly spans: readonly StillFlagged[]
  readonly history: readonly ReviewEvent[]
  /** The same bytes in other batches, newest first, at most 20. */
  readonly earlier: readonly {
    readonly batch: string
    readonly asset: number
    readonly path: string
    readonly outcome: Outcome | null
    readonly decision: Decision | null
    readonly at: number
  }[]
}

/** One appended event of the review; undo appends, nothing is ever removed. */
export interface ReviewEvent {
  readonly id: number
  readonly at: number
  readonly reviewer: string
  readonly action: 'decide' | 'clear' | 'note' | 'undo' | 'redo'
  readonly decision: Decision | null
  readonly reason: number | null
  readonly note: string | null
}
