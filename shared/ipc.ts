import { z } from 'zod'
import type { CommandId } from './commands.ts'
import { type MenuChoice, menuSubjectSchema } from './context-menu.ts'
import { assetKinds, decisions, type KeyOrigin, outcomes } from './domain.ts'
import { encodings } from './encodings.ts'
import { askedSorts, type GridColumns, type GridDelta } from './grid.ts'
import type { BatchComparison, Breakdown, OlderReadings } from './history.ts'
import { inputLimits } from './input-limits.ts'
import type { LookAlikes, LooksPrice } from './look-alikes.ts'
import { type LoupeView, loupeLookSchema } from './loupe.ts'
import type { PlatformInfo } from './platforms.ts'
import type { ProblemCode } from './problems.ts'
import { type DoctorStep, type Profile, profileDraftSchema } from './profile.ts'
import type { QueueStatus } from './queue.ts'
import {
  type BookDetail,
  type BookInfo,
  type BookTrial,
  bookLimits,
  type ListPreview,
  listColumns,
  type PastTrial,
  type RuleCount,
  waiverReaches,
} from './rules.ts'
import {
  type AssetDetail,
  type AssetRow,
  type BatchSummary,
  inputSchema,
  type Plan,
  screenOptionsSchema,
} from './screening.ts'
import { type Settings, settingsPatchSchema } from './settings.ts'
import type { SpanPrice, SpanSearch } from './spans.ts'
import type { TextReadings } from './uncertain-texts.ts'

/**
 * The one contract between window and main process. Adding a call is adding one entry here and one handler in
 * electron/main; the bridge, the sender check and the parsing follow from this table.
 */

interface Call<Input extends z.ZodType, Output> {
  readonly input: Input
  /** Only a type; never present at run time. */
  readonly output?: Output
}
const call = <Output>() => ({ with: <Input extends z.ZodType>(input: Input): Call<Input, Output> => ({ input }) })

const nothing = z.strictObject({})
const batchId = z.string().regex(/^b_[0-9a-z]{10,40}$/)
const bookId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
const assetIds = z.array(z.int().positive()).min(1).max(1_000_000)
const range = z.strictObject({
  fromMs: z.int(),
  toMs: z.int(),
  profile: z.string().nullable(),
  kind: z.enum(assetKinds).nullable().default(null),
  /** Whether practice is counted too. */
  practice: z.boolean().default(false),
})
const path = z.string().min(1).max(32_767)
/** Up to the year 9999: a report names it. */
const moment = z.int().min(0).max(253_402_300_799_999)

export interface AppInfo {
  readonly version: string
  readonly os: 'windows' | 'mac' | 'linux'
  /** Language that the settings and the system come to. */
  readonly language: 'zh' | 'en'
  readonly dataDir: string
  /** How secrets are kept here; `weak` is Linux' `basic_text`, which is no encryption. */
  readonly vault: 'keychain' | 'weak' | 'none'
  /** Problems met while starting, to be shown once. */
  readonly startProblems: readonly IpcProblem[]
  readonly formats: ReadableFormats
}

/** Names of file formats that are read, by what their files become. */
export type ReadableFormats = Readonly<Record<'image' | 'text' | 'table' | 'archive', readonly string[]>>

export interface Trend {
  /** Local day, `2026-11-21`. */
  readonly day: string
  readonly pass: number
  readonly rules_only: number
  readonly review: number
  readonly risky: number
  readonly unchecked: number
  readonly approved: number
  readonly rejected: number
  readonly escalated: number
}

export interface HistorySummary {
  readonly days: readonly Trend[]
  readonly labels: readonly { readonly label: number; readonly count: number }[]
  /** A person approved what a machine called risky or review. */
  readonly falseAlarms: number
  /** A person rejected what every machine passed. */
  readonly misses: number
  readonly decided: number
}

export interface SearchHit {
  readonly batch: string
  readonly asset: number
  readonly path: string
  readonly excerpt: string | null
  readonly outcome: AssetRow['results'][number]['outcome']
  readonly at: number
}

export interface VerifyResult {
  readonly intact: boolean
  readonly rows: number
  /** Plain words in both languages: what holds, or the first row that does not and how. */
  readonly zh: string
  readonly en: string
  readonly fingerprint: string
  /** Newest key, and where it is kept; null before anything was signed. */
  readonly key: { readonly fingerprint: string; readonly origin: KeyOrigin } | null
}

