import { parentPort } from 'node:worker_threads'
import { faultName } from '../base/fault.ts'
import type { BookAnswer, BookQuestion } from './book-thread.ts'
import { createBookWork } from './book-work.ts'

/** Entry of the thread that reads and tries large books (book-thread.ts). */
const work = createBookWork()
parentPort?.on('message', async ({ number, task, what }: BookQuestion) => {
  const tell = (answer: BookAnswer) => parentPort?.postMessage(answer)
  try {
    tell({ number, kind: 'done', result: await Reflect.apply(work[task], undefined, what) })
  } catch (error) {
    tell({ number, kind: 'failed', fault: faultName(error) })
  }
})
