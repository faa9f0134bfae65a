import { Worker } from 'node:worker_threads'
import { Problem } from '../../../shared/problems.ts'
import { faultName } from '../base/fault.ts'
import { threadEntry } from '../base/thread-entry.ts'
import { type BookWork, bookWork } from './book-work.ts'

/** Work on books that holds nobody up. */
export type BookThread = {
  readonly [Task in keyof BookWork]: (
    ...what: Parameters<BookWork[Task]>
  ) => Promise<Awaited<ReturnType<BookWork[Task]>>>
} & { close(): Promise<void> }

export interface BookQuestion {
  readonly number: number
  readonly task: keyof BookWork
  readonly what: readonly unknown[]
}

export type BookAnswer = { readonly number: number } & (
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly fault: string }
)

/** A book of this size is read, and one of that size tried, in less time than a thread takes to begin. */
const smallToRead = 200_000
const smallToTry = 10_000

/**
 * Reads and tries books in a thread of its own, which begins with the first large one: a hundred thousand entries take seconds, and the
 * window and all calls would wait. Small ones are read at once.
 */
export function openBookThread(): BookThread {
  let worker: Worker | null = null
  let number = 0
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: unknown): void }>()

  const fail = (error: unknown) => {
    worker = null
    const problem = error instanceof Problem ? error : new Problem('internal', faultName(error), { cause: error })
    for (const { reject } of waiting.values()) reject(problem)
    waiting.clear()
  }
  const start = (entry: string): Worker => {
    const started = new Worker(entry)
    started.on('message', (answer: BookAnswer) => {
      const asked = waiting.get(answer.number)
      waiting.delete(answer.number)
      // Idle, it keeps no program from ending.
      if (waiting.size === 0) started.unref()
      if (answer.kind === 'done') asked?.resolve(answer.result)
      else asked?.reject(new Problem('internal', answer.fault))
    })
    started.on('error', fail)
    return started
  }
  const ask = (task: keyof BookWork, what: readonly unknown[]): Promise<unknown> => {
    const entry = threadEntry(import.meta.url, 'book-worker')
    if (entry === null) return Promise.resolve().then(() => work(task, what))
    worker ??= start(entry)
    const question: BookQuestion = { number: ++number, task, what }
    return new Promise((resolve, reject) => {
      waiting.set(question.number, { resolve, reject })
      worker?.ref()
      worker?.postMessage(question)
    })
  }
  /** The types of the tasks are those of `BookWork`, whichever side does them. */
  const taskOf = <Task extends keyof BookWork>(task: Task, small: number) =>
    (async (...what: Parameters<BookWork[Task]>) =>
      what[0].length <= small ? work(task, what) : ask(task, what)) as BookThread[Task]

  return {
    read: taskOf('read', smallToRead),
    look: taskOf('look', smallToRead),
    list: taskOf('list', smallToRead),
    try: taskOf('try', smallToTry),
    close: async () => {
      const ended = worker
      fail(new Problem('cancelled'))
      await ended?.terminate()
    },
  }
}

/** One task, on this thread. */
export function work(task: keyof BookWork, what: readonly unknown[]): unknown {
  return Reflect.apply(bookWork[task], undefined, what)
}
