/** The one listener that all callbacks of a signal share. */
interface SharedAbortListener {
  readonly callbacks: Set<() => void>
  readonly listener: () => void
}

const listeners = new WeakMap<AbortSignal, SharedAbortListener>()

/**
 * Calls `callback` when the signal aborts, at once if it has, and never after the returned function was called. Thousands of calls wait
 * on one signal: they share a listener, because adding one compares it with every listener that is there already.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) {
    callback()
    return () => undefined
  }
  const shared = listeners.get(signal) ?? attach(signal)
  // A function of its own for each call, so that the same callback can be given twice.
  const own = () => callback()
  shared.callbacks.add(own)
  return () => {
    // A listener that is left over keeps a signal made by `AbortSignal.any` alive.
    if (shared.callbacks.delete(own) && shared.callbacks.size === 0) detach(signal, shared)
  }
}

function attach(signal: AbortSignal): SharedAbortListener {
  const callbacks = new Set<() => void>()
  const shared = {
    callbacks,
    listener: () => {
      detach(signal, shared)
      for (const callback of callbacks) callback()
    },
  }
  listeners.set(signal, shared)
  signal.addEventListener('abort', shared.listener)
  return shared
}

function detach(signal: AbortSignal, shared: SharedAbortListener): void {
  signal.removeEventListener('abort', shared.listener)
  listeners.delete(signal)
}
