import type { IpcMain } from 'electron'
import { createEmitter, emitterMethods } from './events.ts'
import { strict } from './strict.ts'

export interface SenderFrame {
  readonly url: string
  readonly origin: string
  readonly parent: SenderFrame | null
}
export interface InvokeEvent {
  readonly sender: unknown
  /** Null when the frame has navigated or gone. */
  readonly senderFrame: SenderFrame | null
}

type Handler = (event: InvokeEvent, ...args: unknown[]) => unknown
const handlers = new Map<string, Handler>()

export const ipcMain = strict('ipcMain', {
  ...emitterMethods(createEmitter()),
  handle(channel: string, handler: (event: never, ...args: never[]) => unknown): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, handler as Handler)
  },
  removeHandler(channel: string): void {
    handlers.delete(channel)
  },
} satisfies { [Name in 'handle' | 'removeHandler']: (...args: never[]) => ReturnType<IpcMain[Name]> })

/** Runs a handler as Electron does: of an error only the message leaves. */
export async function invoke(
  event: InvokeEvent,
  channel: string,
  args: readonly unknown[],
): Promise<{ kind: 'value'; value: unknown } | { kind: 'error'; message: string }> {
  const handler = handlers.get(channel)
  if (handler === undefined) return { kind: 'error', message: `No handler registered for '${channel}'` }
  try {
    return { kind: 'value', value: await handler(event, ...args) }
  } catch (error) {
    return { kind: 'error', message: String(error) }
  }
}
