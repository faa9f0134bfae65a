/** How much of a limit is in force: the share, the platform's own figure, and the factor that its refusals lower. */
import type { PaceLimit } from './contract.ts'

const lowestFactor = 0.3
const minuteMs = 60_000

/** How the platform has been treating a key; times are monotonic milliseconds. */
interface Strikes {
  readonly factor: number
  readonly struckAt: number | null
}

/** The factor after one more MINUTE reply: what our count allowed was too much, because somebody else uses the account too. */
export function strike(strikes: Strikes, now: number): Strikes {
  return { factor: Math.max(lowestFactor, rounded(factorAt(strikes, now) * 0.8)), struckAt: now }
}

/** Recovers by 0.05 with every minute without a refusal. */
export function factorAt(strikes: Strikes, now: number): number {
  if (strikes.struckAt === null) return 1
  const cleanMinutes = Math.max(0, Math.floor((now - strikes.struckAt) / minuteMs))
  return Math.min(1, rounded(strikes.factor + 0.05 * cleanMinutes))
}

/**
 * The limit in force, or null when none is known. Of our figure and the platform's the lower one holds: ours may be a person's
 * wish to use less, the platform's may be lower than what its pages say (spec §7.2).
 */
export function inForce(
  ours: number | null,
  platforms: number | null,
  sharePercent: number,
  factor: number,
): number | null {
  const whole = ours === null || platforms === null ? (ours ?? platforms) : Math.min(ours, platforms)
  if (whole === null) return null
  return Math.max(1, Math.floor((whole * sharePercent * factor) / 100))
}

/** A limit that is not a number, or nothing, would let everything through or nothing: both are faults of the caller. */
export function isLimit(limit: PaceLimit): boolean {
  return (
    (limit.perMinute === null || (limit.perMinute > 0 && limit.perMinute < Number.POSITIVE_INFINITY)) &&
    (limit.perDay === null || (limit.perDay > 0 && limit.perDay < Number.POSITIVE_INFINITY)) &&
    limit.sharePercent > 0 &&
    limit.sharePercent <= 100
  )
}

/** Sums of hundredths stay hundredths, so that a factor of 1 is reached and not missed by a rounding error. */
function rounded(factor: number): number {
  return Math.round(factor * 10_000) / 10_000
}
