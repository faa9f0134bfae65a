import { type ComponentType, lazy, useSyncExternalStore } from 'react'

/**
 * A component that is read in when it is first shown, and nothing is shown until then. As `lazy`, but for this: what was read in is drawn
 * at once. React draws what had suspended only when nothing else is to be drawn, and begins anew after everything else: on a busy machine
 * the news of a batch that runs kept a view blank for as long as they came.
 */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const demand = createDemand(load)
  // Where all is drawn in one go, into text, it is waited for.
  const Awaited = lazy(async () => ({ default: await load() }))
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each module that is read in, at the level of the module that names it
  return function OnDemand(props: Props) {
    demand.begin()
    const { value: Content, error } = useSyncExternalStore(demand.subscribe, demand.get, () => ({
      value: Awaited as unknown as ComponentType<Props>,
      error: null,
    }))
    // The nearest boundary says so.
    if (error !== null) throw error
    return Content === null ? null : <Content {...props} />
  }
}

interface Demanded<Value> {
  readonly value: Value | null
  readonly error: unknown
}

/** Something that is read in once, and who wants to know when it is there. */
export function createDemand<Value>(load: () => Promise<Value>): {
  /** Reads it in, the first time. */
  begin(): void
  get(): Demanded<Value>
  subscribe(listener: () => void): () => void
} {
  let demanded: Demanded<Value> = { value: null, error: null }
  let hasBegun = false
  const listeners = new Set<() => void>()
  const tell = (next: Demanded<Value>) => {
    demanded = next
    for (const listener of listeners) listener()
  }
  return {
    begin: () => {
      if (hasBegun) return
      hasBegun = true
      load().then(
        value => tell({ value, error: null }),
        error => tell({ value: null, error: error ?? new Error('it could not be read in') }),
      )
    },
    get: () => demanded,
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
