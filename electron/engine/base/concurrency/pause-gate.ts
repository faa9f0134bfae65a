/** Whether work may go on at present. */
export interface Gate {
  /** Resolves at once while the gate is open, otherwise when it opens; rejects when the work ends. */
  whenOpen(): Promise<void>
  /** Aborts with `PausedError` at the next pause, and at the end of the work: for waits that a pause has to interrupt. */
  signal(): AbortSignal
}

/** A gate with a handle. */
export interface PauseGate extends Gate {
  close(): void
  open(): void
  isClosed(): boolean
}

/** The reason with which a gate's signal aborts at a pause. */
export class PausedError extends Error {}

/** An open gate; `end` is the end of the work behind it. */
export function createPauseGate(end: AbortSignal): PauseGate {
  let pause = new AbortController()
  let opened: PromiseWithResolvers<void> | null = null
  end.addEventListener('abort', () => {
    pause.abort(end.reason)
    opened?.reject(end.reason)
  })
  return {
    whenOpen: async () => {
      end.throwIfAborted()
      if (opened !== null) await opened.promise
    },
    signal: () => pause.signal,
    close: () => {
      if (opened !== null || end.aborted) return
      opened = Promise.withResolvers()
      opened.promise.catch(() => undefined)
      pause.abort(new PausedError())
    },
    open: () => {
      if (opened === null || end.aborted) return
      pause = new AbortController()
      opened.resolve()
      opened = null
    },
    isClosed: () => opened !== null,
  }
}
