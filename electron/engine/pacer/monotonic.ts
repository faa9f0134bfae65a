import { type Clock, systemClock } from '../base/clock.ts'

/**
 * Milliseconds since the machine started, the same for every process on it, whatever people or NTP do to the system clock.
 * The minute windows are kept in it. It begins anew with the machine; `observe` in book.ts takes care of that.
 */
export function monotonicOf(clock: Clock): () => number {
  return clock === systemClock ? () => Number(process.hrtime.bigint() / 1_000_000n) : () => clock.now()
}
