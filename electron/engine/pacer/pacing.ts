import { onAbort } from '../base/concurrency/shared-abort-listener.ts'
import type { Hold, PaceKey, PaceLimit, PacePriority, PacerStop, PaceScope, Permit } from './contract.ts'
import type { Calendar } from './day.ts'
import type { Lease, Moment } from './decide.ts'
import { holdRow } from './holds.ts'
import type { Book } from './store/book.ts'

export interface Caller {
  readonly limit: PaceLimit
  readonly resolve: (outcome: Permit | PacerStop) => void
  readonly reject: (reason: unknown) => void
  /** It is not told of its signal any more. */
  readonly forget: () => void
}

/** What this process knows of one key. */
export interface Lane {
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

/** The state of one pacer, which its functions share. Times are milliseconds: `monotonic` for windows, `wall` for days and holds. */
export interface Pacing {
  readonly book: Book
  readonly lanes: Map<string, Lane>
  readonly calendar: Calendar
  /** How long a settled call occupies its slot. */
  readonly spanMs: number
  /** Longest time from permit to reply. */
  readonly maxCallMs: number
  isPaused: boolean
  monotonic(): number
  wall(): number
  random(): number
  /** To be written with the next transaction, in this order, whenever that comes. */
  write(entry: (at: Moment) => void): void
  /** Everything asked for in one turn of the event loop is served in one transaction. */
  schedule(): void
}

/** Writes it at the end of this turn of the event loop. */
export function enter(pacing: Pacing, entry: (at: Moment) => void): void {
  pacing.write(entry)
  pacing.schedule()
}

/** How many callers wait for a permit of this key. */
export function waiting({ queues }: Lane): number {
  return queues.interactive.size + queues.batch.size
}

/** Those who were asked for by a person first. */
export function callersOf({ queues }: Lane): Caller[] {
  return [...queues.interactive, ...queues.batch]
}

export function laneOf({ lanes }: Pacing, key: PaceKey): Lane {
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

export function leaveQueue(lane: Lane, caller: Caller): void {
  lane.queues.interactive.delete(caller)
  lane.queues.batch.delete(caller)
  caller.forget()
}

export function enterQueue(
  pacing: Pacing,
  lane: Lane,
  priority: PacePriority,
  signal: AbortSignal,
  { limit, resolve, reject }: Omit<Caller, 'forget'>,
): void {
  const { schedule } = pacing
  const forget = onAbort(signal, () => {
    leaveQueue(lane, caller)
    reject(signal.reason)
    schedule() // other processes need not wait for this one any more
  })
  const caller = { limit, resolve, reject, forget }
  lane.queues[priority].add(caller)
}

export function enterHold({ book, lanes, random, write }: Pacing, scope: PaceScope, hold: Hold): void {
  for (const lane of lanes.values()) if (lane.key.appid === scope.appid) lane.trustedUntil = 0
  write(at => {
    const known = book
      .holds({ appid: scope.appid, endpoint: scope.endpoint ?? '' })
      .find(isSameHold({ appid: scope.appid, endpoint: scope.endpoint ?? '', class: hold.class }))
    book.putHold(holdRow(scope, hold, known, at, random))
  })
}

/** Appids and endpoints are printable, so a line break cannot be part of either. */
export function laneName(key: PaceKey): string {
  return `${key.appid}\n${key.endpoint}`
}

export function isLeasing(lane: Lane): boolean {
  return lane.lease !== null || lane.tally > 0
}

export function isSameHold(wanted: { readonly appid: string; readonly endpoint: string; readonly class: string }) {
  return (row: { readonly appid: string; readonly endpoint: string; readonly class: string }): boolean =>
    row.appid === wanted.appid && row.endpoint === wanted.endpoint && row.class === wanted.class
}
