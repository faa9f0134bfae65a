import type { EventName, Events } from '../../../shared/ipc.ts'

/** One message for the window. */
export type Message = { [Name in EventName]: { readonly name: Name; readonly event: Events[Name] } }[EventName]

export interface Outbox {
  send(message: Message): void
  /** The page listens: what was held goes out. */
  open(): void
  /** The page is gone or loading: what must not be lost is held. */
  hold(): void
}

/**
 * Messages before the page listens would be lost. What happened once is kept; of a state, the newest: the page has asked
 * for it before it listens, and may have been answered before the change.
 */
export function createOutbox(deliver: (message: Message) => void): Outbox {
  let isOpen = false
  let once = 0
  let held = new Map<string, Message>()
  const hold = (subject: string, message: Message) => {
    // In the order of what is sent.
    held.delete(subject)
    held.set(subject, message)
  }
  return {
    send(message) {
      if (isOpen) return deliver(message)
      switch (message.name) {
        case 'opened':
        case 'goTo':
        case 'problem':
          once += 1
          return hold(`${message.name} ${once}`, message)
        case 'batch':
          return hold(`batch ${message.event.id}`, message)
        case 'queue':
          return hold('queue', message)
        // About a plan, a grid, a running task or a window that the page has yet to ask for, or a menu it did not show.
        case 'plan':
        case 'grid':
        case 'exportProgress':
        case 'pastTrial':
        case 'spanProgress':
        case 'looksProgress':
        case 'storeProgress':
        case 'command':
        case 'loupeView':
        case 'loupeClosed':
          return
      }
    },
    open() {
      isOpen = true
      const messages = held
      held = new Map()
      for (const message of messages.values()) deliver(message)
    },
    hold() {
      isOpen = false
    },
  }
}
