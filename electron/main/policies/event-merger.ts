import type { GridDelta } from '../../../shared/grid.ts'
import type { EventName, Events } from '../../../shared/ipc.ts'

/** One message for the window. */
export type Message = { [Name in EventName]: { readonly name: Name; readonly event: Events[Name] } }[EventName]

export interface EventMerger {
  accept(message: Message): void
  close(): void
}

/** Ten a second. */
const intervalMs = 100

/**
 * Keeps the window from drowning: of a state only the newest is sent, changes of one grid become one change, and of
 * each kind and subject at most one message leaves in a tenth of a second. The first leaves at once.
 */
export function createEventMerger(
  send: (message: Message) => void,
  timers: { set(run: () => void, ms: number): { stop(): void } },
): EventMerger {
  const waiting = new Map<string, Message[]>()
  const resting = new Map<string, { stop(): void }>()

  const deliver = (subject: string, messages: readonly Message[]): void => {
    for (const message of messages) send(message)
    resting.set(
      subject,
      timers.set(() => {
        resting.delete(subject)
        const next = waiting.get(subject)
        waiting.delete(subject)
        if (next !== undefined) deliver(subject, next)
      }, intervalMs),
    )
  }

  return {
    accept(message) {
      const subject = subjectOf(message)
      if (!resting.has(subject)) return deliver(subject, [message])
      waiting.set(subject, merge(waiting.get(subject) ?? [], message))
    },
    close() {
      for (const timer of resting.values()) timer.stop()
      resting.clear()
      waiting.clear()
    },
  }
}

function subjectOf(message: Message): string {
  switch (message.name) {
    case 'plan':
    case 'batch':
      return `${message.name} ${message.event.id}`
    case 'grid':
      return `grid ${message.event.batch}`
    default:
      return message.name
  }
}

function merge(waiting: readonly Message[], message: Message): Message[] {
  const [last] = waiting.slice(-1)
  switch (message.name) {
    case 'plan':
    case 'batch':
    case 'queue':
    case 'exportProgress':
    case 'spanProgress':
    case 'storeProgress':
      return [message]
    case 'grid':
      return last?.name === 'grid' && last.event.revision === message.event.from
        ? [...waiting.slice(0, -1), { name: 'grid', event: joinDeltas(last.event, message.event) }]
        : [...waiting, message]
    case 'problem':
      // Ten thousand failures in a row are one sentence, said once.
      return waiting.some(
        other =>
          other.name === 'problem' &&
          other.event.code === message.event.code &&
          other.event.detail === message.event.detail,
      )
        ? [...waiting]
        : [...waiting, message]
    case 'command':
    case 'opened':
      return [...waiting, message]
  }
}

/** The later change last, so that it wins where both touch one position. */
function joinDeltas(first: GridDelta, second: GridDelta): GridDelta {
  return {
    batch: first.batch,
    from: first.from,
    revision: second.revision,
    position: joinUint32(first.position, second.position),
    id: joinFloat64(first.id, second.id),
    outcome: joinUint8(first.outcome, second.outcome),
    decision: joinUint8(first.decision, second.decision),
    kind: joinUint8(first.kind, second.kind),
    flags: joinUint8(first.flags, second.flags),
    label: joinInt32(first.label, second.label),
    score: joinUint8(first.score, second.score),
    reason: joinUint8(first.reason, second.reason),
    folder: joinUint32(first.folder, second.folder),
    screenedAt: joinUint32(first.screenedAt, second.screenedAt),
    folders: [...first.folders, ...second.folders],
  }
}

const joinUint8 = (a: Uint8Array, b: Uint8Array): Uint8Array => put(new Uint8Array(a.length + b.length), a, b)
const joinUint32 = (a: Uint32Array, b: Uint32Array): Uint32Array => put(new Uint32Array(a.length + b.length), a, b)
const joinInt32 = (a: Int32Array, b: Int32Array): Int32Array => put(new Int32Array(a.length + b.length), a, b)
const joinFloat64 = (a: Float64Array, b: Float64Array): Float64Array => put(new Float64Array(a.length + b.length), a, b)

function put<T extends { set(values: T, offset?: number): void; readonly length: number }>(into: T, a: T, b: T): T {
  into.set(a, 0)
  into.set(b, a.length)
  return into
}
