import { decide, type Lease, type Moment } from './decide.ts'
import { type Caller, callersOf, type Lane, leaveQueue, type Pacing } from './pacing.ts'
import { permit } from './permits.ts'

/** How long the absence of holds is believed when permits come from a lease. */
const trustMs = 250
/** How often calls from leases are written to the window, and after how long without calls a lease is given back. */
const tallyMs = 1_000

/** Inside of a transaction. Returns when to look again; what concerns memory is left for after the commit. */
export function serveLane(pacing: Pacing, lane: Lane, at: Moment, afterCommit: (() => void)[]): number {
  const { book, spanMs, maxCallMs } = pacing
  const keptLease = tallyUp(pacing, lane, at, afterCommit)
  const decision = decide<Caller>(
    book,
    { spanMs, maxCallMs },
    {
      key: lane.key,
      callers: pacing.isPaused ? [] : callersOf(lane),
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
      caller.resolve(outcome.kind === 'grant' ? permit(pacing, lane, outcome) : outcome)
    }
  })
  return decision.wakeAt ?? Number.POSITIVE_INFINITY
}

/** Writes the calls made from leases to the window, and gives a lease back that nobody uses. Returns the lease to go on with. */
function tallyUp(pacing: Pacing, lane: Lane, at: Moment, afterCommit: (() => void)[]): Lease | null {
  const { book, spanMs } = pacing
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
