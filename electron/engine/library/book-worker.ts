import { parentPort } from 'node:worker_threads'
import { faultName } from '../base/fault.ts'
import { type BookAnswer, type BookQuestion, work } from './book-thread.ts'

/** Entry of the thread that reads and tries large books (book-thread.ts). */
parentPort?.on('message', async ({ number, task, what }: BookQuestion) => {
  const tell = (answer: BookAnswer) => parentPort?.postMessage(answer)
  try {
    tell({ number, kind: 'done', result: await work(task, what) })
  } catch (error) {
    tell({ number, kind: 'failed', fault: faultName(error) })
  }
})
