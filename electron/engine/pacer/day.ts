/**
 * The day as the platform counts it. No source states when it ends; midnight in China is the natural guess, and the zone is a
 * setting (spec §7.5).
 */

export interface Day {
  /** `YYYY-MM-DD` in the zone. */
  readonly name: string
  /** Milliseconds since the epoch at which the next day begins. */
  readonly endsMs: number
}

/** The day of a moment, in milliseconds since the epoch. */
export type Calendar = (nowMs: number) => Day

/** Returns the function that tells the day of a moment, for days that begin at `hour`:00; throws RangeError for an unknown zone. */
export function createCalendar(zone: string, hour = 0): Calendar {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  let known: { fromMs: number; day: Day } | null = null
  return nowMs => {
    if (known === null || nowMs < known.fromMs || nowMs >= known.day.endsMs) {
      const { name, endsMs } = dayOf(nowMs - hour * hourMs, format)
      known = { fromMs: nowMs, day: { name, endsMs: endsMs + hour * hourMs } }
    }
    return known.day
  }
}

const hourMs = 3_600_000

function dayOf(nowMs: number, format: Intl.DateTimeFormat): Day {
  const name = format.format(nowMs)
  // Halving needs no rule about offsets, and is right where a day has 23 or 25 hours or does not begin at 00:00.
  let inside = nowMs
  let beyond = nowMs + 26 * hourMs
  while (beyond - inside > 1) {
    const middle = Math.floor((inside + beyond) / 2)
    if (format.format(middle) === name) inside = middle
    else beyond = middle
  }
  return { name, endsMs: beyond }
}
