import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import SQLite, { type Database } from 'better-sqlite3'
import { Problem, type ProblemCode } from '../../../shared/problems.ts'
import { type BroughtUp, isOlder } from '../base/sqlite/bring-up.ts'
import { verifyConnection } from '../ledger/verify.ts'
import { storeSchema } from './schema.ts'

/** How far the file is; reported several times a second. */
export interface BringUpProgress {
  readonly phase: 'copy' | 'steps' | 'check'
  /** How much of the work is done, from 0 to 1. */
  readonly share: number
}

export type BringUpMessage =
  | { readonly kind: 'copy'; readonly partial: string; readonly bytes: number }
  | { readonly kind: 'steps' | 'check'; readonly share: number }
  | { readonly kind: 'done'; readonly brought: BroughtUp | null }
  | { readonly kind: 'problem'; readonly code: ProblemCode; readonly detail: string }

/** How much of the time each phase takes in a large file. */
const phases = { copy: [0, 0.2], steps: [0.2, 0.4], check: [0.4, 1] } as const

const watchMs = 200

/**
 * Brings the store's file to this program's schema, in a thread of its own, where it is of an earlier one; to be awaited before the file is
 * opened. Returns what it was and where the copy lies, or null where nothing was to be done. Rejects with a `Problem`, and then the file is
 * as it was.
 */
export async function bringUpStore(
  file: string,
  onProgress: (progress: BringUpProgress) => void = () => undefined,
): Promise<BroughtUp | null> {
  if (!isOlder(file, storeSchema)) return null
  const tell = (phase: BringUpProgress['phase'], share: number) => {
    const [from, to] = phases[phase]
    onProgress({ phase, share: from + (to - from) * Math.min(1, share) })
  }
  let watch: NodeJS.Timeout | null = null
  const stopWatching = () => {
    if (watch !== null) clearInterval(watch)
    watch = null
  }
  const worker = new Worker(workerFile(), { workerData: file })
  try {
    return await new Promise<BroughtUp | null>((resolve, reject) => {
      worker.on('message', (message: BringUpMessage) => {
        stopWatching()
        switch (message.kind) {
          case 'copy':
            tell('copy', 0)
            watch = setInterval(() => {
              // Its thread is busy with writing it.
              stat(message.partial).then(
                ({ size }) => tell('copy', size / message.bytes),
                () => undefined,
              )
            }, watchMs)
            return
          case 'done':
            resolve(message.brought)
            return
          case 'problem':
            reject(new Problem(message.code, message.detail))
            return
          default:
            tell(message.kind, message.share)
        }
      })
      worker.on('error', reject)
      worker.on('exit', code => reject(new Error(`the thread that brings the database up ended with ${code}`)))
    })
  } finally {
    stopWatching()
    await worker.terminate()
  }
}

/**
 * Verifies the file as the steps leave it, over the connection that made them. What is found must have been there before: nobody is locked
 * out because of what somebody did to the tables, and `verify` goes on saying it.
 */
export async function checkStore(raw: Database, copy: string, onShare: (share: number) => void): Promise<void> {
  const rows = numberFrom(raw, 'SELECT max(seq) - min(seq) + 1 FROM ledger')
  const assets = numberFrom(raw, 'SELECT max(id) FROM assets')
  const found = await verifyConnection(raw, {
    onProgress: walked => onShare((walked / rows) * chainShare),
    onAssets: through => onShare(chainShare + (through / assets) * (1 - chainShare)),
  })
  if (found.intact) return
  const before = await verifyCopy(copy)
  if (before.intact || before.zh !== found.zh) throw new Problem('database_step_failed', `${raw.name}: ${found.en}`)
}

/** The share of a verification's time that the chain takes. */
const chainShare = 0.3

function numberFrom(raw: Database, sql: string): number {
  return raw.prepare<[], number | null>(sql).pluck().get() ?? 1
}

async function verifyCopy(copy: string) {
  const raw = new SQLite(copy, { readonly: true, fileMustExist: true })
  try {
    return await verifyConnection(raw)
  } finally {
    raw.close()
  }
}

/** In the bundle, the thread's entry is a file of its own in the bundle's folder; this module may be in a chunk one folder below. */
function workerFile(): string {
  const names = import.meta.url.endsWith('.ts')
    ? ['./bring-up-worker.ts']
    : ['./bring-up-worker.js', '../bring-up-worker.js']
  const file = names.map(name => fileURLToPath(new URL(name, import.meta.url))).find(existsSync)
  if (file === undefined) throw new Error('the entry of the thread that brings the database up is missing')
  return file
}
