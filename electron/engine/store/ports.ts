import type { ControlState } from '../../../shared/controls.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { AskedSort, GridColumns, GridDelta } from '../../../shared/grid.ts'
import type { BatchComparison, Breakdown, OlderReadings } from '../../../shared/history.ts'
import type { CallInput, HistoryFilter, HistorySummary, SearchHit } from '../../../shared/ipc.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { RuleCount, RulesView } from '../../../shared/rules.ts'
import type {
  AssetRow,
  BatchState,
  BatchSummary,
  CheckView,
  ReviewEvent,
  ScreenOptions,
} from '../../../shared/screening.ts'
import type { LedgerView } from '../ledger/ledger-view.ts'
import type { AssetRecord, AssetResult, StoredBatch } from '../ledger/rows.ts'
import type { Sealer } from '../ledger/signing-book.ts'
import type { LedgerVerification, VerifyOptions } from '../ledger/verify.ts'
import type {
  AssetEnd,
  AwaitingPart,
  CallAccepted,
  CheckEnded,
  ClaimRequest,
  DayAnswer,
  DonePart,
  EarlierAsset,
  FineWords,
  HistoryFact,
  Likeness,
  NewAsset,
  NewBatch,
  NewCheck,
  OpenAsset,
  PictureLikeness,
  PushPage,
  ReportRow,
  ReviewChange,
  SameQuestion,
  SentCheck,
  Settled,
  StandingWaiver,
  Waived,
  WithFacts,
} from './records.ts'
import type { Pruned } from './retention.ts'

/**
 * Where batches and all that was found out about them are kept. SQLite beside the program answers today; every method is one question
 * that a server could answer too, so nothing that two callers could decide at once is left between two awaits: what is looked up and
 * written together is one method, atomic inside. Methods reject with `Problem` when the disk or the database refuses.
 */
export interface Store {
  readonly reader: StoreReader
  readonly writer: StoreWriter
  readonly reports: StoreReports
  readonly history: StoreHistory
  readonly ledger: StoreLedger
  /** Tells of every asset whose grid columns change, inside the transaction that changes them; it cannot be taken back. */
  onTouched(listener: (batch: string, asset: number) => void): void
  /** Takes what was written into the indexes of the searches, until `signal` aborts; then it rejects. */
  maintain(signal: AbortSignal): Promise<never>
  /** Resolves once everything is durable. */
  close(): Promise<void>
}

