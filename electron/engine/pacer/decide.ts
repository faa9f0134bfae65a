/** Serves the queue of one key in one transaction: who may leave now, who is turned away, and when to look again. */
import { detailOf } from '../base/detail.ts'
import type { PaceKey, PaceLimit, PacerStop } from './contract.ts'
import type { Day } from './day.ts'
import { gravest, holdAt, probing, stopOf } from './holds.ts'
import { factorAt, inForce } from './limit.ts'
import type { Book, HoldRow, KeyRow } from './store/book.ts'

/** What happens without notice in other processes (a slot given back, a hold released) is seen at the latest after this time. */
const pollMs = 1_000
/** A process that has not written about its queue for this long has ended; live ones write every `pollMs`. */
const rivalFreshMs = 3_000
/** How long free slots are left to another process that is waiting for them, and how often to see whether it took them. */
const patienceMs = 100
const patiencePollMs = 20
/** Without a minute limit the day's count is taken in blocks, so that a permit costs no transaction. A crash over-counts by one. */
const largestBlock = 256

/** Calls that are counted in the day already, and may leave without a look at the file. */
export interface Lease {
  readonly day: Day
  readonly left: number
  /** The day's limit for which the block was taken. */
  readonly perDay: number | null
}

interface Demand<Caller> {
  readonly key: PaceKey
  /** In the order in which they are to be served. */
  readonly callers: readonly Caller[]
  readonly lease: Lease | null
  /** Since when free slots are left to other processes. */
  readonly withheldSince: number | null
  /** When this process last wrote down that it waits; null when it did not. */
  readonly registeredAt: number | null
}

export interface Moment {
  readonly now: number
  readonly wallMs: number
  readonly day: Day
  readonly blindUntil: number | null
}

interface Terms {
  readonly spanMs: number
  readonly maxCallMs: number
}

/** A row of the window. */
export interface Slot {
  readonly id: number
  readonly keyId: number
}

/** What a permit stands for; `slot` is null when it came from a lease. */
export interface Grant {
  readonly kind: 'grant'
  readonly slot: Slot | null
  readonly dayName: string
  readonly reservedAt: number
  /** The holds that this call tries out. */
  readonly probes: readonly HoldRow[]
}

interface Decision<Caller> {
  readonly outcomes: readonly { readonly caller: Caller; readonly outcome: Grant | PacerStop }[]
  readonly lease: Lease | null
  readonly withheldSince: number | null
  readonly registeredAt: number | null
  /** When to decide again though nothing was asked; null when nobody waits. */
  readonly wakeAt: number | null
  /** Whether permits may be given from the lease without a look at the file, for a while. */
  readonly free: boolean
  readonly platformDay: number | null
}

