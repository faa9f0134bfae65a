import { onAbort } from './shared-abort-listener.ts'

/**
 * A counting semaphore for each key: up to a limit hold it at a time, the others wait: those of the lowest rank first, equal ones in order.
 * So that nobody starves, every eighth permit that is handed over goes to who has waited longest of the others.
 */
export interface KeyedSemaphore {
  /**
   * Waits for a permit of the key; rejects with the signal's reason when it aborts first. `rank` is asked whenever a permit is handed over,
   * for it may change meanwhile.
   */
  acquire(key: string, signal: AbortSignal, rank?: () => number): Promise<void>
  release(key: string): void
  /** Whether the next `acquire` of the key would wait. */
  isFull(key: string): boolean
}

interface Waiter {
  readonly signal: AbortSignal
  rank(): number
  admit(): void
}

/** So many are admitted past others that wait before one of those has its turn. */
const passedInARow = 7

/** `permits` is per key. A waiter that `yields` is admitted after the others; its signal tells who it is. */
export function createKeyedSemaphore(
  permits: number,
  yields: (signal: AbortSignal) => boolean = () => false,
): KeyedSemaphore {
  const held = new Map<string, number>()
  const waiting = new Map<string, Set<Waiter>>()
  /** How many were admitted past others since the last of those, by key. */
  const passed = new Map<string, number>()
  const heldOf = (key: string) => held.get(key) ?? 0
  const isFull = (key: string) => heldOf(key) >= permits
  const nextOf = (key: string): Waiter | undefined => {
    const all = [...(waiting.get(key) ?? [])]
    const ready = all.filter(waiter => !yields(waiter.signal))
    const among = ready.length > 0 ? ready : all
    const best = Math.min(...among.map(waiter => waiter.rank()))
    const others = among.filter(waiter => waiter.rank() > best)
    const row = others.length === 0 ? 0 : (passed.get(key) ?? 0)
    const isTheirTurn = row >= passedInARow
    passed.set(key, isTheirTurn || others.length === 0 ? 0 : row + 1)
    return isTheirTurn ? others[0] : among.find(waiter => waiter.rank() === best)
  }
  return {
    isFull,
    acquire: async (key, signal, rank = () => 0) => {
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
          rank,
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
      const next = nextOf(key)
      if (next === undefined) held.set(key, heldOf(key) - 1)
      else {
        // The permit is handed over: the count stays, so that nobody can take it in between.
        queue?.delete(next)
        next.admit()
      }
    },
  }
}
