import { detailOf } from '../base/detail.ts'
import type { Hold, PaceKey, PaceStatus, PlatformReading } from './contract.ts'
import type { Moment } from './decide.ts'
import { gravest, holdAt, holdRow, stopOf } from './holds.ts'
import { factorAt, inForce } from './limit.ts'
import { isSameHold, type Lane, laneName, type Pacing, waiting } from './pacing.ts'

/** What is known of every key at this moment. */
export function readStatus(pacing: Pacing): PaceStatus[] {
  const { book, lanes, monotonic, wall, calendar } = pacing
  const now = monotonic()
  const wallMs = wall()
  const day = calendar(wallMs)
  return book.keys().map((row): PaceStatus => {
    const key: PaceKey = { appid: row.appid, endpoint: row.endpoint }
    const lane = lanes.get(laneName(key))
    const dayRow = book.day(row.id, day.name)
    const leased = lane?.lease?.day.name === day.name ? lane.leaseLeft : 0
    const factor = factorAt(row, now)
    const held = gravest(book.holds(key).flatMap(hold => holdAt(hold, wallMs, day) ?? []))
    const used = dayRow.used - leased
    return {
      key,
      lastMinute: book.window(row.id, now).total + Math.max(0, lane?.tally ?? 0),
      perMinute: inForce(row.limitMinute, row.platformMinute, row.sharePercent, factor),
      day: day.name,
      dayUsed: used,
      perDay: inForce(row.limitDay, dayRow.platformLimit, row.sharePercent, 1),
      platformRemain:
        dayRow.platformRemain === null
          ? null
          : Math.max(0, dayRow.platformRemain - (used - (dayRow.usedAtReading ?? 0))),
      factor,
      backoffUntilMs: row.backoffUntil !== null && row.backoffUntil > now ? wallMs + row.backoffUntil - now : null,
      held: held === undefined ? null : stopOf(held, wallMs, day),
      waiting: lane === undefined ? 0 : waiting(lane),
    }
  })
}

/** The platform is right (spec §7.2): about the limits, about what is left, and about how much can have been used at most. */
export function enterReading(pacing: Pacing, lane: Lane, reading: PlatformReading, at: Moment): void {
  const { book, random } = pacing
  const row = book.key(lane.key)
  const before = book.day(row.id, at.day.name)
  // The platform does not know yet of calls that are on their way or only leased.
  const leased = lane.lease !== null && lane.lease.day.name === at.day.name ? lane.leaseLeft : 0
  const unknown = book.inFlight(row.id, at.now) + lane.leasedInFlight + leased
  const used = Math.min(before.used, reading.used + unknown)
  book.setReading(row.id, at.day.name, {
    used,
    limit: reading.dailyLimit,
    remain: reading.remain,
    usedAtReading: used - Math.min(used, unknown),
  })
  if (reading.perMinute !== null) book.setPlatformMinute(row.id, reading.perMinute)
  const scope = { appid: row.appid, endpoint: row.endpoint, class: 'DAY' } as const
  if (reading.remain > 0) book.removeHold(scope)
  else {
    const known = book.holds(lane.key).find(isSameHold(scope))
    const hold: Hold = {
      class: 'DAY',
      code: 'quota_day',
      detail: detailOf('used_says_platform', { count: reading.used, limit: reading.dailyLimit }),
    }
    book.putHold(holdRow(scope, hold, known, at, random))
  }
}
