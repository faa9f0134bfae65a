import { codec } from '../codec.ts'

/** Messages to the page wait until it asks for them; those to a document that has gone are dropped. */
export interface Mailbox {
  /** Copies `args` now and hands them over with whatever else is posted in this turn. */
  post(channel: string, args: readonly unknown[]): void
  /** Hands them over at once, with all that waits. */
  postNow(channel: string, args: readonly unknown[]): void
  /** Another document is in the page: what waits is not for it. */
  startDocument(documentId: string): void
  /** The next messages as text of the codec; never settles for a document that has gone. */
  receive(documentId: string): Promise<string>
}

export function createMailbox(): Mailbox {
  let queue: { channel: string; args: readonly unknown[] }[] = []
  let currentDocumentId = ''
  let deliver: ((text: string) => void) | null = null
  const flush = () => {
    if (deliver === null || queue.length === 0) return
    const text = codec.encode(queue)
    queue = []
    deliver(text)
    deliver = null
  }
  return {
    post(channel, args) {
      queue.push({ channel, args: args.map(item => codec.decode(codec.encode(item))) })
      // What is sent in one turn travels together: each way to the page costs more than what it carries.
      if (queue.length === 1) setImmediate(flush)
    },
    postNow(channel, args) {
      queue.push({ channel, args })
      flush()
    },
    startDocument(documentId) {
      currentDocumentId = documentId
      deliver = null
      queue = []
    },
    receive(documentId) {
      if (documentId !== currentDocumentId) return new Promise(() => undefined)
      return new Promise(resolve => {
        deliver = resolve
        flush()
      })
    },
  }
}
