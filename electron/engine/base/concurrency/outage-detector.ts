import type { Clock } from '../clock.ts'

/** What to do after an attempt that got no reply. */
export type AfterNoReply =
  /** Other attempts get replies: it is this request's own failure, to be counted like any other. */
  | 'count'
  /** Nothing gets a reply: perhaps a change of network, which must not use up a request's attempts. */
  | 'wait'
  /** For too long, but only this request is affected: it fails alone. */
  | 'give_up'
  /** For too long, and several requests are affected: an outage. */
  | 'outage'

/** Tells an outage of one destination from the failure of single requests. */
export interface OutageDetector {
  replied(): void
  /** `request` identifies a request across its attempts; `departedMs` is when this attempt was sent. */
  noReply(request: object, departedMs: number): AfterNoReply
}

/** A change of network takes ten to twenty seconds, a request that gets no reply thirty: an outage is known within about a minute. */
const outageMs = 40_000
/** A reply this recent, received while an attempt without one was out, shows that the destination can be reached. */
const recentMs = 5_000

export function createOutageDetector(clock: Clock): OutageDetector {
  let lastReplyMs = Number.NEGATIVE_INFINITY
  let sinceMs: number | null = null
  const affected = new Set<object>()
  const reset = () => {
    sinceMs = null
    affected.clear()
  }
  return {
    replied: () => {
      lastReplyMs = clock.now()
      reset()
    },
    noReply: (request, departedMs) => {
      const now = clock.now()
      if (lastReplyMs > departedMs && now - lastReplyMs < recentMs) return 'count'
      sinceMs ??= Math.max(lastReplyMs, departedMs)
      affected.add(request)
      if (now - sinceMs < outageMs) return 'wait'
      if (affected.size > 1) return 'outage'
      reset()
      return 'give_up'
    },
  }
}
