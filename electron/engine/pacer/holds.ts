/** What stands in the way of a key: which holds are in force at a moment, and what callers learn about them. */

import type { Hold, PacerStop, PaceScope } from './contract.ts'
import type { Day } from './day.ts'
import type { HoldRow } from './store/book.ts'

/** While the day's quota is used up, one call is let through about this often to see whether it still is (spec §7.5). */
const probeEveryMs = 15 * 60_000

/**
 * Brings rows up to `wallMs`: null for one that is over. When the system clock was set back, a hold begins now at the latest;
 * else it would last by as much longer as the clock was wrong.
 */
export function holdAt(row: HoldRow, wallMs: number, day: Day): HoldRow | null {
  const moved = Math.max(0, row.since - wallMs)
  const current: HoldRow =
    moved === 0
      ? row
      : {
          ...row,
          since: wallMs,
          until: row.until === null ? null : row.class === 'DAY' ? day.endsMs : row.until - moved,
          probeAt: row.probeAt === null ? null : row.probeAt - moved,
          probingUntil: row.probingUntil === null ? null : row.probingUntil - moved,
        }
  return current.class === 'WAIT_H' && current.until !== null && current.until <= wallMs ? null : current
}

/** `known` is the row that the hold replaces. */
export function holdRow(
  scope: PaceScope,
  hold: Hold,
  known: HoldRow | undefined,
  { wallMs, day }: { readonly wallMs: number; readonly day: Day },
  random: () => number,
): HoldRow {
  const row = {
    appid: scope.appid,
    endpoint: scope.endpoint ?? '',
    class: hold.class,
    code: hold.code,
    detail: hold.detail,
    since: wallMs,
    until: null,
    probeAt: null,
    probingUntil: null,
  }
  switch (hold.class) {
    case 'CONFIG':
      return row
    case 'WAIT_H':
      return { ...row, until: wallMs + hold.durationMs }
    case 'DAY': {
      // The calls that were under way when the quota ran out report it one by one; they do not put the probe off.
      const next = known?.probeAt ?? 0
      const soon = wallMs + Math.round(probeEveryMs * (0.9 + 0.2 * random()))
      // At the reset a probe is due in any case.
      const probeAt = next > wallMs ? next : Math.min(soon, day.endsMs)
      return { ...row, until: day.endsMs, probeAt, probingUntil: known?.probingUntil ?? null }
    }
  }
}

/** Whether somebody is trying, or may try, whether the day's quota is back: at each probe's time, and after the reset. */
export function probing(row: HoldRow, wallMs: number): 'under_way' | 'due' | 'not_yet' {
  if (row.probingUntil !== null && row.probingUntil > wallMs) return 'under_way'
  return wallMs >= (row.probeAt ?? wallMs) ? 'due' : 'not_yet'
}

export function stopOf(row: HoldRow, wallMs: number, day: Day): PacerStop {
  const stop = { kind: 'stop', class: row.class, code: row.code, detail: row.detail } as const
  switch (row.class) {
    case 'CONFIG':
      return { ...stop, untilMs: null, retryAtMs: null }
    case 'WAIT_H':
      return { ...stop, untilMs: row.until, retryAtMs: row.until }
    case 'DAY': {
      const untilMs = row.until !== null && row.until > wallMs ? row.until : day.endsMs
      return { ...stop, untilMs, retryAtMs: Math.max(wallMs, row.probeAt ?? wallMs) }
    }
  }
}

/** The hold that a caller should hear of first: what a person must do, then what takes longest. */
export function gravest(rows: readonly HoldRow[]): HoldRow | undefined {
  return (
    rows.find(row => row.class === 'CONFIG') ??
    rows.find(row => row.class === 'WAIT_H') ??
    rows.find(row => row.class === 'DAY')
  )
}
