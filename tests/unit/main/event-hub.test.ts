import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEventHub } from '../../../electron/engine/app/events.ts'
import type { QueueStatus } from '../../../shared/queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What was told, with the time since the beginning. */
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

  test('are told to the end, and not after it', () => {
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

  test('that cannot be made are told as a problem, and what comes after them is sent', () => {
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
})
