import { onAbort } from './shared-abort-listener.ts'

/** Resolves when the promise settles, however it does, or when the signal aborts. */
export function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const forget = onAbort(signal, resolve)
    promise
      .catch(() => undefined)
      .finally(() => {
        forget()
        resolve()
      })
  })
}