/** What happened to an asset's file, and why nothing more did. */
export interface FileAct {
  readonly did: 'opened' | 'shown'
  readonly why: FileReason | null
}

/** What came of files that were dragged out. */
export interface DragOut {
  readonly dragged: number
  /** Assets that have no file of their own. */
  readonly ofNone: number
  readonly gone: number
  /** Of those that were dragged: other bytes than were screened. */
  readonly changed: number
  /** More are not dragged at once. */
  readonly most: number
}

/** Why a file is not opened, or what is to be known about one that is shown. */
export const fileReasons = ['changed', 'unread', 'could_run', 'misleading_name', 'remote', 'not_opened'] as const
export type FileReason = (typeof fileReasons)[number]

/** What can be wrong with an exported report. */
export const reportFindings = [
  'changed',
  'removed',
  'inserted',
  'moved',
  'forged',
  'unreadable',
  'other_version',
  'other_key',
  'missing',
  'no_manifest',
  'ledger_cut',
  'ledger_rewritten',
] as const
export type ReportFinding = (typeof reportFindings)[number]

export interface ReportVerification {
  /** Its name, without the folder. */
  readonly file: string
  readonly intact: boolean
  readonly what: ReportFinding | null
  /** Plain words in both languages: what holds, or the first row that does not and how. */
  readonly zh: string
  readonly en: string
  /** The fingerprint of the signing key; '' when it cannot be known. */
  readonly fingerprint: string
}

/** Of images in a report that can show them. */
/** How long what people write may be. Fields say so where it is longer, and cut nothing off: the end of a text is part of it. */
export const mostUnits = { note: 2_000, waiverReason: 500, tryOut: 100_000 } as const

export const reportPictures = ['none', 'blurred', 'clear'] as const
export type ReportPictures = (typeof reportPictures)[number]

export const exportScopeSchema = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('batch'), batch: batchId }),
  z.strictObject({ of: z.literal('assets'), batch: batchId, assets: assetIds, filter: z.string().max(4000) }),
  /** Results of all batches that were screened within this time, both ends included. */
  z.strictObject({
    of: z.literal('history'),
    fromMs: moment,
    toMs: moment,
    profile: z.string().nullable(),
    /** Empty for all; what is still open counts as unchecked. */
    outcomes: z.array(z.enum(outcomes)).max(outcomes.length),
    decision: z.enum([...decisions, 'undecided']).nullable(),
    label: z.int().nullable(),
    query: z.string().trim().min(1).max(200).nullable(),
  }),
])
/** A filter over all batches. */
export type HistoryFilter = Omit<Extract<z.output<typeof exportScopeSchema>, { of: 'history' }>, 'of'>

