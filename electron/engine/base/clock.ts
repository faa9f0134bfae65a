import { onAbort } from './concurrency/shared-abort-listener.ts'

/** Time as the engine sees it, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const timer = setTimeout(() => {
        forget?.()
        resolve()
      }, ms)
      const forget =
        signal === undefined
          ? null
          : onAbort(signal, () => {
              clearTimeout(timer)
              reject(signal.reason)
            })
    }),
}
