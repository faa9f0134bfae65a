import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../../../shared/problems.ts'
import { bringUp } from '../base/sqlite/bring-up.ts'
import { type BringUpMessage, type CopyVerification, checkStore, verifyCopy } from './bring-up.ts'
import { storeSchema } from './schema.ts'

/** Entry of the thread that brings the store's file up: the statements take seconds, and the window has to answer meanwhile. */
const file: string = workerData
const tell = (message: BringUpMessage) => parentPort?.postMessage(message)
let verification: CopyVerification | undefined
try {
  const brought = await bringUp(file, storeSchema, {
    onCopy: (partial, bytes) => tell({ kind: 'copy', partial, bytes }),
    onSteps: share => tell({ kind: 'steps', share }),
    onCopied: copy => {
      verification = verifyCopy(copy)
    },
    check: (raw, copy) => checkStore(raw, copy, share => tell({ kind: 'check', share }), verification),
  })
  tell({ kind: 'done', brought })
} catch (error) {
  if (!(error instanceof Problem)) throw error
  tell({ kind: 'problem', code: error.code, detail: error.detail })
} finally {
  await verification?.end()
}
