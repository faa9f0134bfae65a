import type { EndpointId } from '../../../shared/domain.ts'
import type { RateLimit } from '../../../shared/limits.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** The day is taken to turn at midnight in China; no source states the hour (spec §7.5). */
const chinaOffsetMs = 8 * 3_600_000

export interface EndpointStats {
  readonly endpoint: EndpointId
  /** null gathers the calls that named no known app: without a valid token or appid. */
  readonly appid: string | null
  /** All that arrived, whatever became of them. */
  readonly calls: number
  /** The most that arrived in any span of 60 seconds. */
  readonly mostPerMinute: number
  readonly refusedByMinute: number
  readonly refusedByDay: number
}

export type Admission = 'admitted' | 'minute_full' | 'day_full'

/** Counts calls per appid and endpoint as the server sees them, and says which of them the limits let through. */
export interface CallMeter {
  arrive(endpoint: EndpointId, appid: string | null, nowMs: number): Admission
  usedToday(endpoint: EndpointId, appid: string, nowMs: number): number
  stats(): readonly EndpointStats[]
}

interface Count {
  readonly endpoint: EndpointId
  readonly appid: string | null
  readonly arrived: MinuteSpan
  readonly admitted: MinuteSpan
  calls: number
  mostPerMinute: number
  refusedByMinute: number
  refusedByDay: number
  day: number
  usedToday: number
}

const unlimited: RateLimit = { perMinute: null, perDay: null }

export function createCallMeter(rates: Readonly<Record<string, RateLimit>>): CallMeter {
  const counts = new Map<string, Count>()
  return {
    arrive(endpoint, appid, nowMs) {
      const count = countOf(counts, endpoint, appid)
      count.calls += 1
      count.mostPerMinute = Math.max(count.mostPerMinute, count.arrived.add(nowMs))
      if (appid === null) return 'admitted'
      const { perMinute, perDay } = rates[endpoint] ?? unlimited
      turnDay(count, nowMs)
      if (perDay !== null && count.usedToday >= perDay) {
        count.refusedByDay += 1
        return 'day_full'
      }
      // What is refused does not fill the window: a caller that waits a minute always gets through.
      if (perMinute !== null && count.admitted.sizeAt(nowMs) >= perMinute) {
        count.refusedByMinute += 1
        return 'minute_full'
      }
      count.admitted.add(nowMs)
      count.usedToday += 1
      return 'admitted'
    },
    usedToday(endpoint, appid, nowMs) {
      const count = countOf(counts, endpoint, appid)
      turnDay(count, nowMs)
      return count.usedToday
    },
    stats: () =>
      [...counts.values()]
        .filter(({ calls }) => calls > 0)
        .map(({ endpoint, appid, calls, mostPerMinute, refusedByMinute, refusedByDay }) => ({
          endpoint,
          appid,
          calls,
          mostPerMinute,
          refusedByMinute,
          refusedByDay,
        })),
  }
}

function countOf(counts: Map<string, Count>, endpoint: EndpointId, appid: string | null): Count {
  const key = `${endpoint} ${appid ?? ''}`
  const known = counts.get(key)
  if (known !== undefined) return known
  const count: Count = {
    endpoint,
    appid,
    arrived: createMinuteSpan(),
    admitted: createMinuteSpan(),
    calls: 0,
    mostPerMinute: 0,
    refusedByMinute: 0,
    refusedByDay: 0,
    day: 0,
    usedToday: 0,
  }
  counts.set(key, count)
  return count
}

export function chinaDay(nowMs: number): number {
  return Math.floor((nowMs + chinaOffsetMs) / dayMs)
}

function turnDay(count: Count, nowMs: number): void {
  const day = chinaDay(nowMs)
  if (day === count.day) return
  count.day = day
  count.usedToday = 0
}

interface MinuteSpan {
  /** Adds a call and tells how many lie in the 60 seconds that end with it. */
  add(nowMs: number): number
  sizeAt(nowMs: number): number
}

/** The times of the last 60 seconds (start excluded) in a ring that doubles when full: constant work per call. */
function createMinuteSpan(): MinuteSpan {
  let ring = new Float64Array(64)
  let first = 0
  let size = 0
  // Wall clocks step back; the order of arrival does not.
  let latest = Number.NEGATIVE_INFINITY
  const forgetUntil = (nowMs: number) => {
    latest = Math.max(latest, nowMs)
    while (size > 0 && latest - (ring[first] ?? 0) >= minuteMs) {
      first = (first + 1) % ring.length
      size -= 1
    }
  }
  return {
    add(nowMs) {
      forgetUntil(nowMs)
      if (size === ring.length) {
        const wider = new Float64Array(ring.length * 2)
        wider.set(ring.subarray(first))
        wider.set(ring.subarray(0, first), ring.length - first)
        ring = wider
        first = 0
      }
      ring[(first + size) % ring.length] = latest
      size += 1
      return size
    },
    sizeAt(nowMs) {
      forgetUntil(nowMs)
      return size
    },
  }
}
