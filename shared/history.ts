import type { AssetKind, Decision, Outcome } from './domain.ts'

/** One person's decisions over a time. */
export interface ReviewerTrend {
  readonly reviewer: string
  readonly decided: number
  readonly approved: number
  readonly rejected: number
  readonly escalated: number
  /** Approved although a machine called it risky or review; rejected although every machine passed it. */
  readonly falseAlarms: number
  readonly misses: number
}

/** One profile's outcomes over a time. */
export interface ProfileTrend {
  readonly profile: string
  readonly name: string
  readonly practice: boolean
  readonly pass: number
  readonly rules_only: number
  readonly review: number
  readonly risky: number
  readonly unchecked: number
}

export interface Breakdown {
  readonly reviewers: readonly ReviewerTrend[]
  readonly profiles: readonly ProfileTrend[]
}

/** What of a batch passed in an earlier version, and is of kinds that are read differently today. */
export interface OlderReadings {
  readonly batch: string
  readonly name: string
  readonly createdAt: number
  readonly practice: boolean
  readonly assets: number
  readonly kinds: Readonly<Record<AssetKind, number>>
  /** What screening them anew costs at least: as many calls as they took then. */
  readonly calls: number
}

/** One of the two screenings that are compared; no outcome while it is pending or awaiting. */
interface ComparedSide {
  readonly asset: number
  readonly outcome: Outcome | null
  readonly decision: Decision | null
}

/** The same content in two batches. */
export interface ComparedAsset {
  readonly path: string
  readonly before: ComparedSide
  readonly after: ComparedSide
  /** The file of this path has other bytes now; false also where one of the two was never read. */
  readonly hasOtherBytes: boolean
}

export interface BatchComparison {
  /** Outcome differs; the first `limit`. */
  readonly changed: readonly ComparedAsset[]
  readonly changedCount: number
  readonly sameCount: number
  /** In one of the batches only. */
  readonly goneCount: number
  readonly newCount: number
}
