import type { Dispatcher } from 'undici'
import type { Profile } from '../../../shared/profile.ts'
import type { RelayStatus } from '../../../shared/queue.ts'
import type { Clock } from '../base/clock.ts'
import { createRelayClient, failureOfRelay, type RelayClient, type RelayConnection } from '../relay/client.ts'
import type { StoreReader } from '../store/ports.ts'
import type { Awaiting } from './awaiting.ts'
import type { Publish } from './media.ts'
import { followRelay } from './relay-feed.ts'

/** The relays of the profiles at work: where media get their addresses, and whose pushes are followed. */
export interface Relays {
  /** Null for a profile without a relay, or whose key is not at hand. */
  publisherOf(profile: Profile): Promise<Publish | null>
  /** Follows the profile's relay from now on, with its key of now, until the engine closes. */
  follow(profile: Profile): void
  /** The profile was saved: if its relay is followed, then from now on with the new key. */
  renew(profile: Profile): void
  clientOf(profile: Profile): Promise<RelayClient | null>
  /** How each relay that is followed is reached at present. */
  statuses(): readonly RelayStatus[]
}

/** When what a relay sent could not be stored, a full disk for instance. */
const storagePauseMs = 30_000

export function createRelays(options: {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly reader: Pick<StoreReader, 'relayPosition'>
  keyOf(profile: Profile): Promise<string | null>
  awaiting(): Awaiting
  /** A relay is reached, or is no longer. */
  onStatus(): void
  onProblem(error: unknown): void
  readonly signal: AbortSignal
}): Relays {
  const { clock, dispatcher, reader, signal } = options
  const clients = new Map<string, RelayClient>()
  /** By profile and relay, the key that it is followed with; profiles with the same relay and key share one follower. */
  const followed = new Map<string, Way>()
  const followers = new Map<string, AbortController>()
  /** By relay and key, for an old key's end must not hide how the new one is taken. */
  const connections = new Map<string, RelayConnection>()

  const wayOf = async (profile: Profile): Promise<Way | null> => {
    if (profile.relay === null) return null
    const { url } = profile.relay
    const key = await options.keyOf(profile)
    return key === null ? null : { id: `${url} ${key}`, url, key }
  }
  const clientOfWay = ({ id, url, key }: Way): RelayClient => {
    const onConnection = (connection: RelayConnection) => {
      connections.set(id, connection)
      options.onStatus()
    }
    const client = clients.get(id) ?? createRelayClient({ url, key, dispatcher, clock, onConnection })
    clients.set(id, client)
    return client
  }
  const clientOf = async (profile: Profile): Promise<RelayClient | null> => {
    const way = await wayOf(profile)
    return way === null ? null : clientOfWay(way)
  }

  const end = (id: string) => {
    followers.get(id)?.abort()
    followers.delete(id)
    connections.delete(id)
  }
  const follow = async (profile: Profile) => {
    const way = await wayOf(profile)
    if (way === null || signal.aborted) return
    const former = followed.get(nameOf(profile))
    followed.set(nameOf(profile), way)
    // Another key than before: with the old one the relay would be asked in vain for ever.
    const isUsed = former === undefined || [...followed.values()].some(each => each.id === former.id)
    if (!isUsed) {
      end(former.id)
      options.onStatus()
    }
    if (followers.has(way.id)) return
    const stop = new AbortController()
    followers.set(way.id, stop)
    await followWay(way, AbortSignal.any([signal, stop.signal]))
  }
  const begin = (profile: Profile) => {
    follow(profile).catch(error => {
      if (!signal.aborted) options.onProblem(error)
    })
  }
  const followWay = async (way: Way, stop: AbortSignal) => {
    const readOn = async () =>
      followRelay(clientOfWay(way), way.url, await reader.relayPosition(way.url), options.awaiting(), stop)
    while (!stop.aborted) {
      await readOn().catch(error => {
        if (!stop.aborted) options.onProblem(error)
      })
      if (!stop.aborted) await clock.sleep(storagePauseMs, stop).catch(() => undefined)
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
      const way = followed.get(nameOf(profile))
      // Asked at every check that is awaited: while the relay takes the key, the vault is left alone.
      if (way === undefined || connections.get(way.id)?.kind !== 'connected') begin(profile)
    },
    renew: profile => {
      if (followed.has(nameOf(profile))) begin(profile)
    },
    statuses: () => {
      const all = [...followed.values()].map(({ id, url }) => statusOf(url, connections.get(id)))
      // Of a relay that takes one key and not another, what is wrong is shown.
      const inOrder = all.toSorted((a, b) => Number(b.state === 'connected') - Number(a.state === 'connected'))
      return [...new Map(inOrder.map(status => [status.relay, status])).values()]
    },
  }
}

/** A relay and the key that is shown to it. */
interface Way {
  /** Of both. */
  readonly id: string
  readonly url: string
  readonly key: string
}

/** Under which it is followed: a profile may leave one relay for another while pushes of the first are awaited. */
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
