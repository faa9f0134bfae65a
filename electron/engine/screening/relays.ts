import type { Dispatcher } from 'undici'
import type { Profile } from '../../../shared/profile.ts'
import type { RelayStatus } from '../../../shared/queue.ts'
import type { Clock } from '../clock.ts'
import type { LedgerQueries } from '../ledger/queries.ts'
import { createRelayClient, failureOfRelay, type RelayClient, type RelayConnection } from '../relay/client.ts'
import type { Awaiting } from './awaiting.ts'
import type { Publish } from './media.ts'
import { followRelay } from './relay-feed.ts'

/** The relays of the profiles at work: where media get their addresses, and whose pushes are followed. */
export interface Relays {
  /** Null for a profile without a relay, or whose key is not at hand. */
  publisherOf(profile: Profile): Promise<Publish | null>
  /** Follows the profile's relay from now on, until the engine closes. */
  follow(profile: Profile): void
  clientOf(profile: Profile): Promise<RelayClient | null>
  /** How each relay that is followed is reached at present. */
  statuses(): readonly RelayStatus[]
}

/** When what a relay sent could not be stored, a full disk for instance. */
const storagePauseMs = 30_000

export function createRelays(options: {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly queries: LedgerQueries
  keyOf(profile: Profile): Promise<string | null>
  awaiting(): Awaiting
  /** A relay is reached, or is no longer. */
  onStatus(): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Relays {
  const { clock, dispatcher, queries, signal } = options
  const clients = new Map<string, RelayClient>()
  const followed = new Set<string>()
  const connections = new Map<string, RelayConnection>()

  const clientOf = async (profile: Profile): Promise<RelayClient | null> => {
    if (profile.relay === null) return null
    const { url } = profile.relay
    const key = await options.keyOf(profile)
    if (key === null) return null
    const id = `${url} ${key}`
    const onConnection = (connection: RelayConnection) => {
      connections.set(url, connection)
      options.onStatus()
    }
    const client = clients.get(id) ?? createRelayClient({ url, key, dispatcher, clock, onConnection })
    clients.set(id, client)
    return client
  }

  const follow = async (profile: Profile) => {
    const relay = profile.relay?.url
    if (relay === undefined || followed.has(relay)) return
    followed.add(relay)
    try {
      const client = await clientOf(profile)
      if (client === null) return
      while (!signal.aborted) {
        await followRelay(client, relay, queries.relayPosition(relay), options.awaiting(), signal).catch(error => {
          if (!signal.aborted) options.onProblem(error)
        })
        await clock.sleep(storagePauseMs, signal)
      }
    } finally {
      followed.delete(relay)
    }
  }

  return {
    clientOf,
    publisherOf: async profile => {
      const client = await clientOf(profile)
      if (client === null) return null
      return async (bytes, mediaType, stop) => {
        const uploaded = await client.upload(bytes, mediaType, stop)
        return uploaded.kind === 'uploaded'
          ? { kind: 'address', url: uploaded.url, goodUntil: uploaded.expiresAt }
          : failureOfRelay(uploaded)
      }
    },
    follow: profile => {
      follow(profile).catch(error => {
        if (!signal.aborted) options.onProblem(error)
      })
    },
    statuses: () => [...followed].map(relay => statusOf(relay, connections.get(relay))),
  }
}

function statusOf(relay: string, connection: RelayConnection | undefined): RelayStatus {
  if (connection === undefined) return { relay, state: 'connecting', detail: '' }
  if (connection.kind === 'connected') return { relay, state: 'connected', detail: '' }
  const { code, detail } = connection.failure
  const state = code === 'key_refused' || code === 'not_a_relay' ? code : 'unreachable'
  return { relay, state, detail: [code, detail].filter(text => text !== '').join(', ') }
}
