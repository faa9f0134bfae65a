import type { Conclusion } from '../../../shared/conclusion.ts'
import type { Clock } from '../base/clock.ts'
import type { KeyedSemaphore } from '../base/concurrency/keyed-semaphore.ts'
import { type Gate, PausedError } from '../base/concurrency/pause-gate.ts'
import type { Endpoint } from '../checkers/platform.ts'
import type { PacePriority, Pacer, PacerStop, Permit, PermitResult } from '../pacer/contract.ts'
import { type Lane, paceLimitOf } from './lane.ts'

export interface PermitServices {
  readonly clock: Clock
  readonly pacer: Pacer
  /** Bounds the calls that are out at a time, by appid and endpoint. */
  readonly callSlots: KeyedSemaphore
}

interface PermitRequest {
  readonly priority: PacePriority
  readonly signal: AbortSignal
  readonly gate: Gate
  readonly waitForQuota: boolean
  /** Of the calls that wait for the same, those of the lowest rank go first; without one that is 0. */
  readonly rank?: () => number
}

/** Woken this often while waiting for the day's quota: another process may have learnt more. */
const longestQuotaNapMs = 60_000

/** Waits for permission to send one call, through pauses and, if the batch wants it, until the quota of the next day. */
export async function acquirePermit(
  services: PermitServices,
  lane: Lane,
  endpoint: Endpoint,
  request: PermitRequest,
): Promise<Permit | PacerStop> {
  for (;;) {
    await request.gate.whenOpen()
    try {
      const permit = await acquireWithSlot(services, lane, endpoint, request)
      if (permit.kind === 'permit' || permit.class !== 'DAY' || !request.waitForQuota) return permit
      const waitMs = Math.max(1_000, (permit.retryAtMs ?? permit.untilMs ?? 0) - services.clock.now())
      await services.clock.sleep(Math.min(waitMs, longestQuotaNapMs), request.signal)
    } catch (error) {
      // A pause took this call out of the queue; anything else ends the wait.
      if (request.signal.aborted || !(error instanceof PausedError)) throw error
    }
  }
}

/**
 * A permit is for a call that is sent at once, and only so many calls can be out at a time: a batch's calls wait for a slot before they
 * ask the pacer, so that a pause reaches them while they wait. An interactive call does not queue behind a batch.
 */
async function acquireWithSlot(
  { pacer, callSlots }: PermitServices,
  lane: Lane,
  endpoint: Endpoint,
  { priority, gate, rank }: PermitRequest,
): Promise<Permit | PacerStop> {
  const key = { appid: lane.profile.appid, endpoint: endpoint.id }
  const limit = paceLimitOf(lane.profile, endpoint)
  const signal = gate.signal()
  if (priority === 'interactive') return pacer.acquire(key, limit, { priority, signal })
  const slot = `${key.appid} ${key.endpoint}`
  await callSlots.acquire(slot, signal, rank)
  try {
    const permit = await pacer.acquire(key, limit, { priority, signal })
    if (permit.kind === 'stop') {
      callSlots.release(slot)
      return permit
    }
    return {
      ...permit,
      settle: result => {
        callSlots.release(slot)
        permit.settle(result)
      },
    }
  } catch (error) {
    callSlots.release(slot)
    throw error
  }
}

/** What a call reports to the pacer when it ends. */
export function permitResult(conclusion: Conclusion): PermitResult {
  if (conclusion.kind !== 'failure') return { said: 'served' }
  switch (conclusion.class) {
    case 'MINUTE':
      return { said: 'minute' }
    case 'DAY':
      return { said: 'day', detail: conclusion.detail }
    case 'INPUT':
    case 'BUG':
      return { said: conclusion.evidence === null ? 'not_sent' : 'served' }
    case 'RETRY':
      return { said: conclusion.code === 'no_network' ? 'not_sent' : 'nothing' }
    case 'TOKEN':
    case 'CONFIG':
    case 'WAIT_H':
      return { said: 'nothing' }
  }
}
