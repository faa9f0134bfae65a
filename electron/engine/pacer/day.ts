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

/** Returns the function that tells the day of a moment; throws RangeError for an unknown zone. */
export function createCalendar(zone: string): (nowMs: number) => Day {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  let known: { fromMs: number; day: Day } | null = null
  return nowMs => {
    if (known === null || nowMs < known.fromMs || nowMs >= known.day.endsMs) {
      known = { fromMs: nowMs, day: dayOf(nowMs, format) }
    }
    return known.day
  }
}

function dayOf(nowMs: number, format: Intl.DateTimeFormat): Day {
  const name = format.format(nowMs)
  // Halving needs no rule about offsets, and is right where a day has 23 or 25 hours or does not begin at 00:00.
  let inside = nowMs
  let beyond = nowMs + 26 * 3_600_000
  while (beyond - inside > 1) {
    const middle = Math.floor((inside + beyond) / 2)
    if (format.format(middle) === name) inside = middle
    else beyond = middle
  }
  return { name, endsMs: beyond }
}
