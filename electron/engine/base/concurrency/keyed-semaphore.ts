import { onAbort } from './shared-abort-listener.ts'

/** How many calls may be out at a time, to each destination by itself; the others wait in order. */
export interface Places {
  /** Waits for a place; rejects with the signal's reason. */
  enter(destination: string, signal: AbortSignal): Promise<void>
  leave(destination: string): void
  /** Whether whoever enters now has to wait. */
  isFull(destination: string): boolean
}

interface Waiter {
  readonly signal: AbortSignal
  admit(): void
}

/** Whoever `standsBack` (the signal tells who it is) goes in after the others. */
export function createPlaces(each: number, standsBack: (signal: AbortSignal) => boolean = () => false): Places {
  const taken = new Map<string, number>()
  const waiting = new Map<string, Set<Waiter>>()
  const used = (destination: string) => taken.get(destination) ?? 0
  const isFull = (destination: string) => used(destination) >= each
  return {
    isFull,
    enter: async (destination, signal) => {
      signal.throwIfAborted()
      if (!isFull(destination)) {
        taken.set(destination, used(destination) + 1)
        return
      }
      const queue = waiting.get(destination) ?? new Set()
      waiting.set(destination, queue)
      await new Promise<void>((resolve, reject) => {
        const waiter = {
          signal,
          admit: () => {
            forget()
            resolve()
          },
        }
        const forget = onAbort(signal, () => {
          queue.delete(waiter)
          reject(signal.reason)
        })
        queue.add(waiter)
      })
    },
    leave: destination => {
      const queue = waiting.get(destination)
      const next = queue?.values().find(waiter => !standsBack(waiter.signal)) ?? queue?.values().next().value
      if (next === undefined) taken.set(destination, used(destination) - 1)
      else {
        // The place goes from hand to hand.
        queue?.delete(next)
        next.admit()
      }
    },
  }
}
