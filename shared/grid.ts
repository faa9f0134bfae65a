import { ruleFindings } from './rules.ts'

/**
 * The grid's model: one column per property, one element per asset, in the batch's order of discovery.
 * Typed arrays, because 1 000 000 assets as objects would not fit; details are fetched for the visible range.
 */
export interface GridColumns {
  readonly batch: string
  /** Changes with every write; deltas say from which revision they go on. */
  readonly revision: number
  readonly id: Float64Array
  /** Worst over the profiles: index into `gridOutcomes`. */
  readonly outcome: Uint8Array
  /** Index into `gridDecisions`. */
  readonly decision: Uint8Array
  /** Index into `gridKinds`. */
  readonly kind: Uint8Array
  /** Bits of `gridFlags`. */
  readonly flags: Uint8Array
  /** Index into `gridRules`: the worst that rules found. */
  readonly rules: Uint8Array
  /** The worst check's label code (0: none). */
  readonly label: Int32Array
  /** Confidence 0–100, 255 when unknown. */
  readonly score: Uint8Array
  /** Index into `failureCodes` + 1; 0: none. */
  readonly reason: Uint8Array
  /** Index into `folders`. */
  readonly folder: Uint32Array
  /** Position in the order of paths. */
  readonly pathRank: Uint32Array
  /** Seconds since the epoch of the last result; 0 when none. */
  readonly screenedAt: Uint32Array
  /**
   * Half of what says that two assets are the same: equal, with the other half, for the same bytes under the same reading with the same
   * outcome, labels and confidence of each profile, reason of the decision and note. 0 for what is the same as nothing. Empty unless it was asked for.
   */
  readonly content: Uint32Array
  readonly contentRest: Uint32Array
  /** Folder paths relative to what was dropped; index 0 is ''. */
  readonly folders: readonly string[]
}

/** In order of urgency, so that sorting by risk is sorting by this index, descending. */
export const gridOutcomes = ['pending', 'awaiting', 'pass', 'rules_only', 'unchecked', 'review', 'risky'] as const
export type GridOutcome = (typeof gridOutcomes)[number]

export const gridDecisions = ['undecided', 'approve', 'reject', 'escalate', 'defer'] as const
export type GridDecision = (typeof gridDecisions)[number]

/** `unknown`: no rule looked at it, or not at all of it. */
export const gridRules = ['unknown', ...ruleFindings] as const
export type GridFinding = (typeof gridRules)[number]

export const gridKinds = ['unknown', 'image', 'text', 'audio', 'document', 'video'] as const

export const gridFlags = {
  reused: 1,
  tiled: 2,
  /** A person approved what a machine called risky, or rejected what it passed. */
  disagreement: 4,
  /** The profiles of the batch came to different outcomes. */
  split: 8,
  /** A person wrote a note. */
  noted: 16,
  /** Its reader noted something that no common viewer shows. */
  readerNotes: 32,
  /** A pass of an earlier version, of a kind that is read differently today. */
  olderReading: 64,
} as const

/** What people sort by more seldom than batches are opened: it is asked for when it is wanted. */
export const askedSorts = ['name', 'size'] as const
export type AskedSort = (typeof askedSorts)[number]

/** What changed in a batch's columns since `from`; sent at most ten times a second. */
export interface GridDelta {
  readonly batch: string
  readonly from: number
  readonly revision: number
  /** Positions (row index) that changed, with their new values; positions ≥ the known length are new assets. */
  readonly position: Uint32Array
  readonly id: Float64Array
  readonly outcome: Uint8Array
  readonly decision: Uint8Array
  readonly kind: Uint8Array
  readonly flags: Uint8Array
  readonly rules: Uint8Array
  readonly label: Int32Array
  readonly score: Uint8Array
  readonly reason: Uint8Array
  readonly folder: Uint32Array
  readonly screenedAt: Uint32Array
  readonly content: Uint32Array
  readonly contentRest: Uint32Array
  /** Folders that are new; appended to the known list. */
  readonly folders: readonly string[]
}
