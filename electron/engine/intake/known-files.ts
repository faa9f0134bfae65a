import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FailureCode } from '../../../shared/failures.ts'
import type { Examined } from '../formats/examine.ts'

/** What was found out about a file, small enough to be kept of many: never its text or bytes. */
export interface KnownFile {
  readonly sizeBytes: number
  readonly examined: Examined
  /** The hash of a picture or recording that was read whole, hexadecimal; null for others. */
  readonly sha256: string | null
}

/**
 * What plans found out about files, for the batches that they start: a file is not opened again to see what it is, and a picture or a
 * recording not to be hashed. It holds for as long as the file is the same by device, inode, size and times; what is sent is hashed
 * again on its way all the same. Kept of each file are its path, those, its format, failure or note, and its hash: some 400 bytes.
 */
export interface KnownFiles {
  /** A plan begins: what was last looked up or kept before the plan before it is dropped. */
  begin(): void
  /** `openedAtMs` is the time just before the file was opened that `stats` are of. */
  keep(path: string, stats: BigIntStats, openedAtMs: number, known: KnownFile): void
  /** Null when nothing is known, or the file is another now. */
  recall(path: string): Promise<KnownFile | null>
  forget(path: string): void
}

/** Files of one plan that something is kept of, some 40 MB; of those beyond, each is opened again. */
const maxFiles = 100_000

const passing: ReadonlySet<FailureCode> = new Set(['unreadable_file', 'changed_file'])

/** Times of files are no finer than this (FAT): one that was written so shortly before may be written again without a sign. */
const coarsestTimeMs = 2_000

export function createKnownFiles(limit = maxFiles): KnownFiles {
  let present = new Map<string, KnownFile & { readonly identity: string }>()
  let former: typeof present = new Map()
  return {
    begin: () => {
      former = present
      present = new Map()
    },
    keep: (path, stats, openedAtMs, known) => {
      // What the system would not let us read, it may the next time.
      if (known.examined.kind === 'failure' && passing.has(known.examined.code)) return
      const writtenAtMs = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs))
      if (writtenAtMs > openedAtMs - coarsestTimeMs) return
      if (present.size < limit || present.has(path)) present.set(path, { ...known, identity: identityOf(stats) })
    },
    recall: async path => {
      const known = present.get(path) ?? former.get(path)
      if (known === undefined) return null
      const stats = await stat(path, { bigint: true }).catch(() => null)
      if (stats === null || identityOf(stats) !== known.identity) return null
      if (present.size < limit) present.set(path, known)
      return known
    },
    forget: path => {
      present.delete(path)
      former.delete(path)
    },
  }
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  // Joined it is one flat string; a template would keep each of its pieces beside it.
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}