/** Reads of what is there at this moment. */
export interface StoreReader {
  batch(id: string): Promise<StoredBatch | null>
  /** The batch whose id begins so, if there is exactly one. */
  batchByPrefix(prefix: string): Promise<string | null>
  /** Those that are running or paused, oldest first. */
  unfinishedBatches(): Promise<readonly StoredBatch[]>
  /** Newest first. */
  summaries(): Promise<readonly BatchSummary[]>
  summary(id: string): Promise<BatchSummary | null>
  /** Up to `limit` assets with something left to send, in order, after the one of this id. */
  openAssets(batch: string, after: number, limit: number): Promise<readonly OpenAsset[]>
  hasOpen(batch: string): Promise<boolean>
  /** What earlier runs learnt of an asset's parts. */
  knownParts(asset: number): Promise<KnownParts>
  /** Checks of the batch that were sent for one of its profiles. */
  checkCount(batch: string, profile: number): Promise<number>
  /** How many of the batch's results await a push, and since when the oldest does, in milliseconds since the epoch. */
  awaiting(batch: string): Promise<{ readonly results: number; readonly since: number | null }>
  hasAwaiting(batch: string): Promise<boolean>
  /** The trace id under which the same bytes wait already, asked in the same way. */
  pendingTrace(same: SameQuestion): Promise<string | null>
  /** When the next push is given up, in milliseconds since the epoch; null when none is awaited. */
  nextDue(): Promise<number | null>
  /** Profiles that await pushes, or gave up on some after `since`. */
  expecting(since: number): Promise<readonly Profile[]>
  /** How far the relay was read. */
  relayPosition(relay: string): Promise<number>
  /** Whether an outcome under this key, screened from `since` to `until`, could be used again. */
  isReusable(key: string, since: number, until: number): Promise<boolean>
  asset(id: number): Promise<AssetRecord | null>
  rows(assets: readonly number[]): Promise<readonly AssetRow[]>
  checks(asset: number): Promise<readonly CheckView[]>
  /** What it is made of; null for an asset of one piece. */
  pieces(asset: number): Promise<AssetPieces | null>
  reviews(asset: number): Promise<readonly ReviewEvent[]>
  /** What rules found in an asset; null where it is before none. */
  ruled(asset: number): Promise<RulesView | null>
  /** The rules that were found in a batch, those in most assets first. */
  rulesOf(batch: string): Promise<readonly RuleCount[]>
  /** Assets of a batch that a rule was found in, fine or not, in its order. */
  assetsOfRule(batch: string, book: string, rule: string): Promise<readonly number[]>
  /** What somebody found fine everywhere from now on. */
  standingWaivers(): Promise<readonly StandingWaiver[]>
  /** Assets of the same bytes, newest first. */
  earlier(sha256: string, except: number): Promise<readonly EarlierAsset[]>
  /** Bodies of an asset's ledger rows of one kind, oldest first. */
  ledgerBodies(asset: number, kind: string): Promise<readonly unknown[]>
  /** Passes of earlier versions, of kinds that are read differently today, in the order of the assets. */
  olderPasses(batch: string): Promise<readonly number[]>
  /** Assets that an act of a reviewer changed. */
  reviewAct(act: string): Promise<readonly { readonly asset: number; readonly batch: string }[]>
  /** The day's last answer to a control question, in rows that are not older than `since`. */
  dayAnswer(key: string, day: string, since: number): Promise<DayAnswer | null>
  /** All cells of a batch; `revision` is passed through. */
  columns(batch: string, revision: number, options?: ColumnOptions): Promise<GridColumns>
  /** What the batch is sorted by that its columns do not hold, in the same order: places of names, or bytes. */
  sortKeys(batch: string, by: AskedSort): Promise<Uint32Array>
  /** The cells of these assets, as a change from one revision to the next. */
  cells(batch: string, assets: readonly number[], from: number, revision: number): Promise<GridDelta>
  /** Ids of the batch's assets that match, of what was written a moment ago too. */
  search(batch: string, query: string): Promise<Float64Array>
  /** Up to `limit` pictures of the batch whose bytes were read, in order, after the one at this position (-1: from the first). */
  pictureLikenesses(batch: string, after: number, limit: number): Promise<readonly PictureLikeness[]>
}

export interface ColumnOptions {
  /** Whether it is told which assets are the same. */
  readonly stacks: boolean
}

export interface KnownParts {
  readonly judged: readonly DonePart[]
  readonly awaited: readonly AwaitingPart[]
}

