import { onAbort } from './shared-abort-listener.ts'

/** A counting semaphore for each key: up to a limit hold it at a time, the others wait in order. */
export interface KeyedSemaphore {
  /** Waits for a permit of the key; rejects with the signal's reason when it aborts first. */
  acquire(key: string, signal: AbortSignal): Promise<void>
  release(key: string): void
  /** Whether the next `acquire` of the key would wait. */
  isFull(key: string): boolean
}

interface Waiter {
  readonly signal: AbortSignal
  admit(): void
}

/** `permits` is per key. A waiter that `yields` is admitted after the others; its signal tells who it is. */
export function createKeyedSemaphore(
  permits: number,
  yields: (signal: AbortSignal) => boolean = () => false,
): KeyedSemaphore {
  const held = new Map<string, number>()
  const waiting = new Map<string, Set<Waiter>>()
  const heldOf = (key: string) => held.get(key) ?? 0
  const isFull = (key: string) => heldOf(key) >= permits
  return {
    isFull,
    acquire: async (key, signal) => {
      signal.throwIfAborted()
      if (!isFull(key)) {
        held.set(key, heldOf(key) + 1)
        return
      }
      const queue = waiting.get(key) ?? new Set()
      waiting.set(key, queue)
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
    release: key => {
      const queue = waiting.get(key)
      const next = queue?.values().find(waiter => !yields(waiter.signal)) ?? queue?.values().next().value
      if (next === undefined) held.set(key, heldOf(key) - 1)
      else {
        // The permit is handed over: the count stays, so that nobody can take it in between.
        queue?.delete(next)
        next.admit()
      }
    },
  }
}
