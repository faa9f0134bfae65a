/**
 * Decides when the next attempt may leave, for all processes of this machine together.
 *
 * The windows are strict as the server counts. A call arrives at some time between its departure and its reply, so it occupies its
 * slot from the one until a minute after the other: whatever the latency, the next call of that slot arrives more than a minute
 * later. The price is the latency of one call per minute, 0.2 % at 100 ms.
 */

import { randomInt } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { type Pacer, PacerClosed, PacerError } from './contract.ts'
import { createCalendar } from './day.ts'
import { isLimit } from './limit.ts'
import { monotonicOf } from './monotonic.ts'
import { callersOf, enterHold, enterQueue, type Lane, laneOf, leaveQueue, type Pacing } from './pacing.ts'
import { fromLease } from './permits.ts'
import { createServer } from './server.ts'
import { enterReading, readStatus } from './status.ts'
import { createBook } from './store/book.ts'
import { openStore } from './store/open-store.ts'

/** A minute, and what NTP may slow a clock by within it (500 ppm) at either end, and rounding. */
const spanMs = 60_000 + 40
/** Longest time from permit to reply, unless said otherwise. */
const defaultMaxCallMs = 60_000

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
  const opened = monotonic()
  // A process that used the damaged file may have calls in flight.
  const { db, rebuilt } = openStore(options.file, { now: opened, blindUntil: opened + maxCallMs + spanMs })
  const server = createServer(clock, options.file)
  const pacing: Pacing = {
    book: createBook(db, randomInt(2 ** 47), spanMs),
    lanes: new Map(),
    calendar: createCalendar(options.dayZone ?? 'Asia/Shanghai', options.dayHour),
    spanMs,
    maxCallMs,
    isPaused: false,
    monotonic,
    wall: () => Math.floor(clock.now()),
    random,
    write: server.write,
    schedule: () => server.schedule(pacing),
  }
  const serve = () => server.serve(pacing)
  let isClosed = false

  return {
    rebuilt,

    acquire(key, limit, { priority, signal }) {
      if (!isLimit(limit)) return Promise.reject(new RangeError(`Not a limit: ${JSON.stringify(limit)}`))
      if (isClosed) return Promise.reject(new PacerClosed())
      if (signal.aborted) return Promise.reject(signal.reason)
      const lane = laneOf(pacing, key)
      const leased = fromLease(pacing, lane, limit)
      if (leased !== null) return Promise.resolve(leased)
      return new Promise((resolve, reject) => {
        enterQueue(pacing, lane, priority, signal, { limit, resolve, reject })
        pacing.schedule()
      })
    },

    hold(scope, hold) {
      enterHold(pacing, scope, hold)
      serve()
    },

    release(scope) {
      pacing.write(() => pacing.book.removeHolds(scope))
      serve()
    },

    reading(key, reading) {
      const lane = laneOf(pacing, key)
      lane.trustedUntil = 0
      pacing.write(at => enterReading(pacing, lane, reading, at))
      serve()
    },

    status() {
      serve()
      try {
        return readStatus(pacing)
      } catch (error) {
        throw new PacerError(
          'unreadable',
          `${options.file} cannot be read (${describe(error)}). Start the program again.`,
        )
      }
    },

    pause() {
      pacing.isPaused = true
      serve() // other processes need not wait for this one any more
    },

    resume() {
      pacing.isPaused = false
      serve()
    },

    close() {
      if (isClosed) return
      isClosed = true
      pacing.isPaused = true // nobody is served any more
      for (const lane of pacing.lanes.values()) giveUp(pacing, lane)
      // When this fails, slots in flight lapse by themselves and the day is over-counted by a block.
      serve()
      server.close()
      db.close()
    },
  }
}

/** Its callers are turned away, and what is left of its lease was not used, and will not be: also with calls in flight. */
function giveUp(pacing: Pacing, lane: Lane): void {
  for (const caller of callersOf(lane)) {
    leaveQueue(lane, caller)
    caller.reject(new PacerClosed())
  }
  lane.tallyAt = 0
  const { lease, leaseLeft } = lane
  if (lease !== null) pacing.write(() => pacing.book.addUsed(pacing.book.key(lane.key).id, lease.day.name, -leaseLeft))
  lane.lease = null
  lane.leaseLeft = 0
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