/** Each call is one transaction, and resolves once that is durable. */
export interface StoreWriter {
  createBatch(batch: NewBatch): Promise<void>
  /**
   * Adds what a walk found, except what the batch has already (a walk is repeated after a restart). Resolves to the ids of assets that
   * ended at once because of a failure known without reading. `local`: indices of the profiles that look on this machine.
   */
  addFound(batch: string, profiles: number, found: Found, local?: readonly number[]): Promise<readonly number[]>
  setWalked(batch: string): Promise<void>
  setState(batch: string, state: BatchState, notice: BatchSummary['notice'], owner: string | null): Promise<void>
  /** Only while `owner` has it: a run that has ended meanwhile has written its own state. */
  setPaused(batch: string, paused: boolean, owner: string): Promise<void>
  /** Makes `owner` the batch's, and the batch `running`; the name of the living owner, if another has it. `not_found` without a batch. */
  takeOver(batch: string, owner: string): Promise<TakenOver>
  /** Ends a batch that only waited for pushes: nobody alive but `owner` has it, and nothing is open. Whether it did. */
  finishIfOver(batch: string, owner: string): Promise<boolean>
  rename(batch: string, name: string): Promise<void>
  /** From now on the batch is screened with these: somebody allows more of it, or says what its texts are in. */
  setOptions(batch: string, options: ScreenOptions): Promise<void>
  /**
   * Ends what is still open in the batch (of one profile alone: what is still to be sent): as risky or for review where a part is known
   * to be, else as unchecked, which `requeue` takes up again. A thousand a call: call it until it resolves to none.
   */
  endOpen(batch: string, profile: number | null, code: FailureCode, detail: string): Promise<readonly ResultRef[]>
  /**
   * Takes up again what is unchecked for one of these reasons, the named assets whatever they came to, or what a profile has looked at in
   * other versions than these. A thousand a transaction: a large batch must hold up nobody.
   */
  requeue(
    batch: string,
    which:
      | readonly FailureCode[]
      | { readonly assets: readonly number[]; readonly isKept?: boolean }
      | { readonly profile: number; readonly versions: readonly string[] },
  ): Promise<void>

  /**
   * Takes an earlier outcome on the same bytes and records it as the asset's; where one is being made by somebody else, waits for that
   * first. Where there is none, the asset claims the bytes, and the caller must release the claim. Of many identical assets at once
   * exactly one gets it. Rejects when `signal` aborts.
   */
  claimReuse(request: ClaimRequest, signal: AbortSignal): Promise<Claim>
  /** The row that must be durable before the first attempt leaves; with what the asset is, unless that was recorded. */
  beginCheck(check: WithFacts<NewCheck>): Promise<SentCheck>
  endChecks(ends: readonly CheckEnded[]): Promise<void>
  /** From here on the trace id is durable. A push that came before it is applied at once. */
  awaitCheck(check: number, accepted: CallAccepted): Promise<void>
  /** Waits with another check of the same bytes for its push, without a call; false where none waits. */
  joinPending(check: WithFacts<NewCheck>, accepted: Omit<CallAccepted, 'traceId'>): Promise<boolean>
  /**
   * The last word of an asset: its checks that are not written yet, what it is, and the results of its profiles. What is left to pushes
   * may be answered by now. Resolves to all results that ended.
   */
  endAsset(end: AssetEnd): Promise<AssetEnd['results']>
  /** Applies a page of pushes and notes how far the relay was read. */
  receivePushes(page: PushPage): Promise<readonly Settled[]>
  /** Gives up up to `limit` pushes that are overdue at `now`, in milliseconds since the epoch. */
  giveUpOverdue(now: number, limit: number): Promise<readonly Settled[]>
  /** Forgets pushes that nobody waits for. */
  dropParked(before: number): Promise<void>

  /** Throws `not_found` when there is no such asset. */
  review(act: string, reviewer: string, action: ReviewEvent['action'], changes: readonly ReviewChange[]): Promise<void>
  /** Gives these assets back what they had before an act (`undo`), or after it (`redo`). */
  restore(restored: RestoredAct): Promise<void>
  /**
   * The words of these hits are fine, as far as the reach says: every result that follows from them is ended anew, in the same
   * transaction. What is fine already stays as it is. Throws `not_found` when there is no such hit any more.
   */
  fine(words: FineWords): Promise<Waived>
  /** Puts waivers in force again (`fine`) and takes others back. Throws `not_found` for one that there never was. */
  restoreWaivers(
    which: { readonly fine: readonly number[]; readonly notFine: readonly number[] },
    reviewer: string,
  ): Promise<Waived>
  /** A row of the ledger that changes nothing else. */
  append(kind: string, batch: string | null, body: Readonly<Record<string, unknown>>): Promise<void>
  appendOf(kind: string, asset: number, body: Readonly<Record<string, unknown>>): Promise<void>

