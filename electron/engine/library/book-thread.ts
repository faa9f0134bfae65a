import { Worker } from 'node:worker_threads'
import { Problem } from '../../../shared/problems.ts'
import { faultName } from '../base/fault.ts'
import { threadEntry } from '../base/thread-entry.ts'
import { preparedBooks } from '../checkers/rules/prepared.ts'
import { versionOf } from './book-folder.ts'
import { type BookWork, createBookWork } from './book-work.ts'

/** Work on books that holds nobody up. */
export interface BookThread extends BookWork {
  close(): Promise<void>
}

/** Trying it would still compile its patterns. */
const isPrepared = (bytes: Uint8Array) => Object.hasOwn(preparedBooks().books, versionOf(bytes))

export interface BookQuestion {
  readonly number: number
  readonly task: keyof BookWork
  readonly what: readonly unknown[]
}

export type BookAnswer = { readonly number: number } & (
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly fault: string }
)

/** A book of this size is read and tried in less time than a thread takes to begin. */
const smallBytes = 10_000
/** A thread that nobody has asked for so long is ended, with the book that it holds in memory. */
const idleMs = 60_000

/**
 * Reads and tries books in a thread of its own, which begins with the first large one: a hundred thousand entries take seconds, and the
 * window and all calls would wait. Small ones are read at once, and so are those that were read when the program was built.
 */
export function openBookThread(): BookThread {
  const here = createBookWork()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | null = null
  let number = 0
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()

  const end = async () => {
    const ended = worker
    worker = null
    if (idle !== null) clearTimeout(idle)
    await ended?.terminate()
  }
  const breakOff = (problem: Problem) => {
    for (const { reject } of waiting.values()) reject(problem)
    waiting.clear()
  }
  /** Idle, it keeps no program from ending. */
  const rest = () => {
    if (waiting.size > 0) return
    worker?.unref()
    idle = setTimeout(end, idleMs).unref()
  }
  const start = (entry: string): Worker => {
    const started = new Worker(entry)
    started.on('message', (answer: BookAnswer) => {
      const asked = waiting.get(answer.number)
      waiting.delete(answer.number)
      if (answer.kind === 'done') asked?.resolve(answer.result)
      else asked?.reject(new Problem('internal', answer.fault))
      rest()
    })
    started.on('error', error => {
      worker = null
      breakOff(new Problem('internal', faultName(error), { cause: error }))
    })
    return started
  }
  const ask = (task: keyof BookWork, what: readonly unknown[]): Promise<unknown> => {
    const entry = threadEntry(import.meta.url, 'book-worker')
    if (entry === null) throw new Error('the entry of a thread is missing: book-worker')
    if (idle !== null) clearTimeout(idle)
    worker ??= start(entry)
    worker.ref()
    const question: BookQuestion = { number: ++number, task, what }
    const answer = Promise.withResolvers<unknown>()
    waiting.set(question.number, answer)
    worker.postMessage(question)
    return answer.promise
  }
  /** What comes back from the thread is what `BookWork` says: the same function has made it there. */
  const wherever = <Task extends keyof BookWork>(task: Task) =>
    ((...what: Parameters<BookWork[Task]>) =>
      what[0].length <= smallBytes || (task !== 'try' && isPrepared(what[0]))
        ? Reflect.apply(here[task], undefined, what)
        : ask(task, what)) as BookWork[Task]

  return {
    look: wherever('look'),
    list: wherever('list'),
    try: wherever('try'),
    close: async () => {
      breakOff(new Problem('cancelled'))
      await end()
    },
  }
}
