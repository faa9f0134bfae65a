/**
 * Sizes and times that the platforms set for what is prepared before it is known who is asked, with their source in the protocol
 * reference (docs/protocol.md). What concerns one platform alone is in its folder (engine/checkers).
 */
export const limits = {
  /** §3.1, §4: pixels of an image sent as bytes. */
  imageMaxWidth: 750,
  imageMaxHeight: 1334,
  /** §3.1: "1M", taken as 10^6. */
  imageMaxBytes: 1_000_000,
  /** §3.2: one file for an asynchronous check, "10M". */
  mediaMaxBytes: 10_000_000,
  /** §3.2: the push comes within 30 minutes. */
  pushDeadlineMs: 30 * 60_000,
  /** §5.6: the platform waits 5 s for the reply to a push. */
  pushReplyMs: 5_000,
} as const

/** The highest that a ceiling of calls may be set to: more than a year of any platform's quota. */
export const callCeiling = 1_000_000_000

/** Frames of a film that may be sent at most, whoever asks. */
export const mostFrames = 10_000

/** Calls that one appid may make to one endpoint; null means no limit is known. */
export interface RateLimit {
  readonly perMinute: number | null
  readonly perDay: number | null
}

/** Upper bound of one text part, in UTF-16 units or in bytes of UTF-8. */
export interface TextLimit {
  readonly unit: 'utf16' | 'utf8'
  readonly max: number
}
