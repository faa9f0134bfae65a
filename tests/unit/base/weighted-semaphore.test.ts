import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createWeightedSemaphore } from '../../../electron/engine/base/concurrency/weighted-semaphore.ts'

const never = new AbortController().signal

describe('the room for parts that wait', () => {
  test('holds no more than it may, but always one, and lets everybody in at last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }), async sizes => {
        const semaphore = createWeightedSemaphore(100)
        let inside: number[] = []
        let served = 0
        await Promise.all(
          sizes.map(async size => {
            await semaphore.acquire(size, never)
            inside.push(size)
            const used = inside.reduce((sum, each) => sum + each, 0)
            expect(used <= 100 || inside.length === 1).toBe(true)
            await Promise.resolve()
            inside = inside.toSpliced(inside.indexOf(size), 1)
            served += 1
            semaphore.release(size)
          }),
        )
        expect(served).toBe(sizes.length)
      }),
    )
  })

  test('a caller that gives up waiting takes no room', async () => {
    const semaphore = createWeightedSemaphore(100)
    await semaphore.acquire(100, never)
    const leaving = new AbortController()
    const waiting = semaphore.acquire(50, leaving.signal)
    leaving.abort(new Error('over'))
    await expect(waiting).rejects.toThrow('over')
    semaphore.release(100)
    await semaphore.acquire(100, never)
  })
})
