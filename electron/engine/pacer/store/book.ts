/** The pacer's state in SQLite: plain reads and writes, all meant to be called inside `transaction`. */
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { isFailureCode } from '../../../../shared/failures.ts'
import type { PaceKey, PaceLimit, PaceScope } from '../contract.ts'

export interface KeyRow {
  readonly id: number
  readonly appid: string
  readonly endpoint: string
  readonly limitMinute: number | null
  readonly limitDay: number | null
  readonly sharePercent: number
  readonly platformMinute: number | null
  readonly factor: number
  readonly struckAt: number | null
  readonly backoffUntil: number | null
}

interface DayRow {
  readonly used: number
  readonly platformLimit: number | null
  readonly platformRemain: number | null
  readonly usedAtReading: number | null
}

interface Window {
  /** Calls that occupy the window: in flight, or settled less than a span ago. */
  readonly total: number
  readonly own: number
}

const holdRow = z.object({
  appid: z.string(),
  endpoint: z.string(),
  class: z.enum(['CONFIG', 'WAIT_H', 'DAY']),
  // A later version may know more codes.
  code: z.string().transform(code => (isFailureCode(code) ? code : 'internal_error')),
  detail: z.string(),
  since: z.number(),
  until: z.number().nullable(),
  probeAt: z.number().nullable(),
  probingUntil: z.number().nullable(),
})
export type HoldRow = Readonly<z.infer<typeof holdRow>>

export type Book = ReturnType<typeof createBook>

/** `owner` names this pacer among all that write to the file; `spanMs` is how long a settled call occupies its slot. */
export function createBook(db: Database.Database, owner: number, spanMs: number) {
  return {
    transaction: (work: () => void): void => {
      db.transaction(work).immediate()
    },
    ...clockBook(db, spanMs),
    ...keyBook(db),
    ...slotBook(db, owner),
    ...dayBook(db),
    ...holdBook(db),
    ...waitingBook(db, owner),
  }
}

/** What time the file has seen. */
function clockBook(db: Database.Database, spanMs: number) {
  const facts = db.prepare<[], { seen: number; blindUntil: number | null }>(
    'SELECT seen, blind_until AS blindUntil FROM facts',
  )
  const setSeen = db.prepare<[number]>('UPDATE facts SET seen = ?')
  const restartSlots = db.prepare<[number]>('UPDATE slots SET in_flight = 0, free_at = ?')
  const restartKeys = db.prepare<[number]>(
    'UPDATE keys SET backoff_until = NULL, struck_at = CASE WHEN struck_at IS NOT NULL THEN ? END',
  )
  const restartWaiting = db.prepare<[]>('DELETE FROM waiting')
  const restartFacts = db.prepare<[number, number]>('UPDATE facts SET seen = ?, blind_until = MIN(blind_until, ?)')
  return {
    /**
     * To be called first in every transaction that goes by `now`. When the time is behind what the file has seen, the machine was
     * started anew. (Unnoticed when it already runs for longer than it did then: then the rows are simply in the past, and less
     * time seems to have gone by than really has, which is the safe side.)
     */
    observe(now: number): { readonly blindUntil: number | null } {
      const known = facts.get() ?? { seen: now, blindUntil: null }
      // Times are rounded to milliseconds, and cores may differ by less; a restart takes longer.
      if (now < known.seen - 1000) {
        // What was in flight when the machine went down settled before it came up again, at the latest now.
        restartSlots.run(now + spanMs)
        restartKeys.run(now)
        restartWaiting.run()
        restartFacts.run(now, now + spanMs)
        return { blindUntil: facts.get()?.blindUntil ?? null }
      }
      if (now > known.seen) setSeen.run(now)
      return { blindUntil: known.blindUntil }
    },
  }
}

