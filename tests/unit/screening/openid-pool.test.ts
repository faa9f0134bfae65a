import { describe, expect, test } from 'vitest'
import { createOpenidPool } from '../../../electron/engine/screening/lane.ts'

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
