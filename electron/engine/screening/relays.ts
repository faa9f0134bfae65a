import type { Dispatcher } from 'undici'
import type { Profile } from '../../../shared/profile.ts'
import type { Clock } from '../clock.ts'
import type { LedgerQueries } from '../ledger/queries.ts'
import { createRelayClient, failureOfRelay, type RelayClient } from '../relay/client.ts'
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
}

/** When what a relay sent could not be stored, a full disk for instance. */
const storagePauseMs = 30_000

export function createRelays(options: {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly queries: LedgerQueries
  keyOf(profile: Profile): Promise<string | null>
  awaiting(): Awaiting
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Relays {
  const { clock, dispatcher, queries, signal } = options
  const clients = new Map<string, RelayClient>()
  const followed = new Set<string>()

  const clientOf = async (profile: Profile): Promise<RelayClient | null> => {
    if (profile.relay === null) return null
    const { url } = profile.relay
    const key = await options.keyOf(profile)
    if (key === null) return null
    const id = `${url} ${key}`
    const client = clients.get(id) ?? createRelayClient({ url, key, dispatcher, clock })
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
  }
}
