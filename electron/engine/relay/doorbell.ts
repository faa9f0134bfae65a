import type { Clock } from '../base/clock.ts'

/** Wakes the requests that wait for new events. */
export interface Doorbell {
  ring(): void
  /** Resolves at the next ring, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export function createDoorbell(clock: Clock): Doorbell {
  const waiting = new Set<AbortController>()
  return {
    ring: () => {
      for (const waiter of waiting) waiter.abort()
    },
    wait: async (ms, signal) => {
      const waiter = new AbortController()
      waiting.add(waiter)
      try {
        await clock.sleep(ms, AbortSignal.any([waiter.signal, signal]))
      } catch {
        // A sleep only ends early when it is aborted, which is what a ring does.
      } finally {
        waiting.delete(waiter)
      }
    },
  }
}
