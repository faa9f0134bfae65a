/** What is to be done when a signal aborts, each once. */
interface Party {
  readonly acts: Set<() => void>
  readonly listener: () => void
}

const parties = new WeakMap<AbortSignal, Party>()

/**
 * Calls `act` when the signal aborts, at once if it has, and never after what is returned was called. Thousands of calls share one
 * signal: they have one listener together, for a listener each would be compared with all before it.
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) {
    act()
    return () => undefined
  }
  const party = parties.get(signal) ?? gather(signal)
  // A function of its own for each call, even of the same `act`.
  const mine = () => act()
  party.acts.add(mine)
  return () => {
    // A listener that is left over keeps a signal made by `AbortSignal.any` alive.
    if (party.acts.delete(mine) && party.acts.size === 0) disband(signal, party)
  }
}

function gather(signal: AbortSignal): Party {
  const acts = new Set<() => void>()
  const party = {
    acts,
    listener: () => {
      disband(signal, party)
      for (const act of acts) act()
    },
  }
  parties.set(signal, party)
  signal.addEventListener('abort', party.listener)
  return party
}

function disband(signal: AbortSignal, party: Party): void {
  signal.removeEventListener('abort', party.listener)
  parties.delete(signal)
}
