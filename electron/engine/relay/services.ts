import type { Clock } from '../base/clock.ts'
import type { RelayConfig } from './config.ts'
import type { Doorbell } from './doorbell.ts'
import type { Gate } from './gate.ts'
import type { RelayLog } from './log.ts'
import type { MediaShelf } from './media-shelf.ts'
import type { Receiver } from './receive.ts'
import type { RelayStore } from './store.ts'

/** What the routes are made of. */
export interface RelayServices {
  readonly config: RelayConfig
  readonly store: RelayStore
  readonly clock: Clock
  readonly log: RelayLog
  readonly gate: Gate
  readonly receiver: Receiver
  readonly shelf: MediaShelf
  readonly bell: Doorbell
  /** The public address; known once the server listens. */
  url(): string
  readonly closing: AbortSignal
}
