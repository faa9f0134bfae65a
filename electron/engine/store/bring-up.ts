import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import SQLite, { type Database } from 'better-sqlite3'
import { Problem, type ProblemCode } from '../../../shared/problems.ts'
import { type BroughtUp, isOlder } from '../base/sqlite/bring-up.ts'
import { threadEntry } from '../base/thread-entry.ts'
import { isCarriedOver } from '../ledger/carried-over.ts'
import { type LedgerVerification, requireSoundPages, verifyConnection } from '../ledger/verify.ts'
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

/** How much of the time each phase takes in a large file of schema 30, that of version 0.1.0. */
const phases = { copy: [0, 0.15], steps: [0.15, 0.75], check: [0.75, 1] } as const

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
  const worker = new Worker(requiredEntry('bring-up-worker'), { workerData: file })
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

/** The verification of the copy, in a thread of its own. */
export interface CopyVerification {
  /** What it comes to; rejects where the copy cannot be read. `onShare` is told how much of it is done, from 0 to 1. */
  done(onShare: (share: number) => void): Promise<LedgerVerification>
  end(): Promise<void>
}

export type CopyMessage =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'verified'; readonly verification: LedgerVerification }

/** Begins at once, and goes on while this thread is busy with the steps. */
export function verifyCopy(copy: string): CopyVerification {
  const worker = new Worker(requiredEntry('verify-copy-worker'), { workerData: copy })
  const verified = Promise.withResolvers<LedgerVerification>()
  // Nobody may ever ask.
  verified.promise.catch(() => undefined)
  let tell: (share: number) => void = () => undefined
  worker.on('message', (message: CopyMessage) => {
    if (message.kind === 'share') tell(message.share)
    else verified.resolve(message.verification)
  })
  worker.on('error', verified.reject)
  worker.on('exit', code => verified.reject(new Error(`the thread that verifies the copy ended with ${code}`)))
  return {
    done: onShare => {
      tell = onShare
      return verified.promise
    },
    end: async () => {
      await worker.terminate()
    },
  }
}

/**
 * Verifies the file as the steps leave it, over the connection that made them: where it says exactly what its copy says, what verifying the
 * copy came to holds for it; otherwise all of it is read again. What is found must have been there before: nobody is locked out because of
 * what somebody did to the tables, and `verify` goes on saying it.
 */
export async function checkStore(
  raw: Database,
  copy: string,
  onShare: (share: number) => void,
  verification: CopyVerification = verifyCopy(copy),
): Promise<void> {
  try {
    requireSoundPages(raw)
    // SQLite lets it go with the transaction.
    raw.prepare('ATTACH ? AS before').run(copy)
    const isSame = await isCarriedOver(raw, 'before', share => onShare(share * ownShare))
    // Without that thread all of it is read here.
    const before = await verification.done(share => onShare(ownShare + share * (1 - ownShare))).catch(() => null)
    if (isSame && before !== null) return
    const found = await verifyConnection(raw)
    if (found.intact) return
    const { intact, zh } = before ?? (await verifiedHere(copy))
    if (intact || zh !== found.zh) throw new Problem('database_step_failed', `${raw.name}: ${found.en}`)
  } finally {
    await verification.end()
  }
}

/** Of the time that a check takes, as it is told: that of the comparison with the copy. */
const ownShare = 0.5

async function verifiedHere(copy: string): Promise<LedgerVerification> {
  const raw = new SQLite(copy, { readonly: true, fileMustExist: true })
  try {
    return await verifyConnection(raw)
  } finally {
    raw.close()
  }
}

function requiredEntry(name: string): string {
  const entry = threadEntry(import.meta.url, name)
  if (entry === null) throw new Error(`the entry of a thread is missing: ${name}`)
  return entry
}
