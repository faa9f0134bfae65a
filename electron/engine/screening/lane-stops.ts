import type { FailureCode } from '../../../shared/failures.ts'
import type { Clock } from '../base/clock.ts'
import { createOutageDetector } from '../base/concurrency/outage-detector.ts'
import type { AssetResult } from '../ledger/rows.ts'
import type { CheckControls } from './check.ts'
import type { Lane, LaneStop } from './lane.ts'
import { isOutage, OutageError } from './outage.ts'

/** Which profiles of a run can make no more calls, and why. */
export interface LaneStops {
  readonly stopped: ReadonlyMap<Lane, LaneStop>
  /** The controls of one profile's checks, which can be ended without ending those of the others. */
  controlsOf(lane: Lane): CheckControls
  /** Ends a profile's share of the run; an outage also ends its calls that are out. The first reason counts. */
  stop(lane: Lane, reason: LaneStop): void
  /** Counts results that network or platform failures left unchecked; many in a row stop the profile. */
  noteResult(profile: number, result: AssetResult): void
}

/** After this many results in a row that failed for the network's or the platform's reasons, the rest is left for later. */
const failuresInARow = 20

export function createLaneStops(
  clock: Clock,
  lanes: readonly Lane[],
  run: Omit<CheckControls, 'outageDetector'>,
  onStop: () => void,
): LaneStops {
  const stopped = new Map<Lane, LaneStop>()
  const failures = new Map<number, number>()
  const controls = new Map(lanes.map(lane => [lane, createLaneControls(clock, run)] as const))

  const stop: LaneStops['stop'] = (lane, reason) => {
    if (stopped.has(lane)) return
    stopped.set(lane, reason)
    if (isOutage(reason)) controls.get(lane)?.end(reason)
    onStop()
  }

  return {
    stopped,
    stop,
    controlsOf: lane => {
      const known = controls.get(lane)
      if (known === undefined) throw new TypeError('a lane of another run')
      return known.controls
    },
    // The same failure over and over is not the assets' fault: better to leave the rest for later than to call all of it unchecked.
    noteResult: (profile, { outcome, reason, detail, reusedFrom }) => {
      if (reusedFrom !== null) return
      if (outcome !== 'unchecked') {
        failures.delete(profile)
        return
      }
      if (reason === null || !externalFailures.has(reason)) return
      const inARow = (failures.get(profile) ?? 0) + 1
      failures.set(profile, inARow)
      const lane = lanes.find(each => each.index === profile)
      if (inARow >= failuresInARow && lane !== undefined) {
        stop(lane, { class: 'RETRY', code: reason, detail: detail ?? '', untilMs: null })
      }
    },
  }
}

function createLaneControls(
  clock: Clock,
  { signal, abandon, gate }: Omit<CheckControls, 'outageDetector'>,
): { readonly controls: CheckControls; end(reason: LaneStop): void } {
  const ending = new AbortController()
  // Joined once for each pause, not for each of ten thousand checks.
  let joined: { readonly of: AbortSignal; readonly signal: AbortSignal } | null = null
  return {
    controls: {
      signal: AbortSignal.any([signal, ending.signal]),
      abandon: AbortSignal.any([abandon, ending.signal]),
      gate: {
        whenOpen: gate.whenOpen,
        signal: () => {
          const of = gate.signal()
          if (joined?.of !== of) joined = { of, signal: AbortSignal.any([of, ending.signal]) }
          return joined.signal
        },
      },
      outageDetector: createOutageDetector(clock),
    },
    end: reason => ending.abort(new OutageError(reason)),
  }
}

/** Reasons that lie with the network or the platform, not with one asset. */
const externalFailures: ReadonlySet<FailureCode> = new Set([
  'timeout',
  'no_network',
  'unreachable',
  'http_error',
  'platform_busy',
  'malformed_reply',
  'rate_minute',
  'redirect_refused',
  'relay_unreachable',
  'relay_busy',
  'relay_full',
])
