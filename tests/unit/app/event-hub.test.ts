import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEventHub } from '../../../electron/engine/app/events.ts'
import { createGridFeed } from '../../../electron/engine/app/grid-feed.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import type { BatchSummary } from '../../../shared/screening.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The events that were sent, with the time since the beginning. */
function hear() {
  const hub = createEventHub(error => {
    throw error
  })
  const start = performance.now()
  const heard: string[] = []
  const at = () => Math.round(performance.now() - start)
  hub.on('queue', () => heard.push(`queue ${at()}`))
  hub.on('problem', problem => heard.push(`problem ${problem.detail} ${at()}`))
  // Only that something is told counts here.
  const queue = () => hub.soon('queue', '', () => ({}) as QueueStatus)
  const problem = (detail: string) => hub.soon('problem', 'p', () => ({ code: 'internal', detail }))
  return { hub, heard, queue, problem }
}

describe('news for the window', () => {
  test('come soon after the first change, then figures four times a second and changes ten times, the newest each time', () => {
    const { heard, queue, problem } = hear()
    for (let ms = 0; ms < 300; ms += 10) {
      queue()
      problem(String(ms))
      vi.advanceTimersByTime(10)
    }
    const queues = heard.filter(news => news.startsWith('queue'))
    const problems = heard.filter(news => news.startsWith('problem'))
    expect(queues.length).toBe(2)
    expect(problems.length).toBe(3)
    expect(heard[0]).toBe('queue 30')
    expect(problems[0]).toBe('problem 20 30')
  })

  test('that are due at nearly the same time leave together', () => {
    const { heard, queue, problem } = hear()
    queue()
    vi.advanceTimersByTime(20)
    problem('a')
    vi.advanceTimersByTime(10)
    expect(heard).toEqual(['queue 30', 'problem a 30'])
  })

  test('are sent to the end, and not after it', () => {
    const { hub, heard, queue } = hear()
    queue()
    vi.advanceTimersByTime(30)
    queue()
    vi.advanceTimersByTime(1_000)
    expect(heard).toHaveLength(2)
    queue()
    hub.close()
    vi.advanceTimersByTime(1_000)
    expect(heard).toHaveLength(2)
  })

  test('that cannot be made are reported as a problem, and what comes after them is sent', () => {
    const problems: unknown[] = []
    const hub = createEventHub(error => problems.push(error))
    const heard: string[] = []
    hub.on('queue', () => heard.push('queue'))
    hub.on('problem', () => heard.push('problem'))
    const broken = new Error('the file is gone')
    hub.soon('queue', '', () => {
      throw broken
    })
    hub.soon('problem', '', () => ({ code: 'internal', detail: '' }))
    vi.advanceTimersByTime(1000)
    expect(problems).toEqual([broken])
    expect(heard).toEqual(['problem'])
    // Again and again, until it can be made: once is enough.
    const again = (make: () => QueueStatus) => {
      hub.soon('queue', '', make)
      vi.advanceTimersByTime(1000)
    }
    const fail = () => {
      throw broken
    }
    again(fail)
    expect(problems).toEqual([broken])
    again(() => ({}) as QueueStatus)
    again(fail)
    expect(problems).toEqual([broken, broken])
    hub.close()
  })

  test('of two batches do not hold each other up', () => {
    const { hub, heard } = hear()
    hub.on('batch', batch => heard.push(batch.id))
    hub.supply('batch', id => ({ id }) as BatchSummary)
    hub.changed('batch', 'b_1')
    hub.changed('batch', 'b_2')
    vi.advanceTimersByTime(30)
    expect(heard).toEqual(['b_1', 'b_2'])
  })

  test('that are the same failure ten thousand times over are reported a few times', () => {
    const { hub, heard } = hear()
    for (let step = 0; step < 10_000; step += 1) {
      hub.soon('problem', 'disk_full', () => ({ code: 'disk_full', detail: '' }))
      if (step % 1_000 === 0) vi.advanceTimersByTime(10)
    }
    vi.advanceTimersByTime(1_000)
    expect(heard.length).toBeLessThanOrEqual(3)
    expect(heard.length).toBeGreaterThan(0)
  })

  test('leave no timer behind when no listener is left', () => {
    const { hub, queue } = hear()
    queue()
    hub.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('changes of a grid', () => {
  test('are sent whole, in order, however they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ asset: fc.nat(20), outcome: fc.nat(5), waitMs: fc.nat(150) }), { maxLength: 40 }),
        changes => {
          const hub = createEventHub(error => {
            throw error
          })
          const outcomes = new Map<number, number>()
          const feed = createGridFeed(hub, {
            cells: (batch: string, assets: readonly number[], from: number, revision: number) => ({
              batch,
              from,
              revision,
              id: Float64Array.from(assets),
              outcome: Uint8Array.from(assets, asset => outcomes.get(asset) ?? 0),
            }),
          } as unknown as Parameters<typeof createGridFeed>[1])
          const arrived = new Map<number, number>()
          let revision = 0
          hub.on('grid', delta => {
            expect(delta.from).toBe(revision)
            revision = delta.revision
            for (const [at, id] of delta.id.entries()) arrived.set(id, delta.outcome[at] ?? -1)
          })
          feed.watch('b_1')
          for (const { asset, outcome, waitMs } of changes) {
            outcomes.set(asset, outcome)
            feed.touched('b_1', asset)
            vi.advanceTimersByTime(waitMs)
          }
          vi.advanceTimersByTime(1_000)
          expect(arrived).toEqual(outcomes)
          expect(feed.revision('b_1')).toBe(revision)
          hub.close()
        },
      ),
    )
  })
})
