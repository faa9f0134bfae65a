import { parkedDigest } from '../../ledger/digests.ts'
import type { WriteContext } from './write-context.ts'

/** Pushes that nobody waits for, and how far the relays were read. */
export function createPushWrites({ raw, clock, appender }: WriteContext) {
  const insertParked = raw.prepare(
    'INSERT INTO parked_pushes (app, trace_id, received_at, conclusion) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const takeParked = raw.prepare<[string, string], { conclusion: string; received_at: number }>(
    'DELETE FROM parked_pushes WHERE app = ? AND trace_id = ? RETURNING conclusion, received_at',
  )
  const readParked = raw
    .prepare<[string, string, number], string>(
      'SELECT conclusion FROM parked_pushes WHERE app = ? AND trace_id = ? AND received_at = ?',
    )
    .pluck()
  const deleteParked = raw.prepare('DELETE FROM parked_pushes WHERE received_at < ?')
  const movePosition = raw.prepare(
    'INSERT INTO relay_positions VALUES (?, ?) ON CONFLICT DO UPDATE SET position = max(position, excluded.position)',
  )
  const readPosition = raw.prepare<[string], number>('SELECT position FROM relay_positions WHERE relay = ?').pluck()

  const appendRelay = (body: Readonly<Record<string, unknown>>) =>
    appender.append({ kind: 'relay', batch: null, asset: null, body: { form: 2, ...body } })
  /** Pushes that were parked since the relay's position was last noted, in the same transaction; most are another program's. */
  const newlyParked = new Map<string, { readonly app: string; readonly traceId: string; readonly at: number }>()
  /** When each came, and its digest. What a transaction parked that came to nothing is not there. */
  const takeNewlyParked = (): readonly (readonly [number, string])[] => {
    const parked = [...newlyParked.values()].flatMap(({ app, traceId, at }) => {
      const conclusion = readParked.get(app, traceId, at)
      return conclusion === undefined ? [] : [[at, parkedDigest(app, traceId, at, conclusion)] as const]
    })
    newlyParked.clear()
    return parked
  }

  return {
    /** Keeps a push whose trace id no check has; the first one counts. */
    parkPush: (app: string, traceId: string, conclusion: string): void => {
      const at = clock.now()
      const { changes } = insertParked.run(app, traceId, at, conclusion)
      if (changes === 1) newlyParked.set(JSON.stringify([app, traceId]), { app, traceId, at })
    },

    /** Hands out a parked push, once. */
    takeParked: (app: string, traceId: string): string | null => {
      const taken = takeParked.get(app, traceId)
      if (taken === undefined) return null
      const { conclusion, received_at: receivedAt } = taken
      appendRelay({ event: 'taken', parked: parkedDigest(app, traceId, receivedAt, conclusion) })
      return conclusion
    },

    dropParked: (before: number): void => {
      if (deleteParked.run(before).changes > 0) appendRelay({ before, event: 'dropped' })
    },

    setRelayPosition: (relay: string, position: number): void => {
      const isNew = position > (readPosition.get(relay) ?? -1)
      if (!isNew && newlyParked.size === 0) return
      movePosition.run(relay, position)
      const parked = takeNewlyParked()
      const present = readPosition.get(relay)
      appendRelay({ event: 'read', parked: parked.length === 0 ? undefined : parked, position: present, relay })
    },
  }
}
