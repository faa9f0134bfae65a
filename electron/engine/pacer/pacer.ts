/**
 * Decides when the next attempt may leave, for all processes of this machine together.
 *
 * The windows are strict as the server counts. A call arrives at some time between its departure and its reply, so it occupies its
 * slot from the one until a minute after the other: whatever the latency, the next call of that slot arrives more than a minute
 * later. The price is the latency of one call per minute, 0.2 % at 100 ms.
 */

import { randomInt } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { onAbort } from '../base/concurrency/shared-abort-listener.ts'
import { detailOf } from '../base/detail.ts'
import { faultName } from '../base/fault.ts'
import { createBook } from './book.ts'
import {
  type Hold,
  type PaceKey,
  type PaceLimit,
  type PacePriority,
  type Pacer,
  PacerClosed,
  PacerError,
  type PacerStop,
  type PaceScope,
  type PaceStatus,
  type Permit,
  type PermitResult,
  type PlatformReading,
} from './contract.ts'
import { createCalendar } from './day.ts'
import { decide, type Grant, type Lease, type Moment, type Slot } from './decide.ts'
import { gravest, holdAt, holdRow, stopOf } from './holds.ts'
import { factorAt, inForce, isLimit, strike } from './limit.ts'
import { monotonicOf } from './monotonic.ts'
import { isBusy, openStore } from './store.ts'

/** A minute, and what NTP may slow a clock by within it (500 ppm) at either end, and rounding. */
const spanMs = 60_000 + 40
/** Longest time from permit to reply, unless said otherwise. */
const defaultMaxCallMs = 60_000
/** Slots that become free within this time of each other are given out together. */
const gapMs = 5
/** After SQLite was busy for its whole time-out. */
const busyRetryMs = 50
/** How long the absence of holds is believed when permits come from a lease. */
const trustMs = 250
/** How often calls from leases are written to the window, and after how long without calls a lease is given back. */
const tallyMs = 1_000
/** After MINUTE: when the platform's window has room again is unknown, and those who back off should not return together. */
const minuteBackoffMs = { least: 15_000, most: 60_000 }

interface Caller {
  readonly limit: PaceLimit
  readonly resolve: (outcome: Permit | PacerStop) => void
  readonly reject: (reason: unknown) => void
  /** It is not told of its signal any more. */
  readonly forget: () => void
}

/** What this process knows of one key. */
interface Lane {
  readonly key: PaceKey
  readonly queues: Readonly<Record<PacePriority, Set<Caller>>>
  lease: Lease | null
  /** Left of the lease; mutable beside it, because this is the one thing that changes with every call. */
  leaseLeft: number
  /** Calls from leases that the window does not know of yet. */
  tally: number
  tallyAt: number
  leasedInFlight: number
  trustedUntil: number
  platformDay: number | null
  withheldSince: number | null
  registeredAt: number | null
}

export interface PacerOptions {
  /** Path of `pacer.sqlite`; its folder exists. */
  readonly file: string
  readonly clock: Clock
  /** See monotonic.ts; only tests give one. */
  readonly monotonic?: () => number
  /** Upper bound of the time between a permit and its `settle`: the sum of the transport's time limits. */
  readonly maxCallMs?: number
  /** Where, and at which hour, the platform's day begins (spec §7.5). */
  readonly dayZone?: string
  readonly dayHour?: number
  readonly random?: () => number
}

