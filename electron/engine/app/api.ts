import type { AskedSort, GridColumns } from '../../../shared/grid.ts'
import type { AppInfo, EventName, Events } from '../../../shared/ipc.ts'
import type { PlatformInfo } from '../../../shared/platforms.ts'
import type { DoctorStep, Profile, ProfileDraft } from '../../../shared/profile.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import type { BookDetail, BookInfo, BookTrial, ListPreview, PastTrial, RuleCount } from '../../../shared/rules.ts'
import type { AssetDetail, AssetRow, BatchSummary, Input, Plan, ScreenOptions } from '../../../shared/screening.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { SpanPrice, SpanSearch } from '../../../shared/spans.ts'
import type { TextReadings } from '../../../shared/uncertain-texts.ts'
import type { StartChild } from '../base/child-process.ts'
import type { SettingsStore } from '../base/settings-store.ts'
import type { Vault } from '../base/vault.ts'
import type { Chromium } from '../chromium/chromium.ts'
import type { ChromiumFacts } from '../chromium/describe.ts'
import type { ThumbnailOptions } from '../imaging/imaging.ts'
import type { LedgerVerification } from '../ledger/verify.ts'
import type { Library } from '../library/library.ts'
import type { ListRequest } from '../library/lists/list-desk.ts'
import type { ProfileBook } from '../profiles/profile-book.ts'
import type { ExportReport } from '../reports/export-report.ts'
import type { FileVerification } from '../reports/verify-files.ts'
import type { Review } from '../review/review.ts'
import type { BatchActions } from '../screening/batch-actions.ts'
import type { Batches, ScreenRequest } from '../screening/batches.ts'
import type { BringUpProgress } from '../store/bring-up.ts'
import type { ColumnOptions, Store, StoreHistory } from '../store/ports.ts'
import type { Pruned } from '../store/retention.ts'
import type { LookAlikeFinder } from './look-alikes.ts'
import type { OwnFile, Whereabouts } from './own-file.ts'

/** What the window's main process and the command line are given. Methods throw `Problem`; nothing else is expected. */
export interface Engine {
  readonly dataDir: string
  readonly startProblems: AppInfo['startProblems']
  readonly formats: AppInfo['formats']
  readonly settings: {
    get(): Settings
    set(patch: Partial<Settings>): Settings
  }
  readonly profiles: {
    list(): readonly Profile[]
    save(draft: ProfileDraft, secret: string | null, relayKey?: string | null): Promise<Profile>
    remove(id: string): Promise<void>
    test(id: string, signal?: AbortSignal): Promise<readonly DoctorStep[]>
  }
  platforms(): readonly PlatformInfo[]
  readonly plans: {
    /** Returns at once; `plan` events follow until `done`. */
    create(request: { inputs: readonly Input[]; profiles: readonly string[]; options: ScreenOptions }): Plan
    discard(id: string): void
  }
  readonly batches: BatchActions & {
    start(plan: string, name: string | null): Promise<BatchSummary>
    sample(): Promise<BatchSummary>
  }
  readonly grid: {
    columns(batch: string, options?: ColumnOptions): Promise<GridColumns>
    /** What the batch is sorted by that its columns do not hold, in the same order. */
    sortKeys(batch: string, by: AskedSort): Promise<Uint32Array>
    rows(assets: readonly number[]): Promise<readonly AssetRow[]>
    search(batch: string, query: string): Promise<Float64Array>
    rules(batch: string): Promise<readonly RuleCount[]>
    /** Assets of the batch that the rule was found in, fine or not. */
    ofRule(batch: string, book: string, rule: string): Promise<Float64Array>
  }
  readonly assets: LookAlikeFinder & {
    detail(asset: number): Promise<AssetDetail>
    /** How a text whose encoding is open would read. A table or list is read when it is added, and has none. */
    readings(asset: number): Promise<TextReadings>
    /** Its file, and whether it is still what was screened. */
    ownFile(asset: number): Promise<OwnFile>
    /** The same without reading it: a file that is there may have changed. */
    whereabouts(asset: number): Promise<Whereabouts>
    /** What each is called in its batch, and where it lies: a path, an address, or null for standard input. */
    places(assets: readonly number[]): Promise<readonly AssetPlace[]>
    evidence(asset: number, check: number | null): Promise<string>
    /** Calls that `findSpan` would make at most; null when nothing in the text was flagged. */
    spanPrice(asset: number, check?: number): Promise<SpanPrice | null>
    /** `onCall` gets the number of each call as it leaves, counted from 1. */
    findSpan(asset: number, signal: AbortSignal, check?: number, onCall?: (calls: number) => void): Promise<SpanSearch>
    /** A file whose content is another than the screened one is `not_found`. */
    thumbnail(asset: number, options: PictureOptions): Promise<Picture>
    /** The picture that was screened, at most 4096 pixels long, for other programs. */
    png(asset: number, piece: string | null): Promise<Picture>
    /** `frame` of an animation or page of a document, 0-based; all of it when it is not named. */
    original(asset: number, frame?: number, piece?: string): Promise<Picture>
  }
  readonly review: Review
  readonly rules: {
    books(): Promise<readonly BookInfo[]>
    book(id: string): Promise<BookDetail>
    /** What the book would do; its version may be put in force from now on, if it has no errors. */
    try(yaml: string, text: string): Promise<BookTrial>
    /** The same over the texts of earlier batches, at most `limit`, newest first; one at a time. */
    tryPast(
      yaml: string,
      limit: number,
      signal: AbortSignal,
      onProgress?: (texts: number, total: number) => void,
    ): Promise<PastTrial>
    /** Keeps the file of a house book; `was` is the version that was edited, null for a new book. */
    save(yaml: string, was: string | null): Promise<BookInfo>
    /** A version that is on the disk, without errors, and was tried in this session. */
    putInForce(book: string, version: string): Promise<BookInfo>
    withdraw(book: string): Promise<BookInfo>
    /** Withdraws a house book and removes its file. */
    remove(book: string): Promise<void>
    /** Reads a word list in, from CSV or XLSX. */
    openList(path: string): Promise<ListPreview>
    /** Makes a book of the list that was opened last; nothing is kept. */
    fromList(request: ListRequest): Promise<{ readonly yaml: string; readonly trial: BookTrial }>
  }
  readonly queue: {
    status(): Promise<QueueStatus>
    pause(paused: boolean): Promise<QueueStatus>
  }
  readonly history: StoreHistory
  readonly reports: {
    export: ExportReport
    /** Checks exported files against their manifests, their signatures and this ledger. */
    verify(files: readonly string[], signal?: AbortSignal): Promise<readonly FileVerification[]>
  }
  readonly ledger: {
    verify(signal?: AbortSignal): Promise<LedgerVerification>
    /** Removes what is older than the retention setting; runs by itself when the engine opens. */
    prune(): Promise<Pruned>
  }
  /** Events are already merged to at most ten a second and kind. */
  on<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** True while calls are leaving or about to: keeps the machine awake. */
  busy(): boolean
  /** Finishes writing what is answered; what is in flight is queued again at the next start. */
  close(): Promise<void>
}

