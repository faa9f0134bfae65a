import { describe, expect, test } from 'vitest'
import { createKeyedSemaphore } from '../../../electron/engine/base/concurrency/keyed-semaphore.ts'

const never = new AbortController().signal

/** One permit that is held, and who gets it next, one after the other. */
async function line() {
  const slots = createKeyedSemaphore(1)
  await slots.acquire('key', never)
  const admitted: string[] = []
  const joinLine = (name: string, rank?: () => number, signal = never) =>
    slots.acquire('key', signal, rank).then(
      () => void admitted.push(name),
      () => undefined,
    )
  const serve = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      slots.release('key')
      await new Promise(setImmediate)
    }
  }
  return { admitted, joinLine, serve }
}

describe('permits of a key', () => {
  test('are handed over in order', async () => {
    const { admitted, joinLine, serve } = await line()
    for (const name of ['a', 'b', 'c']) void joinLine(name)
    await serve(3)
    expect(admitted).toEqual(['a', 'b', 'c'])
  })

  test('go to the lowest rank first, as it is when they are handed over', async () => {
    const { admitted, joinLine, serve } = await line()
    let rank = 1
    void joinLine('a', () => 1)
    void joinLine('b', () => rank)
    void joinLine('c', () => rank)
    void joinLine('d', () => 2)
    rank = 0
    await serve(4)
    expect(admitted).toEqual(['b', 'c', 'a', 'd'])
  })

  test('go to who has waited longest of the others every eighth time, so that nobody starves', async () => {
    const { admitted, joinLine, serve } = await line()
    for (let at = 0; at < 30; at += 1) void joinLine('first', () => 0)
    for (const name of ['x', 'y', 'z']) void joinLine(name, () => (name === 'x' ? 2 : 1))
    await serve(33)
    const others = admitted.flatMap((name, at) => (name === 'first' ? [] : [[name, at + 1]]))
    expect(others).toEqual([
      ['x', 8],
      ['y', 16],
      ['z', 24],
    ])
    expect(admitted).toHaveLength(33)
  })

  test('are not given to who has gone', async () => {
    const { admitted, joinLine, serve } = await line()
    const gone = new AbortController()
    void joinLine('gone', () => 0, gone.signal)
    void joinLine('b', () => 1)
    gone.abort()
    await serve(1)
    expect(admitted).toEqual(['b'])
  })
})
