import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { fileFailure } from '../base/open-file.ts'
import { type ArchivedFile, filesOf, type Listing } from '../formats/archives/listing.ts'
import { listTar } from '../formats/archives/tar-folder.ts'
import { listZip } from '../formats/archives/zip-folder.ts'
import type { Documents } from '../formats/documents/documents.ts'
import { intakeLimits } from '../formats/source.ts'
import type { Encoding } from '../formats/text/decode-text.ts'
import { fileNameOf } from './inputs.ts'
import { openAndExamine } from './opened-file.ts'

/** A file in an archive, or in one that lies in it: the paths of each in the one before, from the outermost on. */
export interface EntryPlace {
  /** Absolute. */
  readonly archive: string
  readonly entries: readonly string[]
  /** What the names in its archives are in, where somebody says so. */
  readonly nameEncoding: Encoding | null
}

/** What was unpacked out of archives: private files, made when one is asked for. */
export interface Unpacked {
  /** The files of the archive at this place, itself a file where there are no entries. */
  files(place: EntryPlace, signal: AbortSignal): Promise<ArchiveFiles | Failure>
  /** The path of a file with what is at this place; it stays for as long as some dozens of others are asked for. */
  file(place: EntryPlace, signal: AbortSignal): Promise<string | Failure>
  /** Removes all of them. */
  close(): Promise<void>
}

interface ArchiveFiles extends Pick<Listing, 'comment'> {
  readonly kind: 'files'
  readonly files: readonly ArchivedFile[]
}

export interface UnpackedOptions {
  /** All that is kept together, in bytes; what was asked for last is kept in any case. */
  readonly maxBytes?: number
  readonly minFiles?: number
  /** How much room there is where a folder lies. */
  readonly freeBytes?: (folder: string) => Promise<number>
}

/** Listings that are held: a batch goes through one archive at a time, and those within it. */
const heldListings = 8

interface Held extends ArchiveFiles {
  readonly listing: Listing
  readonly byPath: ReadonlyMap<string, ArchivedFile>
  /** By the number of the run; in the order of the paths. */
  readonly runs: ReadonlyMap<number, readonly ArchivedFile[]>
  /** Why files could not be unpacked, by path: each costs all of its run again. */
  readonly failures: Map<string, Failure>
}

