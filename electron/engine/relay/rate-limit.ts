/** Counts per key in windows of a minute. Memory is bounded: beyond `maxKeys` the window starts anew, which only ever allows more. */
export interface RateLimiter {
  /** Counts one more and says whether that is still within the limit. */
  take(key: string, nowMs: number): boolean
  /** Whether the limit is used up, counting nothing. */
  isSpent(key: string, nowMs: number): boolean
}

const windowMs = 60_000
const maxKeys = 100_000

export function createRateLimiter(perMinute: number): RateLimiter {
  let windowStart = Number.NEGATIVE_INFINITY
  const counts = new Map<string, number>()

  const turn = (nowMs: number) => {
    if (nowMs - windowStart < windowMs && nowMs >= windowStart && counts.size < maxKeys) return
    windowStart = nowMs
    counts.clear()
  }
  return {
    take: (key, nowMs) => {
      turn(nowMs)
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count <= perMinute
    },
    isSpent: (key, nowMs) => {
      turn(nowMs)
      return (counts.get(key) ?? 0) >= perMinute
    },
  }
}
