import type { Message } from './event-merger.ts'

export interface Outbox {
  send(message: Message): void
  /** The page listens: what was held goes out. */
  open(): void
  /** The page is gone or loading: what must not be lost is held. */
  hold(): void
}

/**
 * Messages before the page listens would be lost. States are asked for by the page when it starts and need no keeping;
 * what happened once does.
 */
export function createOutbox(deliver: (message: Message) => void): Outbox {
  let isOpen = false
  let held: Message[] = []
  return {
    send(message) {
      if (isOpen) deliver(message)
      else if (happensOnce(message)) held.push(message)
    },
    open() {
      isOpen = true
      const messages = held
      held = []
      for (const message of messages) deliver(message)
    },
    hold() {
      isOpen = false
    },
  }
}

const happensOnce = ({ name }: Message): boolean => name === 'opened' || name === 'problem'