  /** For the next who asks; no part of what happened, and in no ledger. */
  keepLikenesses(likenesses: readonly Likeness[]): Promise<void>
}

export interface Found {
  readonly assets: readonly NewAsset[]
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

export type TakenOver =
  | { readonly kind: 'taken'; readonly batch: StoredBatch }
  | { readonly kind: 'held'; readonly by: string }

export interface ResultRef {
  readonly asset: number
  readonly profile: number
}

export type Claim =
  | { readonly kind: 'reused'; readonly result: AssetResult }
  /** `release` lets the next of the same bytes look again; synchronous, and may be called once only. */
  | { readonly kind: 'claimed'; release(): void }

export interface RestoredAct {
  /** The act that this one is. */
  readonly act: string
  /** The act that it takes back or repeats. */
  readonly of: string
  readonly action: 'undo' | 'redo'
  readonly reviewer: string
  readonly assets: readonly number[]
}

/** The chain of rows that says what happened, and its signatures. */
export interface StoreLedger extends Sealer {
  /** A snapshot to compare a report with. The caller must close it. */
  view(): LedgerView
  verify(options?: VerifyOptions): Promise<LedgerVerification>
  /** Removes what is older; see retention.ts. */
  prune(before: number): Promise<Pruned>
}

/** What all batches together tell. */
export interface StoreHistory {
  summary(range: CallInput<'history.summary'>): Promise<HistorySummary>
  breakdown(range: CallInput<'history.summary'>): Promise<Breakdown>
  /** Assets of all batches whose path, text, note, label, rid or trace id matches, newest first. */
  search(query: string, limit: number): Promise<readonly SearchHit[]>
  /** Passes of earlier versions whose kinds are read differently today, by batch, newest first. */
  olderReadings(): Promise<readonly OlderReadings[]>
  /** What the later of two screenings of the same material came to; `limit` bounds the list, not the counts. */
  compare(before: string, after: string, limit?: number): Promise<BatchComparison>
}

/** Rows of reports, a page at a time. */
export interface StoreReports {
  /** The rows of the batch, or of some of its assets, in its order, as they stand when each page is read. */
  rows(batch: string, assets: readonly number[] | null): AsyncIterable<readonly ReportRow[]>
  /** What stands behind a row's no-hit: the worst over the endpoints that were asked; null where nothing is known of them. */
  controls(rows: readonly ReportRow[]): Promise<readonly (ControlState | null)[]>
  /** Reads all of one moment; `isSearched`: the search index is completed first. The caller must close it. */
  snapshot(options: { readonly isSearched: boolean }): Promise<ReportSnapshot>
}

export interface ReportSnapshot
  extends Pick<StoreReports, 'rows' | 'controls'>,
    Pick<
      StoreReader,
      'summary' | 'asset' | 'pieces' | 'checks' | 'reviews' | 'ruled' | 'rulesOf' | 'assetsOfRule' | 'ledgerBodies'
    > {
  /** The ledger's last row; null while it is empty. */
  head(): Promise<{ readonly seq: number; readonly hash: string } | null>
  count(batch: string, assets: readonly number[] | null): Promise<number>
  assetRows: StoreReader['rows']
  columns(batch: string): Promise<GridColumns>
  /** Every label that a profile found in an asset of the batch. */
  labels(batch: string): AsyncIterable<readonly { readonly asset: number; readonly label: number }[]>
  /** People who decided something in the batch. */
  reviewers(batch: string): Promise<readonly string[]>
  /** Throws `database_corrupt` when the batch's row is not what the ledger says. */
  requireUntouched(batch: string): Promise<void>
  /** What a filter finds in all batches, by asset and profile: the order in which they were added. */
  history(filter: HistoryFilter): {
    rows(): AsyncIterable<readonly ReportRow[]>
    facts(): AsyncIterable<readonly HistoryFact[]>
  }
  close(): Promise<void>
}