/** The engine with what the command line needs beyond the window: runs that it can wait for. */
export interface HeadlessEngine extends Engine {
  readonly profileBook: ProfileBook
  readonly redact: (text: string) => string
  plan(request: ScreenRequest, onProgress: (latest: () => Plan) => void, signal: AbortSignal): Promise<Plan>
  readonly screen: Batches['screen']
  readonly resume: Batches['resume']
  readonly recheckOlder: Batches['recheckOlder']
  readonly store: Pick<Store, 'reader' | 'reports'>
  /** What a batch with these options would be checked by; throws where any of it cannot be had. */
  readonly booksFor: Library['booksFor']
  readonly looksFor: Library['looksFor']
  readonly bookVersions: Library['versions']
  /** The Chromium that draws pages; null where there is none. Rejects with an `Error` where it cannot be started. */
  describeChromium(signal: AbortSignal): Promise<ChromiumFacts | null>
}

/** `piece` names a picture in a document; the first unless it is named. */
export interface PictureOptions extends ThumbnailOptions {
  readonly piece?: string | undefined
}

export interface AssetPlace {
  readonly path: string
  readonly place: string | null
}

export interface Picture {
  readonly bytes: Uint8Array
  readonly mime: string
}

export interface EngineOptions {
  readonly dataDir: string
  readonly store: SettingsStore
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  /** Goes on with the batches that were running when the program ended: the window does, a single command does not. */
  readonly takeUpUnfinished?: boolean
  /** The language for names that the engine gives (practice profiles, the sample batch); Chinese when absent. */
  readonly language?: () => 'zh' | 'en'
  /** Folder of the sample batch. */
  readonly samplesDir: string
  /** Folder of the rule books that come with the program. */
  readonly rulesDir: string
  /** Built entry of the imaging child; the default is the source file beside the engine. */
  readonly imagingWorker?: string
  /** The same of the child that reads documents. */
  readonly documentWorker?: string
  /** Told while the data of an earlier version are brought to this version's form, which may take a minute. */
  readonly onStoreProgress?: (progress: BringUpProgress) => void
  /** How the children that decode are started; the default is `child_process.fork`. */
  readonly startDecodingChild?: StartChild
  /** What draws pages and plays films; closed with the engine. None where it is absent. */
  readonly chromium?: Chromium | null
}
