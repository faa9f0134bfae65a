import type { EndpointStatus, QueueStatus } from '../../../shared/queue.ts'

export type Load = 'calm' | 'near' | 'full'

/** How much of a limit is used; null when no limit is known. */
export function loadOf(used: number, limit: number | null): { readonly percent: number; readonly load: Load } | null {
  if (limit === null || limit <= 0) return null
  const percent = Math.min(100, Math.max(0, (used / limit) * 100))
  return { percent, load: percent >= 100 ? 'full' : percent >= 80 ? 'near' : 'calm' }
}

/** The day's quota of an endpoint that is held for it is gone, however little of it was used from here: others use the account too. */
export const isDayUsedUp = ({ held }: EndpointStatus, nowMs: number): boolean =>
  held !== null && held.class === 'DAY' && (held.untilMs === null || held.untilMs > nowMs)

/** The largest share of any day's quota that is used; null where no quota is known. */
export function dayShareOf(endpoints: readonly EndpointStatus[], nowMs: number): number | null {
  const shares = endpoints.flatMap(endpoint => {
    if (isDayUsedUp(endpoint, nowMs)) return 1
    return endpoint.perDay === null ? [] : Math.min(1, endpoint.today / endpoint.perDay)
  })
  return shares.length === 0 ? null : Math.max(...shares)
}

export interface ProfileQueue {
  readonly profile: string
  readonly appid: string
  readonly endpoints: readonly EndpointStatus[]
  readonly token: QueueStatus['tokens'][number] | null
}

/** Endpoints and token of each profile together, in the order in which the queue names them. */
export function byProfile(status: QueueStatus): readonly ProfileQueue[] {
  const profiles = new Set([
    ...status.endpoints.map(endpoint => endpoint.profile),
    ...status.tokens.map(token => token.profile),
  ])
  return [...profiles].map(profile => {
    const endpoints = status.endpoints.filter(endpoint => endpoint.profile === profile)
    return {
      profile,
      appid: endpoints[0]?.appid ?? '',
      endpoints,
      token: status.tokens.find(token => token.profile === profile) ?? null,
    }
  })
}

export type Meter =
  | { readonly kind: 'idle' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'held'; readonly held: NonNullable<EndpointStatus['held']>; readonly count: number }
  | {
      readonly kind: 'running'
      readonly perMinute: number
      /** Sum of the limits of the endpoints in use; null when one of them has no known limit. */
      readonly limit: number | null
      readonly remainingMs: number | null
    }

/** The one thing that the title bar has room for: paused before held before running before idle. */
export function meterOf(status: QueueStatus, nowMs: number): Meter {
  if (status.paused) return { kind: 'paused' }
  const held = heldOf(status, nowMs)
  const first = held[0]
  const inUse = status.endpoints.filter(endpoint => endpoint.lastMinute > 0)
  // The rate is of the last minute, and so outlives the work.
  const isRunning = status.inFlight > 0 || status.finishAt !== null
  if (first !== undefined && !isRunning) return { kind: 'held', held: first, count: held.length }
  if (!isRunning) return { kind: 'idle' }
  return {
    kind: 'running',
    perMinute: status.checksPerMinute,
    limit: inUse.length === 0 ? null : sumOrNull(inUse.map(endpoint => endpoint.perMinute)),
    remainingMs: status.finishAt === null ? null : Math.max(0, status.finishAt - nowMs),
  }
}

/** What holds calls back now, the longest wait first; what needs a person (no end known) before everything. */
export function heldOf(status: QueueStatus, nowMs: number): readonly NonNullable<EndpointStatus['held']>[] {
  return status.endpoints
    .flatMap(endpoint => endpoint.held ?? [])
    .filter(held => held.untilMs === null || held.untilMs > nowMs)
    .toSorted((a, b) => (b.untilMs ?? Number.POSITIVE_INFINITY) - (a.untilMs ?? Number.POSITIVE_INFINITY))
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0
  for (const value of values) {
    if (value === null) return null
    sum += value
  }
  return sum
}