export const calls = {
  'app.info': call<AppInfo>().with(nothing),
  /** Loads the window's page again, as a page cannot do itself: it may not navigate, not even to where it is. */
  'window.reload': call<null>().with(nothing),
  /** Shows a context menu, at the pointer or at a place of the page; null when nothing was chosen that is the window's to do. */
  'window.contextMenu': call<MenuChoice | null>().with(
    z.strictObject({
      subject: menuSubjectSchema,
      at: z.strictObject({ x: z.int().min(0).max(32_767), y: z.int().min(0).max(32_767) }).nullable(),
    }),
  ),
  /** Opens the second window, or closes it. */
  'loupe.toggle': call<{ readonly isOpen: boolean }>().with(nothing),
  /** What it is to show; also tells whether it is there. */
  'loupe.show': call<{ readonly isOpen: boolean }>().with(loupeLookSchema),
  /** Asked by the second window itself. */
  'loupe.look': call<LoupeView>().with(nothing),
  'settings.get': call<Settings>().with(nothing),
  'settings.set': call<Settings>().with(settingsPatchSchema),

  'profiles.list': call<readonly Profile[]>().with(nothing),
  /** `secret` and `relayKey` are stored in the vault and never come back; null keeps what is stored. */
  'profiles.save': call<Profile>().with(
    z.strictObject({
      draft: profileDraftSchema,
      secret: z.string().min(1).max(512).nullable(),
      relayKey: z.string().min(1).max(512).nullable().default(null),
    }),
  ),
  'profiles.remove': call<null>().with(z.strictObject({ id: z.string() })),
  'profiles.test': call<readonly DoctorStep[]>().with(z.strictObject({ id: z.string() })),
  /** What each platform offers, for the profile form. */
  'platforms.list': call<readonly PlatformInfo[]>().with(nothing),

  'dialog.open': call<readonly string[]>().with(z.strictObject({ what: z.enum(['files', 'folder']) })),
  'plan.create': call<Plan>().with(
    z.strictObject({
      inputs: z.array(inputSchema).min(1).max(inputLimits.atOnce),
      // Eight accounts, and the rules.
      profiles: z.array(z.string()).min(1).max(9),
      options: screenOptionsSchema,
    }),
  ),
  'plan.discard': call<null>().with(z.strictObject({ plan: z.string() })),
  'batches.start': call<BatchSummary>().with(
    z.strictObject({ plan: z.string(), name: z.string().trim().max(120).nullable() }),
  ),
  'batches.sample': call<BatchSummary>().with(nothing),
  'batches.list': call<readonly BatchSummary[]>().with(nothing),
  'batches.get': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  'batches.pause': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  'batches.putFirst': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  'batches.resume': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  'batches.cancel': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  'batches.rename': call<BatchSummary>().with(
    z.strictObject({ batch: batchId, name: z.string().trim().min(1).max(120) }),
  ),
  /** Checks again what ended unchecked, or exactly the named assets (without reuse). */
  'batches.recheck': call<BatchSummary>().with(z.strictObject({ batch: batchId, assets: assetIds.nullable() })),
  /** Goes on with assets that wait for more calls; see `BatchActions.allowCalls`. */
  'batches.allowCalls': call<BatchSummary>().with(z.strictObject({ batch: batchId, assets: assetIds })),
  /** Goes on with the assets whose films have more frames than were sent; see `BatchActions.allowFrames`. */
  'batches.allowFrames': call<BatchSummary>().with(
    z.strictObject({ batch: batchId, assets: z.array(z.int().positive()).min(1).max(500) }),
  ),
  /** Reads the assets anew in this encoding. */
  'batches.stateEncoding': call<BatchSummary>().with(
    z.strictObject({
      batch: batchId,
      assets: z.array(z.int().positive()).min(1).max(500),
      encoding: z.enum(encodings),
    }),
  ),
  /** Screens anew the passes of earlier versions whose kinds are read differently today; see `history.olderReadings`. */
  'batches.recheckOlder': call<BatchSummary>().with(z.strictObject({ batch: batchId })),
  /** Screens the same inputs in the same way as a new batch, which is answered; see `history.compare`. */
  'batches.again': call<BatchSummary>().with(z.strictObject({ batch: batchId })),

  /** `stacks`: with what tells which assets are the same. */
  'grid.columns': call<GridColumns>().with(z.strictObject({ batch: batchId, stacks: z.boolean() })),
  /** What the batch is sorted by, in the order of its columns: places of names, or bytes. */
  'grid.sortKeys': call<{ readonly keys: Uint32Array }>().with(
    z.strictObject({ batch: batchId, by: z.enum(askedSorts) }),
  ),
  'grid.rows': call<readonly AssetRow[]>().with(z.strictObject({ assets: z.array(z.int().positive()).max(2_000) })),
  /** Assets of the batch whose path, text, note or label matches. */
  'grid.search': call<{ readonly assets: Float64Array }>().with(
    z.strictObject({ batch: batchId, query: z.string().trim().min(1).max(200) }),
  ),
  /** The rules that were found in the batch, most frequent first. */
  'grid.rules': call<readonly RuleCount[]>().with(z.strictObject({ batch: batchId })),
  /** Assets of the batch that a rule was found in, fine or not. */
  'grid.ofRule': call<{ readonly assets: Float64Array }>().with(
    z.strictObject({ batch: batchId, book: bookId, rule: z.string().max(100) }),
  ),
  /** How a text whose encoding is open would read in each. */
  'asset.readings': call<TextReadings>().with(z.strictObject({ asset: z.int().positive() })),
  'asset.detail': call<AssetDetail>().with(z.strictObject({ asset: z.int().positive() })),
  /** Null when nothing in the text was flagged. */
  'asset.spanPrice': call<SpanPrice | null>().with(z.strictObject({ asset: z.int().positive() })),
  /** Makes the calls, one search at a time; `spanProgress` follows. */
  'asset.findSpan': call<SpanSearch>().with(z.strictObject({ asset: z.int().positive(), check: z.int().positive() })),
  'asset.cancelSpan': call<null>().with(nothing),
  'asset.looksPrice': call<LooksPrice>().with(z.strictObject({ asset: z.int().positive() })),
  /** Pictures of its batch that look like it; an earlier search ends. `looksProgress` follows. */
  'asset.looksLike': call<LookAlikes>().with(z.strictObject({ asset: z.int().positive() })),
  'asset.cancelLooks': call<null>().with(nothing),
  'asset.reveal': call<FileAct>().with(z.strictObject({ asset: z.int().positive() })),
  /** In the system's program for it; what could run, or is not what was screened, is shown in its folder instead. */
  'asset.open': call<FileAct>().with(z.strictObject({ asset: z.int().positive() })),
  /** Plain text for the platform's support, on the clipboard. */
  'asset.copyEvidence': call<null>().with(
    z.strictObject({ asset: z.int().positive(), check: z.int().positive().nullable() }),
  ),
  /** The picture, and the path of its file as text. */
  /** `piece`: which picture of a document; null for the first. */
  'asset.copyPicture': call<null>().with(
    z.strictObject({ asset: z.int().positive(), piece: z.string().max(200).nullable() }),
  ),
  /** A line each; `copied` is less than was asked for where it would be too much. */
  'assets.copyLines': call<{ readonly copied: number }>().with(
    z.strictObject({ assets: assetIds, what: z.enum(['names', 'paths']) }),
  ),
  /** Lets the system drag the files of assets, while a button is held down. `isBare`: their picture may be seen beside the pointer. */
  'assets.dragOut': call<DragOut>().with(z.strictObject({ assets: assetIds, isBare: z.boolean() })),
  'clipboard.write': call<null>().with(z.strictObject({ text: z.string().max(100_000) })),

  'review.decide': call<{ readonly changed: number }>().with(
    z.strictObject({
      assets: assetIds,
      decision: z.enum(decisions).nullable(),
      reason: z.int().min(1).max(9).nullable(),
    }),
  ),
  'review.note': call<{ readonly changed: number }>().with(
    z.strictObject({ assets: assetIds, note: z.string().max(mostUnits.note) }),
  ),
  /** Takes back (or does again) this session's last decision; null when there is none. */
  'review.undo': call<{ readonly batch: string; readonly assets: readonly number[] } | null>().with(nothing),
  'review.redo': call<{ readonly batch: string; readonly assets: readonly number[] } | null>().with(nothing),

  /** The words of this hit are fine here, for a reason; everything that follows from it is answered for by the reviewer. */
  'review.fine': call<{ readonly changed: number }>().with(
    z.strictObject({
      hits: z.array(z.int().positive()).min(1).max(10_000),
      reach: z.enum(waiverReaches),
      reason: z.string().trim().min(1).max(mostUnits.waiverReason),
    }),
  ),
  /** Takes it back: the hit counts again, as do those that it reached. */
  'review.notFine': call<{ readonly changed: number }>().with(z.strictObject({ waiver: z.int().positive() })),

  'rules.books': call<readonly BookInfo[]>().with(nothing),
  'rules.book': call<BookDetail>().with(z.strictObject({ book: bookId })),
  /** What the book would do: its faults, its examples, what it finds in these words. Nothing is kept but that somebody has seen it. */
  'rules.try': call<BookTrial>().with(
    z.strictObject({ yaml: z.string().max(bookLimits.bytes), text: z.string().max(mostUnits.tryOut) }),
  ),
  /** The same over the texts of earlier batches, newest first; one at a time. */
  'rules.tryPast': call<PastTrial>().with(
    z.strictObject({ yaml: z.string().max(bookLimits.bytes), limit: z.int().min(1).max(20_000) }),
  ),
  'rules.cancelTryPast': call<null>().with(nothing),
  /** Keeps the file of a house book; it is not in force by that. `was`: the version that was edited, null for a new book. */
  'rules.save': call<BookInfo>().with(
    z.strictObject({ yaml: z.string().max(bookLimits.bytes), was: z.string().nullable() }),
  ),
  /** Only a version without errors that was tried in this session. */
  'rules.putInForce': call<BookInfo>().with(z.strictObject({ book: bookId, version: z.string() })),
  'rules.withdraw': call<BookInfo>().with(z.strictObject({ book: bookId })),
  /** Removes a house book's file; what was checked by it stays in the records. */
  'rules.remove': call<null>().with(z.strictObject({ book: bookId })),
  /** Asks for a CSV or XLSX file; null when the dialog was dismissed. */
  'rules.openList': call<ListPreview | null>().with(nothing),
  /** Makes a book of the list that was opened last; nothing is kept. Doubtful rows are among the warnings. */
  'rules.fromList': call<{ readonly yaml: string; readonly trial: BookTrial }>().with(
    z.strictObject({
      id: bookId,
      title: z.string().trim().min(1).max(120),
      columns: z.partialRecord(z.enum(listColumns), z.int().min(0).max(1000)),
    }),
  ),

  'queue.status': call<QueueStatus>().with(nothing),
  'queue.pause': call<QueueStatus>().with(z.strictObject({ paused: z.boolean() })),

  'history.summary': call<HistorySummary>().with(range),
  'history.breakdown': call<Breakdown>().with(range),
  'history.search': call<readonly SearchHit[]>().with(
    z.strictObject({ query: z.string().trim().min(1).max(200), limit: z.int().min(1).max(500) }),
  ),
  'history.olderReadings': call<readonly OlderReadings[]>().with(nothing),
  'history.compare': call<BatchComparison>().with(z.strictObject({ before: batchId, after: batchId })),
  /** Asks where to, writes by streaming; null when the dialog was dismissed. */
  'reports.export': call<{ readonly file: string; readonly rows: number } | null>().with(
    z.strictObject({
      scope: exportScopeSchema,
      format: z.enum(['csv', 'xlsx', 'html', 'pdf', 'jsonl']),
      language: z.enum(['zh', 'en']),
      /** Null leaves it to the format: those with pictures show them blurred. */
      pictures: z.enum(reportPictures).nullable().default(null),
    }),
  ),
  /** Asks which exported files to check; null when the dialog was dismissed. */
  'reports.verify': call<readonly ReportVerification[] | null>().with(nothing),
  'reports.cancel': call<null>().with(nothing),
  'reports.reveal': call<null>().with(z.strictObject({ file: path })),
  /** In the system's program for it, or its folder where there is none. */
  'reports.open': call<null>().with(z.strictObject({ file: path })),
  'ledger.verify': call<VerifyResult>().with(nothing),
} as const

