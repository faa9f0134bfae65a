import { createEmitter } from './events.ts'

/** The life of the program: `ready` comes only after the entry module has been evaluated, as in Electron. */

const emitter = createEmitter()
let isReady = false
const ready = Promise.withResolvers<void>()

export const lifecycle = {
  emitter,
  isReady: (): boolean => isReady,
  whenReady: (): Promise<void> => ready.promise,
  becomeReady(): void {
    isReady = true
    ready.resolve()
    emitter.emit('ready', {}, {})
  },
}

/** What Electron heeds before `ready` only. */
export function onlyBeforeReady(name: string): void {
  if (isReady) throw new Error(`${name} must be called before the app is ready`)
}

export function onlyAfterReady(name: string): void {
  if (!isReady) throw new Error(`${name} can only be used after the app is ready`)
}