/** Appid and endpoint, with their limits and strikes. */
function keyBook(db: Database.Database) {
  const keyColumns = `id, appid, endpoint, limit_minute AS limitMinute, limit_day AS limitDay, share_percent AS sharePercent,
    platform_minute AS platformMinute, factor, struck_at AS struckAt, backoff_until AS backoffUntil`
  const addKey = db.prepare<[string, string]>('INSERT INTO keys (appid, endpoint) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const findKey = db.prepare<[string, string], KeyRow>(
    `SELECT ${keyColumns} FROM keys WHERE appid = ? AND endpoint = ?`,
  )
  const allKeys = db.prepare<[], KeyRow>(`SELECT ${keyColumns} FROM keys ORDER BY appid, endpoint`)
  const setLimit = db.prepare<[number | null, number | null, number, number]>(
    'UPDATE keys SET limit_minute = ?, limit_day = ?, share_percent = ? WHERE id = ?',
  )
  const setPlatformMinute = db.prepare<[number, number]>('UPDATE keys SET platform_minute = ? WHERE id = ?')
  const setStrikes = db.prepare<[number, number | null, number, number]>(
    'UPDATE keys SET factor = ?, struck_at = ?, backoff_until = ? WHERE id = ?',
  )
  return {
    key(key: PaceKey): KeyRow {
      const known = findKey.get(key.appid, key.endpoint)
      if (known !== undefined) return known
      addKey.run(key.appid, key.endpoint)
      const row = findKey.get(key.appid, key.endpoint)
      if (row === undefined) throw new Error(`The pacer's key ${key.appid} ${key.endpoint} was not stored.`)
      return row
    },
    keys: (): KeyRow[] => allKeys.all(),
    setLimit: (id: number, limit: PaceLimit) => setLimit.run(limit.perMinute, limit.perDay, limit.sharePercent, id),
    setPlatformMinute: (id: number, perMinute: number) => setPlatformMinute.run(perMinute, id),
    setStrikes: (id: number, factor: number, struckAt: number | null, backoffUntil: number) =>
      setStrikes.run(factor, struckAt, backoffUntil, id),
  }
}

/** Calls that occupy the minute's window. */
function slotBook(db: Database.Database, owner: number) {
  const expire = db.prepare<[number, number]>('DELETE FROM slots WHERE key = ? AND free_at <= ?')
  const addSlot = db.prepare<[number, number, number, number, number]>(
    'INSERT INTO slots (key, owner, calls, in_flight, free_at) VALUES (?, ?, ?, ?, ?)',
  )
  const settleSlot = db.prepare<[number, number, number, number]>(
    `INSERT INTO slots (id, key, owner, calls, in_flight, free_at) VALUES (?, ?, ?, 1, 0, ?)
     ON CONFLICT (id) DO UPDATE SET in_flight = 0, free_at = excluded.free_at`,
  )
  const removeSlot = db.prepare<[number]>('DELETE FROM slots WHERE id = ?')
  const window = db.prepare<[number, number, number], Window>(
    `SELECT COALESCE(SUM(calls), 0) AS total, COALESCE(SUM(CASE WHEN owner = ? THEN calls END), 0) AS own
     FROM slots WHERE key = ? AND free_at > ?`,
  )
  const freeAt = db.prepare<[number, number], { freeAt: number }>(
    'SELECT free_at AS freeAt FROM slots WHERE key = ? ORDER BY free_at LIMIT 1 OFFSET ?',
  )
  const inFlight = db.prepare<[number, number], { calls: number }>(
    'SELECT COALESCE(SUM(calls), 0) AS calls FROM slots WHERE key = ? AND in_flight = 1 AND free_at > ?',
  )
  return {
    expireSlots: (id: number, now: number) => expire.run(id, now),
    addSlot: (id: number, calls: number, inFlight: boolean, freeAt: number): number =>
      Number(addSlot.run(id, owner, calls, inFlight ? 1 : 0, freeAt).lastInsertRowid),
    /** Also for a slot that has lapsed meanwhile: then the call took longer than it may, and occupies one again. */
    settleSlot: (slot: number, id: number, freeAt: number) => settleSlot.run(slot, id, owner, freeAt),
    removeSlot: (slot: number) => removeSlot.run(slot),
    window: (id: number, now: number): Window => window.get(owner, id, now) ?? { total: 0, own: 0 },
    /** When the `nth` (from 0) of the occupied slots becomes free, as far as is known. */
    freeAt: (id: number, nth: number): number | null => freeAt.get(id, nth)?.freeAt ?? null,
    inFlight: (id: number, now: number): number => inFlight.get(id, now)?.calls ?? 0,
  }
}