/** Throws PacerError when the file cannot be used, RangeError for an unknown zone. */
export function createPacer(options: PacerOptions): Pacer {
  const { clock, maxCallMs = defaultMaxCallMs, random = Math.random } = options
  const readMonotonic = options.monotonic ?? monotonicOf(clock)
  // The file keeps whole milliseconds.
  const monotonic = () => Math.floor(readMonotonic())
  const wall = () => Math.floor(clock.now())
  const calendar = createCalendar(options.dayZone ?? 'Asia/Shanghai', options.dayHour)
  const opened = monotonic()
  // A process that used the damaged file may have calls in flight.
  const { db, rebuilt } = openStore(options.file, { now: opened, blindUntil: opened + maxCallMs + spanMs })
  const book = createBook(db, randomInt(2 ** 47), spanMs)
  const lanes = new Map<string, Lane>()
  /** To be written with the next transaction, in this order. */
  let entries: ((at: Moment) => void)[] = []
  let isPaused = false
  let isClosed = false
  let isScheduled = false
  let alarm: { readonly at: number; readonly cancel: AbortController } | null = null

  /** Everything asked for in one turn of the event loop is served in one transaction. */
  function schedule(): void {
    if (isScheduled || isClosed) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      serve()
    })
  }

  function wakeAt(at: number): void {
    if (alarm !== null && alarm.at <= at) return
    alarm?.cancel.abort()
    const mine = { at, cancel: new AbortController() }
    alarm = mine
    clock.sleep(Math.max(0, at - monotonic()), mine.cancel.signal).then(
      () => {
        if (alarm !== mine) return
        alarm = null
        serve()
      },
      () => undefined, // replaced by an earlier alarm, or closed
    )
  }

  function serve(): void {
    if (isClosed) return
    let afterCommit: (() => void)[] = []
    let next = Number.POSITIVE_INFINITY
    const startedAt = monotonic()
    const active = [...lanes.values()].filter(lane => isActive(lane, startedAt))
    if (entries.length > 0 || active.length > 0) {
      try {
        book.transaction(() => {
          afterCommit = []
          // Read under the write lock, so that times in the file never go backwards.
          const now = monotonic()
          const wallMs = wall()
          const at: Moment = { now, wallMs, day: calendar(wallMs), ...book.observe(now) }
          for (const enter of entries) enter(at)
          for (const lane of active) {
            next = Math.min(next, serveLane(lane, at, afterCommit))
          }
        })
        entries = []
      } catch (error) {
        if (!isBusy(error)) {
          turnEverybodyAway(error)
          return
        }
        afterCommit = []
        next = monotonic() + busyRetryMs
      }
    }
    for (const step of afterCommit) step()
    for (const lane of lanes.values()) if (isLeasing(lane)) next = Math.min(next, lane.tallyAt)
    if (next < Number.POSITIVE_INFINITY) wakeAt(Math.max(next, startedAt + gapMs))
  }

  function isActive(lane: Lane, now: number): boolean {
    const hasQueue = lane.queues.interactive.size + lane.queues.batch.size > 0
    return lane.registeredAt !== null || (hasQueue && !isPaused) || (isLeasing(lane) && now >= lane.tallyAt)
  }

  /** Returns when to look again; what concerns memory is left for after the commit. */
  function serveLane(lane: Lane, at: Moment, afterCommit: (() => void)[]): number {
    const keptLease = tallyUp(lane, at, afterCommit)
    const decision = decide<Caller>(
      book,
      { spanMs, maxCallMs },
      {
        key: lane.key,
        callers: isPaused ? [] : [...lane.queues.interactive, ...lane.queues.batch],
        lease: keptLease,
        withheldSince: lane.withheldSince,
        registeredAt: lane.registeredAt,
      },
      at,
    )
    afterCommit.push(() => {
      lane.lease = decision.lease
      lane.leaseLeft = decision.lease?.left ?? 0
      lane.withheldSince = decision.withheldSince
      lane.registeredAt = decision.registeredAt
      lane.platformDay = decision.platformDay
      lane.trustedUntil = decision.free ? at.now + trustMs : 0
      for (const { caller, outcome } of decision.outcomes) {
        leaveQueue(lane, caller)
        caller.resolve(outcome.kind === 'grant' ? permit(lane, outcome) : outcome)
      }
    })
    return decision.wakeAt ?? Number.POSITIVE_INFINITY
  }

  /** Writes the calls made from leases to the window, and gives a lease back that nobody uses. Returns the lease to go on with. */
  function tallyUp(lane: Lane, at: Moment, afterCommit: (() => void)[]): Lease | null {
    const lease = lane.lease === null ? null : { ...lane.lease, left: lane.leaseLeft }
    if (at.now < lane.tallyAt) return lease
    const tally = lane.tally
    if (tally > 0) book.addSlot(book.key(lane.key).id, tally, false, at.now + spanMs)
    const isIdle = tally <= 0 && lane.leasedInFlight === 0
    if (lease !== null && isIdle) book.addUsed(book.key(lane.key).id, lease.day.name, -lease.left)
    afterCommit.push(() => {
      if (tally > 0) lane.tally -= tally
      lane.tallyAt = at.now + tallyMs
    })
    return isIdle ? null : lease
  }

  function leaveQueue(lane: Lane, caller: Caller): void {
    lane.queues.interactive.delete(caller)
    lane.queues.batch.delete(caller)
    caller.forget()
  }

  function enterQueue(
    lane: Lane,
    priority: PacePriority,
    signal: AbortSignal,
    { limit, resolve, reject }: Omit<Caller, 'forget'>,
  ): void {
    const forget = onAbort(signal, () => {
      leaveQueue(lane, caller)
      reject(signal.reason)
      schedule() // other processes need not wait for this one any more
    })
    const caller = { limit, resolve, reject, forget }
    lane.queues[priority].add(caller)
  }

  /** The file fails us (disk full, damaged): without the count no call may leave. What is to be written is kept for the next try. */
  function turnEverybodyAway(error: unknown): void {
    const stop: PacerStop = {
      kind: 'stop',
      class: 'CONFIG',
      code: 'internal_error',
      detail: detailOf('system_error', { name: faultName(error), place: options.file }),
      untilMs: null,
      retryAtMs: null,
    }
    for (const lane of lanes.values()) {
      lane.trustedUntil = 0
      for (const caller of [...lane.queues.interactive, ...lane.queues.batch]) {
        leaveQueue(lane, caller)
        caller.resolve(stop)
      }
    }
  }

  function permit(lane: Lane, grant: Grant): Permit {
    let isSettled = false
    if (grant.slot === null) {
      lane.tally += 1
      lane.leasedInFlight += 1
    }
    return {
      kind: 'permit',
      settle(result) {
        if (isSettled) throw new Error('A permit was settled twice.')
        isSettled = true
        if (grant.slot === null) settleLeased(lane, grant, result)
        else settleSlot(grant.slot, grant.dayName, result)
        if (result.said === 'minute') strikeKey(lane, grant)
        if (result.said === 'day') holdDay(lane.key, result.detail)
        settleProbes(grant, result)
      },
    }
  }

  function settleLeased(lane: Lane, grant: Grant, result: PermitResult): void {
    lane.leasedInFlight -= 1
    if (result.said !== 'not_sent') return
    lane.tally -= 1
    // A lease is kept while its calls are in flight; only the end of its day ends it, and then the count matters no more.
    if (lane.lease?.day.name === grant.dayName) lane.leaseLeft += 1
  }

  function settleSlot(slot: Slot, dayName: string, result: PermitResult): void {
    const freeAt = monotonic() + spanMs
    enter(() => {
      if (result.said === 'not_sent') {
        book.removeSlot(slot.id)
        book.addUsed(slot.keyId, dayName, -1)
      } else book.settleSlot(slot.id, slot.keyId, freeAt)
    })
  }

  /** One refusal is one strike, however many calls were under way when the platform's window filled up. */
  function strikeKey(lane: Lane, grant: Grant): void {
    lane.trustedUntil = 0
    enter(at => {
      const row = book.key(lane.key)
      if (row.struckAt !== null && grant.reservedAt <= row.struckAt) return
      const { factor, struckAt } = strike(row, at.now)
      const { least, most } = minuteBackoffMs
      book.setStrikes(row.id, factor, struckAt, at.now + Math.round(least + (most - least) * random()))
    })
  }

  function holdDay(scope: PaceScope, detail: string): void {
    enterHold(scope, { class: 'DAY', code: 'quota_day', detail })
    schedule()
  }

  function settleProbes(grant: Grant, result: PermitResult): void {
    if (grant.probes.length === 0) return
    enter(at => {
      for (const probe of grant.probes) {
        const row = book.holds({ appid: probe.appid, endpoint: probe.endpoint }).find(isSameHold(probe))
        if (row === undefined) continue
        if (result.said === 'served') book.removeHold(row)
        // Nothing was learnt: the next caller may try.
        else book.putHold({ ...row, probingUntil: null, probeAt: result.said === 'day' ? row.probeAt : at.wallMs })
      }
    })
  }

  function enter(entry: (at: Moment) => void): void {
    entries.push(entry)
    schedule()
  }

  function enterHold(scope: PaceScope, hold: Hold): void {
    for (const lane of lanes.values()) if (lane.key.appid === scope.appid) lane.trustedUntil = 0
    entries.push(at => {
      const known = book
        .holds({ appid: scope.appid, endpoint: scope.endpoint ?? '' })
        .find(isSameHold({ appid: scope.appid, endpoint: scope.endpoint ?? '', class: hold.class }))
      book.putHold(holdRow(scope, hold, known, at.wallMs, at.day, random))
    })
  }

  function laneOf(key: PaceKey): Lane {
    const name = laneName(key)
    const known = lanes.get(name)
    if (known !== undefined) return known
    const lane: Lane = {
      key: { appid: key.appid, endpoint: key.endpoint },
      queues: { interactive: new Set(), batch: new Set() },
      lease: null,
      leaseLeft: 0,
      tally: 0,
      tallyAt: 0,
      leasedInFlight: 0,
      trustedUntil: 0,
      platformDay: null,
      withheldSince: null,
      registeredAt: null,
    }
    lanes.set(name, lane)
    return lane
  }

  /** A permit from the lease, without a transaction; null when the file must be asked. */
  function fromLease(lane: Lane, limit: PaceLimit): Permit | null {
    const { lease } = lane
    if (limit.perMinute !== null || lease === null || lane.leaseLeft <= 0 || isPaused) return null
    if (lane.queues.interactive.size + lane.queues.batch.size > 0) return null
    const now = monotonic()
    if (now >= lane.trustedUntil || calendar(wall()).name !== lease.day.name) return null
    if (lease.perDay !== inForce(limit.perDay, lane.platformDay, limit.sharePercent, 1)) return null
    lane.leaseLeft -= 1
    return permit(lane, { kind: 'grant', slot: null, dayName: lease.day.name, reservedAt: now, probes: [] })
  }

  function readStatus(): PaceStatus[] {
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
        waiting: lane === undefined ? 0 : lane.queues.interactive.size + lane.queues.batch.size,
      }
    })
  }

  return {
    rebuilt,

    acquire(key, limit, { priority, signal }) {
      if (!isLimit(limit)) return Promise.reject(new RangeError(`Not a limit: ${JSON.stringify(limit)}`))
      if (isClosed) return Promise.reject(new PacerClosed())
      if (signal.aborted) return Promise.reject(signal.reason)
      const lane = laneOf(key)
      const leased = fromLease(lane, limit)
      if (leased !== null) return Promise.resolve(leased)
      return new Promise((resolve, reject) => {
        enterQueue(lane, priority, signal, { limit, resolve, reject })
        schedule()
      })
    },

    hold(scope, hold) {
      enterHold(scope, hold)
      serve()
    },

    release(scope) {
      entries.push(() => book.removeHolds(scope))
      serve()
    },

    reading(key, reading) {
      const lane = laneOf(key)
      lane.trustedUntil = 0
      entries.push(at => enterReading(lane, reading, at))
      serve()
    },

    status() {
      serve()
      try {
        return readStatus()
      } catch (error) {
        throw new PacerError(
          'unreadable',
          `${options.file} cannot be read (${describe(error)}). Start the program again.`,
        )
      }
    },

    pause() {
      isPaused = true
      serve() // other processes need not wait for this one any more
    },

    resume() {
      isPaused = false
      serve()
    },

    close() {
      if (isClosed) return
      isPaused = true // nobody is served any more
      for (const lane of lanes.values()) {
        for (const caller of [...lane.queues.interactive, ...lane.queues.batch]) {
          leaveQueue(lane, caller)
          caller.reject(new PacerClosed())
        }
        lane.tallyAt = 0
        const { lease, leaseLeft } = lane
        // Also with calls in flight: what is left of the block was not used, and will not be.
        if (lease !== null) entries.push(() => book.addUsed(book.key(lane.key).id, lease.day.name, -leaseLeft))
        lane.lease = null
        lane.leaseLeft = 0
      }
      // When this fails, slots in flight lapse by themselves and the day is over-counted by a block.
      serve()
      isClosed = true
      alarm?.cancel.abort()
      db.close()
    },
  }

  /** The platform is right (spec §7.2): about the limits, about what is left, and about how much can have been used at most. */
  function enterReading(lane: Lane, reading: PlatformReading, at: Moment): void {
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
      book.putHold(holdRow(scope, hold, known, at.wallMs, at.day, random))
    }
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Appids and endpoints are printable, so a line break cannot be part of either. */
function laneName(key: PaceKey): string {
  return `${key.appid}\n${key.endpoint}`
}

function isLeasing(lane: Lane): boolean {
  return lane.lease !== null || lane.tally > 0
}

function isSameHold(wanted: { readonly appid: string; readonly endpoint: string; readonly class: string }) {
  return (row: { readonly appid: string; readonly endpoint: string; readonly class: string }): boolean =>
    row.appid === wanted.appid && row.endpoint === wanted.endpoint && row.class === wanted.class
}
