/** What the rest of the engine knows of the pacer: keys, limits, permits, and the reasons for which there is none. */
import type { FailureClass, FailureCode } from '../../../shared/failures.ts'

/** The platforms count per appid and endpoint, and so do we (spec §7.2). */
export interface PaceKey {
  readonly appid: string
  readonly endpoint: string
}

/** One key, or with `endpoint: null` everything that the appid does. */
export interface PaceScope {
  readonly appid: string
  readonly endpoint: string | null
}

/**
 * What a caller may use of a key. `null` means that no limit is known; the platform's own figure is used once it was read.
 * The share is of the account's quota and holds against everything this machine does with the key, not only against this caller.
 */
export interface PaceLimit {
  readonly perMinute: number | null
  readonly perDay: number | null
  /** 1–100; the effective limit is rounded down, but at least 1. */
  readonly sharePercent: number
}

/** `interactive` is served before `batch`, within one process. */
export type PacePriority = 'interactive' | 'batch'

/** What became of a permit. */
export type PermitResult =
  /** The call never left this machine: the slot and the day's count are given back. */
  | { readonly said: 'not_sent' }
  /** The platform answered the call itself, with a verdict or with a failure that is not about limits. */
  | { readonly said: 'served' }
  /** The call left, and nothing was learnt about limits: no reply, busy, HTTP error, token or account refused. */
  | { readonly said: 'nothing' }
  /** Refused for the minute's limit. */
  | { readonly said: 'minute' }
  /** Refused for the day's quota; `detail` is the platform's words, redacted. */
  | { readonly said: 'day'; readonly detail: string }

/** Leave for exactly one call, which must depart at once. */
export interface Permit {
  readonly kind: 'permit'
  /** To be called exactly once, as soon as the reply is there or given up; a second call is a fault and throws. */
  settle(result: PermitResult): void
}

/** A class of failure that waiting a minute does not cure. */
export type StopClass = Extract<FailureClass, 'DAY' | 'CONFIG' | 'WAIT_H'>

/** There is no permit, and waiting in the queue would not bring one soon. */
export interface PacerStop {
  readonly kind: 'stop'
  readonly class: StopClass
  readonly code: FailureCode
  readonly detail: string
  /** When the reason is expected to be over, for people; null when a person must act. Milliseconds since the epoch. */
  readonly untilMs: number | null
  /** When it makes sense to ask again: the next probe (spec §7.5) or the end. Null when only `release` helps. */
  readonly retryAtMs: number | null
}

/** A reason to stop, learnt outside of a permit (the token endpoint) or by a reply of these classes. */
export type Hold =
  /** Until `release`. */
  | { readonly class: 'CONFIG'; readonly code: FailureCode; readonly detail: string }
  /** For `durationMs`: 1 h after 89507, 24 h after 89506 (spec §6.2). */
  | { readonly class: 'WAIT_H'; readonly code: FailureCode; readonly detail: string; readonly durationMs: number }
  /** Until the day's reset, with a probe now and then (spec §7.5). */
  | { readonly class: 'DAY'; readonly code: FailureCode; readonly detail: string }

/** The platform's own count (spec §7.3). */
export interface PlatformReading {
  readonly dailyLimit: number
  readonly used: number
  readonly remain: number
  readonly perMinute: number | null
}

export interface PaceStatus {
  readonly key: PaceKey
  /** Calls of all processes in the last minute, those in flight included. */
  readonly lastMinute: number
  /** As in force now: share, platform's figure and adaptive factor applied. Null when no limit is known. */
  readonly perMinute: number | null
  /** The day as the platform counts it, `YYYY-MM-DD`. */
  readonly day: string
  readonly dayUsed: number
  readonly perDay: number | null
  /** The platform's word on what is left today for everybody, less our calls since; null when it was not asked. */
  readonly platformRemain: number | null
  /** 0.3–1: lowered when the platform says MINUTE although our count disagrees. */
  readonly factor: number
  /** While backing off after MINUTE; milliseconds since the epoch. */
  readonly backoffUntilMs: number | null
  readonly held: PacerStop | null
  /** Callers of this process in the queue. */
  readonly waiting: number
}

export interface Pacer {
  /** True when the file was damaged and had to be made anew: a wait of about two minutes follows, and the day's counts are lost. */
  readonly rebuilt: boolean
  /**
   * Waits for a permit. Resolves to a stop when waiting is pointless; rejects with the signal's reason when it aborts, and with
   * `PacerClosed` after `close`. A caller whose permit arrives after it has lost interest settles it as `not_sent`.
   */
  acquire(
    key: PaceKey,
    limit: PaceLimit,
    options: { readonly priority: PacePriority; readonly signal: AbortSignal },
  ): Promise<Permit | PacerStop>
  hold(scope: PaceScope, hold: Hold): void
  /** "Try again": ends every hold that stands in the way of the scope, those of its whole appid included. */
  release(scope: PaceScope): void
  reading(key: PaceKey, reading: PlatformReading): void
  /** Throws PacerError when the file cannot be read. */
  status(): PaceStatus[]
  /** No permit is given until `resume`; those in the queue keep their place. This process only. */
  pause(): void
  resume(): void
  /** Writes what is known and lets go of the file. Settle the permits first: those left over count as in flight until they lapse. */
  close(): void
}

/** The pacer cannot work with its file; `code` says why, the message is one sentence. */
export class PacerError extends Error {
  readonly code: 'unwritable' | 'unreadable' | 'newer' | 'foreign'

  constructor(code: PacerError['code'], message: string) {
    super(message)
    this.name = 'PacerError'
    this.code = code
  }
}

export class PacerClosed extends Error {
  constructor() {
    super('The pacer was closed.')
    this.name = 'PacerClosed'
  }
}
