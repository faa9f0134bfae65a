import { parentPort, workerData } from 'node:worker_threads'
import SQLite from 'better-sqlite3'
import { compareAssets } from './verify-assets.ts'
import { readBatchEvents } from './verify-events.ts'
import type { HelperData, HelperMessage } from './verify-helpers.ts'

/** Entry of a thread that compares assets with the ledger, beside the one that asked (verify-helpers.ts). */
const { file, cursor }: HelperData = workerData
const tell = (message: HelperMessage) => parentPort?.postMessage(message)
const raw = new SQLite(file, { readonly: true, fileMustExist: true })
raw.pragma('cache_size = -16000')
raw.exec('BEGIN')
// From here on it sees one moment.
raw.prepare('SELECT 1 FROM ledger LIMIT 1').get()
tell({ kind: 'began' })
tell({ kind: 'compared', compared: await compareAssets(raw, readBatchEvents(raw), cursor, () => Promise.resolve()) })
raw.close()