export type CallName = keyof typeof calls
export const callNames = Object.keys(calls) as CallName[]
export type CallInput<Name extends CallName> = z.input<(typeof calls)[Name]['input']>
export type ParsedInput<Name extends CallName> = z.output<(typeof calls)[Name]['input']>
export type CallOutput<Name extends CallName> =
  | NonNullable<(typeof calls)[Name]['output']>
  | NullPart<(typeof calls)[Name]['output']>
type NullPart<T> = null extends T ? null : never

export interface IpcProblem {
  readonly code: ProblemCode
  readonly detail: string
}
export type CallResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: IpcProblem }

export type GoTo = { readonly to: 'batch'; readonly batch: string } | { readonly to: 'queue' | 'profiles' }

/** What the main process tells the window; at most ten messages of a kind a second. */
export interface Events {
  plan: Plan
  batch: BatchSummary
  grid: GridDelta
  queue: QueueStatus
  problem: IpcProblem
  spanProgress: { readonly asset: number; readonly calls: number }
  /** How many pictures were read to see what they look like. */
  looksProgress: { readonly asset: number; readonly pictures: number; readonly total: number }
  exportProgress: { readonly file: string; readonly rows: number; readonly total: number }
  /** How many texts of earlier batches `rules.tryPast` has read again, of how many. */
  pastTrial: { readonly texts: number; readonly total: number }
  /** How much of an earlier version's data has been brought to this version's form; the only thing told before `app.info` is answered. */
  storeProgress: { readonly share: number }
  /** A menu item or its accelerator. */
  command: { readonly command: CommandId }
  /** Files from the command line, "open with" or a second instance. */
  opened: { readonly paths: readonly string[] }
  /** Where a notification leads that was clicked. */
  goTo: GoTo
  /** To the second window only. */
  loupeView: LoupeView
  /** The second window was closed. */
  loupeClosed: Readonly<Record<string, never>>
}
export type EventName = keyof Events
export const eventNames = [
  'plan',
  'batch',
  'grid',
  'queue',
  'problem',
  'spanProgress',
  'looksProgress',
  'exportProgress',
  'pastTrial',
  'storeProgress',
  'command',
  'opened',
  'goTo',
  'loupeView',
  'loupeClosed',
] as const satisfies readonly EventName[]

/** What the preload puts on `window.prescreen`. */
export interface Bridge {
  invoke<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<CallOutput<Name>>>
  on<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** Path of a dropped file, '' for one made in JavaScript. */
  pathOf(file: unknown): string
}
