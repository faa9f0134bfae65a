import { parentPort, workerData } from 'node:worker_threads'
import SQLite from 'better-sqlite3'
import { verifyDataDir } from '../ledger/verify.ts'
import type { CopyMessage } from './bring-up.ts'

/** Entry of the thread that verifies the copy of the file as it was, beside the steps (bring-up.ts). */
const copy: string = workerData
/** Of a verification's time: walking the chain. */
const chainShare = 0.3
const tell = (message: CopyMessage) => parentPort?.postMessage(message)
const raw = new SQLite(copy, { readonly: true, fileMustExist: true })
try {
  const numberFrom = (sql: string) => raw.prepare<[], number | null>(sql).pluck().get() ?? 1
  const rows = numberFrom('SELECT max(seq) - min(seq) + 1 FROM ledger')
  const assets = numberFrom('SELECT max(id) FROM assets')
  const verification = await verifyDataDir(raw, {
    onProgress: walked => tell({ kind: 'share', share: (walked / rows) * chainShare }),
    onAssets: through => tell({ kind: 'share', share: chainShare + Math.min(1, through / assets) * (1 - chainShare) }),
  })
  tell({ kind: 'verified', verification })
} finally {
  raw.close()
}
