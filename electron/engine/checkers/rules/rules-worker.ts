import { parentPort, workerData } from 'node:worker_threads'
import { type MatcherGiven, type MatcherMessage, type MatcherRequest, makeMatcher } from './matcher-work.ts'

/** Entry of the thread that compiles rule books and tries them on texts: neither a hundred thousand words nor a long text holds up the window. */
const given: MatcherGiven = workerData
const tell = (message: MatcherMessage) => parentPort?.postMessage(message)
const made = await makeMatcher(given)
if (made.kind === 'refused') tell(made)
else {
  const { facts, matcher } = made
  parentPort?.on('message', ({ number, text }: MatcherRequest) => {
    try {
      tell({ kind: 'found', number, found: matcher.find(text) })
    } catch (error) {
      tell({ kind: 'failed', number, error: error instanceof Error ? error.message : String(error) })
    }
  })
  tell({ kind: 'ready', facts })
}
