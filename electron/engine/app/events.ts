import type { EventName, Events } from '../../../shared/ipc.ts'

/**
 * Tells the window what happens, at most ten times a second and kind, and mere figures four times: later news of the same thing
 * replaces earlier. What is due in the same moment leaves together, so that the window draws once.
 */
export interface EventHub {
  on<Name extends EventName>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** Asks for news of `key` soon; `make` runs when it is sent, so that it is never stale. News of one thing are made one by one. */
  soon<Name extends EventName>(name: Name, key: string, make: () => News<Name>): void
  /** The same, made by the supplier of this kind of news. */
  changed(name: EventName, key?: string): void
  /** Makes the news of a kind from now on. */
  supply<Name extends EventName>(name: Name, make: (key: string) => News<Name>): void
  /** Nothing more is sent. */
  close(): void
}

/** None, when there is nothing to tell after all. */
type News<Name extends EventName> = Events[Name] | null | Promise<Events[Name] | null>

/** Changes that come together are one. */
const gatherMs = 30
/** Nobody reads figures faster than that, and each of them costs a query here and a drawing there. */
const restMs: Partial<Record<EventName, number>> = { batch: 250, queue: 250 }
const shortRestMs = 100

interface Waiting {
  readonly dueAt: number
  readonly restMs: number
  readonly send: () => Promise<void> | void
}

/** `onProblem` gets the errors of news that could not be made. */
export function createEventHub(onProblem: (error: unknown) => void): EventHub {
  const listeners = new Map<EventName, Set<(event: never) => void>>()
  const waiting = new Map<string, Waiting>()
  /** Keys whose news are being made. */
  const making = new Set<string>()
  /** Until when there are no further news of a thing. */
  const resting = new Map<string, number>()
  const failing = new Set<string>()
  const suppliers = new Map<EventName, (key: string) => News<EventName>>()
  let timer: { readonly dueAt: number; readonly handle: NodeJS.Timeout } | null = null
  let closed = false

  const flush = () => {
    timer = null
    const at = performance.now()
    for (const [thing, until] of resting) if (until <= at) resting.delete(thing)
    for (const [thing, { dueAt, restMs, send }] of [...waiting]) {
      // A little early rather than alone.
      if (dueAt > at + gatherMs || making.has(thing)) continue
      waiting.delete(thing)
      resting.set(thing, at + restMs)
      const fail = (error: unknown) => {
        // What comes after it is sent all the same; and what fails again and again is reported once.
        if (!failing.has(thing)) onProblem(error)
        failing.add(thing)
      }
      try {
        const sending = send()
        if (sending === undefined) failing.delete(thing)
        else void finish(thing, sending, fail)
      } catch (error) {
        fail(error)
      }
    }
    wake()
  }
  const finish = async (thing: string, sending: Promise<void>, fail: (error: unknown) => void) => {
    making.add(thing)
    await sending.then(() => failing.delete(thing), fail)
    making.delete(thing)
    wake()
  }
  const wake = () => {
    const dueAt = Math.min(...[...waiting].map(([thing, news]) => (making.has(thing) ? Infinity : news.dueAt)))
    if (closed || dueAt === Infinity || (timer !== null && timer.dueAt <= dueAt)) return
    if (timer !== null) clearTimeout(timer.handle)
    timer = { dueAt, handle: setTimeout(flush, Math.max(0, dueAt - performance.now())) }
  }
  const soon: EventHub['soon'] = (name, key, make) => {
    if (closed || !listeners.has(name)) return
    const thing = `${name} ${key}`
    const at = performance.now()
    const dueAt = waiting.get(thing)?.dueAt ?? Math.max(at + gatherMs, resting.get(thing) ?? 0)
    const tell = (event: unknown) => {
      if (event === null) return
      for (const listener of listeners.get(name) ?? []) (listener as (event: unknown) => void)(event)
    }
    const send = () => {
      const event = make()
      return event instanceof Promise ? event.then(tell) : tell(event)
    }
    waiting.set(thing, { dueAt, restMs: restMs[name] ?? shortRestMs, send })
    wake()
  }

  return {
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      set.add(listener)
      listeners.set(name, set)
      return () => set.delete(listener)
    },
    soon,
    changed: (name, key = '') => soon(name, key, () => suppliers.get(name)?.(key) ?? null),
    supply: (name, make) => {
      suppliers.set(name, make)
    },
    close: () => {
      closed = true
      if (timer !== null) clearTimeout(timer.handle)
      waiting.clear()
      listeners.clear()
    },
  }
}
