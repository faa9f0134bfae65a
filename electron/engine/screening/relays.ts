import type { Dispatcher } from 'undici'
import type { Profile } from '../../../shared/profile.ts'
import type { RelayStatus } from '../../../shared/queue.ts'
import type { Clock } from '../base/clock.ts'
import { createRelayClient, failureOfRelay, type RelayClient, type RelayConnection } from '../relay/client.ts'
import type { StoreReader } from '../store/ports.ts'
import type { Awaiting } from './awaiting.ts'
import type { Publish } from './media.ts'
import { followRelay } from './relay-feed.ts'

/** The relays of the profiles in use: they give media their addresses, and their pushes are followed. */
export interface Relays {
  /** Null for a profile without a relay, or whose key is not at hand. */
  publisherOf(profile: Profile): Promise<Publish | null>
  /** Follows the profile's relay with its present key until the engine closes. */
  follow(profile: Profile): void
  /** The profile was saved: if its relay is followed, it is from now on with the new key. */
  renew(profile: Profile): void
  clientOf(profile: Profile): Promise<RelayClient | null>
  /** How each relay that is followed is reached at present. */
  statuses(): readonly RelayStatus[]
}

/** The pause after what a relay sent could not be stored, because of a full disk for instance. */
const storagePauseMs = 30_000

export function createRelays(options: {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly reader: Pick<StoreReader, 'relayPosition'>
  keyOf(profile: Profile): Promise<string | null>
  awaiting(): Awaiting
  /** A relay can be reached, or no longer. */
  onStatus(): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Relays {
  const { clock, dispatcher, reader, signal } = options
  const clients = new Map<string, RelayClient>()
  /** What is followed, by profile and relay; profiles with the same relay and key share one follower. */
  const followed = new Map<string, RelayRef>()
  const followers = new Map<string, AbortController>()
  /** By relay and key: the last state of an old key must not hide that of the new one. */
  const connections = new Map<string, RelayConnection>()

  const refOf = async (profile: Profile): Promise<RelayRef | null> => {
    if (profile.relay === null) return null
    const { url } = profile.relay
    const key = await options.keyOf(profile)
    return key === null ? null : { id: `${url} ${key}`, url, key }
  }
  const clientOfRef = ({ id, url, key }: RelayRef): RelayClient => {
    const onConnection = (connection: RelayConnection) => {
      connections.set(id, connection)
      options.onStatus()
    }
    const client = clients.get(id) ?? createRelayClient({ url, key, dispatcher, clock, onConnection })
    clients.set(id, client)
    return client
  }
  const clientOf = async (profile: Profile): Promise<RelayClient | null> => {
    const ref = await refOf(profile)
    return ref === null ? null : clientOfRef(ref)
  }

  const followRef = async (ref: RelayRef, stop: AbortSignal) => {
    const readOn = async () =>
      followRelay(clientOfRef(ref), ref.url, await reader.relayPosition(ref.url), options.awaiting(), stop)
    while (!stop.aborted) {
      await readOn().catch(error => {
        if (!stop.aborted) options.onProblem(error)
      })
      if (!stop.aborted) await clock.sleep(storagePauseMs, stop).catch(() => undefined)
    }
  }
  const end = (id: string) => {
    followers.get(id)?.abort()
    followers.delete(id)
    connections.delete(id)
  }
  const follow = async (profile: Profile) => {
    const ref = await refOf(profile)
    if (ref === null || signal.aborted) return
    const former = followed.get(nameOf(profile))
    followed.set(nameOf(profile), ref)
    // The key has changed: requests with the old one would be refused forever.
    const isUsed = former === undefined || [...followed.values()].some(each => each.id === former.id)
    if (!isUsed) {
      end(former.id)
      options.onStatus()
    }
    if (followers.has(ref.id)) return
    const stop = new AbortController()
    followers.set(ref.id, stop)
    await followRef(ref, AbortSignal.any([signal, stop.signal]))
  }
  const begin = (profile: Profile) => {
    follow(profile).catch(error => {
      if (!signal.aborted) options.onProblem(error)
    })
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
      const ref = followed.get(nameOf(profile))
      // Called for every check that is awaited: while the relay accepts the key, the vault need not be read.
      if (ref === undefined || connections.get(ref.id)?.kind !== 'connected') begin(profile)
    },
    renew: profile => {
      if (followed.has(nameOf(profile))) begin(profile)
    },
    statuses: () => {
      const all = [...followed.values()].map(({ id, url }) => statusOf(url, connections.get(id)))
      // Where a relay accepts one key and not another, the failure is shown.
      const inOrder = all.toSorted((a, b) => Number(b.state === 'connected') - Number(a.state === 'connected'))
      return [...new Map(inOrder.map(status => [status.relay, status])).values()]
    },
  }
}

/** A relay and the key that is sent to it. */
interface RelayRef {
  /** Identifies the pair. */
  readonly id: string
  readonly url: string
  readonly key: string
}

/** By profile and relay: a profile may change to another relay while pushes of the first are awaited. */
function nameOf(profile: Profile): string {
  return `${profile.id} ${profile.relay?.url}`
}

function statusOf(relay: string, connection: RelayConnection | undefined): RelayStatus {
  if (connection === undefined) return { relay, state: 'connecting', detail: '' }
  if (connection.kind === 'connected') return { relay, state: 'connected', detail: '' }
  const { code, detail } = connection.failure
  const state = code === 'key_refused' || code === 'not_a_relay' ? code : 'unreachable'
  return { relay, state, detail: detail === '' ? code : detail }
}
