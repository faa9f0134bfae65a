import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventMerger, type Message } from '../../../electron/main/policies/event-merger.ts'
import type { GridDelta } from '../../../shared/grid.ts'
import type { BatchSummary } from '../../../shared/screening.ts'

/** Time as a number, and what left when. */
function merging() {
  let nowMs = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const sent: { at: number; message: Message }[] = []
  const merger = createEventMerger(message => sent.push({ at: nowMs, message }), {
    set(run, ms) {
      const timer = { at: nowMs + ms, run }
      timers.add(timer)
      return { stop: () => timers.delete(timer) }
    },
  })
  const advance = (ms: number) => {
    const end = nowMs + ms
    for (;;) {
      const next = [...timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      timers.delete(next)
      nowMs = next.at
      next.run()
    }
    nowMs = end
  }
  return { merger, sent, advance, pendingTimers: () => timers.size }
}

const batch = (id: string, decided: number): Message => ({ name: 'batch', event: { id, decided } as BatchSummary })

const delta = (from: number, position: number, outcome: number): Message => ({
  name: 'grid',
  event: {
    batch: 'b_1',
    from,
    revision: from + 1,
    position: Uint32Array.of(position),
    id: Float64Array.of(position),
    outcome: Uint8Array.of(outcome),
    decision: Uint8Array.of(0),
    kind: Uint8Array.of(0),
    flags: Uint8Array.of(0),
    label: Int32Array.of(0),
    score: Uint8Array.of(0),
    reason: Uint8Array.of(0),
    folder: Uint32Array.of(0),
    screenedAt: Uint32Array.of(0),
    folders: [`f${from}`],
  },
})

describe('events on their way to the window', () => {
  test('the first leaves at once, then at most ten a second, and the last state is what arrives', () => {
    const { merger, sent, advance } = merging()
    for (let step = 0; step <= 1000; step += 1) {
      merger.accept(batch('b_1', step))
      advance(1)
    }
    advance(1_000)
    expect(sent[0]).toMatchObject({ at: 0, message: { event: { decided: 0 } } })
    expect(sent.length).toBeLessThanOrEqual(12)
    expect(sent.at(-1)?.message).toMatchObject({ event: { decided: 1000 } })
  })

  test('two batches do not hold each other up', () => {
    const { merger, sent } = merging()
    merger.accept(batch('b_1', 1))
    merger.accept(batch('b_2', 1))
    expect(sent).toHaveLength(2)
  })

  test('changes of a grid are joined and none is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ position: fc.nat(20), outcome: fc.nat(5), waitMs: fc.nat(150) }), { maxLength: 40 }),
        changes => {
          const { merger, sent, advance } = merging()
          const expected = new Map<number, number>()
          for (const [index, { position, outcome, waitMs }] of changes.entries()) {
            merger.accept(delta(index, position, outcome))
            expected.set(position, outcome)
            advance(waitMs)
          }
          advance(1_000)
          const arrived = new Map<number, number>()
          let revision = 0
          const folders: string[] = []
          for (const { message } of sent) {
            const event = message.event as GridDelta
            expect(event.from).toBe(revision)
            revision = event.revision
            folders.push(...event.folders)
            for (const [at, position] of event.position.entries()) arrived.set(position, event.outcome[at] ?? -1)
          }
          expect(arrived).toEqual(expected)
          expect(revision).toBe(changes.length)
          expect(folders).toEqual(changes.map((_change, index) => `f${index}`))
        },
      ),
    )
  })

  test('what cannot be joined keeps its order', () => {
    const { merger, sent, advance } = merging()
    merger.accept(delta(0, 0, 1))
    merger.accept(delta(5, 1, 1))
    merger.accept(delta(9, 2, 1))
    advance(1_000)
    expect(sent.map(({ message }) => (message.event as GridDelta).from)).toEqual([0, 5, 9])
  })

  test('ten thousand equal failures in a row are said a few times', () => {
    const { merger, sent, advance } = merging()
    for (let step = 0; step < 10_000; step += 1) {
      merger.accept({ name: 'problem', event: { code: 'disk_full', detail: '' } })
    }
    advance(1_000)
    expect(sent).toHaveLength(2)
  })

  test('every command and every opened file arrives', () => {
    const { merger, sent, advance } = merging()
    for (const command of ['undo', 'undo', 'redo'] as const) merger.accept({ name: 'command', event: { command } })
    advance(1_000)
    expect(sent).toHaveLength(3)
  })

  test('nothing is left running when it is closed', () => {
    const { merger, sent, pendingTimers, advance } = merging()
    merger.accept(batch('b_1', 1))
    merger.accept(batch('b_1', 2))
    merger.close()
    advance(1_000)
    expect(pendingTimers()).toBe(0)
    expect(sent).toHaveLength(1)
  })
})
