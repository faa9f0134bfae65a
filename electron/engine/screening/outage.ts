import type { Failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { LaneStop } from './lane.ts'

/** Ends the waits and the calls of a profile's other checks once an outage was detected. */
export class OutageError extends Error {
  readonly stop: LaneStop
  constructor(stop: LaneStop) {
    super(stop.code)
    this.stop = stop
  }
}

const noReplyCodes: ReadonlySet<FailureCode> = new Set(['no_network', 'timeout', 'broker_unavailable'])

/** Nothing came back. A host that refuses or resets the connection can be reached: that counts as a reply. */
export function isNoReply({ class: failureClass, code, evidence }: Failure): boolean {
  return failureClass === 'RETRY' && evidence === null && noReplyCodes.has(code)
}

/** Whether a profile stops because of an outage: its calls that are still out will get no reply either. */
export function isOutage({ class: failureClass, code }: LaneStop): boolean {
  return failureClass === 'RETRY' && noReplyCodes.has(code)
}