export function createUnpacked(
  folder: string,
  documents: Pick<Documents, 'listArchive' | 'unpack'>,
  options: UnpackedOptions = {},
): Unpacked {
  const { maxBytes = 4e9, minFiles = 64, freeBytes = freeBytesOf } = options
  const kept = createKeptFiles(folder, maxBytes, minFiles)
  /** By key, or by the run that is unpacked together. */
  const making = new Map<string, Promise<unknown>>()
  const listings = new Map<string, Held>()

  const listed = async (place: EntryPlace, identity: string, signal: AbortSignal): Promise<Held | Failure> => {
    const key = keyOf(place, identity)
    const known = listings.get(key)
    listings.delete(key)
    if (known !== undefined) {
      listings.set(key, known)
      return known
    }
    const path = place.entries.length === 0 ? place.archive : await makeOnce(place, identity, signal)
    if (typeof path !== 'string') return path
    const listing = await listAt(path, place.nameEncoding, documents, signal)
    if (listing.kind === 'failure') return listing
    const files = filesOf(listing)
    const byPath = new Map(files.map(file => [file.path, file]))
    const runs = runsOf(files)
    const held: Held = { kind: 'files', files, comment: listing.comment, listing, byPath, runs, failures: new Map() }
    listings.set(key, held)
    for (const oldest of listings.keys()) if (listings.size > heldListings) listings.delete(oldest)
    return held
  }

  /** The file that somebody wants, and whatever is unpacked together with it. */
  const make = async (wanted: Wanted, signal: AbortSignal): Promise<Failure | null> => {
    const { archive, file, keyOfPath } = wanted
    const known = archive.failures.get(file.path)
    if (known !== undefined) return known
    const together = archive.runs.get(file.entry.run ?? -1) ?? [file]
    const files = together.filter(({ path }) => !archive.failures.has(path) && !kept.has(keyOfPath(path)))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const bytes = files.reduce((sum, { entry }) => sum + entry.sizeBytes, 0)
    if (bytes + spareBytes > (await freeBytes(folder))) {
      return inputFailure('unreadable_file', [remark('no_room_to_unpack', { count: bytes })])
    }
    const targets = files.map(each => ({
      index: each.entry.index,
      to: partialOf(folder, keyOfPath(each.path)),
    }))
    await Promise.all(targets.map(({ to }) => rm(to, { force: true })))
    try {
      const results = await archive.listing.unpack(targets, signal)
      if ('kind' in results) return results
      for (const [index, each] of files.entries()) {
        const failure = results[index] ?? null
        if (failure === null) await kept.add(keyOfPath(each.path), each)
        else archive.failures.set(each.path, failure)
      }
    } finally {
      await Promise.all(targets.map(({ to }) => rm(to, { force: true })))
    }
    await kept.evict()
    return archive.failures.get(file.path) ?? null
  }

  const find = async (place: EntryPlace, identity: string, signal: AbortSignal): Promise<Wanted | Failure> => {
    const outer = { ...place, entries: place.entries.slice(0, -1) }
    const name = place.entries.at(-1) ?? ''
    const archive = await listed(outer, identity, signal)
    if (archive.kind === 'failure') return archive
    const file = archive.byPath.get(name)
    if (file === undefined) return inputFailure('changed_file', [remark('entry_gone', { name })])
    if (file.refusal !== null) return file.refusal
    const keyOfPath = (path: string) => keyOf({ ...place, entries: [...outer.entries, path] }, identity)
    const { run } = file.entry
    const work = run === null ? keyOfPath(name) : `${keyOf(outer, identity)} ${run}`
    return { kind: 'wanted', archive, file, keyOfPath, work }
  }

  const makeOnce = async (place: EntryPlace, identity: string, signal: AbortSignal): Promise<string | Failure> => {
    const key = keyOf(place, identity)
    const wanted = await find(place, identity, signal)
    if (wanted.kind === 'failure') return wanted
    const { work } = wanted
    // Who asked first may have been stopped; what it was asked for is made all the same.
    for (let other = making.get(work); other !== undefined; other = making.get(work)) await other.catch(() => undefined)
    signal.throwIfAborted()
    // Nobody else may begin between this look and the start.
    const made = (async () => ((await kept.isThere(key)) ? null : await make(wanted, signal)))()
    making.set(work, made)
    try {
      const failed = await made
      if (failed !== null) return failed
      return kept.pathOf(key) ?? inputFailure('changed_file', [remark('entry_gone', { name: wanted.file.path })])
    } catch (error) {
      signal.throwIfAborted()
      return fileFailure(error)
    } finally {
      making.delete(work)
    }
  }

  return {
    files: async (place, signal) => {
      const identity = await identityOf(place.archive)
      return typeof identity === 'string' ? await listed(place, identity, signal) : identity
    },
    file: async (place, signal) => {
      const identity = await identityOf(place.archive)
      return typeof identity === 'string' ? await makeOnce(place, identity, signal) : identity
    },
    close: async () => {
      await Promise.allSettled(making.values())
      kept.clear()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Files by key, the one asked for last at the end. */
function createKeptFiles(folder: string, maxBytes: number, minFiles: number) {
  const kept = new Map<string, { readonly path: string; readonly bytes: number }>()
  let keptBytes = 0
  return {
    has: (key: string) => kept.has(key),
    pathOf: (key: string): string | null => kept.get(key)?.path ?? null,
    /** Whether it still lies there as it was made. */
    async isThere(key: string): Promise<boolean> {
      const known = kept.get(key)
      if (known === undefined) return false
      kept.delete(key)
      const isWhole = (await stat(known.path).catch(() => null))?.size === known.bytes
      if (isWhole) kept.set(key, known)
      else keptBytes -= known.bytes
      return isWhole
    },
    /** Takes what was written to `KEY.partial`. */
    async add(key: string, { path: name, entry }: ArchivedFile): Promise<void> {
      const path = join(folder, `${key}-${fileNameOf(name)}`)
      await rename(partialOf(folder, key), path)
      kept.set(key, { path, bytes: entry.sizeBytes })
      keptBytes += entry.sizeBytes
    },
    async evict(): Promise<void> {
      for (const [key, { path, bytes }] of kept) {
        if (keptBytes <= maxBytes || kept.size <= minFiles) return
        kept.delete(key)
        keptBytes -= bytes
        await rm(path, { force: true })
      }
    },
    clear: () => kept.clear(),
  }
}

function partialOf(folder: string, key: string): string {
  return join(folder, `${key}.partial`)
}

interface Wanted {
  readonly kind: 'wanted'
  readonly archive: Held
  readonly file: ArchivedFile
  keyOfPath(path: string): string
  /** What is under way at a time: a file, or a run of them. */
  readonly work: string
}

function runsOf(files: readonly ArchivedFile[]): Held['runs'] {
  const runs = new Map<number, ArchivedFile[]>()
  for (const file of files) {
    const { run } = file.entry
    if (run === null || file.refusal !== null) continue
    const own = runs.get(run) ?? []
    own.push(file)
    runs.set(run, own)
  }
  return runs
}

/** What is left to others on a disk that fills up. */
const spareBytes = 1e9

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function listAt(
  path: string,
  stated: Encoding | null,
  documents: Pick<Documents, 'listArchive' | 'unpack'>,
  signal: AbortSignal,
): Promise<Listing | Failure> {
  const opened = await openAndExamine(path, intakeLimits, signal)
  if (opened.kind === 'failure') return opened
  await opened.file.handle.close()
  const { examined } = opened
  if (examined.kind === 'failure') return examined
  const folder =
    examined.kind === 'archive' ? examined.format : examined.kind === 'document' ? examined.format.holds : undefined
  if (folder === undefined) return inputFailure('changed_file', [remark('no_archive_now')])
  const { name: format } = folder
  if (format === 'zip') return await listZip(path, stated)
  if (format === 'tar') return await listTar(path, stated, signal)
  const listed = await documents.listArchive({ format, path }, signal)
  if (listed.kind === 'failure') return listed
  const { entries, comment } = listed
  return {
    kind: 'listing',
    entries: entries.map((entry, index) => ({ ...entry, index })),
    comment: comment === null ? null : { text: comment, encoding: 'utf-8' },
    unpack: (targets, stop) => documents.unpack({ format, path }, targets, stop),
  }
}

/** Of the outermost archive: what is unpacked out of it is that file's only for as long as it is the same. */
async function identityOf(path: string): Promise<string | Failure> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs].join(' ')
  } catch (error) {
    return fileFailure(error)
  }
}

function keyOf({ archive, entries, nameEncoding }: EntryPlace, identity: string): string {
  const key = JSON.stringify([archive, identity, entries, nameEncoding])
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}
