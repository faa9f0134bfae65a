import type { RelayClient } from '../relay/client.ts'
import type { ReceivedPush } from '../store/records.ts'
import type { Awaiting } from './awaiting.ts'

/** Applied in one transaction. */
const pageSize = 500

/**
 * Follows a relay's events from the last position that was read, until `signal` aborts. Events are applied in one transaction with their
 * position, so that a program that is killed resumes exactly there.
 */
export async function followRelay(
  client: Pick<RelayClient, 'events'>,
  relay: string,
  position: number,
  awaiting: Pick<Awaiting, 'receive'>,
  signal: AbortSignal,
): Promise<void> {
  let waiting: { seq: number; push: ReceivedPush | null }[] = []
  let applying: Promise<void> | null = null

  const apply = async () => {
    while (waiting.length > 0) {
      const page = waiting.splice(0, pageSize)
      await awaiting.receive({
        relay,
        position: page.at(-1)?.seq ?? 0,
        pushes: page.flatMap(({ push }) => (push === null ? [] : [push])),
      })
    }
  }
  const failing = Promise.withResolvers<never>()
  failing.promise.catch(() => undefined)
  const ending = new AbortController()
  const start = () => {
    if (ending.signal.aborted) return
    applying ??= apply()
      .catch(error => {
        // A later position would skip the page that was not stored, and it would never be read again.
        waiting = []
        ending.abort(error)
        failing.reject(error)
      })
      .finally(() => {
        applying = null
        if (waiting.length > 0) start()
      })
  }

  const read = async () => {
    for await (const { seq, event } of client.events(position, AbortSignal.any([signal, ending.signal]))) {
      const push = event.kind === 'push' ? { event: event.push, authenticity: event.authenticity } : null
      waiting.push({ seq, push })
      start()
      // Backpressure: what arrives faster than it can be stored waits at the relay.
      while (waiting.length >= 4 * pageSize && applying !== null) await applying
    }
  }
  try {
    await Promise.race([read(), failing.promise])
    if (applying !== null) await Promise.race([applying, failing.promise])
  } finally {
    waiting = []
    ending.abort()
  }
}