export function decide<Caller extends { readonly limit: PaceLimit }>(
  book: Book,
  terms: Terms,
  demand: Demand<Caller>,
  at: Moment,
): Decision<Caller> {
  const row = book.key(demand.key)
  const dayRow = book.day(row.id, at.day.name)
  const nothing = {
    outcomes: [],
    lease: demand.lease,
    withheldSince: null,
    registeredAt: demand.registeredAt,
    free: false,
    platformDay: dayRow.platformLimit,
  }
  if (demand.callers.length === 0) {
    if (demand.registeredAt !== null) book.removeWaiting(row.id)
    return { ...nothing, registeredAt: null, wakeAt: null }
  }
  rememberLimit(book, row, demand.callers)

  const holds = standing(book, demand.key, at)
  const blocking = gravest(holds)
  const waitsForProbe = holds.some(hold => probing(hold, at.wallMs) === 'under_way')
  if (blocking !== undefined && (blocking.class !== 'DAY' || (!waitsForProbe && !holds.every(isDue)))) {
    if (demand.registeredAt !== null) book.removeWaiting(row.id)
    const stop = stopOf(blocking, at.wallMs, at.day)
    return {
      ...nothing,
      registeredAt: null,
      outcomes: demand.callers.map(caller => ({ caller, outcome: stop })),
      wakeAt: null,
    }
  }
  if (waitsForProbe) return { ...nothing, wakeAt: at.now + pollMs }
  if (row.backoffUntil !== null && row.backoffUntil > at.now)
    return { ...nothing, wakeAt: Math.min(row.backoffUntil, at.now + pollMs) }

  book.expireSlots(row.id, at.now)
  const { total: taken, own: ownTaken } = book.window(row.id, at.now)
  const factor = factorAt(row, at.now)
  const parties = 1 + book.rivals(row.id, at.now - rivalFreshMs, taken)
  const isPatient = demand.withheldSince === null || at.now - demand.withheldSince < patienceMs
  const outcomes: { caller: Caller; outcome: Grant | PacerStop }[] = []
  const fullLimits = new Set<number>()
  let lease = demand.lease
  let granted = 0
  let used = dayRow.used
  let ceiling = 0
  let isWaiting = false
  let isWithheld = false

  if (lease !== null && lease.day.name !== at.day.name) {
    book.addUsed(row.id, lease.day.name, -lease.left)
    lease = null
  }
  const grant = (slot: Slot | null): Grant => {
    return { kind: 'grant', slot, dayName: at.day.name, reservedAt: at.now, probes: holds }
  }
  for (const caller of demand.callers) {
    if (holds.length > 0 && outcomes.some(({ outcome }) => outcome.kind === 'grant')) {
      isWaiting = true
      continue
    }
    const { limit } = caller
    const perMinute = inForce(limit.perMinute, row.platformMinute, limit.sharePercent, factor)
    const perDay = inForce(limit.perDay, dayRow.platformLimit, limit.sharePercent, 1)
    const dayRoom = roomOf(dayRow, perDay, used)
    if (perMinute === null && lease !== null && lease.left > 0 && lease.perDay === perDay) {
      lease = { ...lease, left: lease.left - 1 }
      outcomes.push({ caller, outcome: grant(null) })
    } else if (dayRoom <= 0) {
      outcomes.push({ caller, outcome: usedUp(used, perDay, at.day) })
    } else if (perMinute === null) {
      // Small where little is left, so that nobody sits on the last calls of the day.
      const block = Math.min(largestBlock, Math.max(1, Math.floor(dayRoom / 100)))
      used += block
      lease = { day: at.day, left: (lease?.left ?? 0) + block - 1, perDay }
      outcomes.push({ caller, outcome: grant(null) })
    } else {
      const fairPart = parties > 1 && isPatient ? Math.ceil(perMinute / parties) : perMinute
      const isBlind = at.blindUntil !== null && at.now < at.blindUntil
      const isFull = taken + granted >= perMinute
      if (isBlind || isFull || ownTaken + granted >= fairPart) {
        isWaiting = true
        ceiling = Math.max(ceiling, perMinute)
        if (isFull) fullLimits.add(perMinute)
        else if (!isBlind) isWithheld = true
        continue
      }
      const id = book.addSlot(row.id, 1, true, at.now + terms.maxCallMs + terms.spanMs)
      granted += 1
      used += 1
      outcomes.push({ caller, outcome: grant({ id, keyId: row.id }) })
    }
  }
  if (used !== dayRow.used) book.addUsed(row.id, at.day.name, used - dayRow.used)
  if (holds.length > 0 && outcomes.some(({ outcome }) => outcome.kind === 'grant'))
    for (const hold of holds) book.putHold({ ...hold, probingUntil: at.wallMs + terms.maxCallMs })

  const registeredAt = register(book, row, demand.registeredAt, ceiling, at)
  const wakes = [at.now + pollMs]
  if (at.blindUntil !== null && at.blindUntil > at.now) wakes.push(at.blindUntil)
  if (isWithheld) wakes.push(at.now + patiencePollMs)
  for (const limit of fullLimits) wakes.push(book.freeAt(row.id, taken + granted - limit) ?? at.now + pollMs)
  return {
    outcomes,
    lease,
    withheldSince: isWithheld ? (demand.withheldSince ?? at.now) : null,
    registeredAt,
    wakeAt: isWaiting ? Math.min(...wakes) : null,
    free: holds.length === 0 && row.platformMinute === null,
    platformDay: dayRow.platformLimit,
  }

  function isDue(hold: HoldRow): boolean {
    return probing(hold, at.wallMs) === 'due'
  }
}

/** Tells other processes that this one has callers who could use slots up to `ceiling`; 0 when it has none. Returns since when it is registered. */
function register(book: Book, row: KeyRow, registeredAt: number | null, ceiling: number, at: Moment): number | null {
  if (ceiling === 0) {
    if (registeredAt !== null) book.removeWaiting(row.id)
    return null
  }
  if (registeredAt !== null && at.now - registeredAt < pollMs) return registeredAt
  book.putWaiting(row.id, ceiling, at.now)
  return at.now
}

/** How many calls the day has room for, by our own count and by the platform's. */
function roomOf(
  { platformRemain, usedAtReading }: ReturnType<Book['day']>,
  perDay: number | null,
  used: number,
): number {
  const ours = perDay === null ? Number.POSITIVE_INFINITY : perDay - used
  const theirs = platformRemain === null ? Number.POSITIVE_INFINITY : platformRemain - (used - (usedAtReading ?? 0))
  return Math.min(ours, theirs)
}

/** The holds in force, with those that are over removed and those of a clock set back corrected. */
function standing(book: Book, key: PaceKey, at: Moment): HoldRow[] {
  return book.holds(key).flatMap(row => {
    const current = holdAt(row, at.wallMs, at.day)
    if (current === null) book.removeHold(row)
    else if (current !== row) book.putHold(current)
    return current === null ? [] : [current]
  })
}

function rememberLimit(book: Book, row: KeyRow, callers: readonly { readonly limit: PaceLimit }[]): void {
  const limit = callers[0]?.limit
  if (
    limit !== undefined &&
    (limit.perMinute !== row.limitMinute || limit.perDay !== row.limitDay || limit.sharePercent !== row.sharePercent)
  )
    book.setLimit(row.id, limit)
}

/** By our own count, which is soft: the platform's figure corrects it (spec §7.5). */
function usedUp(used: number, perDay: number | null, day: Day): PacerStop {
  return {
    kind: 'stop',
    class: 'DAY',
    code: 'quota_day',
    detail:
      perDay === null
        ? detailOf('used_today', { count: used })
        : detailOf('used_of_day', { count: used, limit: perDay }),
    untilMs: day.endsMs,
    retryAtMs: day.endsMs,
  }
}