/** Calls of a day, and what the platform itself says of it. */
function dayBook(db: Database.Database) {
  const day = db.prepare<[number, string], DayRow>(
    `SELECT used, platform_limit AS platformLimit, platform_remain AS platformRemain, used_at_reading AS usedAtReading
     FROM days WHERE key = ? AND day = ?`,
  )
  const addUsed = db.prepare<[number, string, number, number]>(
    `INSERT INTO days (key, day, used) VALUES (?, ?, MAX(0, ?))
     ON CONFLICT (key, day) DO UPDATE SET used = MAX(0, used + ?)`,
  )
  const setReading = db.prepare<[number, string, number, number, number, number]>(
    `INSERT INTO days (key, day, used, platform_limit, platform_remain, used_at_reading) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (key, day) DO UPDATE SET used = excluded.used, platform_limit = excluded.platform_limit,
       platform_remain = excluded.platform_remain, used_at_reading = excluded.used_at_reading`,
  )
  return {
    day: (id: number, name: string): DayRow =>
      day.get(id, name) ?? { used: 0, platformLimit: null, platformRemain: null, usedAtReading: null },
    addUsed: (id: number, name: string, calls: number) => addUsed.run(id, name, calls, calls),
    setReading: (
      id: number,
      name: string,
      row: { used: number; limit: number; remain: number; usedAtReading: number },
    ) => setReading.run(id, name, row.used, row.limit, row.remain, row.usedAtReading),
  }
}

/** What is held back, and until when. */
function holdBook(db: Database.Database) {
  const holds = db.prepare<[string, string]>(
    `SELECT appid, endpoint, class, code, detail, since, until, probe_at AS probeAt, probing_until AS probingUntil
     FROM holds WHERE appid = ? AND endpoint IN ('', ?)`,
  )
  const putHold = db.prepare<
    [string, string, string, string, string, number, number | null, number | null, number | null]
  >('INSERT OR REPLACE INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const removeHold = db.prepare<[string, string, string]>(
    'DELETE FROM holds WHERE appid = ? AND endpoint = ? AND class = ?',
  )
  const removeHolds = db.prepare<[string, string | null, string | null]>(
    `DELETE FROM holds WHERE appid = ? AND (? IS NULL OR endpoint IN ('', ?))`,
  )
  return {
    holds: (key: PaceKey): HoldRow[] => z.array(holdRow).parse(holds.all(key.appid, key.endpoint)),
    putHold: (row: HoldRow) =>
      putHold.run(
        row.appid,
        row.endpoint,
        row.class,
        row.code,
        row.detail,
        row.since,
        row.until,
        row.probeAt,
        row.probingUntil,
      ),
    removeHold: (row: Pick<HoldRow, 'appid' | 'endpoint' | 'class'>) =>
      removeHold.run(row.appid, row.endpoint, row.class),
    removeHolds: (scope: PaceScope) => removeHolds.run(scope.appid, scope.endpoint, scope.endpoint),
  }
}

/** Processes whose callers wait for the same key. */
function waitingBook(db: Database.Database, owner: number) {
  const putWaiting = db.prepare<[number, number, number, number]>('INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?)')
  const removeWaiting = db.prepare<[number, number]>('DELETE FROM waiting WHERE key = ? AND owner = ?')
  const rivals = db.prepare<[number, number, number, number], { count: number }>(
    'SELECT COUNT(*) AS count FROM waiting WHERE key = ? AND owner <> ? AND seen > ? AND ceiling > ?',
  )
  return {
    putWaiting: (id: number, ceiling: number, now: number) => putWaiting.run(id, owner, ceiling, now),
    removeWaiting: (id: number) => removeWaiting.run(id, owner),
    /** Other processes, seen since `since`, whose callers could use a slot beyond `total`. */
    rivals: (id: number, since: number, total: number): number => rivals.get(id, owner, since, total)?.count ?? 0,
  }
}
