import { Worker } from 'node:worker_threads'
import { UsageProblem } from '../../../../shared/problems.ts'
import { threadEntry } from '../../base/thread-entry.ts'
import type { Found } from './compile.ts'
import type { MatcherFacts, MatcherGiven, MatcherMessage, MatcherRequest } from './matcher-work.ts'

/** Rule books at work in a thread of their own. */
export interface RuleMatcher extends MatcherFacts {
  /** Rejects where the signal aborts, or where the thread broke off. */
  find(text: string, signal?: AbortSignal): Promise<Found>
  /** Ends the thread; what is being looked for is rejected. A later `find` begins another. */
  close(): Promise<void>
}

/** A thread that nobody has asked for so long is ended, with all that it holds in memory. */
const idleMs = 60_000

/** Reads and compiles the books. Rejects with a `UsageProblem` that says what is wrong with them. */
export async function createRuleMatcher(given: MatcherGiven): Promise<RuleMatcher> {
  let thread: Thread | null = null
  const running = (): Thread => {
    if (thread !== null) return thread
    const begun = startThread(given, () => {
      // Another may have taken its place by the time that it is quite gone.
      if (thread === begun) thread = null
    })
    thread = begun
    return begun
  }
  const facts = await running().ready
  return {
    ...facts,
    find: async (text, signal) => {
      signal?.throwIfAborted()
      const found = running().find(text)
      return signal === undefined ? found : abortable(found, signal)
    },
    close: async () => {
      await thread?.end()
    },
  }
}

interface Thread {
  readonly ready: Promise<MatcherFacts>
  find(text: string): Promise<Found>
  end(): Promise<void>
}

function startThread(given: MatcherGiven, onEnd: () => void): Thread {
  const entry = threadEntry(import.meta.url, 'rules-worker')
  if (entry === null) throw new Error('the entry of a thread is missing: rules-worker')
  const worker = new Worker(entry, { workerData: given })
  const ready = Promise.withResolvers<MatcherFacts>()
  const asked = new Map<number, PromiseWithResolvers<Found>>()
  let number = 0
  let idle: NodeJS.Timeout | null = null
  const end = async () => {
    if (idle !== null) clearTimeout(idle)
    onEnd()
    await worker.terminate()
  }
  /** Only while something is waited for does the thread keep the process. */
  const rest = () => {
    if (asked.size > 0) return
    worker.unref()
    if (idle !== null) clearTimeout(idle)
    idle = setTimeout(end, idleMs).unref()
  }
  const breakOff = (error: Error) => {
    onEnd()
    if (idle !== null) clearTimeout(idle)
    ready.reject(error)
    for (const { reject } of asked.values()) reject(error)
    asked.clear()
  }
  const answer = (of: number, settle: (waiting: PromiseWithResolvers<Found>) => void) => {
    const waiting = asked.get(of)
    asked.delete(of)
    if (waiting !== undefined) settle(waiting)
    rest()
  }
  worker.on('message', (message: MatcherMessage) => {
    switch (message.kind) {
      case 'ready':
        ready.resolve(message.facts)
        rest()
        return
      case 'refused':
        breakOff(new UsageProblem(message.said))
        return
      case 'found':
        answer(message.number, ({ resolve }) => resolve(message.found))
        return
      case 'failed':
        answer(message.number, ({ reject }) => reject(new Error(message.error)))
    }
  })
  worker.on('error', error => breakOff(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', code => breakOff(new Error(`the thread that looks for rules ended with ${code}`)))
  // Somebody who only finds hears of it there.
  ready.promise.catch(() => undefined)
  return {
    ready: ready.promise,
    find: text => {
      if (idle !== null) clearTimeout(idle)
      worker.ref()
      number += 1
      const waiting = Promise.withResolvers<Found>()
      asked.set(number, waiting)
      worker.postMessage({ number, text } satisfies MatcherRequest)
      return waiting.promise
    },
    end,
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}
