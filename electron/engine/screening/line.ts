import type { Failure } from '../../../shared/conclusion.ts'
import type { FailureCode } from '../../../shared/failures.ts'
import type { Clock } from '../base/clock.ts'
import type { LaneStop } from './check.ts'

/** What to do after an attempt that nothing answered. */
export type AfterSilence =
  /** Others are answered: this check's own trouble, to be counted like any other. */
  | 'count'
  /** Nobody is answered: perhaps a change of network, which must not cost a check its attempts. */
  | 'wait'
  /** For too long now, and it is the only check that suffers: it ends, the batch goes on. */
  | 'give_up'
  /** For too long now, for several checks: the profile stops, and what is open is left for later. */
  | 'cut'

/** Whether anything still answers at the other end of one profile's calls. */
export interface Line {
  heard(): void
  /** `check` is whatever tells two checks apart. */
  silent(check: object, departedMs: number): AfterSilence
}

/** A change of network takes ten to twenty seconds; a call that nothing answers, thirty. So an outage is known within about a minute. */
const longestSilenceMs = 40_000
/** Replies this fresh, while an attempt is left without one, say that the line is up. */
const freshMs = 5_000

export function createLine(clock: Clock): Line {
  let heardMs = Number.NEGATIVE_INFINITY
  let sinceMs: number | null = null
  const suffering = new Set<object>()
  const end = () => {
    sinceMs = null
    suffering.clear()
  }
  return {
    heard: () => {
      heardMs = clock.now()
      end()
    },
    silent: (check, departedMs) => {
      const now = clock.now()
      if (heardMs > departedMs && now - heardMs < freshMs) return 'count'
      sinceMs ??= Math.max(heardMs, departedMs)
      suffering.add(check)
      if (now - sinceMs < longestSilenceMs) return 'wait'
      if (suffering.size > 1) return 'cut'
      end()
      return 'give_up'
    },
  }
}

/** Ends the waiting and the calls of a profile's other checks once its line was found cut. */
export class LineCut extends Error {
  readonly stop: LaneStop
  constructor(stop: LaneStop) {
    super(stop.code)
    this.stop = stop
  }
}

const silences: ReadonlySet<FailureCode> = new Set(['no_network', 'timeout', 'broker_unavailable'])

/** Nothing came back. A host that refuses or resets is there, and has answered in its way. */
export function isSilence({ class: failureClass, code, evidence }: Failure): boolean {
  return failureClass === 'RETRY' && evidence === null && silences.has(code)
}

/** Whether a profile stops because nothing answers: its calls that are still out will not be answered either. */
export function isCut({ class: failureClass, code }: LaneStop): boolean {
  return failureClass === 'RETRY' && silences.has(code)
}
