import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRoom } from '../../../electron/engine/screening/asset.ts'
import { createOpenidPool } from '../../../electron/engine/screening/lane.ts'

const never = new AbortController().signal

describe('the room for parts that wait', () => {
  test('holds no more than it may, but always one, and lets everybody in at last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 30 }), async sizes => {
        const room = createRoom(100)
        let inside: number[] = []
        let served = 0
        await Promise.all(
          sizes.map(async size => {
            await room.enter(size, never)
            inside.push(size)
            const used = inside.reduce((sum, each) => sum + each, 0)
            expect(used <= 100 || inside.length === 1).toBe(true)
            await Promise.resolve()
            inside = inside.toSpliced(inside.indexOf(size), 1)
            served += 1
            room.leave(size)
          }),
        )
        expect(served).toBe(sizes.length)
      }),
    )
  })

  test('whoever gives up waiting takes no room', async () => {
    const room = createRoom(100)
    await room.enter(100, never)
    const leaving = new AbortController()
    const waiting = room.enter(50, leaving.signal)
    leaving.abort(new Error('over'))
    await expect(waiting).rejects.toThrow('over')
    room.leave(100)
    await room.enter(100, never)
  })
})

describe('openids', () => {
  test('take turns, are not used again once refused, and end', () => {
    const pool = createOpenidPool(['a', 'b', 'c', 'a'])
    expect(pool.size).toBe(3)
    expect(new Set(Array.from({ length: 6 }, () => pool.next()))).toEqual(new Set(['a', 'b', 'c']))
    pool.refuse('b')
    expect(Array.from({ length: 6 }, () => pool.next())).not.toContain('b')
    pool.refuse('a')
    pool.refuse('c')
    expect(pool.next()).toBeNull()
  })
})
