/** How many calls may be out at a time, to each destination by itself; the others wait in order. */
export interface Places {
  /** Waits for a place; rejects with the signal's reason. */
  enter(destination: string, signal: AbortSignal): Promise<void>
  leave(destination: string): void
}

interface Waiter {
  admit(): void
}

export function createPlaces(each: number): Places {
  const taken = new Map<string, number>()
  const waiting = new Map<string, Set<Waiter>>()
  return {
    enter: async (destination, signal) => {
      signal.throwIfAborted()
      const used = taken.get(destination) ?? 0
      if (used < each) {
        taken.set(destination, used + 1)
        return
      }
      const queue = waiting.get(destination) ?? new Set()
      waiting.set(destination, queue)
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          queue.delete(waiter)
          reject(signal.reason)
        }
        const waiter = {
          admit: () => {
            signal.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        queue.add(waiter)
        signal.addEventListener('abort', onAbort, { once: true })
      })
    },
    leave: destination => {
      const queue = waiting.get(destination)
      const [next] = queue ?? []
      if (next === undefined) taken.set(destination, (taken.get(destination) ?? 1) - 1)
      else {
        // The place goes from hand to hand.
        queue?.delete(next)
        next.admit()
      }
    },
  }
}
