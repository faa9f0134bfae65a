import { onAbort } from './shared-abort-listener.ts'

/** A semaphore whose holders take more or less of it: it bounds, for example, the bytes that are held in memory. */
export interface WeightedSemaphore {
  /** Waits, in order, until the weight fits; rejects with the signal's reason when it aborts first. */
  acquire(weight: number, signal: AbortSignal): Promise<void>
  release(weight: number): void
}

export function createWeightedSemaphore(capacity: number): WeightedSemaphore {
  let held = 0
  const waiting = new Set<{ readonly weight: number; admit(): void }>()
  // A single holder always fits, however heavy: otherwise it would wait forever.
  const fits = (weight: number) => held === 0 || held + weight <= capacity
  return {
    acquire: async (weight, signal) => {
      signal.throwIfAborted()
      if (waiting.size === 0 && fits(weight)) {
        held += weight
        return
      }
      await new Promise<void>((resolve, reject) => {
        const waiter = {
          weight,
          admit: () => {
            forget()
            resolve()
          },
        }
        const forget = onAbort(signal, () => {
          waiting.delete(waiter)
          reject(signal.reason)
        })
        waiting.add(waiter)
      })
    },
    release: weight => {
      held -= weight
      for (const next of waiting) {
        if (!fits(next.weight)) return
        waiting.delete(next)
        held += next.weight
        next.admit()
      }
    },
  }
}
