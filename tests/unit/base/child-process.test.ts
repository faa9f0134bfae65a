import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ChildProcess, startChild } from '../../../electron/engine/base/child-process.ts'
import { systemClock } from '../../../electron/engine/base/clock.ts'

const answers = z.strictObject({ kind: z.literal('done') })

/** A process that answers each job with what it was told to say. */
function childThat(answer: (say: (message: unknown) => void, exit: (how: string) => void) => void) {
  let say: (message: unknown) => void = () => undefined
  let exit: (how: string) => void = () => undefined
  const process: ChildProcess = {
    post: () => queueMicrotask(() => answer(say, exit)),
    onMessage: listener => {
      say = listener
    },
    onExit: listener => {
      exit = listener
    },
    kill: () => exit('SIGKILL'),
  }
  const child = startChild(() => process, 'worker.js', systemClock, answers)
  return { child, exit: (how: string) => exit(how) }
}

const manner = () => ({ timeoutMs: 10_000, receive: async () => undefined, signal: new AbortController().signal })

/** Whatever of a job outlives it. */
async function bytesAfter(work: (job: { memoryMb: number; bytes: Uint8Array }) => Promise<unknown>) {
  const bytes = new Uint8Array(1000)
  const kept = new WeakRef(bytes)
  await work({ memoryMb: 1, bytes })
  return kept
}

describe('a child', () => {
  test('keeps nothing of a job that it has done', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { child } = childThat(say => say({ kind: 'done' }))
    const kept: WeakRef<Uint8Array>[] = []
    for (let job = 0; job < 3; job++) kept.push(await bytesAfter(each => child.ask(each, manner())))
    await new Promise(resolve => setImmediate(resolve))
    collect()
    expect(kept.map(each => each.deref())).toEqual([undefined, undefined, undefined])
    await child.end()
  })

  test('that ends during a job answers how, and so does every later job', async () => {
    const { child } = childThat((_, exit) => exit('SIGSEGV'))
    expect(await child.ask({ memoryMb: 1 }, manner())).toEqual({ kind: 'died', how: 'SIGSEGV' })
    expect(await child.ask({ memoryMb: 1 }, manner())).toEqual({ kind: 'died', how: 'SIGSEGV' })
  })
})
