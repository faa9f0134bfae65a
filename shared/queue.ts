import type { EndpointId } from './domain.ts'
import type { FailureClass, FailureCode } from './failures.ts'

/** What the title bar and the queue view show, once or twice a second while there is work. */
export interface QueueStatus {
  readonly paused: boolean
  readonly inFlight: number
  readonly checksPerMinute: number
  /** When the running batches will be done at the present rate; null when unknown. */
  readonly finishAt: number | null
  /** Batches that somebody has put first, the first of them first; they may have ended since. */
  readonly first: readonly string[]
  readonly endpoints: readonly EndpointStatus[]
  readonly tokens: readonly TokenStatus[]
  /** Documents that are being read, for a plan or a batch. */
  readonly reading: readonly ReadingProgress[]
  /** The relays whose pushes are awaited. */
  readonly relays: readonly RelayStatus[]
}

/** A document that is being read, by the name of its file; at which page of how many, where its reader says that. */
export interface ReadingProgress {
  readonly name: string
  readonly page: { readonly done: number; readonly of: number } | null
}

export interface EndpointStatus {
  readonly profile: string
  readonly appid: string
  readonly endpoint: EndpointId
  readonly lastMinute: number
  readonly perMinute: number | null
  readonly today: number
  readonly perDay: number | null
  /** Why no call leaves at present, and until when. */
  readonly held: {
    readonly class: FailureClass
    readonly code: FailureCode
    readonly untilMs: number | null
    readonly detail: string
  } | null
}

export interface TokenStatus {
  readonly profile: string
  readonly state: 'none' | 'ok' | 'refused'
  readonly expiresAt: number | null
  readonly code: FailureCode | null
  readonly detail: string | null
}

/** How a relay is reached; whatever is wrong, it keeps the pushes until it is reached again. */
export interface RelayStatus {
  /** Its public address. */
  readonly relay: string
  readonly state: 'connecting' | 'connected' | 'unreachable' | 'key_refused' | 'not_a_relay'
  readonly detail: string
}
