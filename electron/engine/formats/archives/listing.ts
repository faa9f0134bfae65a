import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { Encoding } from '../text/decode-text.ts'

/** What an archive says that it holds, before any of it is unpacked. */
export interface Listing {
  readonly kind: 'listing'
  readonly entries: readonly ListedEntry[]
  /** What its author wrote to who opens it, which archive programs show; null for nothing. */
  readonly comment: { readonly text: string; readonly encoding: Encoding } | null
  /**
   * Writes what entries hold to new files, and nothing but that; the answers are in the order of the targets, or one for all. Throws what
   * the system throws, and the signal's reason.
   */
  unpack(targets: readonly UnpackTarget[], signal: AbortSignal): Promise<readonly (Failure | null)[] | Failure>
}

export interface ListedEntry {
  /** Its place in `Listing.entries`. */
  readonly index: number
  /** As the archive has it. */
  readonly name: string
  /** What it claims to be; no more than that is unpacked. */
  readonly sizeBytes: number
  /** Null where its packed size is not known, as where files are packed in one run. */
  readonly packedBytes: number | null
  readonly isFolder: boolean
  /** Entries with the same number are unpacked together, since each is reached through those before it; null for one by itself. */
  readonly run: number | null
  /** Why it is not unpacked; null where nothing speaks against it. */
  readonly refusal: Failure | null
}

export interface UnpackTarget {
  /** Of `Listing.entries`. */
  readonly index: number
  readonly to: string
}

/** An entry that would be a file of the folder that the archive is. */
export interface ArchivedFile {
  readonly entry: ListedEntry
  /** Its path in the archive, with `/`: no step of it leads anywhere but down. */
  readonly path: string
  /** False where another entry has this path as well, or the path is not what the archive says. */
  readonly isNamedAlone: boolean
  readonly refusal: Failure | null
}

/** What an archive may come to, so that none fills a disk or a day. */
export const archiveLimits = {
  /** Archives within archives, the outermost included. */
  depth: 4,
  /** Of an archive and of those within it, together. */
  entries: 200_000,
  unpackedBytes: 64e9,
  /** Of one entry. */
  entryBytes: 4e9,
  /** Of one entry that is large: pictures and texts of any size that matters stay below by far. */
  ratio: 250,
  ratioFromBytes: 100e6,
  /** Of an archive whose files are packed in one run, so that each has to be unpacked from its beginning. */
  solidBytes: 1e9,
} as const

/** The files of an archive in the order of their paths, folder by folder, each with why it cannot be one. */
export function filesOf({ entries }: Listing): readonly ArchivedFile[] {
  const files = entries.flatMap(entry => {
    const name = entry.name.replaceAll('\\', '/')
    const steps = name.split('/').filter(step => step !== '' && step !== '.')
    if (entry.isFolder || (name.endsWith('/') && entry.sizeBytes === 0)) return []
    const climbs = name.startsWith('/') || /^[A-Za-z]:/.test(name) || steps.includes('..') || name.includes('\0')
    const path =
      steps
        .filter(step => step !== '..')
        .join('/')
        .replaceAll('\0', '') || '?'
    return [{ entry, path, climbs }]
  })
  const counts = new Map<string, number>()
  for (const { path } of files) counts.set(path, (counts.get(path) ?? 0) + 1)
  return files
    .map(({ entry, path, climbs }) => {
      const isNamedAlone = counts.get(path) === 1 && !climbs
      return { entry, path, isNamedAlone, refusal: refusalOf(entry, path, climbs, isNamedAlone) }
    })
    .toSorted((one, other) => compare(sortKey(one.path), sortKey(other.path)) || one.entry.index - other.entry.index)
}

function refusalOf(entry: ListedEntry, path: string, climbs: boolean, isNamedAlone: boolean): Failure | null {
  if (climbs) return inputFailure('unreadable_file', [remark('entry_outside', { name: entry.name.slice(0, 200) })])
  if (!isNamedAlone) return inputFailure('unreadable_file', [remark('entry_twice', { name: path })])
  if (entry.refusal !== null) return entry.refusal
  const { sizeBytes, packedBytes } = entry
  if (sizeBytes > archiveLimits.entryBytes) {
    return inputFailure('too_large', [remark('entry_size', { count: sizeBytes, limit: archiveLimits.entryBytes })])
  }
  const isLarge = sizeBytes > archiveLimits.ratioFromBytes
  if (isLarge && packedBytes !== null && sizeBytes > packedBytes * archiveLimits.ratio) {
    return inputFailure('too_large', [remark('entry_ratio', { limit: archiveLimits.ratio })])
  }
  return null
}

/** The files of a folder before those of its neighbours, whatever sorts below `/`. */
function sortKey(path: string): string {
  return path.replaceAll('/', '\0')
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
