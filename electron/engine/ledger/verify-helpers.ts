import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { threadEntry } from '../base/thread-entry.ts'
import type { Finding, VerifyOptions } from './verify.ts'
import { type Compared, type Cursor, compareAssets, createCursor } from './verify-assets.ts'
import { readBatchEvents } from './verify-events.ts'
import { verifyRest } from './verify-tables.ts'

/** Threads that compare assets with the ledger while this one walks the chain. Without any, all is done by this one. */
export interface Helpers {
  /** The cursor that they take assets from; null where none of them sees what this thread sees. */
  joined(): Promise<Cursor | null>
  /** What they came to; null where one of them did not come to its end. */
  compared(): Promise<readonly Compared[] | null>
  end(): Promise<void>
}

export interface HelperData {
  readonly file: string
  readonly cursor: Cursor
}

export type HelperMessage = { readonly kind: 'began' } | { readonly kind: 'compared'; readonly compared: Compared }

/**
 * `isUnchanged` tells whether nothing was committed since this thread's snapshot: only then does another connection that begins to read
 * see the same.
 */
export function startHelpers(file: string, count: number, isUnchanged: () => boolean): Helpers | null {
  const entry = threadEntry(import.meta.url, 'verify-worker')
  if (count < 1 || entry === null) return null
  const cursor = createCursor()
  const threads = Array.from({ length: count }, () => startThread(entry, { file, cursor }, isUnchanged))
  return {
    joined: async () => ((await Promise.all(threads.map(thread => thread.hasJoined))).every(Boolean) ? cursor : null),
    compared: async () => {
      const compared = await Promise.all(threads.map(thread => thread.compared))
      return compared.every(each => each !== null) ? compared : null
    },
    end: async () => {
      await Promise.all(threads.map(thread => thread.end()))
    },
  }
}

/** Each thread compares what it takes of the assets; what they came to is put together here. */
export async function verifyTables(
  raw: Database,
  helpers: Helpers | null,
  { signal, onAssets }: Pick<VerifyOptions, 'signal' | 'onAssets'> = {},
): Promise<{ readonly finding: Finding | null; readonly oldRows: number }> {
  const pause = async () => {
    await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  const goOn = (through: number) => {
    onAssets?.(through)
    return pause()
  }
  const shared = (await helpers?.joined()) ?? null
  if (shared === null) await helpers?.end()
  const events = readBatchEvents(raw)
  const own = await compareAssets(raw, events, shared ?? createCursor(), goOn)
  if (helpers === null || shared === null) return verifyRest(raw, events, [own], pause)
  const theirs = await helpers.compared()
  // One that broke off took assets with it: all of them again.
  const all =
    theirs === null ? [await compareAssets(raw, readBatchEvents(raw), createCursor(), goOn)] : [own, ...theirs]
  return verifyRest(raw, events, all, pause)
}

interface Thread {
  readonly hasJoined: Promise<boolean>
  /** Null where it broke off. */
  readonly compared: Promise<Compared | null>
  end(): Promise<unknown>
}

function startThread(entry: string, workerData: HelperData, isUnchanged: () => boolean): Thread {
  // A page of assets lives shortly: with more room for it, a thread takes a hundred megabytes more and no less time.
  const worker = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 16 } })
  const joined = Promise.withResolvers<boolean>()
  const compared = Promise.withResolvers<Compared | null>()
  worker.on('message', (message: HelperMessage) => {
    if (message.kind === 'began') joined.resolve(isUnchanged())
    else compared.resolve(message.compared)
  })
  const breakOff = () => {
    joined.resolve(false)
    compared.resolve(null)
  }
  // An error that nobody listens to would end the program; what is left undone is done by this thread.
  worker.on('error', breakOff)
  worker.on('exit', breakOff)
  return { hasJoined: joined.promise, compared: compared.promise, end: () => worker.terminate() }
}
