import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import { faultName } from '../base/fault.ts'
import type { PacerStop } from './contract.ts'
import type { Moment } from './decide.ts'
import { callersOf, isLeasing, type Lane, leaveQueue, type Pacing, waiting } from './pacing.ts'
import { serveLane } from './serve-lane.ts'
import { isBusy } from './store/open-store.ts'

/** Slots that become free within this time of each other are given out together. */
const gapMs = 5
/** After SQLite was busy for its whole time-out. */
const busyRetryMs = 50

/** Serves those who wait: everything that is due is one transaction, and an alarm is set for what comes next. */
export interface Server {
  write: Pacing['write']
  /** At the end of this turn of the event loop. */
  schedule(pacing: Pacing): void
  /** At once. */
  serve(pacing: Pacing): void
  close(): void
}

/** `file` is named when it fails. */
export function createServer(clock: Clock, file: string): Server {
  let entries: ((at: Moment) => void)[] = []
  let isClosed = false
  let isScheduled = false
  let alarm: { readonly at: number; readonly cancel: AbortController } | null = null

  const schedule = (pacing: Pacing) => {
    if (isScheduled || isClosed) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      serve(pacing)
    })
  }

  function serve(pacing: Pacing): void {
    if (isClosed) return
    let afterCommit: (() => void)[] = []
    let next = Number.POSITIVE_INFINITY
    const startedAt = pacing.monotonic()
    const active = [...pacing.lanes.values()].filter(lane => isActive(pacing, lane, startedAt))
    if (entries.length > 0 || active.length > 0) {
      try {
        pacing.book.transaction(() => {
          afterCommit = []
          const at = momentOf(pacing)
          for (const enter of entries) enter(at)
          for (const lane of active) next = Math.min(next, serveLane(pacing, lane, at, afterCommit))
        })
        entries = []
      } catch (error) {
        if (!isBusy(error)) {
          rejectWaiters(pacing, file, error)
          return
        }
        afterCommit = []
        next = pacing.monotonic() + busyRetryMs
      }
    }
    for (const step of afterCommit) step()
    for (const lane of pacing.lanes.values()) if (isLeasing(lane)) next = Math.min(next, lane.tallyAt)
    if (next < Number.POSITIVE_INFINITY) wakeAt(pacing, Math.max(next, startedAt + gapMs))
  }

  function wakeAt(pacing: Pacing, at: number): void {
    if (alarm !== null && alarm.at <= at) return
    alarm?.cancel.abort()
    const mine = { at, cancel: new AbortController() }
    alarm = mine
    clock.sleep(Math.max(0, at - pacing.monotonic()), mine.cancel.signal).then(
      () => {
        if (alarm !== mine) return
        alarm = null
        serve(pacing)
      },
      () => undefined, // replaced by an earlier alarm, or closed
    )
  }

  return {
    write: entry => {
      entries.push(entry)
    },
    schedule,
    serve,
    close: () => {
      isClosed = true
      alarm?.cancel.abort()
    },
  }
}

/** Read under the write lock, so that times in the file never go backwards. */
function momentOf({ book, calendar, monotonic, wall }: Pacing): Moment {
  const now = monotonic()
  const wallMs = wall()
  return { now, wallMs, day: calendar(wallMs), ...book.observe(now) }
}

function isActive({ isPaused }: Pacing, lane: Lane, now: number): boolean {
  return lane.registeredAt !== null || (waiting(lane) > 0 && !isPaused) || (isLeasing(lane) && now >= lane.tallyAt)
}

/** The file fails us (disk full, damaged): without the count no call may leave. What is to be written is kept for the next try. */
function rejectWaiters(pacing: Pacing, file: string, error: unknown): void {
  const stop: PacerStop = {
    kind: 'stop',
    class: 'CONFIG',
    code: 'internal_error',
    detail: detailOf('system_error', { name: faultName(error), place: file }),
    untilMs: null,
    retryAtMs: null,
  }
  for (const lane of pacing.lanes.values()) {
    lane.trustedUntil = 0
    for (const caller of callersOf(lane)) {
      leaveQueue(lane, caller)
      caller.resolve(stop)
    }
  }
}
