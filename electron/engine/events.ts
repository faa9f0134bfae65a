import type { EventName, Events } from '../../shared/ipc.ts'

/** Tells the window what happens, at most ten times a second and kind: later news of the same thing replaces earlier. */
export interface EventHub {
  on<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** At once; for what must not be merged. */
  emit<Name extends EventName>(name: Name, event: Events[Name]): void
  /** Asks for news of `key` soon; `make` runs when it is sent, so that it is never stale. */
  soon<Name extends EventName>(name: Name, key: string, make: () => Events[Name] | null): void
  /** Sends what waits, and nothing more after it. */
  close(): void
}

const intervalMs = 100

export function createEventHub(): EventHub {
  const listeners = new Map<EventName, Set<(event: never) => void>>()
  const waiting = new Map<string, () => void>()
  let timer: NodeJS.Timeout | null = null
  let closed = false

  const flush = () => {
    timer = null
    const due = [...waiting.values()]
    waiting.clear()
    for (const send of due) send()
  }
  const emit: EventHub['emit'] = (name, event) => {
    for (const listener of listeners.get(name) ?? []) (listener as (event: unknown) => void)(event)
  }

  return {
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      set.add(listener)
      listeners.set(name, set)
      return () => set.delete(listener)
    },
    emit,
    soon: (name, key, make) => {
      if (closed || !listeners.has(name)) return
      waiting.set(`${name} ${key}`, () => {
        const event = make()
        if (event !== null) emit(name, event)
      })
      timer ??= setTimeout(flush, intervalMs)
    },
    close: () => {
      closed = true
      if (timer !== null) clearTimeout(timer)
      waiting.clear()
      listeners.clear()
    },
  }
}
