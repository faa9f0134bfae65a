/**
 * Numbers that the platforms set, with their source in the protocol reference (docs/protocol.md).
 * Profiles may override the rates; the sizes are hard.
 */
export const limits = {
  /** §2.2: at most 2500 字. Counted in UTF-16 units, which never under-counts. */
  textV2Units: 2500,
  /** §2.1, §4: 500 KB for v1 and QQ; "KB" taken as 10^3, the smaller reading. */
  textV1Bytes: 500_000,
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
  /** §2.2: an openid is good for 2 hours after its user's last visit. */
  openidValidMs: 2 * 3_600_000,
} as const

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
