/** Sends a message to the stand-in and answers with what it answers. */
export type Ask = (message: unknown) => Promise<unknown>

/** `ipcRenderer`, with what hands a message from the main process to its listeners. Self-contained (see script.ts). */
export function createIpcRenderer(ask: Ask) {
  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>()
  const ipcRenderer = {
    async invoke(channel: string, ...args: unknown[]) {
      const answer = (await ask({ kind: 'invoke', channel, args })) as
        | { kind: 'value'; value: unknown }
        | { kind: 'error'; message: string }
      // Only the message of an error crosses.
      if (answer.kind === 'error') throw new Error(`Error invoking remote method '${channel}': ${answer.message}`)
      return answer.value
    },
    on(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      const known = listeners.get(channel) ?? new Set()
      known.add(listener)
      listeners.set(channel, known)
      return ipcRenderer
    },
    removeListener(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
  }
  const emit = (channel: string, args: readonly unknown[]): void => {
    for (const listener of listeners.get(channel) ?? []) {
      try {
        listener({}, ...args)
      } catch (error) {
        reportError(error)
      }
    }
  }
  return { ipcRenderer, emit }
}
