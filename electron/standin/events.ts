import { EventEmitter } from 'node:events'

/** The event object that Electron hands to listeners who may prevent what is about to happen. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** An event with Electron's shape, plus what this kind of event carries. */
export function preventable<T extends object>(fields: T): T & PreventableEvent {
  let isPrevented = false
  const event: PreventableEvent = {
    get defaultPrevented() {
      return isPrevented
    },
    preventDefault() {
      isPrevented = true
    },
  }
  return Object.assign(event, fields)
}

export function createEmitter(): EventEmitter {
  return new EventEmitter()
}

/** The methods of an emitter, to be mixed into an object that is more than an emitter. */
export function emitterMethods(emitter: EventEmitter) {
  return {
    on(name: string, listener: (...args: never[]) => void) {
      emitter.on(name, listener as (...args: unknown[]) => void)
      return this
    },
    once(name: string, listener: (...args: never[]) => void) {
      emitter.once(name, listener as (...args: unknown[]) => void)
      return this
    },
    off(name: string, listener: (...args: never[]) => void) {
      emitter.off(name, listener as (...args: unknown[]) => void)
      return this
    },
    removeListener(name: string, listener: (...args: never[]) => void) {
      emitter.off(name, listener as (...args: unknown[]) => void)
      return this
    },
  }
}
