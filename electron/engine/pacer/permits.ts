import type { PaceLimit, Permit, PermitResult } from './contract.ts'
import type { Grant, Slot } from './decide.ts'
import { inForce, strike } from './limit.ts'
import { enter, enterHold, isSameHold, type Lane, type Pacing, waiting } from './pacing.ts'

/** After MINUTE: when the platform's window has room again is unknown, and those who back off should not return together. */
const minuteBackoffMs = { least: 15_000, most: 60_000 }

/** A permit for what was granted, which its holder settles once with what the platform said. */
export function permit(pacing: Pacing, lane: Lane, grant: Grant): Permit {
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
      else settleSlot(pacing, grant.slot, grant.dayName, result)
      if (result.said === 'minute') strikeKey(pacing, lane, grant)
      if (result.said === 'day') holdDay(pacing, lane.key, result.detail)
      settleProbes(pacing, grant, result)
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

function settleSlot(pacing: Pacing, slot: Slot, dayName: string, result: PermitResult): void {
  const { book, spanMs, monotonic } = pacing
  const freeAt = monotonic() + spanMs
  enter(pacing, () => {
    if (result.said === 'not_sent') {
      book.removeSlot(slot.id)
      book.addUsed(slot.keyId, dayName, -1)
    } else book.settleSlot(slot.id, slot.keyId, freeAt)
  })
}

/** One refusal is one strike, however many calls were under way when the platform's window filled up. */
function strikeKey(pacing: Pacing, lane: Lane, grant: Grant): void {
  const { book, random } = pacing
  lane.trustedUntil = 0
  enter(pacing, at => {
    const row = book.key(lane.key)
    if (row.struckAt !== null && grant.reservedAt <= row.struckAt) return
    const { factor, struckAt } = strike(row, at.now)
    const { least, most } = minuteBackoffMs
    book.setStrikes(row.id, factor, struckAt, at.now + Math.round(least + (most - least) * random()))
  })
}

function holdDay(pacing: Pacing, scope: Parameters<typeof enterHold>[1], detail: string): void {
  enterHold(pacing, scope, { class: 'DAY', code: 'quota_day', detail })
  pacing.schedule()
}

function settleProbes(pacing: Pacing, grant: Grant, result: PermitResult): void {
  const { book } = pacing
  if (grant.probes.length === 0) return
  enter(pacing, at => {
    for (const probe of grant.probes) {
      const row = book.holds({ appid: probe.appid, endpoint: probe.endpoint }).find(isSameHold(probe))
      if (row === undefined) continue
      if (result.said === 'served') book.removeHold(row)
      // Nothing was learnt: the next caller may try.
      else book.putHold({ ...row, probingUntil: null, probeAt: result.said === 'day' ? row.probeAt : at.wallMs })
    }
  })
}

/** A permit from the lease, without a transaction; null when the file must be asked. */
export function fromLease(pacing: Pacing, lane: Lane, limit: PaceLimit): Permit | null {
  const { monotonic, wall, calendar, isPaused } = pacing
  const { lease } = lane
  if (limit.perMinute !== null || lease === null || lane.leaseLeft <= 0 || isPaused) return null
  if (waiting(lane) > 0) return null
  const now = monotonic()
  if (now >= lane.trustedUntil || calendar(wall()).name !== lease.day.name) return null
  if (lease.perDay !== inForce(limit.perDay, lane.platformDay, limit.sharePercent, 1)) return null
  lane.leaseLeft -= 1
  return permit(pacing, lane, { kind: 'grant', slot: null, dayName: lease.day.name, reservedAt: now, probes: [] })
}
